"""Daily hours, maintenance hours and push periods on clocks of many zones, over days on which these change, by hand."""

import json
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import test_engine_device_on_paper as devices
from coarse_devices import drawn as drawn_coarsely
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_life import DAY, Local
from rollout_worlds import ENGINES
from test_engine_device_on_paper import lives_as_on_paper

from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

CHANGES = {
    "Europe/Berlin": ["2026-03-28", "2026-10-24"],
    "America/New_York": ["2026-03-07", "2026-10-31"],
    "Australia/Lord_Howe": ["2026-04-04", "2026-10-03"],  # by half an hour
    "America/St_Johns": ["2026-03-08", "2026-11-01"],
    "Africa/Cairo": ["2026-04-23", "2026-10-29"],  # at midnight
    "Asia/Kathmandu": ["2026-03-28", "2026-01-05"],
    "Pacific/Kiritimati": ["2026-10-24", "2026-01-05"],
}
"""Days before clocks change, in UTC."""
NIGHTS = [(110, 130), (120, 180), (130, 125), (150, 165), (0, 30), (1410, 30), (60, 121), (180, 200)]
"""Hours that a change of clocks takes away, repeats, cuts or stretches, in minutes."""


def drawn(seed):
    """A plan and eight devices as in the other tests, on clocks of their own."""
    plan, kinds, scenario = devices.drawn(seed) if seed % 2 else drawn_coarsely(seed)
    dice = random.Random(f"zones {seed}")
    names = [*CHANGES]
    zone = dice.choice(names)
    start = datetime.fromisoformat(dice.choice(CHANGES[zone])).replace(tzinfo=UTC)
    start += timedelta(minutes=dice.choice([0, 0, 600, 1200, 1425]))
    plan.horizon = dice.choice([2 * DAY, 3 * DAY])
    scenario |= {"start": f"{start:%Y-%m-%dT%H:%M:%S}", "horizon": f"{plan.horizon}ms"}
    of_plan = dice.choice([zone, *names])
    plan.clock = Local(start, ZoneInfo(of_plan))
    scenario["plan"]["time_zone"] = of_plan
    if plan.period:
        plan.period = dice.choice([(60, 180), (120, 240), (23 * 60, 60)])
        scenario["plan"]["push_period"] = devices._hours(plan.period)
    if plan.maintenance:
        plan.maintenance = dice.choice(NIGHTS)
        scenario["plan"]["rollout"]["maintenance"] = [{"hours": devices._hours(plan.maintenance)}]
    for kind, group in zip(kinds, scenario["fleet"]["groups"], strict=True):
        of_device = dice.choice([zone, zone, *names])
        kind.clock = Local(start, ZoneInfo(of_device))
        group["time_zone"] = {of_device: "100%"}
        if kind.pattern == "daily":
            kind.hours = dice.choice(NIGHTS)
            group["contact"]["hours"] = devices._hours(kind.hours)
    return plan, kinds, scenario


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_device_lives_by_the_clock_on_its_wall_and_its_plan_by_its_own(seed, engine):
    plan, kinds, scenario = drawn(seed)
    lives_as_on_paper(plan, kinds, scenario, engine)


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_live_by_the_same_clocks(seed):
    found = play_both(parse_scenario(json.dumps(drawn(seed)[2])), 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")
