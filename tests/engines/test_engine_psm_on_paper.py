"""One push to a device in PSM, whenever it comes and whatever its timers are: when it is heard, worked out by hand."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, group, play, world

SECOND = 1000
MINUTE = 60 * SECOND
RESUME, TRIP = 500, 100
T3412 = [2 * SECOND, 40 * SECOND, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE]
T3324 = [0, 2 * SECOND, 16 * SECOND, 60 * SECOND, 6 * MINUTE]
INACTIVITY = [0, TRIP - 1, TRIP, 10 * SECOND, 20 * SECOND]
EVERY = [60 * MINUTE, 60 * MINUTE, 25 * MINUTE]


def heard(at, every, t3412, listens):
    """When the offer is that is pushed then: -1 if the device sleeps before it has come, None if it does just then.

    It reports every so often from 0 on.
    """
    report = at // every * every
    wakes = [report, *range(report + t3412, report + every, t3412), report + every]
    comes_back = -1 if listens < TRIP else RESUME + TRIP
    for wake in wakes:
        if wake >= at:  # it is due when the device wakes
            return wake + comes_back if comes_back > 0 else -1
        asleep = wake + RESUME + listens + (TRIP if wake != report else 0)
        if wake == report and at <= wake + RESUME:
            return wake + RESUME + TRIP if listens >= TRIP else -1
        if wake == report and at <= asleep:
            return at + TRIP if at + TRIP <= asleep else None  # it is lost on the way
        if wake != report and at < min(asleep, report + every - 1):
            return at + comes_back if comes_back > 0 else -1
        if wake != report and at == min(asleep, report + every - 1):
            return None
    return -1


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_push_is_heard_at_once_or_at_the_next_tau_or_report(seed, engine):
    dice = random.Random(seed)
    every, t3412 = dice.choice(EVERY), dice.choice(T3412)
    t3324 = dice.choice([timer for timer in T3324 if timer < t3412])  # else it would never sleep, and is refused
    inactivity = dice.choice(INACTIVITY)
    listens = inactivity + t3324
    near = dice.choice([0, t3412, every, every + t3412]) + dice.choice([0, RESUME, RESUME + TRIP]) + listens
    at = max(1, dice.choice([dice.randrange(3 * every), near + dice.choice([-TRIP - 1, -TRIP, -1, 0, 1])]))
    assume(listens + RESUME + TRIP < t3412)  # else it never sleeps
    expected = heard(at, every, t3412, listens)
    sleep = {"t3412": f"{t3412}ms", "t3324": f"{t3324}ms", "inactivity": f"{inactivity}ms"}
    scenario = world(1, {}, starts=f"{at}ms") | {"horizon": "9h"}
    contact = {"pattern": "wake", "every": f"{every}ms", "spread": "0s", "jitter": "0s", "sleep": sleep}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    found = int(play(scenario, engine).devices["first_offer_ms"][0])
    if expected is not None:
        assert found == expected, (found, expected, at, every, sleep)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("t3412", "t3324"), [("20min", "6min"), ("10min", "360s"), ("10min", "16s"), ("40min", "0s")])
def test_a_module_that_listens_after_a_tau_when_its_report_is_due_reports(engine, t3412, t3324):
    """Each was left out: of a host that asks, nothing was heard any more."""
    scenario = world(1, {}, push=False, starts="8h59min") | {"horizon": "9h"}
    scenario["hosts"]["quiet"]["asks"] = True
    sleep = {"t3412": t3412, "t3324": t3324, "inactivity": "1s"}
    contact = {"pattern": "wake", "every": "25min", "spread": "0s", "jitter": "0s", "sleep": sleep}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact)]
    assert play(scenario, engine).devices["contacts"][0] == 22  # at 0, 25 min, ..., 525 min
