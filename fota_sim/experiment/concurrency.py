"""How many downloads ran at once, exactly, from their starts and ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.experiment.histogram import Histogram

Times = NDArray[np.int64]
"""Milliseconds since activation, shape (n,)."""

DEVICE, START, END, SENT, WASTED = range(5)
"""Columns of ``RunRecord.downloads``: number, ms, ms, bytes, bytes."""


class Concurrency(NamedTuple):
    """How many downloads ran at once."""

    most: int
    most_at_ms: int | None
    """When there were so many first; None if there was no download."""
    at_edges: Times
    """How many at each edge of the bins, shape (edges,)."""
    most_in_bins: Times
    """The most between each edge and the one before; shape (edges,), the first is how many at its edge."""


def changes(starts_ms: Times, ends_ms: Times) -> Histogram:
    """When the number of running downloads changes, and by how much; of several groups of downloads they add up.

    A download runs from its start up to, not including, its end: one that starts as another ends changes nothing.
    """
    size = len(starts_ms)
    keys = np.empty(2 * size, dtype=np.int64)  # one sort of numbers is the fastest way, and in place takes least room
    np.multiply(starts_ms, 2, out=keys[:size])
    keys[:size] += 1
    np.multiply(ends_ms, 2, out=keys[size:])
    keys.sort()
    began = np.cumsum(keys & 1, dtype=np.int32)  # how many, up to each change
    keys >>= 1
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)[: len(keys)])  # change of each millisecond
    at_ms = keys[last]
    del keys  # of millions of downloads each of these is among the largest arrays of a run
    by = 2 * began[last].astype(np.int64)
    by -= last + 1  # how many run
    del began, last
    by[1:] -= by[:-1]
    there = by != 0
    return Histogram(at_ms[there], by[there])


def concurrency(pieces: Iterable[Histogram], edges_ms: Times) -> Concurrency:
    """From changes in the order of time, in pieces. ``edges_ms`` ascend.

    What runs at the earlier edge of a bin counts in it, for it runs in the bin too.
    """
    level, most, most_at_ms = 0, 0, None
    inside = np.zeros(len(edges_ms), dtype=np.int64)
    by_edge = np.zeros(len(edges_ms) + 1, dtype=np.int64)
    for at_ms, by in pieces:
        if not len(at_ms):
            continue
        levels = level + np.cumsum(by)
        level = int(levels[-1])
        highest = int(levels.max())
        if highest > most:
            most, most_at_ms = highest, int(at_ms[np.argmax(levels)])
        bins = np.searchsorted(edges_ms, at_ms, side="left")  # of each change the first edge that is not before it
        np.add.at(by_edge, bins, by)
        first = np.flatnonzero(np.append(True, bins[1:] != bins[:-1]))
        in_grid = bins[first] < len(edges_ms)
        where, highs = bins[first][in_grid], np.maximum.reduceat(levels, first)[in_grid]
        inside[where] = np.maximum(inside[where], highs)
    at_edges = np.cumsum(by_edge)[:-1]
    most_in_bins = np.maximum(np.append(at_edges[:1], at_edges[:-1]), np.append(at_edges[:1], inside[1:]))
    return Concurrency(most, most_at_ms, at_edges, most_in_bins)
