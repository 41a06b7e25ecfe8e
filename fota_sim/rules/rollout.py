"""Decisions that concern many devices: which wave opens, who is released when, and what stops the rollout.

They work on the arrays of rules/rollout_rows.py, the same ones in both engines.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules import codes, share
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import rule
from fota_sim.rules.plan import LONG_AGO_MS, NEVER_AGAIN, OFFER

IN_NO_WAVE = 1 << 30
"""A place in the order of release that is never reached."""
ALWAYS_RELEASED = -1
"""The place of a device that is released whatever happens."""

_ROUNDING_MS = 1e-6
"""A sum of distances that is later than a whole millisecond by less than this is at it."""
_ROUNDING = 1e-9
"""The same for a number of packs."""
_FAR = 1e15
"""Milliseconds, or packs, of which no run sees the end."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_compare = rule(share.compare)


@rule
def count(counts: Ints, wave: int, column: int, number: int) -> None:
    """Add to a count of the wave (-1: of none) and of the plan."""
    if wave >= 0:
        counts[wave, column] += number
    counts[counts.shape[0] - 1, column] += number


@rule
def denominator(counts: Ints, row: int, share_of: int) -> int:
    """How many devices a share of the wave, or in the last row of the plan, is of."""
    if share_of == 0:
        return int(counts[row, rr.GROUP])
    if share_of == 1:
        return int(counts[row, rr.TARGETED])
    if share_of == rr.OF_STARTED:
        return int(counts[row, rr.STARTED])
    return int(counts[row, rr.SUCCEEDED] + counts[row, rr.FAILED])


@rule
def all_finished(counts: Ints, wave: int) -> bool:
    """Whether nobody of the wave has anything left to do."""
    over = counts[wave, rr.SUCCEEDED] + counts[wave, rr.FAILED] + counts[wave, rr.OVER_OTHERWISE]
    return bool(over >= counts[wave, rr.GROUP])


@rule
def succeeded_enough(counts: Ints, wave: int, goal: Ints, share_of: int) -> bool:
    """Whether the wave has the shares of successes and of finished that the next one waits for; one of nobody has.

    ``goal``: a row of ``shares``.
    """
    group = counts[wave, rr.GROUP]
    if group == 0:
        return True
    succeeded = counts[wave, rr.SUCCEEDED]
    if _compare(succeeded + counts[wave, rr.FAILED], group, goal[rr.QUORUM], goal[rr.QUORUM_OF]) < 0:
        return False
    among = denominator(counts, wave, share_of)
    if share_of == rr.OF_STARTED:
        succeeded -= counts[wave, rr.UNTRIED]
    elif share_of == rr.OF_TARGETED:
        succeeded -= counts[wave, rr.EARLY]
    return bool(among > 0 and _compare(succeeded, among, goal[rr.SUCCESS], goal[rr.SUCCESS_OF]) >= 0)


@rule
def watch_next_wave(state: Ints, waves: Ints, shares: Ints, counts: Ints, now_ms: int) -> None:
    """Note since when the next wave's condition on the wave before holds, be the plan suspended or not."""
    wave = state[rr.OPENED]
    if wave == 0 or wave >= waves.shape[0]:
        return
    row = waves[wave]
    if shares[wave, rr.SUCCESS] >= 0:
        holds = succeeded_enough(counts, wave - 1, shares[wave], row[rr.SHARE_OF])
    else:
        holds = all_finished(counts, wave - 1)
    if not holds:
        row[rr.HELD_MS] = -1
    elif row[rr.HELD_MS] < 0:
        row[rr.HELD_MS] = now_ms


@rule
def operate_wave(state: Ints, waves: Ints) -> bool:
    """The operator opens the next wave that waits and that no order of the operator's opens yet; False: none does."""
    for wave in range(state[rr.OPENED], waves.shape[0]):
        if waves[wave, rr.OPERATED] == 0:
            waves[wave, rr.OPERATED] = 1
            return True
    return False


