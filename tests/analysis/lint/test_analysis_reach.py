"""Whom `validate --fleet` calls out of reach, and which waves it says never open: a run finds the same."""

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, group, play, world

from fota_sim.analysis.lint.drawn import at_the_start, draw
from fota_sim.analysis.lint.waits import never_over, success_out_of_reach
from fota_sim.engines.twins import describe, play_both
from fota_sim.rules import codes
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.lint.waves import waits_for_the_gone
from fota_sim.scenario.loader import load_located, parse_scenario

CELL = {"chemistry": "li-ion", "capacity": "1000000mAh", "resistance": "0ohm", "self_discharge": "0%"}
KINDS = {
    "fine": {},
    "low": {"mains": "0%", "battery": {**CELL, "level": "20%"}},
    "weak": {"rssi": "-90dBm"},
    "deaf": {"rssi": "-120dBm"},
    "blind": {"rssi_unknown": "100%"},
    "gone": {"gone": "100%"},
    "late": {"joins": "3d"},
    "sleeper": {"contact": {"pattern": "wake", "every": "10d", "spread": "10d"}},
    "there": {"firmware": "2_0"},
    "old": {"firmware": "0_9"},
}
DAYS = "horizon=2d"


def drawn_world(dice):
    """Two to nine devices, each of a kind, in the order of the fleet."""
    scenario = world(1, {"retry": []}, push=True)
    scenario["packages"][0]["specified_versions"] = ["1_0"]
    strategy = {"min_battery": "30%", "min_signal": "-80dBm", "enforced_by": dice.choice(["device", "platform"])}
    scenario["plan"]["strategy"] = {**strategy, "when_unknown": dice.choice(["offer", "withhold"])}
    scenario["hosts"]["blunt"] = {"extends": "careless", "asks": False, "confirm_delay": "2s"}
    kinds = ["fine", *(dice.choice(list(KINDS)) for _ in range(dice.randint(1, 8)))]
    dice.shuffle(kinds)
    scenario["fleet"]["groups"] = [
        group(f"d{number}", 1, **{"host": dice.choice(["quiet", "quiet", "blunt"]), **KINDS[kind]})
        for number, kind in enumerate(kinds)
    ]
    return scenario


def looked_at(scenario, tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(scenario))
    return draw(facts_of(*load_located(file, [DAYS])))


@given(seed=st.integers(0, 100_000))
@settings(max_examples=40, deadline=None)
def test_who_is_out_of_reach_or_held_back_is_not_upgraded_and_all_others_are(tmp_path_factory, seed):
    scenario = drawn_world(random.Random(seed))
    drawn = looked_at(scenario, tmp_path_factory.mktemp("x"))
    record = play(scenario, "reference", DAYS)
    outcomes = record.column("outcome")
    passes = drawn.offerable & (at_the_start(drawn) == codes.NO_CAUSE)
    assert (outcomes == "upgraded").tolist() == passes.tolist()
    assert (outcomes != "unreachable").tolist() == drawn.heard.tolist()
    assert (record.column("cause") == "version is not the source").tolist() == (drawn.heard & ~drawn.fits).tolist()


def opening(dice):
    """How the second wave opens."""
    found = {}
    if dice.random() < 0.5:
        found |= {"success": dice.choice(["20%", "50%", "100%"])}
        found |= {"share_of": dice.choice(["group", "targeted", "started", "finished"])}
    if dice.random() < 0.3:
        found["quorum"] = dice.choice(["20%", "50%", "100%"])
    if dice.random() < 0.3:
        found["when_all_finished"] = "open"
    return found


@given(seed=st.integers(0, 100_000))
@settings(max_examples=80, deadline=None)
def test_a_wave_of_which_it_is_said_that_it_waits_for_ever_does_and_the_others_open(tmp_path_factory, seed):
    dice = random.Random(seed)
    scenario = drawn_world(dice)
    devices = len(scenario["fleet"]["groups"])
    rollout = scenario["plan"]["rollout"]
    rollout["waves"] = [{"count": dice.randint(1, devices - 1)}, {"opens": opening(dice)}]
    rollout["refusals"] = dice.choice(["hold", "final"])
    sleeps = any(each["contact"]["pattern"] == "wake" for each in scenario["fleet"]["groups"])
    if dice.random() < 0.4 and not sleeps:  # who of these is away for too long hangs on when a wave opens
        rollout["timeouts"] = {"online": "1h"}
    drawn = looked_at(scenario, tmp_path_factory.mktemp("x"))
    if any(waits_for_the_gone(drawn.facts)):
        return  # told already, of a share that is only expected
    told = [*success_out_of_reach(drawn), *never_over(drawn)]
    record = play(scenario, "reference", DAYS)
    opened = any("wave 2 of 2" in text and text.endswith("opened") for _, text in record.plan_log)
    assert opened != bool(told), told


@pytest.mark.parametrize("seed", range(6))
def test_both_engines_play_these_fleets_alike(seed):
    parsed = parse_scenario(json.dumps(drawn_world(random.Random(seed))), "scenario.yaml", [DAYS])
    found = play_both(parsed, 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")


@given(seed=st.integers(0, 100_000))
@settings(max_examples=25, deadline=None)
def test_first_contacts_before_the_end_are_those_of_the_run(tmp_path_factory, seed):
    dice = random.Random(seed)
    scenario = world(1, {})
    contacts = [
        {"pattern": "wake", "every": "30h", "spread": dice.choice(["30h", "5d"])},
        {"pattern": "daily", "hours": dice.choice(["08:00-10:00", "23:00-01:30"]), "spread": dice.choice(["0s", "3d"])},
        {"pattern": "always", "spread": "4d"},
        {"pattern": "wake", "every": "6d", "sleep": {"t3412": "50h", "t3324": "16s"}},
    ]
    scenario["fleet"]["groups"] = [
        group(f"g{number}", 12, contact=contact, joins=dice.choice(["0s", "20h", "40h"]), churn="90%")
        for number, contact in enumerate(contacts)
    ]
    drawn = looked_at(scenario, tmp_path_factory.mktemp("x"))
    table = play(scenario, "reference", DAYS).devices
    assert np.array_equal(np.asarray(table["first_contact_ms"]) >= 0, drawn.in_time)
