"""From counts to fields: a log counts some of what a field makes, and some that it does not make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.table import Histories
from fota_sim.histories.view import ACTIONS, EVERYTHING, EXECUTIONS, View
from fota_sim.learning.classes import Classes, classes_of
from fota_sim.learning.counted import Counted
from fota_sim.learning.installs import hidden_installs
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.seen import seen, taking
from fota_sim.learning.shares import Count
from fota_sim.learning.trials import Trials
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

TEXT = """
horizon: 3d
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 100kB}]}]
plan: {name: Everybody, packages: [two], strategy: {retries: 3}}
fleet:
  groups:
    - name: meters
      count: 500
      module: EC200U
      radio: nb-iot
      mains: 100%
      rssi: {normal: {mean: -103dBm, sd: 10dB}, min: -128dBm, max: -70dBm}
      contact: {pattern: wake, every: 6h}
      gone: 0%
"""
TRIALS = 80
VERIFY = "modules.EC200U.verify_failure"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse_scenario(TEXT, Path("meters.yaml"), [])


@pytest.fixture(scope="module")
def log(scenario: Scenario) -> Histories:
    return next(Trials(scenario, "compiled", EVERYTHING).play([{}]))[0]


def learnt(log: Histories, scenario: Scenario, shown: np.ndarray, fields: np.ndarray, aside: float) -> Learned:
    """What is told of it is a value."""
    found = told(log, scenario, shown, fields, aside)
    assert isinstance(found, Learned)
    return found


def told(log: Histories, scenario: Scenario, shown: np.ndarray, fields: np.ndarray, aside: float) -> Learned | Kept:
    """A share of which 60 of the log's 500 devices are counted."""
    count = Count(
        "some",
        "some share",
        ("",),
        lambda histories, classes: (np.array([60]), np.array([500])),
        lambda _, value: {"some": value},
        {},
        "0%",
        "counted",
    )
    counted = Counted([count], log, classes_of(log, scenario), 4000, np.random.default_rng(1))
    parameters = np.random.default_rng(2).uniform(-1.0, 1.0, (TRIALS, 2))
    return next(counted.learned(np.array([aside]), fields, shown, parameters))


def test_a_field_of_which_not_all_is_counted_is_larger_than_its_count(log: Histories, scenario: Scenario) -> None:
    """4 % are counted without the field, and 0.7 of what it makes is: 12 % come from 11.4 %."""
    fields = np.full((TRIALS, 1), 0.1)
    luck = np.random.default_rng(3).binomial(500, 0.04 + 0.7 * fields) / 500
    shown = luck - luck.mean() + 0.04 + 0.07
    found = learnt(log, scenario, shown, fields, 0.04)
    assert found.mean == pytest.approx((60.5 / 501 - 0.04) / 0.7, rel=0.02)
    assert found.draws.std() == pytest.approx(np.sqrt(0.12 * 0.88 / 500) / 0.7, rel=0.15)


def test_counts_that_come_in_bunches_have_intervals_as_wide_as_bunches_make_them(
    log: Histories, scenario: Scenario
) -> None:
    """Devices fail by fours: a count is twice as uneven as single ones are."""
    fields = np.full((TRIALS, 1), 0.12)
    single = np.random.default_rng(4).binomial(500, fields) / 500
    fours = 4 * np.random.default_rng(4).binomial(125, fields) / 500
    one, four = (learnt(log, scenario, shown, fields, 0.0).draws.std() for shown in (single, fours))
    assert four / one == pytest.approx(2.0, rel=0.25)


def test_what_nearly_all_devices_show_without_a_field_is_no_experience_of_it(
    log: Histories, scenario: Scenario
) -> None:
    """Of 500 devices 479.5 are counted anyway: 20.5 are left, and with one less it is too few."""
    fields, shown = np.full((TRIALS, 1), 0.0), np.full((TRIALS, 1), 0.959)
    assert isinstance(told(log, scenario, shown, fields, 0.959), Learned)
    kept = told(log, scenario, shown, fields, 0.961)
    assert isinstance(kept, Kept)
    assert "export the log later" in kept.why


def test_few_events_do_not_turn_a_count_into_any_field(log: Histories, scenario: Scenario) -> None:
    """Trials that by luck show nothing of a field do not make it ten times as large."""
    fields, shown = np.full((TRIALS, 1), 0.001), np.zeros((TRIALS, 1))
    assert learnt(log, scenario, shown, fields, 0.0).mean < 0.3


def test_where_a_log_hides_installations_that_were_tried_again_trials_have_some(scenario: Scenario) -> None:
    classes = Classes((tuple(scenario.fleet.sources),), np.zeros(500, np.int64))
    assert hidden_installs(scenario, classes, EXECUTIONS, 0.0) == {VERIFY: "0%"}
    assert hidden_installs(scenario, classes, EXECUTIONS, 1.0) == {VERIFY: "5%"}
    assert hidden_installs(scenario, classes, ACTIONS, 1.0) == {}
    once = parse_scenario(TEXT.replace("retries: 3", "retries: 0"), Path("once.yaml"), [])
    assert hidden_installs(once, classes, EXECUTIONS, 1.0) == {}


def test_a_scenario_that_says_more_is_believed_to_twice_of_it(scenario: Scenario) -> None:
    classes = Classes((tuple(scenario.fleet.sources),), np.zeros(500, np.int64))
    worse = varied(scenario, {VERIFY: "8%"})
    assert hidden_installs(worse, classes, EXECUTIONS, 1.0) == {VERIFY: "16%"}


def test_what_is_hidden_hardly_moves_what_the_speed_is_learnt_by(scenario: Scenario) -> None:
    """One installation in ten fails and is tried again: the median of the times moves three times as far."""

    def moved(statistic: object) -> float:
        of = {
            share: np.mean([statistic(look(histories)) for histories, _ in played(scenario, EXECUTIONS, share)])
            for share in ("0%", "10%")
        }
        return float(of["10%"] - of["0%"])

    def look(histories: Histories) -> object:
        return seen(histories, np.zeros(len(histories), np.int64))

    quick = moved(taking(frozenset([0])))
    median = moved(lambda found: float(np.log(np.nanmedian(found.took_s))))
    assert 0.0 <= quick < 0.03
    assert median > 3.0 * quick


def played(scenario: Scenario, view: View, share: str) -> list:
    return [*Trials(scenario, "compiled", view).play([{VERIFY: share}] * 8)]