@rule
def next_wave(state: Ints, waves: Ints, shares: Ints, counts: Ints, now_ms: int, starts_ms: int) -> tuple[int, int]:
    """What becomes of the next wave now, and if it waits, when to look again by the clock alone.

    Notes since when the condition on the wave before holds, as ``watch_next_wave`` does. NEVER_AGAIN: only what devices
    do can open it.
    """
    wave = state[rr.OPENED]
    if wave >= waves.shape[0]:
        return rr.WAIT, NEVER_AGAIN
    row = waves[wave]
    if row[rr.OPERATED] == 1:
        return rr.OPEN, now_ms
    from_ms = starts_ms
    look_ms = NEVER_AGAIN
    waits = row[rr.BY_OPERATOR] == 1
    if row[rr.AT_MS] >= 0:
        from_ms = max(from_ms, row[rr.AT_MS])
    if wave > 0:
        before_ms = waves[wave - 1, rr.OPENED_MS]
        if row[rr.DEADLINE_MS] >= 0 and row[rr.LAPSED] == 0:
            look_ms = before_ms + row[rr.DEADLINE_MS]
        if row[rr.AFTER_MS] >= 0:
            from_ms = max(from_ms, before_ms + row[rr.AFTER_MS])
        watches = shares[wave, rr.SUCCESS] >= 0
        if watches or row[rr.NEEDS_FINISHED] == 1:
            watch_next_wave(state, waves, shares, counts, now_ms)
            if row[rr.HELD_MS] >= 0:
                from_ms = max(from_ms, row[rr.HELD_MS] + row[rr.HOLD_MS])
            else:
                over = all_finished(counts, wave - 1)
                waits = waits or not (watches and row[rr.ALL_FINISHED_OPENS] == 1 and over)
    if not waits and from_ms <= now_ms:
        return rr.OPEN, now_ms
    if look_ms <= now_ms:
        return int(row[rr.ON_DEADLINE]), now_ms
    return rr.WAIT, int(look_ms if waits else min(from_ms, look_ms))


@rule
def release_due_ms(state: Ints, pace: Floats, waves: Ints) -> int:
    """When the next device is released; NEVER_AGAIN if the open waves have nobody left."""
    if state[rr.OPENED] == 0 or state[rr.RELEASED] >= waves[state[rr.OPENED] - 1, rr.END]:
        return NEVER_AGAIN
    if state[rr.PACED] == 0:
        return 0
    return paced_ms(state, pace)


@rule
def paced_ms(state: Ints, pace: Floats) -> int:
    """When the rate allows the next device; NEVER_AGAIN for a rate at which no run sees it."""
    number = state[rr.IN_SEGMENT]
    if state[rr.PACKS] == 1:
        wait_ms = pace[rr.INTERVAL_MS] * max(0.0, pack_of(state, pace, number))
    else:
        wait_ms = distances_ms(pace, number + 1)
    return NEVER_AGAIN if wait_ms >= _FAR else int(state[rr.SEGMENT_MS] + math.ceil(wait_ms - _ROUNDING_MS))


@rule
def distances_ms(pace: Floats, devices: int) -> float:
    """Even: how long after the present rate began the last of so many devices is released."""
    return float((devices - pace[rr.CREDIT]) * pace[rr.INTERVAL_MS] / pace[rr.PER_INTERVAL])


@rule
def pack_of(state: Ints, pace: Floats, number: int) -> float:
    """Packs: in which interval device ``number`` is released, both from 0: the first whose pack comes to it.

    Each interval allows as many as the rate is when it begins; parts of a device add up.
    """
    if number < pace[rr.CREDIT] - _ROUNDING:
        return float(state[rr.PACK] - 1)
    more = (number - pace[rr.CREDIT]) / pace[rr.PER_INTERVAL]
    return float(_FAR if more >= _FAR else state[rr.PACK] + math.floor(more + _ROUNDING))


@rule
def count_release(state: Ints, pace: Floats, now_ms: int) -> None:
    """One more device is released."""
    state[rr.RELEASED] += 1
    state[rr.IN_SEGMENT] += 1
    state[rr.LAST_PACK] = intervals_begun(state, pace, now_ms) - 1
    if state[rr.STEP] > 0 and state[rr.STEP_ON_SUCCESS] == 0:
        step_up(state, pace, state[rr.RELEASED], now_ms)


