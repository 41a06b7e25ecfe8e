"""Devices that a log would name and does not: nothing is known of them, and they are not taken for silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from forecast_world import log_of, truth, under_way
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.analysis.answers.forecast import forecast_answer
from fota_sim.analysis.forecast.forecast import Forecast, forecast
from fota_sim.analysis.forecast.members import FIRST
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.unlisted import exchanged
from fota_sim.engines.compiled.run import run_replication
from fota_sim.experiment.tables import device_tables
from fota_sim.fleet.fleet import build_fleet
from fota_sim.histories.results import of_devices, start_s
from fota_sim.histories.view import ACTIONS
from fota_sim.scenario.model import Scenario

HOURS = 12.0


def told(missing: float, scenario: Scenario | None = None, hours: float = HOURS, says: bool = False) -> Forecast:
    """The forecast from a log that lacks a share of the devices, by luck."""
    scenario = under_way() if scenario is None else scenario
    log = log_of(truth(), scenario)
    log = log.take(np.random.default_rng(3).random(len(log)) >= missing)
    log = replace(log, says_targeted=says)
    return forecast(Question(scenario, log, now_s=start_s(scenario) + hours * 3600, decides=False, members=(40, 40)))


def notes(found: Forecast) -> str:
    return " ".join(found.report["log"]["left_out"])


@pytest.fixture(scope="module")
def whole() -> Forecast:
    return told(0.0)


@pytest.mark.parametrize("missing", [0.1, 0.3, 0.6])
def test_a_forecast_from_a_part_of_the_devices_is_about_that_from_all(whole: Forecast, missing: float) -> None:
    found = told(missing)
    assert found.report["explained"]
    named = found.report["log"]["devices"]
    assert found.report["log"]["unnamed"] == 240 - named
    assert sum(found.report["so_far"].values()) == named
    first, second = (each.report["forecast"]["upgraded"] for each in (whole, found))
    assert second["median"] == pytest.approx(first["median"], rel=0.06)
    assert second["high"] - second["low"] >= 0.9 * (first["high"] - first["low"])
    assert f"The log names {named} devices, and of the scenario's 240 it would name 240 by the plan" in notes(found)
    assert f"not a word of {240 - named}" in " ".join(forecast_answer(found.report))


def test_of_a_whole_log_nothing_is_said_to_be_missing(whole: Forecast) -> None:
    assert whole.report["log"]["unnamed"] == 0
    assert notes(whole) == ""


def test_who_is_not_named_though_their_number_is_given_was_not_heard_of() -> None:
    found = told(0.3, says=True)
    assert found.report["log"]["unnamed"] == 0
    assert sum(found.report["so_far"].values()) == 240


def test_of_devices_that_are_released_one_after_the_other_it_is_told_that_the_log_has_fewer_than_it_would() -> None:
    scenario = under_way("plan.rollout={rate: {devices: 60, every: 1h}, order: random}")
    found = told(0.4, scenario)
    assert found.report["log"]["unnamed"] == 0
    assert "as the plan is written it would name 240 by now" in notes(found)


KEPT_OUT = (
    "fleet.groups.meters.firmware={old: 25%, other: 75%}",
    'plan.blacklist={where: firmware == "old"}',
)


@pytest.mark.parametrize("seed", [77, 78])
def test_devices_that_a_list_keeps_out_are_among_those_that_a_log_without_a_word_for_them_does_not_name(
    seed: int,
) -> None:
    scenario = under_way(*KEPT_OUT)
    real = run_replication(scenario.model_copy(update={"seed": seed}), 0)
    log = of_devices(pa.concat_tables(device_tables(real)), scenario, ACTIONS)
    part = log.take(np.random.default_rng(seed).random(len(log)) >= 0.3)
    part = replace(part, says_targeted=False)
    found = {}
    for name, each in (("whole", replace(log, says_targeted=False)), ("part", part)):
        question = Question(scenario, each, now_s=start_s(scenario) + HOURS * 3600, decides=False, members=(40, 40))
        found[name] = forecast(question)
    first, second = (each.report["forecast"]["upgraded"]["median"] for each in found.values())
    assert abs(second - first) < 0.03 * 240
    assert f"and of the scenario's 240 it would name {240 - would_not(scenario)} by the plan" in notes(found["part"])


def would_not(scenario: Scenario) -> int:
    """How many devices a list keeps out of the rollout that says how many the log would name."""
    return int(build_fleet(scenario, FIRST).black.sum())


@given(st.data())
def test_luck_is_exchanged_within_groups_and_leaves_as_few_as_can_be_named_and_apart(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))

    def column(values: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(data.draw(st.lists(values, min_size=n, max_size=n)))

    apart, unnamed, drawn = (column(st.integers(0, 1)).astype(bool) for _ in range(3))
    group = column(st.integers(0, 2)).astype(np.int32)
    chosen = exchanged(apart, unnamed, group, drawn)
    assert sorted(chosen) == [*range(n)]
    assert (group[chosen] == group).all()
    assert (chosen[~drawn] == np.flatnonzero(~drawn)).all()
    for one in range(3):
        mine = drawn & (group == one)
        left = (apart[chosen] & ~unnamed & mine).sum()
        assert left == max(0, (apart & mine).sum() - (unnamed & mine).sum())


def silent(until_hours: float, now_hours: float) -> str:
    """What is told of a log that ends at one time, and is said to be of another."""
    scenario = under_way()
    began_s = start_s(scenario)
    log = replace(log_of(truth(), scenario).until(began_s + until_hours * 3600), until_s=began_s + now_hours * 3600)
    return notes(forecast(Question(scenario, log, decides=False, members=(20, 20))))


def test_a_log_that_ends_hours_before_it_is_said_to_is_told() -> None:
    assert "The log has nothing of the last" in silent(6.0, 12.0)
    assert "say when (--as-of)" in silent(6.0, 12.0)
    assert "nothing of the last" not in silent(12.0, 12.0)
