"""Abort rules against enumeration of every course, and the exact figures against the drawn ones."""

from __future__ import annotations

from itertools import product

import pytest

from fota_sim.analysis.canary.abort_rule import AbortRule, exact_effect, parse_rule, sampled_effect
from fota_sim.errors import FotaSimError


def enumerated(rule: AbortRule, rate: float, group: int, in_flight: int) -> tuple[float, float]:
    """Chance of firing and mean victims, over all 2^group courses."""
    fires = victims = 0.0
    for course in product((0, 1), repeat=group):
        weight = 1.0
        for failed in course:
            weight *= rate if failed else 1 - rate
        stop = None
        for n in range(1, group + 1):
            failed, base = sum(course[:n]), group if rule.of_all else n
            over = failed - (rule.limit * base if rule.is_share else rule.limit)
            if n >= rule.minimum_sample and failed and (over > 1e-9 if rule.strict else over > -1e-9):
                stop = n
                break
        fires += weight * (stop is not None)
        victims += weight * sum(course[: group if stop is None else stop + in_flight])
    return fires, victims


@pytest.mark.parametrize(
    "rule",
    [
        parse_rule(">= 3"),
        parse_rule("> 3"),
        parse_rule("> 20%", 4),
        parse_rule(">= 20%", 5),
        parse_rule(">= 20%", 1, of_all=True),
        parse_rule("> 20%", 6, of_all=True),
    ],
    ids=str,
)
@pytest.mark.parametrize("in_flight", [0, 3])
def test_the_dynamic_programme_counts_every_course(rule: AbortRule, in_flight: int) -> None:
    found = exact_effect(rule, 0.15, 11, in_flight)
    fires, victims = enumerated(rule, 0.15, 11, in_flight)
    assert found.fires == pytest.approx(fires)
    assert found.victims == pytest.approx(victims)


def test_drawn_and_exact_figures_agree() -> None:
    rule = parse_rule("> 2%", 50)
    exact = exact_effect(rule, 0.02, 2000, 30)
    drawn = sampled_effect(rule, 0.02, 2000, 30, runs=4000, seed=3)
    assert drawn.fires_interval[0] < exact.fires < drawn.fires_interval[1]
    assert drawn.victims_interval[0] < exact.victims < drawn.victims_interval[1]


def test_a_rule_that_cannot_fire_spares_nobody() -> None:
    found = exact_effect(parse_rule("> 50"), 0.1, 50)
    assert found.fires == 0
    assert found.finished_at_stop is None
    assert found.victims == pytest.approx(found.victims_without) == pytest.approx(5.0)


def test_exactly_the_share_fires_only_where_the_rule_says_or_equal() -> None:
    assert parse_rule(">= 2%").fires_from(50)[-1] == 1
    assert parse_rule("> 2%").fires_from(50)[-1] == 2


def test_what_is_in_flight_adds_its_failures() -> None:
    rule = parse_rule(">= 2")
    none, some = exact_effect(rule, 0.1, 5000), exact_effect(rule, 0.1, 5000, in_flight=100)
    assert none.victims == pytest.approx(2.0)
    assert some.victims == pytest.approx(12.0)
    assert none.victims_95 < some.victims_95


@pytest.mark.parametrize("text", ["2%", "", "> ", "< 3", "> 120%", ">= x"])
def test_a_rule_that_is_none_says_what_would_do(text: str) -> None:
    with pytest.raises(FotaSimError, match="--abort"):
        parse_rule(text)
