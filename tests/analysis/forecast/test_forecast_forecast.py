"""Forecasts of a small rollout whose end is known."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from forecast_world import HOUR_MS, ask, log_of, truth, under_way

from fota_sim.analysis.answers.forecast import forecast_answer
from fota_sim.analysis.forecast.forecast import Forecast, forecast
from fota_sim.analysis.forecast.question import Question
from fota_sim.errors import FotaSimError
from fota_sim.histories.results import start_s

LATE = "plan.starts=6h"
ABORT = "plan.rollout={rate: {devices: 10, every: 1h}, order: random, abort: [{share: 8%, minimum: 40}]}"


@pytest.fixture(scope="module")
def after_ten_hours() -> Forecast:
    return ask(under_way(), truth(), 10)


def test_the_interval_has_what_came(after_ten_hours: Forecast) -> None:
    told = after_ten_hours.report["forecast"]
    outcome = truth().column("outcome")
    assert after_ten_hours.report["explained"]
    for name, came in (("upgraded", (outcome == "upgraded").sum()), ("failed", (outcome == "failed").sum())):
        # ends of so few members are known to some 3 % of the fleet
        assert told[name]["low"] - 7 <= came <= told[name]["high"] + 7, name
    assert told["upgraded"]["high"] - told["upgraded"]["low"] < 40


def test_what_is_done_is_done_in_every_member_and_every_branch(after_ten_hours: Forecast) -> None:
    seen = after_ten_hours.report["so_far"]
    assert seen["succeeded"] > 50
    for member in after_ten_hours.continued:
        assert member.placed > 0.9
        for way in member.ways.values():
            assert way.upgraded >= seen["succeeded"]
            assert way.lost >= seen["failed"] + seen["bricked"]


def test_branches_differ_as_they_must(after_ten_hours: Forecast) -> None:
    for member in after_ten_hours.continued:
        ways = member.ways
        assert ways["cancel"].upgraded <= ways["stop"].upgraded <= ways["stop later"].upgraded <= ways["go on"].upgraded
        assert ways["stop"].lost <= ways["go on"].lost
    rows = {row["name"]: row for row in after_ten_hours.report["branches"]}
    assert list(rows) == ["go on", "stop", "cancel", "pause"]  # slower only where there is a rate
    assert rows["stop"]["difference"]["upgraded"]["high"] < 0


def test_the_fan_begins_where_the_log_ends(after_ten_hours: Forecast) -> None:
    fan, now = after_ten_hours.report["fan"], after_ten_hours.report["so_far"]["succeeded"]
    assert fan["seen"]["upgraded"][-1] == now == fan["ahead"]["5"][0] == fan["ahead"]["95"][0]
    assert fan["ahead"]["50"] == sorted(fan["ahead"]["50"])
    assert all(low <= high for low, high in zip(fan["ahead"]["5"], fan["ahead"]["95"], strict=True))


def test_workers_change_nothing(after_ten_hours: Forecast) -> None:
    again = ask(under_way(), truth(), 10, workers=2)
    assert json.dumps(again.report, sort_keys=True) == json.dumps(after_ten_hours.report, sort_keys=True)


@pytest.fixture(scope="module")
def before_anybody_begins() -> Forecast:
    """The plan starts at 06:00 of a day on which it is activated at midnight; now is an hour after activation."""
    return ask(under_way(LATE), truth(LATE), 1)


def test_a_log_that_has_nobody_yet_is_said_to_teach_nothing_and_when_to_look_again(
    before_anybody_begins: Forecast,
) -> None:
    first, *rest = forecast_answer(before_anybody_begins.report)
    assert first.startswith("Nobody has been heard of in the 1 h 00 min so far, before the plan starts (6 h 00 min")
    said = " ".join(rest)
    assert "The first are expected to be heard of in 5 h" in said
    assert "Look again in " in said
    assert "Nobody has begun, so nothing is shown of the failure rate." in said
    assert "0.00 s" not in said


def test_before_anybody_can_be_done_waiting_is_said_to_tell_nothing_and_how_long_a_wait_does(
    before_anybody_begins: Forecast,
) -> None:
    said = " ".join(forecast_answer(before_anybody_begins.report))
    found = re.search(r"Within 1 h 00 min nobody is expected to be done.*--wait (\d+)h", said)
    assert found
    until_ms = before_anybody_begins.report["now_ms"] + int(found[1]) * 3_600_000
    tenth = np.median([member.ways["go on"].coming.tenth_ms for member in before_anybody_begins.continued])
    assert until_ms - 3_600_000 < tenth <= until_ms


def test_no_wait_is_asked_for_that_would_be_over(before_anybody_begins: Forecast) -> None:
    report = copy.deepcopy(before_anybody_begins.report)
    report["coming"]["tenth"]["median"] = report["now_ms"] - 3_600_000
    said = " ".join(forecast_answer(report))
    assert "--wait" not in said
    assert "Look again" not in said


def test_the_first_are_expected_when_members_have_them(before_anybody_begins: Forecast) -> None:
    starts_ms = 6 * 3_600_000
    assert before_anybody_begins.report["starts_ms"] == starts_ms
    for member in before_anybody_begins.continued:
        coming = member.ways["go on"].coming
        assert starts_ms <= coming.heard_ms <= coming.begun_ms < coming.done_ms <= coming.tenth_ms
        assert np.isnan(member.ways["stop"].coming.done_ms)


def test_once_devices_are_done_it_is_told_of_them_and_no_more_when_the_first_are_expected(
    after_ten_hours: Forecast,
) -> None:
    said = " ".join(forecast_answer(after_ten_hours.report))
    assert "no experience" not in said
    assert "The first are expected" not in said
    assert "After 10 h 00 min the log has" in said


def test_devices_under_way_of_which_none_is_done_are_no_experience_of_failures(after_ten_hours: Forecast) -> None:
    report = dict(after_ten_hours.report)
    report["so_far"] = dict.fromkeys(report["so_far"], 0) | {"not heard of": 239, "under way": 1}
    assert forecast_answer(report)[0].startswith("After 10 h 00 min 1 is under way and nobody is done: what follows of")


def test_devices_count_as_evidence_after_the_time_that_all_take_and_not_the_quick_ones() -> None:
    found = ask(under_way(), truth(), 1)
    evidence, tried = found.report["evidence"], np.concatenate([each.begun_to_done_ms for each in found.continued])
    assert tried.min() > 0  # who is under way has no such time
    assert len(tried) > 0.9 * sum(each.ways["go on"].upgraded for each in found.continued)
    assert evidence["watch_ms"] == np.quantile(tried, 0.99)
    waits = ask(under_way(), truth(), 1, watch_ms=12 * HOUR_MS)
    assert "count as evidence of the failure rate once that time is over, the first in 11 h" in " ".join(
        forecast_answer(waits.report)
    )


def test_a_silent_log_where_simulated_devices_have_long_come_is_asked_whether_it_is_whole() -> None:
    scenario = under_way()
    log = log_of(truth(), scenario).until(start_s(scenario))
    silent = replace(log, until_s=start_s(scenario) + 40 * 3600.0)
    found = forecast(Question(scenario, silent, members=(24, 24)))
    assert not found.report["explained"]
    assert "is all of it there, and was the plan activated at the scenario's start?" in " ".join(
        forecast_answer(found.report)
    )


def test_a_log_that_nothing_explains_gets_no_forecast_but_where_it_parts() -> None:
    found = ask(under_way(), truth("packages[0].defects[0].where=hardware != 'C'"), 20)
    assert not found.report["explained"]
    assert found.continued == []
    assert "forecast" not in found.report
    assert any(row["state"] == "failed" for row in found.report["partings"])
    said = " ".join(forecast_answer(found.report))
    assert said.startswith("There is no forecast")
    assert "--unknown" in said


def test_a_range_that_has_it_explains_what_the_assumptions_do_not() -> None:
    from fota_sim.analysis.sensitivity.parameters import parse_vary

    much = truth("fleet.groups[0].gone=45%")
    assert not ask(under_way(), much, 30).report["explained"]
    wider = parse_vary("fleet.groups[0].gone=1%..80%", under_way())
    found = ask(under_way(), much, 30, unknowns=[wider])
    assert found.report["explained"]
    moved = next(row for row in found.report["learnt"] if row["path"] == wider.path)
    assert 30 < float(moved["values"][1].rstrip("%")) < 60


def test_an_abort_rule_that_is_about_to_fire_is_seen_coming() -> None:
    scenario = under_way(ABORT)
    found = ask(scenario, truth(ABORT), 4)
    assert found.report["abort"]["rules"] == 1
    assert found.report["abort"]["probability"] > 0.5
    calm = under_way(ABORT.replace("8%", "60%"))
    assert ask(calm, truth(ABORT.replace("8%", "60%")), 4).report["abort"]["probability"] == 0
    assert "slow down" in {row["name"] for row in found.report["branches"]}


def test_an_abort_rule_that_may_have_stopped_the_rollout_before_is_told() -> None:
    scenario = under_way("plan.rollout.abort=[{share: 1%, minimum: 5}]")
    found = ask(scenario, truth("plan.rollout.abort=[{share: 1%, minimum: 5}]"), 20.0)
    assert found.report["abort"]["before"] > 0.9
    assert found.report["abort"]["probability"] == 0.0
    said = " ".join(forecast_answer(found.report))
    assert "one had stopped the rollout before now, as far as this log can tell: if yours goes on, forecast" in said


def test_shares_that_are_done_already_and_those_to_come_are_told_apart(after_ten_hours: Forecast) -> None:
    report = dict(after_ten_hours.report)
    now_ms = report["now_ms"]
    row = {"median": now_ms + 3_600_000, "low": now_ms + 3_600_000, "high": now_ms + 3_600_000, "reached": 1.0}
    done = {"50": {**row, "median": now_ms - 1}, "90": {**row, "median": now_ms}, "99": row}
    said = " ".join(forecast_answer({**report, "forecast": {**report["forecast"], "done": done}}))
    assert "Of the reachable, 50 % and 90 % are done already and 99 % after 11 h 00 min." in said


def test_the_deadline_is_the_more_likely_the_later_it_is(after_ten_hours: Forecast) -> None:
    # half of the reachable are done after some twelve hours
    found = ask(under_way(), truth(), 10, deadline_ms=11 * 3_600_000)
    assert found.report["deadline"]["probability"]["50"] < 0.2
    late = after_ten_hours.report["deadline"]
    assert late["at_ms"] == 48 * 3_600_000
    assert late["probability"]["50"] == 1.0


@pytest.mark.parametrize(("hours", "said"), [(-3, "before the plan is activated"), (80, "when the run is over")])
def test_now_has_to_be_within_the_run(hours: float, said: str) -> None:
    with pytest.raises(FotaSimError, match=said):
        ask(under_way(), truth(), hours)


def test_a_log_of_another_fleet_is_refused_with_a_name_of_each() -> None:
    scenario = under_way()
    log = log_of(truth(), scenario)
    log.frame["device"] = "pump-" + log.frame["device"].astype(str)
    with pytest.raises(FotaSimError, match=r"'pump-meters-0'.*'meters-0'"):
        forecast(Question(scenario, log.until(log.began_s + 36_000)))
