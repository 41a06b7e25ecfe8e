"""When a device is there: always on, waking every so often, or in daily hours of its local time.

A device that wakes may be in PSM: then its module wakes for a periodic TAU as well, where a report is too long off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.delay import to_ms
from fota_sim.rules.zone import FAR, in_window, next_in_window, window_end

ALWAYS, WAKE, DAILY = 0, 1, 2


@rule
def first_contact_ms(
    pattern: int, spread_s: float, from_min: int, to_min: int, zone: NDArray[np.int64], joins_ms: int, u: float
) -> int:
    """When the device is first in contact: ``u`` of the spread after it joins, or after its hours begin.

    Where that lies outside its hours, it is when they begin again.
    """
    offset_ms = to_ms(spread_s * u) - 1
    if pattern == DAILY:
        begins_ms = next_in_window(zone, joins_ms, from_min, to_min)
        return next_in_window(zone, begins_ms + offset_ms, from_min, to_min)
    return joins_ms + offset_ms


@rule
def next_wake_ms(first_ms: int, every_s: float, jitter_s: float, number: int, u: float) -> int:
    """When wake number ``number`` (from 0) comes: on the device's own grid, up to ``jitter_s`` late."""
    return first_ms + number * to_ms(every_s) + int(to_ms(jitter_s * u) - 1)


@rule
def next_tau_ms(reported_ms: int, now_ms: int, tau_ms: int, reports_ms: int) -> int:
    """The first periodic TAU after ``now_ms`` of a module that reported at ``reported_ms``; FAR: it reports before.

    ``tau_ms``: T3412, which each report begins anew, 0 without PSM; ``reports_ms``: when it reports next.
    """
    if tau_ms == 0:
        return FAR
    at_ms = reported_ms + ((now_ms - reported_ms) // tau_ms + 1) * tau_ms
    return at_ms if at_ms < reports_ms else FAR


@rule
def first_tau_ms(first_ms: int, every_s: float, tau_ms: int, joins_ms: int) -> int:
    """The first periodic TAU of a module before its first report in the run, by its report before that; FAR: none.

    One that is put into service during the run has not been there before its first report.
    """
    if joins_ms > 0:
        return FAR
    return next_tau_ms(first_ms - to_ms(every_s), -1, tau_ms, first_ms)


@rule
def contact_ends_ms(at_ms: int, pattern: int, from_min: int, to_min: int, zone: NDArray[np.int64]) -> int:
    """When a daily contact that holds at ``at_ms`` ends; a far future for patterns that do not end by the clock."""
    if pattern != DAILY or not in_window(zone, at_ms, from_min, to_min):
        return FAR
    return window_end(zone, at_ms, from_min, to_min)
