"""Whole numbers and how often each: counts that add up, however the things counted were dealt out.

A fleet played in parts leaves a histogram of each part. Those that may be long, of times, go to disk compressed and
come back merged in order, a piece at a time, so memory does not grow with the fleet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.engines.spill import Spill

Ints = NDArray[np.int64]

MOST_IN_MEMORY = 1 << 20
"""Rows of a ``HistogramStore`` that stay in memory: 16 MB, and some times that while they are merged."""
_DENSE = 4  # times as many possible keys as there are are counted quicker than they are sorted
_BLOCK = 1 << 13  # rows that are compressed together: some hundred histograms are read side by side


class Histogram(NamedTuple):
    """Distinct keys, ascending, and the count of each; a count may be negative, or a row of counts."""

    keys: Ints
    """Shape (keys,)."""
    counts: Ints
    """Shape (keys,) or (keys, counts)."""


def histogram(keys: NDArray[np.integer[Any]]) -> Histogram:
    """How often each key is there; keys may come as narrow as a column has them."""
    keys = keys.astype(np.int64, copy=False)
    lowest, span = (int(keys.min()), int(np.ptp(keys)) + 1) if len(keys) else (0, 0)
    if span <= _DENSE * len(keys):
        every = np.bincount(keys - lowest)
        found = np.flatnonzero(every)
        return Histogram(found + lowest, every[found])
    found, counts = np.unique(keys, return_counts=True)
    return Histogram(found, counts.astype(np.int64, copy=False))


def summed(keys: Ints, counts: Ints) -> Histogram:
    """The sum of ``counts`` for each key, in any order."""
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return Histogram(keys[first], np.add.reduceat(counts, first, axis=0) if len(first) else counts)


def together(parts: Sequence[Histogram]) -> Histogram:
    """The histogram of everything that is in ``parts``, of which there is at least one."""
    if len(parts) == 1:
        return parts[0]
    return summed(np.concatenate([part.keys for part in parts]), np.concatenate([part.counts for part in parts]))


class HistogramStore:
    """A histogram that is the sum of many. Counts are plain numbers here."""

    def __init__(self, scratch: Path | None, what: str) -> None:
        """``scratch``: the folder for what does not stay in memory; None: the system's for temporary files.

        ``what``: what is counted, for messages.
        """
        self._kept: list[Histogram] = []
        self._kept_rows = 0
        self._runs: list[list[_Place]] = []
        self._spill = Spill(scratch, what)

    def add(self, part: Histogram) -> None:
        """Count what is in ``part`` too; raises ResultError if the disk does not take what has to go there."""
        self._kept.append(part)
        self._kept_rows += len(part.keys)
        if self._kept_rows > MOST_IN_MEMORY and (len(self._kept) > 1 or self._runs):
            self._put_aside()

    def pieces(self) -> Iterator[Histogram]:
        """The sum, cut into pieces of ascending keys. May be called again; raises ResultError as ``add`` does."""
        if not self._runs:
            if self._kept:
                yield together(self._kept)
            return
        if self._kept:
            self._put_aside()
        runs = [_Run(self._block(place) for place in places) for places in self._runs]
        while any(run.more for run in runs):
            upto = min(run.last for run in runs if run.more)
            yield together([run.take(upto) for run in runs])

    def _put_aside(self) -> None:
        """Write what is kept as one more run of blocks."""
        whole = together(self._kept)
        self._kept, self._kept_rows = [], 0
        places = []
        for first in range(0, len(whole.keys), _BLOCK):
            keys = whole.keys[first : first + _BLOCK]
            rows = np.stack([np.diff(keys, prepend=np.int64(0)), whole.counts[first : first + _BLOCK]])
            packed = np.frombuffer(pa.compress(rows.tobytes(), codec="zstd", asbytes=True), dtype=np.uint8)
            places.append(_Place(self._spill.put(packed), len(packed), len(keys)))
        self._runs.append(places)

    def _block(self, place: _Place) -> Histogram:
        packed = self._spill.get(place.begin_B, place.size_B, np.uint8)
        data = pa.decompress(packed.tobytes(), decompressed_size=16 * place.rows, codec="zstd", asbytes=True)
        steps, counts = np.frombuffer(data, dtype=np.int64).reshape(2, place.rows)
        return Histogram(np.cumsum(steps), counts)


class _Place(NamedTuple):
    """Where a block of rows is on disk."""

    begin_B: int
    size_B: int
    rows: int


class _Run:
    """Blocks of ascending keys, read one after the other."""

    def __init__(self, blocks: Iterator[Histogram]) -> None:
        self._blocks = blocks
        self._block: Histogram | None = next(blocks, None)

    @property
    def more(self) -> bool:
        return self._block is not None

    @property
    def last(self) -> int:
        """The last key at hand; all later ones are larger."""
        assert self._block is not None
        return int(self._block.keys[-1])

    def take(self, upto: int) -> Histogram:
        """What is at hand up to this key, which is not beyond ``last``, and included."""
        if self._block is None:
            return Histogram(np.zeros(0, np.int64), np.zeros(0, np.int64))
        keys, counts = self._block
        end = int(np.searchsorted(keys, upto, side="right"))
        self._block = Histogram(keys[end:], counts[end:]) if end < len(keys) else next(self._blocks, None)
        return Histogram(keys[:end], counts[:end])
