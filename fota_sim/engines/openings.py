"""When maintenance windows are open, as times of the run: calendars are looked up here, and rules need none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.zone import DAY_MS, MINUTE_MS, local_ms, next_change_ms, next_in_window, window_end
from fota_sim.scenario.maintenance import Maintenance

Zone = NDArray[np.int64]

_BEYOND_MS = 32 * DAY_MS
"""Windows this far beyond the horizon are looked up, so that what waits for one does so as within it."""


def openings(windows: Sequence[tuple[Maintenance, Zone, date]], horizon_ms: int) -> NDArray[np.int64]:
    """When any of the windows is open, shape (times, 2): from, and up to, in ms since activation; apart, ascending.

    With each window the table of its zone (:func:`~fota_sim.engines.zones.zone_table`), and the date there at
    activation.
    """
    found: list[list[int]] = []
    for from_ms, to_ms in sorted(each for window in windows for each in _of_one(*window, horizon_ms + _BEYOND_MS)):
        if found and from_ms <= found[-1][1]:
            found[-1][1] = max(found[-1][1], to_ms)
        else:
            found.append([from_ms, to_ms])
    return np.array(found, dtype=np.int64).reshape(len(found), 2)


def _of_one(window: Maintenance, zone: Zone, activated: date, until_ms: int) -> Iterator[tuple[int, int]]:
    """The hours of a window that spans midnight belong to the day on which it began."""
    from_min, to_min = window.hours.from_min, window.hours.to_min
    t = next_in_window(zone, 0, from_min, to_min)
    while t < until_ms:
        local = local_ms(zone, t)
        day = local // DAY_MS
        if from_min > to_min and local % DAY_MS < to_min * MINUTE_MS:
            day -= 1
        if from_min == to_min:
            ends_ms = min(t + DAY_MS - local % DAY_MS, next_change_ms(zone, t))
        else:
            ends_ms = window_end(zone, t, from_min, to_min)
        if window.comes_on(activated + timedelta(days=day)):
            yield t, ends_ms
        t = next_in_window(zone, ends_ms, from_min, to_min)
