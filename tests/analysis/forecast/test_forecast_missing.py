"""Devices that a log would name and does not: nothing is known of them, and they are not taken for silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from forecast_world import log_of, truth, under_way

from fota_sim.analysis.answers.forecast import forecast_answer
from fota_sim.analysis.forecast.forecast import Forecast, forecast
from fota_sim.analysis.forecast.question import Question
from fota_sim.histories.results import start_s
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
    assert f"The log names {named} of the plan's 240 devices" in notes(found)
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
