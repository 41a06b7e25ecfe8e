"""Slots of a rollout and places of a network, by cell and coverage level: who waits how long, as worked out by hand."""

import json
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from queues_on_paper import Device, Queues, World
from rollout_worlds import ENGINES, group, play, world

from fota_sim.engines.twins import describe, play_both
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario

RATES = (2000, 1200, 800)
"""In bit/s, at coverage level 0, 1, 2."""
LASTS = [16_960, 28_267, 42_400]
"""4 kB with 6 % of headers."""
EDGES = (-80.0, -100.0)
"""In dBm, where levels 1 and 2 begin."""
TABLE = [(-110, 800), (-100.001, 800), (-100, 1200), (-80.001, 1200), (-80, 2000), (-50, 2000)]


def drawn(seed):
    """What there is, and how many devices of two cells join when."""
    dice = random.Random(seed)

    def some(most):
        return dice.choice([None, dice.randint(1, most)])

    def by_level(least):
        return dice.choice([None, [dice.choice([least, 1, 2, 3, 5]) for _ in range(3)]])

    queues = dice.random() < 0.6, dice.random() < 0.6
    limits = World(
        some(8), by_level(0), some(6), by_level(1), queues, dice.randint(0, 4), dice.choice([0, 7000]), LASTS
    )
    return limits, [(dice.randint(1, 15), dice.choice(["0s", "0s", {"uniform": ["0s", "2min"]}])) for _ in range(2)]


def scenario_of(limits, cells, signal=None):
    slots = {} if limits.slots is None else {"concurrency": {"devices": limits.slots}}
    if limits.cell_slots is not None:
        slots["cell_concurrency"] = {"devices": limits.cell_slots}
    retry = {"count": limits.retries, "delay": f"{limits.delay}ms"}
    scenario = world(1, {**slots, "retry": [retry] if limits.retries else []})
    scenario["radios"]["line"] |= {
        "table": [[f"{dBm}dBm", f"{rate}bit/s"] for dBm, rate in TABLE],
        "ce_edges": [f"{dBm}dBm" for dBm in EDGES],
        "rtt": ["100ms"] * 3,
        "cell_concurrency": limits.places,
    }
    scenario["packages"][0]["files"] = [{"name": "a.bin", "size": "4000B"}]
    scenario["protocol"] = {"first_progress_timeout": "1h"}
    server = {"connections": limits.connections, "when_full": "queue" if limits.queues[0] else "refuse"}
    in_cells = {"when_full": "queue" if limits.queues[1] else "refuse"}
    scenario["network"] = {"server": server, "cells": in_cells}
    rssi = {"uniform": ["-104dBm", "-61dBm"]} if signal is None else f"{signal}dBm"
    scenario["fleet"]["groups"] = [
        group(f"cell-{number}", count, rssi=rssi, joins=joins) for number, (count, joins) in enumerate(cells)
    ]
    return scenario


def devices_of(record):
    """Who they are: when each was there first, in which cell and at which coverage level."""
    table = record.devices
    groups = [str(name) for name in record.column("group")]
    return [
        Device(number, int(table["first_contact_ms"][number]), groups[number], sum(dBm < edge for edge in EDGES))
        for number, dBm in enumerate(table["rssi_mean_dBm"])
    ]


def seen(record, number):
    table = record.devices
    found = {name: int(table[f"{name}_ms"][number]) for name in ("first_offer", "downloaded", "finished")}
    return found | {"attempts": int(table["attempts"][number]), "outcome": str(record.column("outcome")[number])}


def expected(device):
    outcome = "failed" if device.failed else "upgraded" if device.finished >= 0 else "not_offered"
    found = {"first_offer": device.offered, "downloaded": device.downloaded, "finished": device.finished}
    return found | {"attempts": device.attempts, "outcome": outcome}


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_who_waits_for_slots_and_places_waits_as_long_as_by_hand(seed, engine):
    limits, cells = drawn(seed)
    record = play(scenario_of(limits, cells), engine)
    devices = devices_of(record)
    Queues(limits, devices)
    for device in devices:
        assert seen(record, device.number) == expected(device), (limits, device)


def two_plans(seed):
    """The same with a second plan for some of the devices, as a scenario."""
    limits, cells = drawn(seed)
    other, _ = drawn(f"other {seed}")
    scenario = scenario_of(limits, cells)
    second = scenario_of(other, cells)["plan"]
    first = scenario.pop("plan")
    scenario["plans"] = {"a": first, "b": second}
    for name, plan in scenario["plans"].items():
        plan["whitelist"] = {"where": f'of == "{name}"'}
    for group_ in scenario["fleet"]["groups"]:
        group_["attributes"] = {"of": {"a": "50%", "b": "50%"}}
    return limits, other, scenario


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_plans_have_slots_of_their_own_and_share_the_server_and_the_cells(seed, engine):
    limits, other, scenario = two_plans(seed)
    try:
        record = play(scenario, engine)
    except ScenarioError as error:
        assume("nobody" not in str(error))  # all devices are the other plan's
        raise
    devices = devices_of(record)
    for device in devices:
        device.plan = "ab".index(str(record.column("of")[device.number]))
    Queues(limits, devices, other)
    for device in devices:
        assert seen(record, device.number) == expected(device), (limits, other, device)


@pytest.mark.parametrize("seed", range(6))
def test_both_engines_play_these_alike(seed):
    scenario = parse_scenario(json.dumps(scenario_of(*drawn(seed))))
    found = play_both(scenario, 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("k", [1, 3, 7])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_of_n_at_once_the_ith_begins_after_as_many_downloads_as_fit_before_it(engine, level, k):
    """With k places the i-th, from 0, begins floor(i / k) downloads after the first."""
    limits = World(None, None, None, [k] * 3, (True, True), 0, 0, LASTS)
    record = play(scenario_of(limits, [(20, "0s")], (-61, -90, -104)[level]), engine)
    first_ms = LASTS[level] + 4300
    found = [int(record.devices["downloaded_ms"][number]) for number in range(20)]
    assert found == [first_ms + number // k * LASTS[level] for number in range(20)]
