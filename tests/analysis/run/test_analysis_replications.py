"""How often a scenario is played if nobody says so."""

from __future__ import annotations

import pytest

from fota_sim.analysis.run.replications import LARGEST, MOST, USUAL, replications_of, settled
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario


def scenario(count: int = 100, more: str = "") -> Scenario:
    return parse_scenario(
        f"""\
product: {{model: {{components: [{{identifier: app, type: firmware}}]}}}}
packages:
  - {{name: app-2, component: app, kind: full, target_version: "2_0", files: [{{name: a.bin, size: 100kB}}]}}
plan: {{packages: [app-2]}}
fleet: {{groups: [{{name: m, count: {count}, module: EC200U}}]}}
{more}
"""
    )


def test_a_cheap_question_is_played_ten_times() -> None:
    assert replications_of(scenario()) == USUAL == 10
    assert replications_of(scenario(40_000)) == 10


@pytest.mark.parametrize("said", [1, 3, 500])
def test_what_the_scenario_says_is_kept_whatever_it_costs(said: int) -> None:
    assert replications_of(scenario(1_000_000, f"replications: {said}"), variants=60) == said


def test_many_variants_of_many_devices_get_fewer_but_enough_for_an_interval() -> None:
    assert replications_of(scenario(40_000), variants=10) == 10
    assert replications_of(scenario(40_000), variants=14) == 7
    assert replications_of(scenario(40_000), variants=42) == 5


def test_a_fleet_so_large_that_one_takes_a_minute_is_played_once() -> None:
    assert replications_of(scenario(LARGEST)) == 5
    assert replications_of(scenario(LARGEST + 1)) == 1


def test_a_threshold_on_something_rare_gets_as_many_as_could_decide_it() -> None:
    # 3.689 / n of n devices is what none of them leaves (Clopper and Pearson)
    assert replications_of(scenario(1000, "thresholds: ['bricked < 0.02%']")) == 19
    assert replications_of(scenario(1000, "thresholds: ['success >= 99.98%']")) == 19
    assert replications_of(scenario(1000, "thresholds: ['bricked < 5%']")) == 10
    assert replications_of(scenario(1000, "thresholds: ['bricked < 0.0001%']")) == MOST
    assert replications_of(scenario(1000, "thresholds: ['bricked <= 0%', 'time_to_95 <= 1d']")) == 10


def test_what_is_stored_says_how_often_it_was_played() -> None:
    once = settled(scenario())
    assert once.says_replications
    assert "replications: 10" in dump_yaml(once)
    assert settled(once) == once
