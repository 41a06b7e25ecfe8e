"""Columns of offers that devices got, and of when the rollout came to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.table import Histories
from fota_sim.histories.view import ACTIONS
from fota_sim.learning.fitting import fit
from fota_sim.learning.offers import offers_of
from fota_sim.learning.trials import Trials, laid_under
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

AT_ONCE = """
horizon: 3d
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 60kB}]}]
plan: {name: Everybody, packages: [two], strategy: {retries: 2}}
fleet:
  groups:
    - {name: meters, count: 200, module: EC200U, radio: nb-iot, mains: 100%, gone: 20%, rssi: -95dBm,
       contact: {pattern: wake, every: 4h}}
"""
IN_WAVES = "plan.rollout={waves: [{share: 30%}, {opens: {after: 8h}}]}"
STOPPED = "plan.rollout={waves: [{share: 30%}, {opens: {after: 60d}}]}"


def read(*overrides: str) -> Scenario:
    return parse_scenario(AT_ONCE, Path("meters.yaml"), [*overrides])


def log_of(scenario: Scenario, number: int = 5_000) -> Histories:
    return next(Trials(laid_under(scenario), "compiled", ACTIONS, number=number).play([{}]))[0]


def with_offers_got(log: Histories) -> Histories:
    """The log of somebody whose column has the offers that devices got."""
    frame = log.frame.copy()
    frame["offered_s"] = frame["contact_s"]
    return replace(log, frame=frame)


@pytest.mark.parametrize("number", range(5_000, 5_005))
def test_offers_that_devices_got_are_their_first_contacts_where_the_plan_comes_to_all(number: int) -> None:
    scenario = read()
    log = log_of(scenario, number)
    found = offers_of(with_offers_got(log), scenario, "", "compiled")
    assert "first contacts" in found.note
    assert not found.why_not_gone
    assert found.histories.offered.all()
    assert "offered_s" not in found.histories.view.times
    np.testing.assert_array_equal(found.histories.frame["contact_s"], log.frame["contact_s"])
    np.testing.assert_array_equal(found.histories.reached, log.reached)


def test_who_is_gone_is_learnt_from_a_column_of_offers_that_devices_got() -> None:
    scenario = read()
    log = with_offers_got(log_of(scenario))
    learnt = {each.key: each for each in fit(log, scenario, engine="compiled", workers=1, trials=45).learned}
    low, high = learnt["gone/meters"].interval
    assert low < (~log.reached).mean() < high


@pytest.mark.parametrize("overrides", [(), (IN_WAVES,), (STOPPED,)])
def test_times_at_which_the_rollout_came_to_devices_stay(overrides: tuple[str, ...]) -> None:
    scenario = read(*overrides)
    log = log_of(scenario)
    assert offers_of(log, scenario, "", "compiled").histories is log
    assert offers_of(log, scenario, "", "compiled").note == ""
    assert offers_of(log, scenario, "", "compiled").why_not_gone == ""


def test_a_rollout_that_came_to_fewer_than_planned_says_nothing_of_who_is_gone() -> None:
    scenario = read(IN_WAVES)
    log = with_offers_got(log_of(scenario))
    found = offers_of(log, scenario, "", "compiled")
    assert found.histories is log
    assert f"{(~log.reached).sum()} devices without a time of an offer" in found.why_not_gone
    assert "--columns contact=COLUMN" in found.why_not_gone
    fitted = fit(log, scenario, engine="compiled", workers=1, trials=45)
    assert "gone/meters" not in {each.key for each in fitted.learned}
    assert {each.name: each.why for each in fitted.kept}["gone for good, meters"] == found.why_not_gone