@rule
def step_up(state: Ints, pace: Floats, devices: int, now_ms: int) -> None:
    """Multiply the rate for every step that ``devices`` devices complete."""
    steps = (devices - state[rr.STEP_FROM]) // state[rr.STEP]
    before = pace[rr.PER_INTERVAL]
    after = before
    while state[rr.STEPS] < steps:
        state[rr.STEPS] += 1
        after = min(pace[rr.CAP], after * pace[rr.FACTOR])
    if after == before:
        return
    since_ms = now_ms - state[rr.SEGMENT_MS]
    if since_ms < 0:  # the plan has not begun
        pace[rr.PER_INTERVAL] = after
        return
    if state[rr.PACKS] == 1:
        _count_packs(state, pace, now_ms)
    elif state[rr.STEP_ON_SUCCESS] == 1:
        pace[rr.CREDIT] += since_ms * before / pace[rr.INTERVAL_MS] - state[rr.IN_SEGMENT]
    else:  # by the device that is released now: the rate is the new one from the very time that the old one gives it
        late_ms = max(0.0, since_ms - distances_ms(pace, state[rr.IN_SEGMENT]))
        pace[rr.CREDIT] = late_ms * after / pace[rr.INTERVAL_MS]
    pace[rr.PER_INTERVAL] = after
    if state[rr.PACKS] == 0:
        state[rr.SEGMENT_MS] = now_ms
        state[rr.IN_SEGMENT] = 0


@rule
def intervals_begun(state: Ints, pace: Floats, now_ms: int) -> int:
    """How many intervals have begun since the first, one that begins now among them."""
    return int(math.floor((now_ms - state[rr.SEGMENT_MS]) / pace[rr.INTERVAL_MS] + _ROUNDING) + 1)


@rule
def _count_packs(state: Ints, pace: Floats, now_ms: int) -> None:
    """The rate changes: intervals whose packs are out keep what it was; one that begins just now has the new one."""
    begun = max(intervals_begun(state, pace, now_ms - 1), state[rr.LAST_PACK] + 1)
    if begun > state[rr.PACK]:
        pace[rr.CREDIT] += (begun - state[rr.PACK]) * pace[rr.PER_INTERVAL]
        state[rr.PACK] = begun


@rule
def change_rate(
    state: Ints,
    pace: Floats,
    waves: Ints,
    next_state: Ints,
    next_pace: Floats,
    succeeded: int,
    suspended: bool,
    now_ms: int,
) -> None:
    """Another rate from now on, as it stands in arrays of a rollout that has not begun; its steps are counted from now.

    Of an even rate the part of a distance that has passed counts; packs of the same interval keep theirs, and others
    begin now. Where nobody is released now it begins when releases do.
    """
    waits = suspended or release_due_ms(state, pace, waves) == NEVER_AGAIN
    passed = 0.0
    both_even = state[rr.PACED] == 1 and state[rr.PACKS] == 0 and next_state[rr.PACKS] == 0
    if both_even:
        since = (now_ms - state[rr.SEGMENT_MS]) * pace[rr.PER_INTERVAL] / pace[rr.INTERVAL_MS]
        passed = min(1.0, max(0.0, pace[rr.CREDIT] + since - state[rr.IN_SEGMENT]))
    goes_on = (
        state[rr.PACED] == 1
        and state[rr.PACKS] == 1
        and next_state[rr.PACKS] == 1
        and pace[rr.INTERVAL_MS] == next_pace[rr.INTERVAL_MS]
    )
    if goes_on:
        _count_packs(state, pace, now_ms)
    else:
        state[rr.SEGMENT_MS] = now_ms
        state[rr.IN_SEGMENT] = 0
        state[rr.PACK] = 0
        state[rr.LAST_PACK] = -1
        pace[rr.CREDIT] = passed
    for column in (rr.PACED, rr.PACKS, rr.STEP, rr.STEP_ON_SUCCESS):
        state[column] = next_state[column]
    for column in (rr.PER_INTERVAL, rr.INTERVAL_MS, rr.FACTOR, rr.CAP):
        pace[column] = next_pace[column]
    if waits:
        state[rr.SEGMENT_MS] = LONG_AGO_MS
    state[rr.STEPS] = 0
    state[rr.STEP_FROM] = succeeded if state[rr.STEP_ON_SUCCESS] == 1 else state[rr.RELEASED]


@rule
def resume(state: Ints, pace: Floats, waves: Ints, now_ms: int) -> None:
    """The plan is resumed; where nobody is left to be released, the rate begins when the next wave opens."""
    if release_due_ms(state, pace, waves) != NEVER_AGAIN:
        take_up(state, pace, now_ms)


