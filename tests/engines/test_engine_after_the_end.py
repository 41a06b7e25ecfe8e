"""A device that the platform gave up, or cancelled, finishes what it has begun, and what it then says is heard."""

import json

import pytest
from rollout_worlds import ENGINES, at_ms, broken, ends, group, logged, play, world

from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

DAY_MS = 86_400_000


def nightly(apply_fixed, hours, **rollout):
    """A device that is there from 08:00 on each day, and starts into new firmware for as long as ``apply_fixed``."""
    scenario = world(1, {"retry": [], **rollout})
    scenario["start"] = "2026-01-05T08:00:00"
    scenario["modules"]["board"] |= {"boot": "staged", "brick_on_power_loss": "0%", "apply_fixed": apply_fixed}
    scenario["modules"]["board"] |= {"apply_rate": "100MB/s", "reboot": "1min"}
    scenario["fleet"]["groups"] = [group("g", 1, contact={"pattern": "daily", "hours": hours, "spread": "0s"})]
    return scenario


def same(scenario):
    """Its record, the same in both engines."""
    found = play_both(parse_scenario(json.dumps(scenario)), 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")
    return play(scenario, "compiled")


@pytest.mark.parametrize(("late_success", "belief"), [("counts", "Upgraded"), ("ignored", "Upgrade Failed")])
@pytest.mark.parametrize("stage", ["report", "in_progress"])
def test_a_device_whose_hours_ended_while_it_started_says_the_day_after_what_runs(stage, late_success, belief):
    """It was given up in between, after an hour."""
    rollout = {"timeouts": {stage: "1h"}, "late_success": late_success}
    record = same(nightly("1min", "08:00-08:02", **rollout))
    assert ends(record) == {("upgraded", ""): 1}
    assert list(record.devices["belief"]) == [belief]
    (finished,) = at_ms(record, "finished_ms")
    assert (finished > DAY_MS) == (belief == "Upgraded")


@pytest.mark.parametrize("late_success", ["counts", "ignored"])
def test_a_device_that_lost_power_while_it_wrote_writes_it_the_day_after_though_it_was_given_up(late_success):
    """What is half written is not left half written because a platform waits no longer."""
    scenario = nightly("2min", "08:00-08:04", timeouts={"report": "1h"}, late_success=late_success)
    scenario["start"] = "2026-01-05T08:02:30"
    record = same(scenario)
    assert ends(record) == {("upgraded", ""): 1}
    assert list(record.devices["firmware_end"]) == ["2_0"]
    assert at_ms(record, "upgraded_ms")[0] > DAY_MS - 150_000
    assert list(record.devices["belief_true"]) == [late_success == "counts"]


def test_a_device_that_was_cancelled_meanwhile_finishes_too():
    scenario = nightly("1min", "08:00-08:02")
    scenario["plan"]["operator"] = [{"at": "1h", "do": "cancel", "devices": {"ids": ["g-0"]}}]
    record = same(scenario)
    assert ends(record) == {("upgraded", ""): 1}
    assert list(record.devices["belief"]) == ["Upgraded"]


def test_a_device_that_has_nothing_to_finish_does_not_come_again():
    scenario = nightly("1min", "08:00-08:02")
    scenario["packages"][0]["defects"] = [broken()]
    record = same(scenario)
    assert ends(record) == {("failed", "verification failed"): 1}
    assert list(record.devices["contacts"]) == [1]


# What waited for a device is sent once


def test_an_address_that_a_device_was_not_there_for_is_sent_again_and_no_attempt_has_failed():
    """It answers half a second before its hours end, and a round trip takes one; no failure is tried again."""
    scenario = nightly("1s", "08:00-08:01", late_success="ignored")
    scenario["radios"]["line"]["rtt"] = ["1s", "1s", "1s"]
    scenario["hosts"]["quiet"] |= {"confirm_delay": "57.5s", "checks_battery": False, "checks_signal": False}
    record = same(scenario)
    assert list(record.devices["belief"]) == ["Upgraded"]
    assert list(record.devices["attempts"]) == [2]


@pytest.mark.parametrize("retries", [0, 1, 3])
@pytest.mark.parametrize("contact", [{"pattern": "wake", "every": "1h", "linger": "30s"}, {"pattern": "always"}])
def test_a_failed_download_that_is_reported_again_at_the_next_contact_is_counted_once(contact, retries):
    """Each is cut in the middle, and tried again half an hour later, when a device that wakes is gone."""
    retry = [{"on": ["download"], "count": retries, "delay": "30min"}]
    scenario = world(1, {"retry": retry})
    scenario["faults"] = {"devices": "100%", "cut_download": "100%", "cut_at": "50%"}
    scenario["hosts"]["quiet"]["patience"] = "1min"
    scenario["fleet"]["groups"] = [group("g", 1, contact={"spread": "0s", **contact})]
    record = same(scenario)
    assert ends(record) == {("failed", "download cut off"): 1}
    assert list(record.devices["download_failures"]) == [retries + 1]
    assert list(record.devices["attempts"]) == [retries + 1]
    assert len(record.downloads) == retries + 1


@pytest.mark.parametrize(("kept", "outcome"), [("310min", "upgraded"), ("309min", "not_offered")])
def test_a_push_that_is_kept_until_a_module_wakes_reaches_it_though_connecting_takes_a_while(kept, outcome):
    """The last push of a day is at 12:50, and the module wakes at 18:00."""
    scenario = world(1, {}, push_period="12:00-13:00", push_grid="10min")
    scenario["start"] = "2026-01-05T08:00:00"
    asleep = {"t3412": "10h", "t3324": "20s", "keeps_downlinks": kept}
    contact = {"pattern": "wake", "every": "24h", "spread": "0s", "sleep": asleep}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    assert list(same(scenario).devices["outcome"]) == [outcome]


# Nobody is counted twice among those that are over


def two_waves(*fields, do, at, **rollout):
    """A first wave of two, of which the second is gone, and a second wave that waits for the first to be over."""
    scenario = world(0, {"waves": [{"count": 2}, {}], **rollout})
    scenario["fleet"]["groups"] = [
        group("one", 1, **dict(fields)),
        group("gone", 1, gone="100%"),
        group("next", 1),
    ]
    scenario["plan"]["operator"] = [{"at": at, "do": do, "devices": {"ids": ["one-0"]}}]
    return scenario


def test_a_device_that_refused_for_good_and_is_cancelled_is_over_once():
    fields = ("mains", "0%"), ("battery_level", "10%")
    record = same(two_waves(*fields, do="cancel", at="1h", refusals="final"))
    assert logged(record, "wave 2") == []


def test_a_device_that_is_cancelled_and_succeeds_all_the_same_is_over_once():
    record = same(two_waves(do="cancel", at="10s"))
    assert list(record.devices["outcome"])[:2] == ["upgraded", "unreachable"]
    assert logged(record, "wave 2") == []


# A battery is as full as it is now


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize(("waits", "cause"), [("1h", ""), ("10h", "battery brown-out during download")])
def test_a_battery_that_ran_down_while_nothing_was_asked_of_it_is_too_weak_for_the_first_segment(engine, waits, cause):
    """Of 20 mAh at 3.74 V some 15 are left after ten hours at 0.5 mA, at 3.71 V, and 19.5 after one."""
    scenario = world(1, {"retry": []}, starts=waits)
    scenario["hosts"]["quiet"]["checks_battery"] = False
    scenario["modules"]["board"] |= {"i_idle": "0.5mA", "v_min": "3.72V"}
    scenario["packages"][0]["files"][0]["size"] = "1kB"
    battery = {"chemistry": "li-po", "capacity": "100mAh", "level": "20%", "resistance": "0ohm", "self_discharge": "0%"}
    scenario["fleet"]["groups"] = [group("g", 1, mains="0%", battery=battery)]
    record = play(scenario, engine)
    assert list(record.devices["cause"]) == [cause]
    assert (record.devices["bytes_sent"][0] < 1000) == bool(cause)
