"""Devices in line for a place: while they wait, pushes come that find them busy, hosts lose patience, plans end."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, ends, group, play, world

from fota_sim.engines.twins import play_both
from fota_sim.scenario.loader import parse_scenario

ALWAYS = {"pattern": "always", "spread": "0s"}
WAKES = {"pattern": "wake", "every": "9min", "linger": "3min", "spread": "0s"}
HOURS = {"pattern": "daily", "hours": "08:00-09:00", "spread": "0s"}
STEPS = ("nothing", "suspend", "terminate", "cancel")


def crowded(grid_min: int, connections: int, *groups: dict, **plan) -> dict:
    """Downloads of 80 s each, one after the other where there is one place; the platform pushes all along."""
    scenario = world(0, {}, push=True, push_grid=f"{grid_min}min", **plan)
    scenario["radios"]["line"]["table"] = [["-110dBm", "10kbit/s"], ["-50dBm", "10kbit/s"]]
    scenario["network"] = {"server": {"connections": connections}}
    scenario["fleet"]["groups"] = list(groups)
    return scenario


def patient(scenario: dict, seconds: int) -> dict:
    """Hosts that listen so long."""
    scenario["hosts"]["quiet"]["patience"] = f"{seconds}s"
    return scenario


@given(
    devices=st.integers(2, 12),
    connections=st.integers(1, 2),
    grid_min=st.integers(1, 3),
    patience_s=st.sampled_from([30, 60, 120, 600, 3600]),
    contact=st.sampled_from([ALWAYS, WAKES, HOURS]),
    step=st.sampled_from(STEPS),
    at_s=st.integers(60, 900),
    more_s=st.integers(1, 4500),
    charge=st.sampled_from([3, 10, 90]),
)
@settings(max_examples=25, deadline=None)
def test_the_engines_agree_on_who_stands_in_line(
    devices, connections, grid_min, patience_s, contact, step, at_s, more_s, charge
):
    battery = {"chemistry": "li-ion", "capacity": "1mAh", "level": f"{charge}%", "self_discharge": "2%"}
    battery["resistance"] = "0.1ohm"
    operator = [] if step == "nothing" else [{"at": f"{at_s}s", "do": step}]
    if step == "cancel":
        operator[0]["devices"] = {"where": 'group == "b"'}
    if step == "suspend":
        operator.append({"at": f"{at_s + 130}s", "do": "resume"})
    scenario = crowded(
        grid_min,
        connections,
        group("g", devices, contact=contact),
        group("b", 2, contact=contact, mains="0%", battery=battery),
        operator=operator,
    )
    scenario["horizon"] = f"{at_s + 130 + more_s}s"
    checked = parse_scenario(json.dumps(patient(scenario, patience_s)))
    assert not play_both(checked, 0, ENGINES["reference"], ENGINES["compiled"])


@pytest.mark.parametrize("devices", [10, 40])
def test_pushes_that_find_a_device_in_line_take_no_turn(devices):
    """A push every minute for as long as the line lasts would be turns that grow with its length."""
    turns = {}
    for grid_min in (1, 240):
        scenario = patient(crowded(grid_min, 1, group("g", devices), push_period="00:00-24:00"), 7200)
        record = play(scenario, "compiled")
        assert ends(record) == {("upgraded", ""): devices}
        turns[grid_min] = record.counters["turns"]
    assert turns[1] == turns[240] == 3 * devices  # into the line, out of it, and away with the download
