"""The rules of a rollout on their own (docs/rollout.md): waves, rates, what stops it, who is held back, slots."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rollout_rows_made import counts, goals, pace, state, stop, waves

from fota_sim.rules import codes, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.plan import NEVER_AGAIN, OFFER
from fota_sim.rules.rollout import ACCEPTED, GOES_ON, IN_NO_WAVE, REJECTED

NO_LIMITS = np.zeros((1, rr.LIMITS))

# Counting


def test_a_count_is_of_the_wave_and_of_the_plan_and_of_the_plan_alone_for_who_is_in_none():
    table = counts({"GROUP": 5}, {"GROUP": 7})
    rollout.count(table, 0, rr.STARTED, 1)
    rollout.count(table, 1, rr.STARTED, 2)
    rollout.count(table, -1, rr.STARTED, 4)
    rollout.count(table, 1, rr.STARTED, -1)
    assert table[:, rr.STARTED].tolist() == [1, 1, 6]
    assert table[:, rr.GROUP].tolist() == [5, 7, 12]


SIX = {"GROUP": 100, "TARGETED": 50, "STARTED": 30, "SUCCEEDED": 12, "FAILED": 8, "OVER_OTHERWISE": 3}


@pytest.mark.parametrize(("share_of", "devices"), [("group", 100), ("targeted", 50), ("started", 30), ("finished", 20)])
def test_a_share_is_of_what_its_word_says(share_of, devices):
    assert rollout.denominator(counts(SIX), 0, rr.DENOMINATORS.index(share_of)) == devices


@pytest.mark.parametrize(
    ("succeeded", "failed", "otherwise", "over"),
    [(10, 0, 0, True), (4, 3, 3, True), (4, 3, 2, False), (0, 10, 0, True), (0, 0, 10, True), (9, 0, 0, False)],
)
def test_a_wave_of_ten_is_finished_when_nobody_has_anything_left_to_do(succeeded, failed, otherwise, over):
    table = counts({"GROUP": 10, "SUCCEEDED": succeeded, "FAILED": failed, "OVER_OTHERWISE": otherwise})
    assert rollout.all_finished(table, 0) == over


ENOUGH = [
    # success, of, quorum, succeeded and failed of 100 of which 40 started
    ("95/100", "group", "0", 95, 0, True),
    ("95/100", "group", "0", 94, 6, False),
    ("7/100", "group", "0", 7, 0, True),  # 0.07 * 100 is more than 7 in floats
    ("95/100", "finished", "0", 19, 1, True),
    ("95/100", "finished", "0", 18, 1, False),
    ("95/100", "finished", "20/100", 19, 1, True),
    ("95/100", "finished", "21/100", 19, 1, False),
    ("1/2", "started", "0", 20, 0, True),
    ("1/2", "started", "0", 19, 9, False),
    ("0", "group", "0", 0, 0, True),
    ("0", "group", "29/100", 0, 29, True),
    ("0", "group", "29/100", 0, 28, False),
    ("0", "finished", "0", 0, 0, False),  # a share of nobody is never reached
]


@pytest.mark.parametrize(("success", "share_of", "quorum", "succeeded", "failed", "enough"), ENOUGH)
def test_a_wave_has_succeeded_from_its_shares_on_exactly(success, share_of, quorum, succeeded, failed, enough):
    table = counts({"GROUP": 100, "TARGETED": 60, "STARTED": 40, "SUCCEEDED": succeeded, "FAILED": failed})
    goal = goals(1, success, quorum)[0]
    assert rollout.succeeded_enough(table, 0, goal, rr.DENOMINATORS.index(share_of)) == enough


def test_a_wave_of_nobody_counts_as_a_success():
    assert rollout.succeeded_enough(counts({}), 0, goals(1, "1", "1")[0], 0)


# Waves: the second of two, at 1,000 ms, in a plan that starts at 10; the first opened at 400.

NOW, STARTS, BEFORE = 1000, 10, 400
SUCCESS = {"GROUP": 4, "SUCCEEDED": 4}
HALF = {"GROUP": 4, "SUCCEEDED": 2}
HALF_FAILED = {"GROUP": 4, "SUCCEEDED": 2, "FAILED": 1, "OVER_OTHERWISE": 1}


def _second(first=SUCCESS, success=None, now=NOW, starts=STARTS, quorum="0", **conditions):
    """What becomes of it, and when to look again; and its row."""
    table = waves(4, 4, **conditions)
    table[0, rr.OPENED_MS] = BEFORE
    told = rollout.next_wave(
        state(OPENED=1), table, goals(2, success, quorum), counts(first, {"GROUP": 5}), now, starts
    )
    return told, table[1]


OPENS = (rr.OPEN, NOW)


@pytest.mark.parametrize(
    ("wave", "told"),
    [
        ({}, OPENS),
        ({"starts": NOW}, OPENS),
        ({"starts": NOW + 1}, (rr.WAIT, NOW + 1)),
        ({"AT_MS": NOW}, OPENS),
        ({"AT_MS": NOW + 1}, (rr.WAIT, NOW + 1)),
        ({"AT_MS": 0}, OPENS),
        ({"AT_MS": 5, "starts": NOW + 9}, (rr.WAIT, NOW + 9)),
        ({"AFTER_MS": NOW - BEFORE}, OPENS),
        ({"AFTER_MS": NOW - BEFORE + 1}, (rr.WAIT, NOW + 1)),
        ({"AFTER_MS": 0}, OPENS),
        ({"AT_MS": NOW + 5, "AFTER_MS": NOW - BEFORE + 7}, (rr.WAIT, NOW + 7)),  # everything must hold
        ({"AT_MS": NOW + 7, "AFTER_MS": NOW - BEFORE + 5}, (rr.WAIT, NOW + 7)),
        ({"BY_OPERATOR": 1}, (rr.WAIT, NEVER_AGAIN)),
        ({"BY_OPERATOR": 1, "AT_MS": NOW + 5}, (rr.WAIT, NEVER_AGAIN)),
        ({"BY_OPERATOR": 1, "OPERATED": 1}, OPENS),
        ({"OPERATED": 1, "AT_MS": NOW + 5, "success": "1", "first": HALF}, OPENS),  # overrides every condition
        ({"success": "1"}, OPENS),
        ({"success": "1", "first": HALF}, (rr.WAIT, NEVER_AGAIN)),
        ({"success": "1/2", "first": HALF}, OPENS),
        ({"success": "1/2", "quorum": "3/4", "first": HALF}, (rr.WAIT, NEVER_AGAIN)),
        ({"success": "1/2", "first": HALF, "AFTER_MS": NOW}, (rr.WAIT, BEFORE + NOW)),
        ({"success": "1", "first": HALF_FAILED}, (rr.WAIT, NEVER_AGAIN)),
        ({"success": "1", "first": HALF_FAILED, "ALL_FINISHED_OPENS": 1}, OPENS),
        ({"success": "1", "first": HALF, "ALL_FINISHED_OPENS": 1}, (rr.WAIT, NEVER_AGAIN)),
        ({"success": "2/3", "first": {"GROUP": 4, "SUCCEEDED": 2, "FAILED": 1}, "SHARE_OF": 3}, OPENS),
        ({"NEEDS_FINISHED": 1}, OPENS),
        ({"NEEDS_FINISHED": 1, "first": HALF_FAILED}, OPENS),  # whatever came of it
        ({"NEEDS_FINISHED": 1, "first": HALF}, (rr.WAIT, NEVER_AGAIN)),
        ({"BY_OPERATOR": 1, "success": "1", "first": HALF_FAILED, "ALL_FINISHED_OPENS": 1}, (rr.WAIT, NEVER_AGAIN)),
    ],
)
def test_a_wave_opens_when_everything_holds_that_it_waits_for(wave, told):
    assert _second(**wave)[0] == told


@pytest.mark.parametrize(
    ("wave", "told"),
    [
        ({"DEADLINE_MS": NOW - BEFORE + 1}, (rr.WAIT, NOW + 1)),
        ({"DEADLINE_MS": NOW - BEFORE}, OPENS),
        ({"DEADLINE_MS": NOW - BEFORE, "ON_DEADLINE": rr.PAUSE}, (rr.PAUSE, NOW)),
        ({"DEADLINE_MS": NOW - BEFORE - 1, "ON_DEADLINE": rr.CANCEL}, (rr.CANCEL, NOW)),
        ({"DEADLINE_MS": NOW - BEFORE, "ON_DEADLINE": rr.PAUSE, "LAPSED": 1}, (rr.WAIT, NEVER_AGAIN)),
        ({"DEADLINE_MS": 0}, OPENS),
        ({"DEADLINE_MS": NOW - BEFORE + 9, "AT_MS": NOW + 5, "success": None}, (rr.WAIT, NOW + 5)),
        ({"DEADLINE_MS": NOW - BEFORE + 3, "AT_MS": NOW + 5, "success": None}, (rr.WAIT, NOW + 3)),
    ],
)
def test_a_deadline_acts_once_whatever_the_wave_still_waits_for(wave, told):
    """On a wave that waits for all of a first wave of which half succeeded."""
    assert _second(**{"success": "1", "first": HALF, **wave})[0] == told


@pytest.mark.parametrize(
    "holds",
    [{"AFTER_MS": NOW - BEFORE}, {"AT_MS": NOW}, {"success": "1/2", "first": HALF}, {"success": "1", "HELD_MS": 0}],
)
def test_a_wave_for_which_everything_holds_at_its_deadline_opens(holds):
    assert _second(**{"DEADLINE_MS": NOW - BEFORE, "ON_DEADLINE": rr.CANCEL, **holds})[0] == OPENS


def test_a_share_has_to_hold_for_as_long_as_it_says_without_a_break():
    wait, row = _second(success="1", HOLD_MS=50)
    assert wait == (rr.WAIT, NOW + 50)
    assert row[rr.HELD_MS] == NOW
    for now, told in ((NOW + 49, (rr.WAIT, NOW + 50)), (NOW + 50, (rr.OPEN, NOW + 50))):
        later, row = _second(success="1", HOLD_MS=50, HELD_MS=NOW, now=now)
        assert later == told
        assert row[rr.HELD_MS] == NOW
    assert _second(success="1", HOLD_MS=50, HELD_MS=0, now=50)[0] == (rr.OPEN, 50)  # also if it held from the first ms
    broken, row = _second(first=HALF, success="1", HOLD_MS=50, HELD_MS=NOW - 9)
    assert broken == (rr.WAIT, NEVER_AGAIN)
    assert row[rr.HELD_MS] == -1


def test_a_share_of_nothing_is_a_condition_and_none_is_not():
    nobody = {"GROUP": 4}
    assert _second(first=nobody, success="0", SHARE_OF=3)[0] == (rr.WAIT, NEVER_AGAIN)
    assert _second(first=nobody, SHARE_OF=3, HOLD_MS=50)[0] == OPENS


def test_of_its_conditions_only_a_time_and_the_operator_count_for_the_first_wave():
    def told(**conditions):
        return rollout.next_wave(state(), waves(4, **conditions), goals(1, "1"), counts({"GROUP": 4}), NOW, STARTS)

    assert told() == OPENS
    assert told(AFTER_MS=NOW + 1, DEADLINE_MS=0, ON_DEADLINE=rr.CANCEL) == OPENS
    assert told(AT_MS=NOW + 1) == (rr.WAIT, NOW + 1)
    assert told(BY_OPERATOR=1) == (rr.WAIT, NEVER_AGAIN)


def test_after_the_last_wave_there_is_none():
    assert rollout.next_wave(state(OPENED=1), waves(4), goals(1), counts({}), NOW, STARTS) == (rr.WAIT, NEVER_AGAIN)


def test_since_when_a_condition_holds_is_noted_of_the_next_wave_alone():
    table, shares = waves(4, 4, 4), goals(3, "3/4")
    shares[1] = shares[2]
    for succeeded, now_ms, held_ms in (
        (2, NOW, -1),
        (3, NOW, NOW),
        (4, NOW + 5, NOW),
        (2, NOW + 6, -1),
        (3, NOW + 7, NOW + 7),
    ):
        did = counts({"GROUP": 4, "SUCCEEDED": succeeded}, {"GROUP": 4}, {"GROUP": 4})
        rollout.watch_next_wave(state(OPENED=1), table, shares, did, now_ms)
        assert table[:, rr.HELD_MS].tolist() == [-1, held_ms, -1]
    for opened in (0, 3):
        before = table.copy()
        rollout.watch_next_wave(state(OPENED=opened), table, shares, did, NOW + 9)
        assert table.tolist() == before.tolist()


def test_without_a_share_a_wave_is_watched_for_all_being_finished():
    table = waves(2, 2)
    for failed, held_ms in ((0, -1), (1, NOW)):
        did = counts({"GROUP": 2, "SUCCEEDED": 1, "FAILED": failed}, {"GROUP": 2})
        rollout.watch_next_wave(state(OPENED=1), table, goals(2), did, NOW)
        assert table[1, rr.HELD_MS] == held_ms


def test_each_order_of_the_operator_opens_one_more_wave_as_long_as_one_waits():
    table = waves(2, 2, 2)
    assert [rollout.operate_wave(state(OPENED=1), table) for _ in range(3)] == [True, True, False]
    assert table[:, rr.OPERATED].tolist() == [0, 1, 1]


# Releases


@pytest.mark.parametrize(
    ("opened", "released", "due_ms"),
    [(0, 0, NEVER_AGAIN), (1, 0, 0), (1, 2, 0), (1, 3, NEVER_AGAIN), (2, 3, 0), (2, 8, NEVER_AGAIN)],
)
def test_without_a_rate_everybody_of_the_open_waves_is_released_at_once(opened, released, due_ms):
    now = state(OPENED=opened, RELEASED=released)
    assert rollout.release_due_ms(now, pace(1, 1000), waves(3, 5)) == due_ms


def _released(number: int, rate, **flags: int) -> list[int]:
    """When each of so many devices is released, by a platform that is never late."""
    progress = state(OPENED=1, PACED=1, **flags)
    times = []
    for _ in range(number):
        times.append(rollout.release_due_ms(progress, rate, waves(number)))
        rollout.count_release(progress, rate, times[-1])
    assert rollout.release_due_ms(progress, rate, waves(number)) == NEVER_AGAIN
    return times


def _ramp_ms(n: int, devices: Fraction, every_ms: int, factor: Fraction, step: int, cap: Fraction) -> Fraction:
    """When device ``n`` (from 1) is released: each step at its own rate, one distance after another."""
    at_ms, rate = Fraction(0), min(devices, cap)
    while n > step:
        at_ms += step * every_ms / rate
        n -= step
        rate = min(cap, rate * factor)
    return at_ms + n * every_ms / rate


@pytest.mark.parametrize(("devices", "every_ms"), [(7, 60_000), (0.5, 60_000), (1000, 1000), (3, 1)])
def test_an_even_rate_releases_device_n_after_n_distances(devices, every_ms):
    exact = [math.ceil(Fraction(n * every_ms) / Fraction(devices)) for n in range(1, 41)]
    assert _released(40, pace(devices, every_ms)) == exact


@pytest.mark.parametrize(
    ("devices", "factor", "step", "cap"),
    [(50, 2, 100, 1000), (50, 2, 100, 120), (3, 1.5, 7, 1e9), (8, 0.5, 200, 1e9), (5, 2, 1, 40)],
)
def test_a_ramp_changes_its_rate_at_each_step_and_loses_nothing(devices, factor, step, cap):
    ramp = (Fraction(devices), 60_000, Fraction(factor), step, Fraction(cap))
    times = _released(600, pace(devices, 60_000, factor, cap), STEP=step)
    # a step begins in the whole millisecond of its last device, so it may be later by less than one for each step
    for n, at_ms in enumerate(times, 1):
        exact = _ramp_ms(n, *ramp)
        assert exact <= at_ms + 1e-6
        assert at_ms < exact + 1 + 1e-6


def test_the_published_ramp_has_its_ten_thousandth_device_after_43_minutes_and_3_quarters():
    """50 a minute, doubled every 1,000, at most 1,000: 20 + 10 + 5 + 2.5 + 1.25 minutes, and five of one."""
    times = _released(10_000, pace(50, 60_000, 2, 1000), STEP=1000)
    assert [times[n - 1] / 60_000 for n in (1000, 2000, 10_000)] == [20.0, 30.0, 43.75]


@pytest.mark.parametrize("devices", [1, 10, 2.5, 0.4])
def test_packs_keep_the_mean_rate_and_come_at_the_beginning_of_their_intervals(devices):
    """Interval k (from 0) completes ceil of (k + 1) times the rate: the first device comes at once."""
    times = _released(30, pace(devices, 60_000), PACKS=1)
    rate = Fraction(devices).limit_denominator(100)
    assert times == [60_000 * math.floor(n / rate) for n in range(30)]


def _packs_ms(number: int, devices: Fraction, every_ms: int, factor: Fraction, step: int, cap: Fraction) -> list[int]:
    """When each is released: pack k is the first for which r_0 + ... + r_k > n - 1, with r_k after those before."""
    times, allowed, k = [], Fraction(0), 0
    while len(times) < number:
        allowed += min(cap, devices * factor ** (len(times) // step))
        times += [k * every_ms] * (math.ceil(allowed) - len(times))
        k += 1
    return times[:number]


@pytest.mark.parametrize(
    ("devices", "factor", "step", "cap"),
    [(10, 2, 25, 1e9), (10, 2, 10, 45), (2.5, 2, 4, 9), (0.5, 3, 2, 7), (8, 0.5, 9, 1e9)],
)
def test_a_step_makes_the_packs_larger_that_begin_after_it_and_cuts_none(devices, factor, step, cap):
    exact = _packs_ms(80, Fraction(devices), 60_000, Fraction(factor), step, Fraction(cap))
    assert _released(80, pace(devices, 60_000, factor, cap), STEP=step, PACKS=1) == exact


@pytest.mark.parametrize(
    ("steps_at_ms", "released", "sizes"),
    [
        (90_000, 20, [20, 20]),  # between two packs: the next is twice as large
        (120_000, 20, [20, 20]),  # just before the next: that one is
        (120_000, 25, [5, 20]),  # half of the next is out: it keeps its size
        (120_000, 30, [20, 20]),  # all of it is out
        (119_999, 20, [20, 20]),
    ],
)
def test_a_step_by_successes_leaves_alone_what_is_out_of_a_pack(steps_at_ms, released, sizes):
    """Ten a minute, doubled by the first success; packs at 0, 60 and 120 s. How many come in the next two."""
    progress, rate = state(OPENED=1, PACED=1, PACKS=1, STEP=1, STEP_ON_SUCCESS=1), pace(10, 60_000, 2)
    for _ in range(released):
        rollout.count_release(progress, rate, rollout.paced_ms(progress, rate))
    rollout.step_up(progress, rate, 1, steps_at_ms)
    times = []
    for _ in range(sum(sizes)):
        times.append(rollout.paced_ms(progress, rate))
        rollout.count_release(progress, rate, times[-1])
    next_ms = 180_000 if released == 30 else 120_000
    assert times == [next_ms] * sizes[0] + [next_ms + 60_000] * sizes[1]


def test_a_distance_is_an_interval_over_the_rate_less_what_has_passed_of_it():
    """Four in 1,000 ms, of which half a distance had passed."""
    rate = pace(4, 1000)
    rate[rr.CREDIT] = 0.5
    assert [rollout.distances_ms(rate, devices) for devices in (1, 2, 3)] == [125.0, 375.0, 625.0]


@pytest.mark.parametrize(("number", "interval"), [(0, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 5)])
def test_a_device_is_in_the_first_pack_that_comes_to_it(number, interval):
    """Three intervals that have begun allow seven; from then on packs of 2.5."""
    rate = pace(2.5, 1000)
    rate[rr.CREDIT] = 7.0
    assert rollout.pack_of(state(PACKS=1, PACK=3), rate, number) == interval


@pytest.mark.parametrize(("now_ms", "begun"), [(99, 0), (100, 1), (1099, 1), (1100, 2), (2100, 3)])
def test_an_interval_has_begun_when_its_first_millisecond_is_there(now_ms, begun):
    assert rollout.intervals_begun(state(SEGMENT_MS=100), pace(1, 1000), now_ms) == begun


@pytest.mark.parametrize("packs", [0, 1])
def test_a_rate_at_which_no_run_sees_the_next_device_releases_nobody(packs):
    progress, rate = state(PACED=1, PACKS=packs, RELEASED=1, IN_SEGMENT=1), pace(1e-12, 86_400_000)
    assert rollout.paced_ms(progress, rate) == NEVER_AGAIN


def test_a_step_by_successes_keeps_the_part_of_a_distance_that_has_passed():
    """One a minute; half a minute into the third distance the rate doubles: what is left of it takes 15 s."""
    progress, rate = state(OPENED=1, PACED=1, STEP=2, STEP_ON_SUCCESS=1), pace(1, 60_000, 2)
    for at_ms in (60_000, 120_000):
        assert rollout.release_due_ms(progress, rate, waves(9)) == at_ms
        rollout.count_release(progress, rate, at_ms)
    rollout.step_up(progress, rate, 1, 150_000)  # one success is no step
    assert rollout.paced_ms(progress, rate) == 180_000
    rollout.step_up(progress, rate, 2, 150_000)
    assert [rollout.paced_ms(progress, rate), progress[rr.STEPS]] == [165_000, 1]
    rollout.step_up(progress, rate, 3, 151_000)  # and neither are three
    assert rollout.paced_ms(progress, rate) == 165_000
    rollout.count_release(progress, rate, 165_000)
    assert rollout.paced_ms(progress, rate) == 195_000


def test_several_steps_at_once_are_as_many_factors_up_to_the_cap():
    progress, rate = state(STEP=10, STEP_ON_SUCCESS=1, PACED=1), pace(1, 60_000, 2, 5)
    rollout.step_up(progress, rate, 29, 0)
    assert (rate[rr.PER_INTERVAL], progress[rr.STEPS]) == (4.0, 2)
    rollout.step_up(progress, rate, 30, 0)
    assert (rate[rr.PER_INTERVAL], progress[rr.STEPS]) == (5.0, 3)


def test_releases_make_no_step_where_successes_do_and_where_there_are_none():
    for flags in ({"STEP": 2, "STEP_ON_SUCCESS": 1}, {"STEP": 0}):
        assert _released(6, pace(1, 60_000, 2), **flags) == [60_000 * n for n in range(1, 7)]


def test_what_was_not_released_is_not_made_up_for():
    progress, rate = state(OPENED=1, PACED=1, RELEASED=1, IN_SEGMENT=1), pace(1, 60_000)
    rollout.take_up(progress, rate, 119_999)  # nothing was missed yet
    assert rollout.paced_ms(progress, rate) == 120_000
    rollout.take_up(progress, rate, 500_000)
    assert rollout.paced_ms(progress, rate) == 560_000
    rollout.take_up(progress, rate, 560_000)  # it is due, and if nobody takes it the distance begins anew
    assert rollout.paced_ms(progress, rate) == 620_000


@pytest.mark.parametrize(("released", "next_ms"), [(1, 560_000), (3, 60_000)])
def test_a_plan_that_is_resumed_takes_its_rate_up_if_somebody_is_left_to_be_released(released, next_ms):
    progress, rate = state(OPENED=1, PACED=1, RELEASED=released), pace(1, 60_000)
    rollout.resume(progress, rate, waves(3, 5), 500_000)
    assert rollout.paced_ms(progress, rate) == next_ms


def test_without_a_rate_nothing_is_taken_up():
    progress = state(OPENED=1, PACED=0, IN_SEGMENT=1)
    before = progress.copy()
    rollout.take_up(progress, pace(1, 60_000), 10**9)
    assert progress.tolist() == before.tolist()


def test_a_pack_is_made_full_in_its_interval_and_after_it_a_new_one_begins():
    """Ten a minute: four were released at 0, then the wave was empty."""
    for again_ms, due_ms in ((59_999, 0), (60_000, 60_000), (75_000, 75_000)):
        progress, rate = state(OPENED=1, PACED=1, PACKS=1, RELEASED=4, IN_SEGMENT=4, LAST_PACK=0), pace(10, 60_000)
        rollout.take_up(progress, rate, again_ms)
        assert rollout.paced_ms(progress, rate) == due_ms


def test_a_wave_that_opens_while_the_one_before_is_busy_does_not_disturb_its_rate():
    progress, rate = state(OPENED=1, PACED=1, RELEASED=1, IN_SEGMENT=1), pace(1, 60_000)
    table = waves(3, 5)
    rollout.open_wave(progress, rate, table, 90_000)
    assert (progress[rr.OPENED], table[1, rr.OPENED_MS]) == (2, 90_000)
    assert rollout.release_due_ms(progress, rate, table) == 120_000


def test_a_wave_that_opens_later_begins_the_rate_anew():
    progress, rate = state(OPENED=1, PACED=1, RELEASED=3, IN_SEGMENT=3), pace(1, 60_000)
    table = waves(3, 5)
    rollout.open_wave(progress, rate, table, 900_000)
    assert rollout.release_due_ms(progress, rate, table) == 960_000


# Abort rules

ALL = 0b11111


def _judged(rule, *of_waves, wave=0):
    return rollout.judge(rule, NO_LIMITS, counts(*of_waves), 0, wave)


@pytest.mark.parametrize(
    ("kinds", "of_attempts", "found"),
    [(0b00001, 0, 1), (0b00110, 0, 2 + 4), (0b10000, 0, 16), (ALL, 0, 31), (0b01001, 1, 100 + 800), (0, 0, 0)],
)
def test_failures_are_counted_by_kind_and_as_devices_or_attempts(kinds, of_attempts, found):
    devices = {f"DEVICES_{kind}": 1 << kind for kind in range(5)}
    attempts = {f"ATTEMPTS_{kind}": 100 << kind for kind in range(5)}
    assert rollout.failures(counts({**devices, **attempts}), 0, kinds, of_attempts) == found


@pytest.mark.parametrize(
    ("count", "strict", "failed", "verdict"),
    [
        (3, 0, 2, GOES_ON),
        (3, 0, 3, REJECTED),
        (3, 0, 4, REJECTED),
        (3, 1, 3, GOES_ON),
        (3, 1, 4, REJECTED),
        (0, 1, 1, REJECTED),
        (0, 0, 0, GOES_ON),  # no failure, no stop
        (-1, 0, 99, GOES_ON),
    ],
)
def test_a_count_fires_at_it_or_strictly_above_it(count, strict, failed, verdict):
    rule = stop(KINDS=ALL, COUNT=count, STRICT=strict)
    assert _judged(rule, {"GROUP": 100, "DEVICES_2": failed}) == verdict


@pytest.mark.parametrize(
    ("share", "strict", "failed", "verdict"),
    [
        ("7/100", 0, 6, GOES_ON),
        ("7/100", 0, 7, REJECTED),  # exactly: 0.07 * 100 is more than 7 in floats
        ("7/100", 1, 7, GOES_ON),
        ("7/100", 1, 8, REJECTED),
        ("0", 0, 0, GOES_ON),
        ("0", 0, 1, REJECTED),  # 0 % fires at the first failure
        ("1", 0, 99, GOES_ON),
        ("1", 0, 100, REJECTED),
        (None, 0, 100, GOES_ON),
    ],
)
def test_a_share_fires_when_it_is_met_exactly_or_strictly_above_it(share, strict, failed, verdict):
    rule = stop(share, KINDS=ALL, STRICT=strict)
    assert _judged(rule, {"GROUP": 100, "DEVICES_2": failed}) == verdict


@given(st.integers(1, 1000), st.integers(0, 1000), st.data())
def test_a_share_in_tenths_of_a_percent_is_compared_in_whole_numbers(among, tenths, data):
    failed = data.draw(st.integers(1, among))
    for strict, fires in ((0, failed * 1000 >= tenths * among), (1, failed * 1000 > tenths * among)):
        rule = stop(str(Fraction(tenths, 1000)), KINDS=ALL, STRICT=strict)
        assert _judged(rule, {"GROUP": among, "DEVICES_0": failed}) == (REJECTED if fires else GOES_ON)


@pytest.mark.parametrize(("finished", "verdict"), [(19, GOES_ON), (20, REJECTED), (21, REJECTED)])
def test_a_share_waits_for_its_minimum_and_a_count_does_not(finished, verdict):
    of = rr.DENOMINATORS.index("finished")
    wave = {"GROUP": 100, "SUCCEEDED": finished - 10, "FAILED": 10, "DEVICES_2": 10}
    assert _judged(stop("1/10", KINDS=ALL, MINIMUM=20, STOP_SHARE_OF=of), wave) == verdict
    assert _judged(stop("1/10", KINDS=ALL, MINIMUM=20, STOP_SHARE_OF=of, COUNT=10), wave) == REJECTED


def test_a_rule_counts_its_own_kinds_only():
    wave = {"GROUP": 10, "DEVICES_0": 5, "ATTEMPTS_2": 5}
    assert _judged(stop(KINDS=1 << rr.UPGRADE, COUNT=1), wave) == GOES_ON
    assert _judged(stop(KINDS=1 << rr.DOWNLOAD, COUNT=1), wave) == REJECTED
    assert _judged(stop(KINDS=1 << rr.UPGRADE, COUNT=5, OF_ATTEMPTS=1), wave) == REJECTED


def test_a_rule_looks_at_the_whole_plan_or_at_the_wave_that_opened_last():
    failed, fine = {"GROUP": 10, "DEVICES_0": 5}, {"GROUP": 10, "DEVICES_0": 1}
    plan = stop(KINDS=ALL, COUNT=5)
    wave = stop(KINDS=ALL, COUNT=5, OF_WAVE=1)
    assert _judged(plan, failed, fine, wave=1) == REJECTED
    assert _judged(wave, failed, fine, wave=1) == GOES_ON
    assert _judged(wave, failed, fine, wave=0) == REJECTED
    assert _judged(wave, failed, fine, wave=-1) == GOES_ON  # none is open


@pytest.mark.parametrize(
    ("failed", "succeeded", "verdict"),
    [
        (0, 0, GOES_ON),
        (2, 0, REJECTED),
        (2, 1, GOES_ON),
        (3, 16, REJECTED),
        (3, 17, GOES_ON),
        (0, 23, GOES_ON),
        (0, 24, ACCEPTED),
        (1, 39, GOES_ON),
        (1, 40, ACCEPTED),
    ],
)
def test_a_sequential_test_adds_up_what_each_success_and_failure_weighs(failed, succeeded, verdict):
    """A failure weighs 2 and a success -1/8; it stops from 4 on, and passes from -3 on. It needs no minimum."""
    limits = np.zeros((1, rr.LIMITS))
    limits[0, [rr.PER_FAILURE, rr.PER_SUCCESS, rr.REJECTS, rr.ACCEPTS]] = 2.0, -0.125, 4.0, -3.0
    table = counts({"GROUP": 99, "SUCCEEDED": succeeded, "FAILED": failed, "DEVICES_2": failed})
    assert rollout.judge(stop("0", KINDS=ALL, SEQUENTIAL=1, MINIMUM=98), limits, table, 0, 0) == verdict


@pytest.mark.parametrize(("refused", "succeeded", "verdict"), [(1, 0, GOES_ON), (2, 0, REJECTED), (2, 1, GOES_ON)])
def test_a_refusal_weighs_as_a_failure_and_takes_no_success_away(refused, succeeded, verdict):
    """Nobody has failed: who refuses has not finished."""
    limits = np.zeros((1, rr.LIMITS))
    limits[0, [rr.PER_FAILURE, rr.PER_SUCCESS, rr.REJECTS, rr.ACCEPTS]] = 1.5, -0.75, 3.0, -3.0
    table = counts({"GROUP": 99, "SUCCEEDED": succeeded, f"DEVICES_{rr.REFUSED}": refused})
    assert rollout.judge(stop("0", KINDS=ALL, SEQUENTIAL=1), limits, table, 0, 0) == verdict


def test_verdicts_are_three():
    assert (GOES_ON, REJECTED, ACCEPTED) == (0, 1, 2)


# Who is held back, and slots


@pytest.mark.parametrize(
    ("device", "says"),
    [
        ({}, OFFER),
        ({"too_late": True}, codes.JOINED_LATE),
        ({"rank": 4}, OFFER),
        ({"rank": 5}, codes.RATE_LIMITED),
        ({"rank": 5, "wave_is_open": False}, codes.WAVE_NOT_OPEN),
        ({"rank": 4, "wave_is_open": False}, OFFER),
        ({"rank": IN_NO_WAVE}, codes.IN_NO_WAVE),
        ({"rank": IN_NO_WAVE - 1}, codes.RATE_LIMITED),
        ({"rank": rollout.ALWAYS_RELEASED, "released": 0}, OFFER),
        ({"box_until_ms": NOW}, OFFER),
        ({"box_until_ms": NOW + 1}, codes.IN_PENALTY_BOX),
        ({"opens_ms": NOW}, OFFER),
        ({"opens_ms": NOW + 1}, codes.OUTSIDE_WINDOW),
        ({"opens_ms": NOW + 1, "box_until_ms": NOW + 1}, codes.IN_PENALTY_BOX),
        ({"rank": 5, "box_until_ms": NOW + 1}, codes.RATE_LIMITED),
        ({"too_late": True, "rank": IN_NO_WAVE}, codes.JOINED_LATE),
    ],
)
def test_a_device_is_held_back_for_the_first_reason_that_holds(device, says):
    """Five are released; it is one of them, in an open wave, in no box, in its window."""
    free = {"too_late": False, "rank": 0, "released": 5, "wave_is_open": True, "now_ms": NOW}
    free |= {"box_until_ms": 0, "opens_ms": NOW}
    assert rollout.held_back(*{**free, **device}.values()) == says


def test_no_fleet_reaches_the_place_of_who_is_in_no_wave():
    """24 bits are what an event's key holds of a device's number."""
    assert IN_NO_WAVE > 1 << 24
    assert rollout.ALWAYS_RELEASED == -1


@pytest.mark.parametrize(
    ("used", "first_served", "has"),
    [(9, True, True), (10, True, False), (7, False, True), (8, False, False), (8, True, True)],
)
def test_of_ten_slots_the_two_reserved_ones_are_for_who_is_served_first(used, first_served, has):
    assert rollout.has_slot(used, 10, 2, first_served) == has


# Another rate


def change(progress, rate, now_ms, succeeded=0, every=(5, 60_000), **other):
    """Change to so many in an interval; the state after it."""
    somebody_left = np.full((1, rr.WAVE), 1 << 20, dtype=np.int64)
    later = state(**{"PACED": 1, **other}), pace(*every, 3, 40)
    rollout.change_rate(progress, rate, somebody_left, *later, succeeded, False, now_ms)
    return progress


def test_another_rate_takes_the_place_of_the_one_before_in_everything():
    progress, rate = state(OPENED=1, RELEASED=7, PACED=1, STEP=4, STEPS=1), pace(1, 1_000, 2, 9)
    change(progress, rate, 10_000, PACKS=1, STEP=2)
    assert [progress[k] for k in (rr.PACED, rr.PACKS, rr.STEP, rr.STEPS, rr.STEP_FROM)] == [1, 1, 2, 0, 7]
    assert [rate[k] for k in (rr.PER_INTERVAL, rr.INTERVAL_MS, rr.FACTOR, rr.CAP)] == [5, 60_000, 3, 40]
    assert progress[rr.RELEASED] == 7
    assert rollout.paced_ms(progress, rate) == 10_000  # packs begin at the change


@pytest.mark.parametrize(
    ("now_ms", "next_ms"),
    [
        (0, 12_000),  # nothing had passed
        (45_000, 45_000 + 3_000),  # three quarters had
        (60_000, 60_000),  # it is due just then
        (10**9, 10**9),  # not more than one device is made up for
    ],
)
def test_what_has_passed_of_a_distance_counts_at_the_next_rate_and_not_more_than_one(now_ms, next_ms):
    """One a minute, and then five."""
    progress, rate = state(OPENED=1, PACED=1), pace(1, 60_000)
    assert rollout.paced_ms(change(progress, rate, now_ms), rate) == next_ms


def test_without_a_rate_before_the_first_comes_after_a_whole_distance():
    progress, rate = state(OPENED=1), pace(1, 1)
    assert rollout.paced_ms(change(progress, rate, 30_000), rate) == 42_000


def test_packs_of_the_same_interval_keep_what_is_out_and_when_they_come():
    """Two a minute, both of the first pack released; five from 30 s on: they come at 60 s."""
    progress, rate = state(OPENED=1, PACED=1, PACKS=1), pace(2, 60_000)
    for _ in range(2):
        rollout.count_release(progress, rate, 0)
    change(progress, rate, 30_000, PACKS=1)
    times = []
    for _ in range(6):
        times.append(rollout.paced_ms(progress, rate))
        rollout.count_release(progress, rate, times[-1])
    assert times == [60_000] * 5 + [120_000]


@pytest.mark.parametrize(("on_success", "begins"), [(0, 7), (1, 3)])
def test_steps_of_another_rate_are_counted_from_its_beginning(on_success, begins):
    """Seven are released by then, and three have succeeded; a step is two devices."""
    progress, rate = state(OPENED=1, RELEASED=7, PACED=1), pace(1, 60_000)
    change(progress, rate, 0, succeeded=3, STEP=2, STEP_ON_SUCCESS=on_success)
    rollout.step_up(progress, rate, begins + 1, 0)
    assert rate[rr.PER_INTERVAL] == 5
    rollout.step_up(progress, rate, begins + 2, 0)
    assert rate[rr.PER_INTERVAL] == 15
