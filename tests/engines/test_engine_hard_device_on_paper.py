"""Batteries that fall, supplies that are cut, downloads that break and files in pieces, as worked out by hand."""

import json
from dataclasses import replace

import pytest
from hard_device_on_paper import HardDevice
from hard_devices import drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, group, play, play_if_it_begins, world
from test_engine_device_on_paper import seen

from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

COUNTED = ("bytes_sent", "bytes_wasted", "battery_empty_ms", "download_failures")
MEASURED = ("energy_J", "energy_wasted_J", "drained_mAh", "battery_end_pct")


def costs(record, number):
    """What its life took, beside what came of it."""
    table = record.devices
    found = {name: int(table[name][number]) for name in COUNTED}
    return found | {name: pytest.approx(float(table[name][number]), rel=1e-9, abs=1e-9) for name in MEASURED}


def reconciled(worked_out, found, plan):
    """Why nothing was offered is not worked out; nor whether a low battery was the last reason of the platform's."""
    both = {worked_out["outcome"], found["outcome"]}
    if both == {"not_offered"} or (plan.by_platform and both == {"not_offered", "unreachable"}):
        return worked_out | {name: found[name] for name in ("outcome", "cause")}
    return worked_out


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_device_to_which_all_happens_that_may_lives_as_the_manual_says(seed, engine):
    plan, board, kinds, supplies, scenario = drawn(seed)
    record = play_if_it_begins(scenario, engine)
    for number, (kind, supply) in enumerate(zip(kinds, supplies, strict=True)):
        found = seen(record, number) | costs(record, number)
        worked_out = HardDevice(plan, kind, board, replace(supply)).play()
        assert reconciled(worked_out, found, plan) == found, (number, plan, board, kind, supply)


@pytest.mark.parametrize("seed", range(5))
def test_both_engines_play_these_devices_alike(seed):
    found = play_both(parse_scenario(json.dumps(drawn(seed)[-1])), 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")


def served_for_three_minutes_a_day():
    """A first download breaks off; a retry is switched off in the middle, and the next day's is good."""
    operator = [{"at": "86430s", "do": "retry", "devices": {"where": 'group == "g"'}}]
    scenario = world(1, {"retry": [{"count": 1, "delay": "165s"}]}, operator=operator)
    scenario |= {"horizon": "3d", "start": "2026-01-05T00:00:00", "time_zone": "UTC", "faults": {"cut_download": "50%"}}
    contact = {"pattern": "daily", "hours": "00:00-00:03", "spread": "0s"}
    scenario["fleet"]["groups"] = [group("g", 40, contact=contact)]
    return scenario


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_download_sent_that_was_switched_off_is_wasted_once_also_after_an_earlier_failure(engine):
    """Its bytes were booked on the next attempt as a piece of the file: more was wasted than sent."""
    table = play(served_for_three_minutes_a_day(), engine).devices
    assert (table["bytes_wasted"] <= table["bytes_sent"]).all()
    upgraded = table["upgraded_ms"] >= 0
    assert (table["attempts"][upgraded] == 3).any()
    assert (table["bytes_sent"] - table["bytes_wasted"] == 100_000 * upgraded).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_failure_is_that_of_the_last_attempt_also_if_it_was_switched_off(engine):
    scenario = served_for_three_minutes_a_day()
    scenario["plan"]["operator"] = []
    record = play(scenario, engine)
    failed = record.column("outcome") == "failed"
    two = failed & (record.devices["attempts"] == 2)
    assert "reboot during download" in set(record.column("cause")[two])
    wasted_J, spent_J = (record.devices[name][failed] for name in ("energy_wasted_J", "energy_J"))
    assert wasted_J == pytest.approx(spent_J, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_writing_took_until_the_host_switched_off_is_wasted(engine):
    """On a module with two slots: nothing is written on, and the next contact begins anew."""
    scenario = world(1, {"retry": []}) | {"horizon": "30min", "start": "2026-01-05T00:00:00", "time_zone": "UTC"}
    scenario["modules"]["board"] |= {"boot": "ab", "apply_fixed": "5min"}
    contact = {"pattern": "daily", "hours": "00:00-00:02", "spread": "0s"}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    table = play(scenario, engine).devices
    assert table["energy_wasted_J"][0] == table["energy_J"][0] > 0.0
    assert table["bytes_wasted"][0] == table["bytes_sent"][0] == 100_000
