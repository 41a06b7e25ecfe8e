"""Local time from virtual time: a zone is a table of UTC offsets over the run, made by the scenario from zoneinfo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule

DAY_MS = 86_400_000
MINUTE_MS = 60_000
FAR = 1 << 60
"""A time that no run reaches."""
_DAYS = 400
"""For so many days a grid that moves through the day is looked at, whether a tick comes to lie in the period."""


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
def next_on_grid(zone: NDArray[np.int64], at_ms: int, grid_ms: int) -> int:
    """The first time not before ``at_ms`` at which local time is a multiple of the grid.

    A change of clocks may pass a multiple over, or bring one twice; it is looked at anew there.
    """
    t = at_ms
    past_ms = local_ms(zone, t) % grid_ms
    while past_ms > 0:
        t = min(t + grid_ms - past_ms, next_change_ms(zone, t))
        past_ms = local_ms(zone, t) % grid_ms
    return t


@rule
def next_push_tick(zone: NDArray[np.int64], at_ms: int, from_min: int, to_min: int, grid_ms: int) -> int:
    """The first tick of the plan's local grid not before ``at_ms`` that lies in the push period; grid 0: any time is.

    FAR if the period holds no tick.
    """
    t = at_ms
    for _ in range(_DAYS):
        if grid_ms > 0:
            t = next_on_grid(zone, t, grid_ms)
        inside = next_in_window(zone, t, from_min, to_min)
        if inside == t:
            return t
        t = inside
    return FAR


@rule
def next_open(openings: NDArray[np.int64], at_ms: int) -> int:
    """The first time not before ``at_ms`` at which a window is open; FAR if there is none.

    ``openings``: when windows are open, shape (times, 2): from, and up to; ascending, without overlaps.
    """
    low, high = 0, openings.shape[0]
    while low < high:
        middle = (low + high) // 2
        if openings[middle, 1] <= at_ms:
            low = middle + 1
        else:
            high = middle
    return FAR if low == openings.shape[0] else max(at_ms, int(openings[low, 0]))


@rule
def next_offer_ms(
    plan_zone: NDArray[np.int64],
    openings: NDArray[np.int64],
    at_ms: int,
    push_from_min: int,
    push_to_min: int,
    grid_ms: int,
) -> int:
    """The first push tick not before ``at_ms`` at which a window is open as well; FAR if they never meet."""
    t = at_ms
    for _ in range(openings.shape[0] + 64):
        t = next_push_tick(plan_zone, t, push_from_min, push_to_min, grid_ms)
        if t >= FAR:
            return FAR
        inside = next_open(openings, t)
        if inside == t or inside >= FAR:
            return inside
        t = inside
    return FAR