@rule
def take_up(state: Ints, pace: Floats, now_ms: int) -> None:
    """Releases begin, or begin again after a while without any: what was not used is not made up for.

    A pack of which some were released already is made full until its interval is over.
    """
    if state[rr.PACED] == 0 or paced_ms(state, pace) > now_ms:
        return
    if state[rr.PACKS] == 1 and state[rr.LAST_PACK] == intervals_begun(state, pace, now_ms) - 1:
        return
    state[rr.SEGMENT_MS] = now_ms
    state[rr.IN_SEGMENT] = 0
    state[rr.PACK] = 0
    state[rr.LAST_PACK] = -1
    pace[rr.CREDIT] = 0.0


@rule
def open_wave(state: Ints, pace: Floats, waves: Ints, now_ms: int) -> None:
    """Open the next wave."""
    waves[state[rr.OPENED], rr.OPENED_MS] = now_ms
    if release_due_ms(state, pace, waves) == NEVER_AGAIN:
        take_up(state, pace, now_ms)
    state[rr.OPENED] += 1


GOES_ON, REJECTED, ACCEPTED = 0, 1, 2


@rule
def judge(stops: Ints, limits: Floats, counts: Ints, number: int, wave: int) -> int:
    """Whether abort rule ``number`` stops the rollout; ACCEPTED: a sequential test is passed. ``wave``: the last."""
    stop = stops[number]
    row = wave if stop[rr.OF_WAVE] == 1 else counts.shape[0] - 1
    if row < 0:
        return GOES_ON
    failed = failures(counts, row, stop[rr.KINDS], stop[rr.OF_ATTEMPTS])
    if stop[rr.SEQUENTIAL] == 1:
        tried = counts[row, rr.SUCCEEDED] + counts[row, rr.FAILED] - counts[row, rr.UNTRIED]
        among_them = failures(counts, row, stop[rr.KINDS] & ~(1 << rr.REFUSED), 0)  # who refuses has not finished
        ratio = failed * limits[number, rr.PER_FAILURE] + (tried - among_them) * limits[number, rr.PER_SUCCESS]
        if ratio >= limits[number, rr.REJECTS]:
            return REJECTED
        return ACCEPTED if ratio <= limits[number, rr.ACCEPTS] else GOES_ON
    if failed == 0:
        return GOES_ON
    most = stop[rr.COUNT]
    if most >= 0 and (failed > most or (stop[rr.STRICT] == 0 and failed == most)):
        return REJECTED
    among = denominator(counts, row, stop[rr.STOP_SHARE_OF])
    if stop[rr.LIMIT] < 0 or among < stop[rr.MINIMUM]:
        return GOES_ON
    above = _compare(failed, among, stop[rr.LIMIT], stop[rr.LIMIT_OF])
    return REJECTED if above > 0 or (stop[rr.STRICT] == 0 and above == 0) else GOES_ON


@rule
def failures(counts: Ints, row: int, kinds: int, of_attempts: int) -> int:
    """Devices that failed for good, or failed attempts, of these kinds."""
    first = rr.ATTEMPTS if of_attempts == 1 else rr.DEVICES
    found = 0
    for kind in range(5):
        if kinds >> kind & 1:
            found += counts[row, first + kind]
    return int(found)


@rule
def held_back(
    too_late: bool, rank: int, released: int, wave_is_open: bool, now_ms: int, box_until_ms: int, opens_ms: int
) -> int:
    """OFFER, or why the rollout keeps the plan from a device.

    ``rank``: its place in the order of release, -1 for who is released whatever, IN_NO_WAVE for who is in none;
    ``released``: how many are; ``opens_ms``: when its maintenance window is open next.
    """
    if too_late:
        return codes.JOINED_LATE
    if rank >= released:
        if rank >= IN_NO_WAVE:
            return codes.IN_NO_WAVE
        return codes.RATE_LIMITED if wave_is_open else codes.WAVE_NOT_OPEN
    if box_until_ms > now_ms:
        return codes.IN_PENALTY_BOX
    return codes.OUTSIDE_WINDOW if opens_ms > now_ms else OFFER


@rule
def has_slot(used: int, slots: int, reserved: int, first_served: bool) -> bool:
    """Whether one more upgrade may begin beside ``used`` others; ``reserved`` slots are for who is served first."""
    return used < (slots if first_served else slots - reserved)
