"""The event log as the loop leaves it: put in order and out of memory while the run goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.kinds import Kinds
from fota_sim.engines.compiled.layout import DEVICE_BITS, Records
from fota_sim.engines.compiled.plans_words import WHAT
from fota_sim.engines.sorted_rows import Rows, SortedRows

_DEVICE = np.uint64((1 << DEVICE_BITS) - 1)
_ONE, _DEVICE_BITS = np.uint64(1), np.uint64(DEVICE_BITS)


class Log:
    """Lines by time, device and whether the platform wrote them, each a word of key and half a word of what it says.

    The plan's own lines, and those of devices whose story is told, stay in memory as they came.
    """

    def __init__(self, told: Sequence[int], rows: SortedRows | None) -> None:
        """``told``: numbers of the devices whose story is told; ``rows``: where all lines go, None keeps no others."""
        self._of_told = np.array([NONE, *told], dtype=np.int64)
        self._told: list[Records] = []
        self.kinds = Kinds()
        self._rows = rows

    def add(self, lines: Records) -> None:
        """What the loop wrote, in that order; it may write over ``lines`` then. Raises ResultError for a full disk."""
        self._told.append(lines[np.isin(lines["who"], self._of_told)])
        if self._rows is None:
            return
        of_devices = lines["who"] != NONE
        if not of_devices.all():
            lines = lines[of_devices]
        what = lines["what"] & WHAT
        of_platform = (what >= e.FIRST_OF_PLATFORM) & (what < e.ECHO)
        keys = lines["at_ms"].astype(np.uint64) << _DEVICE_BITS | lines["who"].astype(np.uint64)
        self._rows.add(Rows(keys << _ONE | of_platform.astype(np.uint64), self.kinds.codes(lines)))

    def copy(self) -> Log:
        """What was written so far, to go on in two ways."""
        other = copy(self)
        other._told, other.kinds = [*self._told], self.kinds.copy()
        other._rows = None if self._rows is None else self._rows.copy()
        return other

    def told(self) -> Records:
        """The plan's lines and those of devices whose story is told, as they came."""
        return np.concatenate(self._told)

    def pieces(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint32]]]:
        """Time, device and number of what is said, in the order of events; only if all are kept. May be called again.

        Lines of one device in one millisecond: what host and module said before what the platform wrote.
        """
        assert self._rows is not None
        for keys, codes in self._rows.pieces():
            timed = keys >> _ONE
            yield (timed >> _DEVICE_BITS).astype(np.int64), (timed & _DEVICE).astype(np.int32), codes
