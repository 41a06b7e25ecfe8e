"""More rows than memory should hold, in the order of their keys: sorted runs on disk, merged as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.spill import Spill

RUN = 1 << 21
"""Rows that are sorted at a time: 25 MB, and twice as much while they are."""
BLOCK = 1 << 12
"""Rows of a run that are read at a time; the first key of each stays in memory."""
PIECE = 1 << 18
"""About so many rows are given at a time; less than a block of every run may come on top."""


class Rows(NamedTuple):
    """What rows are sorted by, and what each says; both of shape (rows,)."""

    keys: NDArray[np.uint64]
    codes: NDArray[np.uint32]

    def part(self, begin: int, end: int) -> Rows:
        """Rows ``begin`` to ``end``."""
        return Rows(self.keys[begin:end], self.codes[begin:end])


class SortedRows:
    """Takes rows in any order and gives them by key; rows of one key in the order in which they came."""

    def __init__(self, spill: Spill, run: int = RUN, block: int = BLOCK, piece: int = PIECE) -> None:
        """``spill`` is where all but the last ``run`` rows go."""
        self._spill = spill
        self._run, self._block, self._piece = run, block, piece
        self._runs: list[_Run] = []
        self._waiting: list[Rows] = []

    def add(self, rows: Rows) -> None:
        """More rows, to be kept as they are; raises ResultError if the disk does not take them."""
        self._waiting.append(rows)
        if sum(len(part.keys) for part in self._waiting) >= self._run:
            whole = self._in_memory()
            self._runs.append(self._stored(whole))
            self._waiting = []

    def copy(self) -> SortedRows:
        """The same rows, to which others may be added than here; both use one file, which only grows."""
        other = SortedRows(self._spill, self._run, self._block, self._piece)
        other._runs, other._waiting = [*self._runs], [*self._waiting]
        return other

    def pieces(self) -> Iterator[Rows]:
        """All rows in order, in at least one piece; may be called again. Raises ResultError if they cannot be read."""
        rest = self._in_memory()
        self._waiting = [rest]
        runs = [*self._runs, _Run(len(rest.keys), rest.keys[:: self._block], rest.part)]
        cursors = [_Cursor(run, self._block) for run in runs]
        firsts = np.sort(np.concatenate([run.firsts for run in runs]))
        every = self._piece // self._block
        for bound in (*np.unique(firsts[every::every]), None):
            yield _in_order([cursor.before(bound) for cursor in cursors])

    def _in_memory(self) -> Rows:
        return _in_order(self._waiting)

    def _stored(self, rows: Rows) -> _Run:
        keys_B, codes_B = self._spill.put(rows.keys), self._spill.put(rows.codes)

        def read(begin: int, end: int) -> Rows:
            keys = self._spill.get(keys_B + begin * rows_key_B, end - begin, np.uint64)
            codes = self._spill.get(codes_B + begin * rows_code_B, end - begin, np.uint32)
            return Rows(keys, codes)

        rows_key_B, rows_code_B = rows.keys.itemsize, rows.codes.itemsize
        return _Run(len(rows.keys), rows.keys[:: self._block].copy(), read)


class _Run(NamedTuple):
    """Rows in order, somewhere."""

    rows: int
    firsts: NDArray[np.uint64]
    """The first key of each block."""
    read: Callable[[int, int], Rows]


class _Cursor:
    """How far a run is given out."""

    def __init__(self, run: _Run, block: int) -> None:
        self._run, self._block = run, block
        self._read = 0
        self._left = Rows(run.firsts[:0], np.zeros(0, dtype=np.uint32))

    def before(self, bound: np.uint64 | None) -> Rows:
        """The next rows with a key below ``bound``; None: all that are left."""
        run = self._run
        blocks = len(run.firsts) if bound is None else int(np.searchsorted(run.firsts, bound))
        end = min(blocks * self._block, run.rows)
        if end > self._read:
            self._left = _joined([self._left, run.read(self._read, end)])
            self._read = end
        given = len(self._left.keys) if bound is None else int(np.searchsorted(self._left.keys, bound))
        found, self._left = self._left.part(0, given), self._left.part(given, len(self._left.keys))
        return found


def _joined(parts: list[Rows]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    keys, codes = zip(*parts, strict=True) if parts else ([np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)])
    return Rows(np.concatenate(keys), np.concatenate(codes))


def _in_order(parts: list[Rows]) -> Rows:
    rows = _joined(parts)
    if (rows.keys[1:] >= rows.keys[:-1]).all():
        return rows
    order = np.argsort(rows.keys, kind="stable")
    return Rows(rows.keys[order], rows.codes[order])
