"""What must follow when a scenario is changed in one thing, whatever the scenario.

The compiled engine plays; that the reference engine plays the same scenarios to the same bit is what
``test_engine_twins.py`` asks.
"""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from metamorphic_world import SHARES_NOTHING, Data, assert_same, random_data, rows_by_id, scenario_of, started
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, ks_2samp

from fota_sim.engines.choice import COMPILED, load
from fota_sim.engines.record import RunRecord, spelled_out
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.loader import load_scenario

RANDOM = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SCENARIOS = Path(__file__).parents[2] / "scenarios"
ALPHA = 0.001
"""Chance of a two-sample test to fail by luck, were the seed not fixed."""


def play(data: Data) -> RunRecord:
    return load(COMPILED)(scenario_of(data), 0)


@RANDOM
@given(data=random_data())
def test_a_list_that_keeps_nobody_out_changes_nothing(data: Data) -> None:
    plan = data["plan"]
    plan.pop("blacklist", None)
    blacklist, whitelist = copy.deepcopy(data), copy.deepcopy(data)
    blacklist["plan"]["blacklist"] = {"where": 'group == "nobody"'}
    assert_same(play(data), play(blacklist))
    plan.pop("whitelist", None)
    whitelist["plan"]["whitelist"] = {"where": 'not group == "nobody"'}
    assert_same(play(data), play(whitelist))


@RANDOM
@given(data=random_data(), gate=st.sampled_from([("min_battery", "20%", "60%"), ("min_signal", "-105dBm", "-85dBm")]))
def test_a_stricter_gate_never_adds_a_device_that_starts(data: Data, gate: tuple[str, str, str]) -> None:
    field, low, high = gate
    data["plan"].pop("rollout", None)  # whom a wave or a slot goes to depends on what the others did
    data["plan"].pop("operator", None)  # who resumes what the rollout has stopped
    lenient, strict = copy.deepcopy(data), copy.deepcopy(data)
    lenient["plan"]["strategy"][field] = low
    strict["plan"]["strategy"][field] = high
    assert started(play(strict)) <= started(play(lenient))


def _progress(texts: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which lines are of a download's progress: a segment says them at its end, which the horizon may cut off."""
    return np.array([text == "+QIOTEVT: 7,10702" or text.endswith(": downloading") for text in texts], dtype=bool)


@RANDOM
@given(data=random_data())
def test_a_longer_horizon_changes_nothing_of_what_was_before(data: Data) -> None:
    longer = copy.deepcopy(data)
    horizon_s = int(data["horizon"].removesuffix("s"))
    longer["horizon"] = f"{2 * horizon_s}s"
    short, long = play(data), play(longer)
    assert short.events is not None
    assert long.events is not None
    before, after = short.event_columns(), long.event_columns()
    told, kept = ~_progress(before["text"]), ~_progress(after["text"]) & (after["at_ms"] < 1000 * horizon_s)
    for column in ("at_ms", "id", "actor", "text"):
        assert np.array_equal(before[column][told], after[column][kept])
    upgraded = short.devices["upgraded_ms"] != NEVER
    assert np.array_equal(short.devices["upgraded_ms"][upgraded], long.devices["upgraded_ms"][upgraded])


@RANDOM
@given(data=random_data(), place=st.integers(0, 5))
def test_one_more_device_changes_no_other_where_nothing_is_shared(data: Data, place: int) -> None:
    data["network"] = SHARES_NOTHING
    data["plan"].pop("rollout", None)
    data["plan"].pop("operator", None)  # who resumes what the rollout has stopped
    more = copy.deepcopy(data)
    groups = more["fleet"]["groups"]
    groups[place % len(groups)]["count"] += 1
    alone, beside = rows_by_id(play(data)), rows_by_id(play(more))
    assert len(beside) == len(alone) + 1
    for device, row in alone.items():
        assert beside[device] == row


@settings(max_examples=40)
@given(
    spread_s=st.integers(0, 600),
    devices=st.integers(1, 25),
    fewer=st.integers(1, 5),
    more=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_more_connections_delay_no_device_of_a_fleet_without_luck(
    spread_s: int, devices: int, fewer: int, more: int, seed: int
) -> None:
    finished = []
    for connections in (fewer, fewer + more):
        record = play(without_luck(devices, spread_s, connections, seed))
        assert np.all(record.devices["upgraded_ms"] != NEVER)
        finished.append(record.devices["upgraded_ms"])
    assert finished[1].max() <= finished[0].max()
    assert np.all(np.asarray(finished[1]) <= np.asarray(finished[0]))


def other_names(group: str) -> RunRecord:
    """A fleet whose devices have many ways to end, its one group called like this."""
    scenario = load_scenario(
        SCENARIOS / "battery_gate.yaml",
        [f"fleet.groups.trackers.name={group}", "fleet.groups[0].count=4000", "replications=1"],
    )
    return load(COMPILED)(scenario, 0)


def test_devices_of_another_name_have_other_luck_of_the_same_distribution() -> None:
    first, second = other_names("trackers"), other_names("meters")
    battery = "battery_start_pct"
    assert not np.array_equal(first.devices[battery], second.devices[battery])
    for column in (battery, "rssi_mean_dBm", "energy_J", "upgraded_ms", "bytes_sent", "attempts"):
        assert ks_2samp(first.devices[column], second.devices[column]).pvalue > ALPHA, column
    causes = [spelled_out(record.devices["cause"]) for record in (first, second)]
    words = sorted(set(causes[0]) | set(causes[1]))
    counts = np.array([[np.sum(each == word) for word in words] for each in causes])
    common = counts.sum(axis=0) >= 10  # a chi-square test of rarer causes would not be one
    assert common.sum() >= 4
    assert chi2_contingency(counts[:, common]).pvalue > ALPHA


def without_luck(devices: int, spread_s: int, connections: int, seed: int) -> Data:
    """Devices of different speed that never fail, and a line at the server."""
    table = [["-100dBm", "20kbit/s"], ["-60dBm", "400kbit/s"]]
    radio = {
        "law": "table",
        "table": table,
        "rate_cap": "400kbit/s",
        "mode": "stream",
        "rtt": ["1ms"] * 3,
        "s50": "-150dBm",
        "width": "1dB",
        "p_floor": "0%",
        "recovery": "0s",
        "connect": "1s",
        "resume": "1s",
        "rssi": "-60dBm",
        "rssi_sd": "0dB",
        "gone": "0%",
        "churn": "0%",
    }
    module = {
        "extends": "EC200U",
        "radio": "wire",
        "flash_write": "100MB/s",
        "reboot": "1s",
        "url_to_start": "1s",
        "mains": "100%",
        "power_cuts_mains": 0,
        "verify_failure": "0%",
        "storage_failure": "0%",
    }
    package = {"name": "two", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1MB"}]}
    group = {
        "name": "d",
        "count": devices,
        "module": "box",
        "host": "prompt",
        "rssi": {"uniform": ["-99dBm", "-60dBm"]},
        "contact": {"spread": f"{spread_s}s"},
    }
    return {
        "name": "line",
        "seed": seed,
        "horizon": "1d",
        "product": {"model": {"components": [{"identifier": "app"}]}},
        "packages": [package],
        "plan": {"packages": ["two"], "push": False},
        "network": {"server": {"connections": connections}},
        "hosts": {"prompt": {"extends": "careless", "confirm_delay": "1s", "patience": "30d"}},
        "radios": {"wire": radio},
        "modules": {"box": module},
        "fleet": {"groups": [group]},
    }
