"""What came of each device and of each download, from the loop's records to columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.layout import DEVICE_BITS, Records
from fota_sim.engines.ends import Planned, fates_of
from fota_sim.engines.setting.names import Names
from fota_sim.engines.table import Fates

_BLOCK = 1 << 12  # records that are taken apart together: half a megabyte, which stays near
_NARROW = np.dtype(np.int32)


def fates(memory: Memory, mcus: list[str], names: Names, planned: Planned) -> Fates:
    """What came of each device; the records are let go. ``mcus``: the MCU components of the fleet."""
    records = memory["ended"]
    memory.drop("ended")
    ended = side_by_side(records)
    return fates_of(ended, memory["mcu"], mcus, names, planned)


def side_by_side(records: Records) -> dict[str, NDArray[Any]]:
    """Each field as an array of its own: who looks at one of them has not to walk through all.

    64-bit whole numbers take 32 where all of a field fit: times of three weeks do, and most sizes.

    The records are used up: they are read from the end, and what was read is given back to the system, so that both
    are never there at once.
    """
    found: dict[str, NDArray[Any]] = {}
    for name in records.dtype.names or ():
        kind = records.dtype[name]
        found[name] = np.empty(len(records), dtype=_NARROW if kind == np.int64 else kind)
    for end in range(len(records), 0, -_BLOCK):
        begin = max(0, end - _BLOCK)
        block = records[begin:end]
        for name, column in found.items():
            rows = column[begin:end]
            rows[:] = block[name]
            if column.dtype != records.dtype[name] and (rows != block[name]).any():
                column = found[name] = column.astype(np.int64)  # noqa: PLW2901  # from here on, and what came before
                column[begin:end] = block[name]
        del block
        if records.flags.owndata:  # with bounds checks they stand in a frame
            records.resize(begin, refcheck=False)
    return found


def downloads(memory: Memory, first: int) -> NDArray[np.int64]:
    """Shape (downloads, 5), as in RunRecord: those of a device together, in device order. The records are let go.

    ``first``: the number of the first device in the whole fleet.
    """
    rows = memory["rows"][: memory.loop.rows_used]
    order = rows["who"].astype(np.int64) << _ROW_BITS | np.arange(len(rows))
    order.sort()  # words, for that is many times faster than sorting records
    order &= (1 << _ROW_BITS) - 1
    found = np.empty((len(_DOWNLOAD), len(rows)), dtype=np.int64)
    for begin in range(0, len(rows), _BLOCK):  # a record is far from the one before: fetched once for all its fields
        block = np.take(rows, order[begin : begin + _BLOCK])
        for column, name in zip(found, _DOWNLOAD, strict=True):
            column[begin : begin + len(block)] = block[name]
    found[0] += first
    memory.drop("rows")
    return found.T


_DOWNLOAD = ("who", "start_ms", "end_ms", "sent_B", "wasted_B")
_ROW_BITS = 63 - DEVICE_BITS
