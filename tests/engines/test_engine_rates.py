"""The n-th device is released when the closed form says so, whatever steps come in between."""

import json
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rollout_worlds import at_ms, play, world

from fota_sim.engines.rollout import pace_of, rollout_parameters
from fota_sim.errors import ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules import rollout
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.release import released_after_s

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
MIN_MS = 60_000


def released_by_rules(rate, devices, successes_ms=()):
    """When the rules release so many devices, steps on success coming at the given times; in ms."""
    scenario = parse_scenario(json.dumps(world(devices, {"rate": rate})))
    p = rollout_parameters(scenario, build_fleet(scenario, 0), 0)
    rollout.open_wave(p.state, p.pace, p.waves, 0)
    times, coming = [], list(successes_ms)
    while len(times) < devices:
        due_ms = rollout.release_due_ms(p.state, p.pace, p.waves)
        if coming and coming[0] <= max([due_ms, *times]):
            now_ms = coming.pop(0)
            rollout.step_up(p.state, p.pace, (len(successes_ms) - len(coming)) * rate["step"], now_ms)
            continue
        now_ms = max([due_ms, *times[-1:]])
        rollout.count_release(p.state, p.pace, now_ms)
        times.append(now_ms)
    return times, scenario.plan.rollout.rate


def rate_after(rate, steps):
    """Devices in an interval after so many steps, exactly."""
    first, factor = Fraction(str(rate["devices"])), Fraction(str(rate.get("factor", 1)))
    most = Fraction(str(rate["cap"])) if "cap" in rate else None
    return first * factor**steps if most is None else min(most, first * factor**steps)


