"""What happens in one millisecond: waits that end, windows that close, and what comes just then. As the manual says."""

import json

import pytest
from coarse_devices import drawn
from device_on_paper import Device
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, group, play, play_if_it_begins, world
from test_engine_device_on_paper import seen

from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

SUBSCRIBED_MS, TRIP_MS = 1000, 100


def played(seed, engine):
    plan, kinds, scenario = drawn(seed)
    return plan, kinds, play_if_it_begins(scenario, engine)


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_devices_whose_every_step_takes_whole_minutes_live_as_the_manual_says(seed, engine):
    plan, kinds, record = played(seed, engine)
    for number, kind in enumerate(kinds):
        assert seen(record, number) == Device(plan, kind).play(), (number, plan, kind)


@pytest.mark.parametrize("seed", range(1, 9))
def test_both_engines_play_these_devices_alike(seed):
    found = play_both(parse_scenario(json.dumps(drawn(seed)[2])), 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")


def wakes_once(linger_ms, **plan):
    contact = {"pattern": "wake", "every": "5d", "spread": "0s", "linger": f"{linger_ms}ms"}
    scenario = world(1, {}, **plan) | {"horizon": "4d"}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    return scenario


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("short_ms", "offers"), [(0, 1), (1, 0)])
def test_an_offer_in_the_last_millisecond_of_a_wait_is_heard(engine, short_ms, offers):
    """Pushed a second after it subscribed, to who waits just so long, or a millisecond less."""
    scenario = wakes_once(1000 + TRIP_MS - short_ms, starts=f"{SUBSCRIBED_MS + 1000}ms")
    assert play(scenario, engine).devices["offers"][0] == offers


def there_until_two(**plan):
    scenario = world(1, {}, **plan) | {"horizon": "20h", "start": "2026-01-05T00:00:00", "time_zone": "UTC"}
    contact = {"pattern": "daily", "hours": "01:00-02:00", "spread": "0s"}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    return scenario


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("early_ms", "sent"), [(0, 0), (1, 1)])
def test_nothing_is_sent_to_a_device_in_the_millisecond_in_which_its_hours_end(engine, early_ms, sent):
    scenario = there_until_two(starts=f"{2 * 3_600_000 - early_ms}ms")
    scenario["keep"] = {"transcripts": 1}
    record = play(scenario, engine)
    (log,) = record.platform_logs.values()
    assert sum("Plan issued" in line.text for line in log) == sent
    assert record.devices["offers"][0] == 0  # it is there a round trip later
    if not sent:
        assert (record.devices["outcome"][0], record.devices["cause"][0]) == ("not_offered", "asleep at every push")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_device_that_is_away_from_now_on_takes_no_slot(engine):
    """Pushes on the ten minutes meet the end of its hours each day; another one waits for the slot."""
    scenario = there_until_two(push_grid="10min", push_period="02:00-03:00")
    scenario["plan"]["rollout"] = {"concurrency": {"devices": 1}}
    scenario["fleet"]["groups"].append(group("h", 1, joins="2h1s"))
    table = play(scenario, engine).devices
    assert list(table["outcome"]) == ["not_offered", "upgraded"]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_arrives_as_the_hours_end_arrives_nowhere(engine):
    scenario = there_until_two(starts=f"{2 * 3_600_000 - TRIP_MS}ms")
    assert play(scenario, engine).devices["offers"][0] == 0
    scenario["plan"]["starts"] = f"{2 * 3_600_000 - TRIP_MS - 1}ms"
    assert play(scenario, engine).devices["offers"][0] == 1
