"""Rows that belong to devices, and the first row of each device in which two such tables differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_LIKE = -1


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows in the order of their devices; those of one device in the order in which they happened."""

    device: Integers
    """Shape (rows,), ascending."""
    columns: tuple[Integers, ...]
    """Each of shape (rows,)."""

    @classmethod
    def sorted(cls, device: Integers, columns: tuple[Integers, ...]) -> Rows:
        """Rows in any order of devices, put into theirs."""
        order = np.argsort(device, kind="stable")
        return cls(device[order], tuple(column[order] for column in columns))

    def __len__(self) -> int:
        return len(self.device)


@dataclass(frozen=True, eq=False)
class Splits:
    """One entry for each device whose rows differ; arrays of shape (differing devices,), indices into the rows."""

    device: Integers
    first_start: Integers
    """Where the device's rows begin."""
    first_at: Integers
    """Its first row that differs; equal to the end where the other table has more."""
    first_end: Integers
    """Where its rows are over."""
    second_start: Integers
    second_at: Integers
    second_end: Integers


def find_splits(first: Rows, second: Rows) -> Splits:
    """Where the two tables part, device by device."""
    devices = np.union1d(first.device, second.device)
    first_start, first_end = _spans(first, devices)
    second_start, second_end = _spans(second, devices)
    common = np.minimum(first_end - first_start, second_end - second_start)
    owner = np.repeat(np.arange(len(devices)), common)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(common) - common, common)
    in_first, in_second = first_start[owner] + place, second_start[owner] + place
    unlike = np.zeros(len(owner), dtype=np.bool_)
    for one, other in zip(first.columns, second.columns, strict=True):
        unlike |= one[in_first] != other[in_second]
    split = np.where(first_end - first_start == second_end - second_start, _LIKE, common)
    rows = np.flatnonzero(unlike)
    parted, earliest = np.unique(owner[rows], return_index=True)
    split[parted] = place[rows[earliest]]
    found = np.flatnonzero(split != _LIKE)
    return Splits(
        devices[found],
        first_start[found],
        first_start[found] + split[found],
        first_end[found],
        second_start[found],
        second_start[found] + split[found],
        second_end[found],
    )


def _spans(rows: Rows, devices: Integers) -> tuple[Integers, Integers]:
    return np.searchsorted(rows.device, devices, "left"), np.searchsorted(rows.device, devices, "right")
