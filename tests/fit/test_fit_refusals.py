"""Refusals are carried by how full batteries are, and by hosts that refuse whatever the minimums; or it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import ACTIONS, EVERYTHING
from fota_sim.learning.classes import classes_of
from fota_sim.learning.fitted import DRAWS, Fit
from fota_sim.learning.fitting import fit
from fota_sim.learning.learned import Kept
from fota_sim.learning.refusals import batteries_of, refusals_of
from fota_sim.learning.trials import Trials
from fota_sim.learning.writing import learnt_of
from fota_sim.scenario.drawn import drawn
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

TEXT = """
horizon: 2d
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two], strategy: {min_battery: 30%}}
fleet:
  groups:
    - {name: meters, count: 300, module: BG95, mains: 0%, contact: {pattern: wake, every: 12h, jitter: 10min}}
"""
TRUTH = {
    "fleet.groups.meters.battery_level": {"beta": {"a": 2.0, "b": 2.0}},
    "fleet.groups.meters.battery_unknown": "10%",
}
BELOW = 0.216  # of beta(2, 2) below 0.3: 3 x^2 - 2 x^3


def scenario_of(*overrides: str) -> Scenario:
    return parse_scenario(TEXT, Path("meters.yaml"), overrides)


def log_of(scenario: Scenario) -> Histories:
    return next(Trials(varied(scenario, TRUTH), "compiled", EVERYTHING, number=7_000).play([{}]))[0]


@pytest.fixture(scope="module")
def log() -> Histories:
    return log_of(scenario_of())


@pytest.fixture(scope="module")
def found(log: Histories) -> Fit:
    return fit(log, scenario_of(), engine="compiled", workers=1, trials=20)


def test_the_shares_of_the_truth_lie_in_the_intervals(found: Fit) -> None:
    learnt = {each.key: each for each in found.learned}
    for key, truth in {"battery/meters": BELOW, "refuses/meters": 0.10}.items():
        low, high = learnt[key].interval
        assert low <= truth <= high, key
        assert high - low < 0.15
    assert "uniform" not in learnt["battery/meters"].default
    assert learnt["battery/meters"].default != "0%"


def test_each_draw_is_a_law_of_its_own_that_a_scenario_takes(found: Fit) -> None:
    laws = found.draws["fleet.groups.meters.battery_level"]
    assert len(laws) == DRAWS
    assert len({str(law) for law in laws}) > 1
    fitted = varied(found.scenario, found.values()).model_copy(update={"learnt": learnt_of(found)})
    told = drawn(fitted, 3).fleet.sources[0].battery_level
    assert told is not None
    assert told.kind == "mixture"
    middles = [0.5 * (part.low + part.high) for part in told.parts]
    assert np.average(middles, weights=told.weights) == pytest.approx(0.5, abs=0.1)
    assert any(part.high == pytest.approx(0.3) for part in told.parts)  # the minimum parts no class


def test_who_is_below_the_minimum_is_no_host_that_refuses_all_the_same(log: Histories) -> None:
    scenario = scenario_of()
    (count,) = refusals_of(scenario, classes_of(log, scenario), log)
    assert not isinstance(count, Kept)
    k, n = count.count(log, classes_of(log, scenario))
    assert k[0] < 0.6 * log.ended(End.REFUSED).sum()
    assert n[0] > 0.9 * len(log)


def test_hosts_that_check_nothing_are_said_to_have_no_field_for_it(log: Histories) -> None:
    scenario = scenario_of("fleet.groups.meters.host=lenient")
    (kept,) = refusals_of(scenario, classes_of(log, scenario), log)
    assert isinstance(kept, Kept)
    assert "no field makes lenient refuse for good" in kept.why


def test_without_batteries_a_low_one_is_not_told_from_a_host_that_refuses(log: Histories) -> None:
    scenario = scenario_of()
    frame = log.frame.assign(battery_pct=np.nan)
    blind = Histories(frame, log.platform, log.began_s, log.until_s, log.targeted, False, log.left_out, log.view)
    (kept,) = refusals_of(scenario, classes_of(blind, scenario), blind)
    assert isinstance(kept, Kept)
    assert "the battery of too few" in kept.why
    (kept,) = batteries_of(scenario, classes_of(blind, scenario), blind, 10, np.random.default_rng(1))
    assert isinstance(kept, Kept)


def test_a_platform_without_the_word_says_so(log: Histories) -> None:
    scenario = scenario_of()
    frame = log.frame[~log.ended(End.REFUSED)].reset_index(drop=True)
    seen = Histories(frame, log.platform, log.began_s, log.until_s, len(frame), False, log.left_out, ACTIONS)
    (kept,) = refusals_of(scenario, classes_of(seen, scenario), seen)
    assert isinstance(kept, Kept)
    assert "no word" in kept.why
