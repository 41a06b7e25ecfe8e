"""Local time from virtual time: a zone is a table of UTC offsets over the run, made by the scenario from zoneinfo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule

DAY_MS = 86_400_000
MINUTE_MS = 60_000
FAR = 1 << 60
"""A time that no run reaches."""
PUSH_GRID_MS = 600_000  # pushes leave on the 10-minute grid: 10:00, 10:10, ... (vendor documentation)


@rule
def local_ms(zone: NDArray[np.int64], at_ms: int) -> int:
    """Local wall-clock time at ``at_ms``, in ms since the local midnight before activation.

    ``zone`` has shape (changes, 2): the time from which a row holds, in ms since activation, and the offset to add.
    """
    offset_ms = zone[0, 1]
    for i in range(1, zone.shape[0]):
        if zone[i, 0] <= at_ms:
            offset_ms = zone[i, 1]
    return int(at_ms + offset_ms)


@rule
def in_window(zone: NDArray[np.int64], at_ms: int, from_min: int, to_min: int) -> bool:
    """Whether the local time of day lies in [from, to), in minutes after midnight; from > to spans midnight.

    Equal bounds mean the whole day.
    """
    if from_min == to_min:
        return True
    minute = local_ms(zone, at_ms) % DAY_MS // MINUTE_MS
    if from_min < to_min:
        return bool(from_min <= minute < to_min)
    return bool(minute >= from_min or minute < to_min)


@rule
def next_change_ms(zone: NDArray[np.int64], at_ms: int) -> int:
    """When the zone's clocks change next after ``at_ms``; FAR if they do not within the run."""
    for i in range(1, zone.shape[0]):
        if zone[i, 0] > at_ms:
            return int(zone[i, 0])
    return FAR


@rule
def next_in_window(zone: NDArray[np.int64], at_ms: int, from_min: int, to_min: int) -> int:
    """The first time not before ``at_ms`` inside the window.

    Between two changes of the clock local time is plain arithmetic; at a change it is looked at anew.
    """
    t = at_ms
    while not in_window(zone, t, from_min, to_min):
        until_ms = (from_min * MINUTE_MS - local_ms(zone, t)) % DAY_MS
        t = min(t + until_ms, next_change_ms(zone, t))
    return t


@rule
def window_end(zone: NDArray[np.int64], at_ms: int, from_min: int, to_min: int) -> int:
    """When the window that is open at ``at_ms`` closes; ``at_ms`` if it is not open, FAR if it never closes."""
    if from_min == to_min:
        return FAR
    t = at_ms
    while in_window(zone, t, from_min, to_min):
        until_ms = (to_min * MINUTE_MS - local_ms(zone, t)) % DAY_MS
        t = min(t + until_ms, next_change_ms(zone, t))
    return t


@rule
def next_push_tick(zone: NDArray[np.int64], at_ms: int, from_min: int, to_min: int) -> int:
    """The first tick of the plan's local 10-minute grid not before ``at_ms`` that lies in the push period.

    FAR if the period holds no tick, which whole hours cannot.
    """
    t = at_ms
    for _ in range(8):
        past_ms = local_ms(zone, t) % PUSH_GRID_MS
        if past_ms > 0:
            t = t + PUSH_GRID_MS - past_ms
        inside = next_in_window(zone, t, from_min, to_min)
        if inside == t:
            return t
        t = inside
    return FAR