def even_ms(rate, devices, interval_ms=MIN_MS):
    """The times of an even rate as the sum of its distances."""
    at_ms, times = Fraction(0), []
    for number in range(devices):
        at_ms += interval_ms / rate_after(rate, number // rate.get("step", devices))
        times.append(math.ceil(at_ms))
    return times


def packed_ms(rate, devices, interval_ms=MIN_MS):
    """The times of packs: each interval allows as many as the rate is at its beginning, and parts add up."""
    allowed, pack, times = Fraction(0), 0, []
    while len(times) < devices:
        allowed += rate_after(rate, len(times) // rate.get("step", devices))
        while len(times) < min(allowed, devices):
            times.append(pack * interval_ms)
        pack += 1
    return times


PER_MINUTE = st.sampled_from([0.1, 0.3, 0.5, 0.7, 1, 1.5, 2.5, 3, 7, 10, 50, 333])
RAMP = st.fixed_dictionaries(
    {"devices": PER_MINUTE, "factor": st.sampled_from([1.1, 1.5, 2, 3, 5]), "step": st.sampled_from([1, 2, 5, 7, 40])},
    optional={"cap": st.sampled_from([0.5, 1, 10, 100, 1000])},
)
CONSTANT = st.fixed_dictionaries({"devices": PER_MINUTE})


def lowered(rate):
    """A first rate above the cap is the cap."""
    return rate | {"devices": min(rate["devices"], rate.get("cap", rate["devices"]))}


@given(CONSTANT | RAMP, st.integers(1, 120))
def test_even_releases_are_the_sum_of_their_distances_to_the_millisecond(rate, devices):
    times, schema = released_by_rules(rate, devices)
    assert times == even_ms(lowered(rate), devices)
    closed = [math.ceil(released_after_s(schema, number) * 1000 - 1e-6) for number in range(1, devices + 1)]
    assert closed == times


@given(CONSTANT | RAMP, st.integers(1, 120))
def test_packs_keep_the_mean_rate_and_come_at_the_beginning_of_an_interval(rate, devices):
    times, schema = released_by_rules(rate | {"pacing": "pack"}, devices)
    assert times == packed_ms(lowered(rate), devices)
    if "step" not in rate:
        assert times == [math.floor(number / Fraction(str(rate["devices"]))) * MIN_MS for number in range(devices)]
        assert times == [round(released_after_s(schema, number) * 1000) for number in range(1, devices + 1)]


@given(RAMP, st.lists(st.integers(1, 30 * MIN_MS), max_size=12).map(sorted))
def test_a_step_on_success_keeps_what_has_passed_of_the_distance(rate, successes_ms):
    devices = 40
    times, _ = released_by_rules(rate | {"step_on": "succeeded"}, devices, successes_ms)
    passed, since_ms, expected = Fraction(0), 0, []
    for steps, until_ms in enumerate([*successes_ms, None]):
        rate_ms = rate_after(lowered(rate), steps) / MIN_MS
        while len(expected) < devices:
            due_ms = since_ms + (len(expected) + 1 - passed) / rate_ms
            if until_ms is not None and due_ms > until_ms:
                break
            expected.append(math.ceil(due_ms))
        if until_ms is not None:
            passed += (until_ms - since_ms) * rate_ms
            since_ms = until_ms
    assert times == expected


@given(RAMP, st.lists(st.integers(1, 30 * MIN_MS), max_size=12).map(sorted))
def test_no_pack_is_larger_than_the_rate_of_its_interval_and_none_is_cut(rate, successes_ms):
    times, _ = released_by_rules(rate | {"pacing": "pack", "step_on": "succeeded"}, 60, successes_ms)
    allowed = Fraction(0)
    for pack in range(times[-1] // MIN_MS + 1):
        steps = sum(at_ms <= pack * MIN_MS for at_ms in successes_ms)
        allowed += rate_after(lowered(rate), steps)
        assert sum(at_ms <= pack * MIN_MS for at_ms in times) == min(60, math.ceil(allowed))
    assert all(at_ms % MIN_MS == 0 for at_ms in times)


# Whole runs

AT_THE_CAP = {"devices": 10, "every": "1min", "factor": 1.5, "cap": 10}


@both
@pytest.mark.parametrize("more", [{}, {"step": 1, "step_on": "succeeded"}, {"step": 5}])
def test_a_ramp_at_its_cap_goes_on_at_its_cap(engine, more):
    """A service whose most is its base rate: 200 devices at 10 a minute take 20 minutes."""
    rate = AT_THE_CAP | more if more else {"devices": 10, "every": "1min"}
    times = at_ms(play(world(200, {"rate": rate}), engine), "released_ms")
    assert times.tolist() == [6_000 * (n + 1) for n in range(200)]


@both
@pytest.mark.parametrize("more", [{"step": 1, "step_on": "succeeded"}, {"step": 5}])
def test_packs_are_not_cut_by_steps(engine, more):
    rate = AT_THE_CAP | more | {"pacing": "pack"}
    times = at_ms(play(world(200, {"rate": rate}), engine), "released_ms")
    assert times.tolist() == [MIN_MS * (n // 10) for n in range(200)]


@both
def test_half_a_device_a_minute_is_one_in_two_minutes(engine):
    rate = {"devices": 0.5, "every": "1min", "pacing": "pack"}
    times = at_ms(play(world(10, {"rate": rate}), engine), "released_ms")
    assert times.tolist() == [2 * MIN_MS * n for n in range(10)]


@both
def test_a_step_on_success_changes_the_rate_from_there_on(engine):
    """Every success doubles 1 a minute up to 4: what has passed of the distance counts."""
    rate = {"devices": 1, "every": "1min", "factor": 2, "step": 1, "step_on": "succeeded", "cap": 4}
    record = play(world(6, {"rate": rate}), engine)
    times, first, second = at_ms(record, "released_ms"), *sorted(record.devices["finished_ms"].tolist())[:2]
    passed = first / MIN_MS + 2 * (second - first) / MIN_MS
    assert times[0] == MIN_MS
    assert times[-1] == math.ceil(second + (6 - passed) * MIN_MS / 4)


@both
def test_a_wave_that_opens_within_an_interval_gets_the_rest_of_its_pack(engine):
    waves = [{"count": 4}, {"opens": {"at": "90s"}}]
    rate = {"devices": 10, "every": "2min", "pacing": "pack"}
    times = at_ms(play(world(20, {"waves": waves, "rate": rate}), engine), "released_ms")
    assert times.tolist() == [0] * 4 + [90_000] * 6 + [120_000] * 10


@both
def test_after_a_pause_of_whole_intervals_packs_begin_anew_and_nothing_is_made_up_for(engine):
    waves = [{"count": 4}, {"opens": {"at": "290s"}}]
    rate = {"devices": 10, "every": "2min", "pacing": "pack"}
    times = at_ms(play(world(20, {"waves": waves, "rate": rate}), engine), "released_ms")
    assert times.tolist() == [0] * 4 + [290_000] * 10 + [410_000] * 6


@both
def test_packs_that_nobody_was_there_for_are_not_made_up_for_by_a_step(engine):
    """The success that opens the second wave, after four intervals of 3 s, is the one that doubles the rate."""
    waves = [{"count": 4}, {"opens": {"success": "100%"}}]
    rate = {"devices": 10, "every": "3s", "pacing": "pack", "factor": 2, "step": 4, "step_on": "succeeded"}
    record = play(world(50, {"waves": waves, "rate": rate}), engine)
    times, opens = at_ms(record, "released_ms"), sorted(record.devices["finished_ms"])[3]
    assert opens > 12_000
    assert times.tolist() == [0] * 4 + [opens] * 20 + [opens + 3_000] * 20 + [opens + 6_000] * 6


@both
def test_a_limit_of_the_service_holds_whatever_the_rate_says(engine):
    rate = {"devices": 50, "every": "1s", "factor": 2, "step": 10, "cap": 500, "most_per_minute": 600}
    times = at_ms(play(world(60, {"rate": rate}), engine), "released_ms")
    assert times.tolist() == [100 * (n + 1) for n in range(60)]


@pytest.mark.parametrize("minutes", ["1/4", 1, 10, 60])
@pytest.mark.parametrize("pacing", ["even", "pack"])
def test_no_minute_sees_more_than_the_service_releases(pacing, minutes):
    """A pack comes at once, so it is no larger than that, however long its interval is."""
    rate = {"devices": 1500, "every": f"{float(Fraction(minutes)) * 60}s", "pacing": pacing, "most_per_minute": 20}
    times = at_ms(play(world(90, {"rate": rate}), "reference"), "released_ms")
    assert max(int(((times >= at) & (times < at + MIN_MS)).sum()) for at in times) == 20


@pytest.mark.parametrize("pacing", ["even", "pack"])
def test_a_rate_of_next_to_nothing_releases_nobody_in_time_or_the_first_at_once(pacing):
    rate = {"devices": 1e-300, "every": "1min", "pacing": pacing}
    assert len(at_ms(play(world(3, {"rate": rate}), "reference"), "released_ms")) == (pacing == "pack")


def test_a_ramp_without_a_cap_ends_with_everybody_released_at_once():
    rate = {"devices": 1, "every": "1min", "factor": 1000, "step": 1}
    times, _ = released_by_rules(rate, 300)
    assert times[-1] == 60_061


# The operator's change


def changing(rate, other, change_ms, devices):
    """When the rules release so many devices at a rate that is another one from a time on."""
    scenario = parse_scenario(json.dumps(world(devices, {"rate": rate})))
    p = rollout_parameters(scenario, build_fleet(scenario, 0), 0)
    rates = parse_scenario(json.dumps(world(devices, {"rate": other}))).plan.rollout
    rollout.open_wave(p.state, p.pace, p.waves, 0)
    times: list[int] = []
    changed = False
    while len(times) < devices:
        due_ms = max([rollout.release_due_ms(p.state, p.pace, p.waves), *times[-1:]])
        if not changed and due_ms >= change_ms:
            rollout.change_rate(p.state, p.pace, p.waves, *pace_of(rates.rate, 0), 0, False, change_ms)
            changed = True
            continue
        rollout.count_release(p.state, p.pace, due_ms)
        times.append(due_ms)
    return times


@given(PER_MINUTE, PER_MINUTE, st.sampled_from([1, 999, 30_000, 60_000, 90_500, 600_000]), st.integers(1, 60))
def test_an_even_rate_that_is_changed_releases_as_many_as_both_allow_together(before, after, change_ms, devices):
    """The n-th comes in the first millisecond in which the rate, summed up over the time, has come to n."""
    first, second = Fraction(str(before)) / MIN_MS, Fraction(str(after)) / MIN_MS
    found = changing({"devices": before}, {"devices": after}, change_ms, devices)
    for number, at in enumerate(found, start=1):
        until = first * change_ms
        exact = number / first if number < until else change_ms + (number - until) / second
        assert at == math.ceil(exact)


def test_steps_are_counted_from_the_change():
    """Ten a minute for two minutes; then one a second, doubled at each ten devices."""
    ramp = {"devices": 60, "factor": 2, "step": 10}
    found = changing({"devices": 10}, ramp, 120_000, 45)
    since = [at - 120_000 for at in found if at >= 120_000]
    assert since[0] == 0  # the twentieth of the old rate is due just then, and counts for the new one
    assert since[1:10] == [*range(1_000, 9_001, 1_000)]
    assert since[10:20] == [*range(9_500, 14_001, 500)]
    assert since[20:] == [*range(14_250, 15_501, 250)]


@pytest.mark.parametrize(
    ("every", "times"),
    [
        ("1min", [0] * 3 + [60_000] * 5 + [120_000] * 2),  # packs of one interval keep theirs
        ("30s", [0] * 3 + [40_000] * 5 + [70_000] * 2),  # others begin at the change
    ],
)
def test_packs_that_are_changed_go_on_in_their_intervals_or_begin_anew(every, times):
    pack = {"devices": 3, "every": "1min", "pacing": "pack"}
    assert changing(pack, {"devices": 5, "every": every, "pacing": "pack"}, 40_000, 10) == times


@both
def test_the_operator_changes_the_rate_in_mid_rollout(engine):
    """One a minute, ten a minute from 150 s on: half a device has passed by then, which is 3 s of the new distance."""
    operator = [{"at": "150s", "do": "change_rate", "rate": {"devices": 10}}]
    record = play(world(12, {"rate": {"devices": 1}}, operator=operator), engine)
    assert at_ms(record, "released_ms").tolist() == [60_000, 120_000, *range(153_000, 210_001, 6_000)]
    assert (150_000, "operator: change_rate") in record.plan_log


@both
def test_without_a_rate_the_others_are_released_at_once(engine):
    operator = [{"at": "150s", "do": "change_rate"}]
    record = play(world(6, {"rate": {"devices": 1}}, operator=operator), engine)
    assert at_ms(record, "released_ms").tolist() == [60_000, 120_000, *[150_000] * 4]


@both
def test_a_rate_for_later_waves_begins_when_they_open(engine):
    waves = [{"count": 3}, {"opens": {"at": "1h"}}]
    operator = [{"at": "30min", "do": "change_rate", "rate": {"devices": 2}}]
    record = play(world(7, {"waves": waves}, operator=operator), engine)
    hour = 3_600_000
    assert at_ms(record, "released_ms").tolist() == [0] * 3 + [hour + 30_000 * k for k in range(1, 5)]


@both
def test_a_rate_that_is_changed_while_the_plan_is_suspended_begins_when_it_is_resumed(engine):
    operator = [
        {"at": "90s", "do": "suspend"},
        {"at": "10min", "do": "change_rate", "rate": {"devices": 6}},
        {"at": "1h", "do": "resume"},
    ]
    record = play(world(4, {"rate": {"devices": 1}}, operator=operator), engine)
    assert at_ms(record, "released_ms").tolist() == [60_000, *[3_600_000 + 10_000 * k for k in range(1, 4)]]


def test_a_rate_belongs_to_its_action_alone():
    operator = [{"at": "1h", "do": "suspend", "rate": {"devices": 1}}]
    with pytest.raises(ScenarioError, match="suspend takes no rate; for another rate write do: change_rate"):
        parse_scenario(json.dumps(world(4, {}, operator=operator)))
