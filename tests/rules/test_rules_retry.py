"""What follows a failed attempt (docs/rollout.md, Retries): the first rule of its kind, its delay, its count."""

import math

import numpy as np
import pytest

from fota_sim.rules import codes, ota, retry
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.retry import NO_RULE
from fota_sim.scenario.types import MOST_TIMES

INF = math.inf


def _rules(*rules: dict[str, float]):
    """A row for each; without end and without a delay but for what is said."""
    made = np.zeros((len(rules), rr.RETRY))
    made[:, rr.RETRY_COUNT] = -1.0
    made[:, rr.RETRY_FACTOR] = 1.0
    made[:, rr.RETRY_LONGEST_S] = INF
    for row, rule in zip(made, rules, strict=True):
        for name, value in rule.items():
            row[getattr(rr, f"RETRY_{name}")] = value
    return made


@pytest.mark.parametrize(
    ("state", "cause", "kind"),
    [
        (ota.UPDATE_ERROR, codes.VERIFICATION_FAILED, rr.UPGRADE),
        (ota.UPDATE_ERROR, codes.CONNECTION_REFUSED, rr.UPGRADE),  # six of them end the whole upgrade
        (ota.DOWNLOAD_ERROR, codes.CONNECTION_REFUSED, rr.SHED),
        (ota.DOWNLOAD_ERROR, codes.DOWNLOAD_BROKE, rr.DOWNLOAD),
        (ota.DOWNLOAD_ERROR, codes.NO_CAUSE, rr.DOWNLOAD),
    ],
)
def test_a_report_is_of_the_kind_that_the_platform_can_tell(state, cause, kind):
    assert retry.kind_of(state, cause) == kind


def test_the_first_rule_that_knows_a_kind_decides_and_none_is_final():
    rules = _rules(
        {"KINDS": 1 << rr.SHED},
        {"KINDS": 1 << rr.DOWNLOAD | 1 << rr.SHED},
        {"KINDS": 1 << rr.TIMEOUT},
    )
    found = {name: retry.rule_for(rules, kind) for kind, name in enumerate(rr.FAILURES)}
    assert found == {"download": 1, "shed": 0, "upgrade": NO_RULE, "timeout": 2, "refused": NO_RULE}
    assert retry.rule_for(_rules(), rr.DOWNLOAD) == NO_RULE


def test_no_rule_is_none_of_the_rules():
    assert NO_RULE < 0


def test_each_rule_counts_for_itself_and_stops_at_what_a_scenario_may_say():
    done = 0
    for number, times in ((0, 3), (1, 1), (3, MOST_TIMES + 9)):
        for _ in range(times):
            done = retry.once_more(done, number)
    assert [retry.times(done, number) for number in range(4)] == [3, 1, 0, MOST_TIMES]
    assert retry.once_more(done, 3) == done
    assert retry.times(retry.once_more(done, 2), 3) == MOST_TIMES
    assert done < 2**63  # a word of compiled code


@pytest.mark.parametrize(
    ("count", "used", "may"),
    [(2, 0, True), (2, 1, True), (2, 2, False), (2, 3, False), (0, 0, False), (-1, 9999, True), (2, -1, True)],
)
def test_a_rule_has_another_attempt_until_its_count_is_used_up(count, used, may):
    """-1 used: none of them counts."""
    assert retry.may_retry(_rules({"COUNT": count}), 0, used) == may


def test_without_a_rule_there_is_no_other_attempt():
    assert not retry.may_retry(_rules({"COUNT": -1}), NO_RULE, 0)


@pytest.mark.parametrize(
    ("rule", "used", "u", "delay_ms"),
    [
        ({"DELAY_S": 60.0}, 0, 0.5, 60_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0}, 0, 0.5, 60_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0}, 1, 0.5, 120_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0}, 3, 0.5, 480_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0, "LONGEST_S": 300.0}, 2, 0.5, 240_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0, "LONGEST_S": 300.0}, 3, 0.5, 300_000),
        ({"DELAY_S": 60.0, "FACTOR": 2.0, "LONGEST_S": 300.0}, 60_000, 0.5, 300_000),
        ({"DELAY_S": 60.0, "JITTER": rr.NO_JITTER, "SPREAD": 0.5}, 0, 0.25, 60_000),
        ({"DELAY_S": 60.0, "JITTER": rr.UNIFORM, "SPREAD": 0.5}, 0, 0.25, 60_000 + 7_500),
        ({"DELAY_S": 60.0, "JITTER": rr.HASHED, "SPREAD": 0.5}, 0, 0.25, 60_000 + 7_500),
        ({"DELAY_S": 60.0, "JITTER": rr.EXPONENTIAL, "SPREAD": 0.5}, 0, math.exp(-2.0), 60_000 + 60_000),
        ({"DELAY_S": 60.0, "LONGEST_S": 20.0, "JITTER": rr.UNIFORM, "SPREAD": 1.0}, 0, 0.5, 30_000),  # jitter on top
        ({"DELAY_S": 0.0}, 0, 0.5, 0),
        ({"DELAY_S": 0.0, "JITTER": rr.UNIFORM, "SPREAD": 1.0}, 0, 0.5, 0),
        ({"DELAY_S": 1e-9}, 0, 0.5, 1),
    ],
)
def test_the_delay_grows_by_its_factor_to_its_longest_and_jitter_adds_to_it(rule, used, u, delay_ms):
    assert retry.retry_delay_ms(_rules({}, rule), 1, used, u) == delay_ms


def test_a_delay_that_shrinks_does_so_64_times_at_most():
    """And one that grows has met its longest by then, or is of no use to anybody."""
    halving = _rules({"DELAY_S": 2.0**66, "FACTOR": 0.5})
    assert retry.retry_delay_ms(halving, 0, 64, 0.5) == 4000
    assert retry.retry_delay_ms(halving, 0, 65, 0.5) == 4000


@pytest.mark.parametrize(
    ("used", "now_ms", "until_ms"),
    [
        (1, 500, 500),  # one is left
        (2, 500, 1100),  # both are used: when the period that began at 100 is over
        (3, 500, 1100),
        (2, 1099, 1100),
        (2, 1100, 1100),
        (2, 5000, 5000),
    ],
)
def test_a_budget_of_two_in_a_second_waits_for_the_end_of_its_second(used, now_ms, until_ms):
    assert retry.budget_until_ms(used, 100, 2, 1000, now_ms) == until_ms


def test_without_a_budget_there_is_nothing_to_wait_for():
    assert retry.budget_until_ms(99, 100, 0, 1000, 500) == 500


@pytest.mark.parametrize(
    ("failures", "limit", "boxed"),
    [(2, 3, False), (3, 3, True), (4, 3, True), (1, 1, True), (9, 0, False), (0, 0, False)],
)
def test_so_many_failures_are_boxed_and_a_limit_of_0_is_none(failures, limit, boxed):
    assert retry.is_boxed(failures, limit) == boxed


@pytest.mark.parametrize(
    ("within_ms", "now_ms", "stale"), [(50, 149, False), (50, 150, True), (0, 10**9, False), (1, 101, True)]
)
def test_failures_count_together_within_their_time_from_the_first(within_ms, now_ms, stale):
    assert retry.box_is_stale(100, within_ms, now_ms) == stale
