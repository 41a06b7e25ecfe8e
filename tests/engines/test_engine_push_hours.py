"""Who waits in line for a slot because of a push is pushed to in the hours of the push period, and not outside them."""

import json
from itertools import pairwise

import numpy as np
import pytest
from rollout_worlds import ENGINES, group, play, world

from fota_sim.engines.twins import play_both
from fota_sim.scenario.loader import parse_scenario

MIN_MS = 60_000
DAY_MS = 1440 * MIN_MS


def one_at_a_time(devices, asks=False, **concurrency):
    """An upgrade takes 40 minutes and something; pushes go out from 08:00 to 09:00, on the hour's tens."""
    rollout = {"concurrency": {"devices": 1, **concurrency}}
    scenario = world(devices, rollout, push_period="08:00-09:00", push_grid="10min")
    scenario["start"] = "2026-01-05T08:00:00"
    scenario["modules"]["board"] |= {"apply_fixed": "40min", "apply_rate": "100MB/s"}
    scenario["hosts"]["quiet"] |= {"asks": asks, "patience": "3h"}
    return scenario


def offered_min(scenario, engine):
    """When each device was offered the plan first, in whole minutes."""
    return (np.asarray(play(scenario, engine).devices["first_offer_ms"]) // MIN_MS).tolist()


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_turn_that_comes_after_the_hours_is_lost_until_the_next_day(engine):
    """The third device's turn would come after half past nine."""
    first, second, third = offered_min(one_at_a_time(3), engine)
    assert first == 10
    assert 50 <= second < 60
    assert third == 1440


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_who_has_asked_is_answered_when_its_turn_comes(engine):
    times = offered_min(one_at_a_time(4, asks=True), engine)
    assert times == sorted(times)
    assert times[0] == 0
    assert all(39 <= later - earlier <= 45 for earlier, later in pairwise(times))


@pytest.mark.parametrize("order", ["fifo", "lifo"])
def test_the_engines_agree_on_lines_that_cross_the_hours(order):
    scenario = one_at_a_time(6, order=order)
    scenario["fleet"]["groups"].append(
        group("daily", 4, contact={"pattern": "daily", "hours": "08:30-11:00", "spread": "5min"})
    )
    assert not play_both(parse_scenario(json.dumps(scenario)), 0, ENGINES["reference"], ENGINES["compiled"])
