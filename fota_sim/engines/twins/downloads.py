"""The download tables of two records: the first download of each device that differs."""

from __future__ import annotations

import numpy as np

from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins.differences import DownloadDifference
from fota_sim.engines.twins.splits import Integers, Rows, find_splits

_FAR = np.iinfo(np.int64).max
_START, _END = 0, 1


class Downloads:
    """The downloads of two records, and the splits between them."""

    def __init__(self, first: RunRecord, second: RunRecord) -> None:
        self._first, self._second = _rows(first), _rows(second)
        self._splits = found = find_splits(self._first, self._second)
        one = _columns_at(self._first, found.first_at, found.first_end)
        other = _columns_at(self._second, found.second_at, found.second_end)
        field = np.where(one[_START] == other[_START], _END, _START)
        at_ms = np.minimum(*(np.choose(field, columns[: _END + 1]) for columns in (one, other)))
        self.times = dict(zip(found.device.tolist(), at_ms.tolist(), strict=True))
        """When each differing device's downloads part: the earlier start, or of equal starts the earlier end."""
        self._entry = {device: entry for entry, device in enumerate(self.times)}

    @property
    def count(self) -> int:
        """How many downloads there were to compare: of the longer table."""
        return max(len(self._first), len(self._second))

    def of(self, device: int) -> DownloadDifference | None:
        """The first download of a device that differs, or None."""
        entry = self._entry.get(device)
        if entry is None:
            return None
        found = self._splits
        return DownloadDifference(
            int(found.first_at[entry] - found.first_start[entry]),
            _row(self._first, found.first_at[entry], found.first_end[entry]),
            _row(self._second, found.second_at[entry], found.second_end[entry]),
        )


def _rows(record: RunRecord) -> Rows:
    device, *columns = record.downloads.T
    return Rows.sorted(device, tuple(columns))


def _columns_at(rows: Rows, at: Integers, end: Integers) -> list[Integers]:
    """Starts and ends of these rows; a far future where a table is over."""
    return [np.where(at < end, np.append(column, 0)[at], _FAR) for column in rows.columns[: _END + 1]]


def _row(rows: Rows, at: int, end: int) -> tuple[int, ...] | None:
    return tuple(int(column[at]) for column in rows.columns) if at < end else None
