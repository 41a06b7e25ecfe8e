"""Time zones as tables of offsets over a run, for the rules that need local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from fota_sim.scenario.zones import zone_info

_STEP = timedelta(hours=6)
_MINUTE = timedelta(minutes=1)


def zone_table(name: str, start: datetime, horizon_ms: int) -> NDArray[np.int64]:
    """Rows (from_ms, offset_ms) of a zone: ``at_ms + offset_ms`` is ms since local midnight before activation.

    ``start`` is the aware wall clock at activation. Clock changes within the horizon each add a row, found to the
    minute.
    """
    zone = zone_info(name)
    begin = start.astimezone(UTC)
    local = begin.astimezone(zone)
    midnight_ms = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000
    base = local.utcoffset() or timedelta()
    rows = [(0, midnight_ms)]
    at, end = begin, begin + timedelta(milliseconds=horizon_ms)
    offset = base
    while at < end:
        ahead = min(at + _STEP, end)
        then = ahead.astimezone(zone).utcoffset() or timedelta()
        if then != offset:
            low, high = at, ahead
            while high - low > _MINUTE:
                middle = low + (high - low) / 2
                if middle.astimezone(zone).utcoffset() == then:
                    high = middle
                else:
                    low = middle
            change = high.replace(second=0, microsecond=0)
            from_ms = round((change - begin) / timedelta(milliseconds=1))
            rows.append((from_ms, midnight_ms + round((then - base) / timedelta(milliseconds=1))))
            offset = then
        at = ahead
    return np.array(rows, dtype=np.int64)
