"""How many downloads ran at once, exactly, from their starts and ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
"""Milliseconds since activation, shape (n,)."""

DEVICE, START, END, SENT, WASTED = range(5)
"""Columns of ``RunRecord.downloads``: number, ms, ms, bytes, bytes."""


class Peak(NamedTuple):
    """The most downloads at once, and when there were so many first."""

    downloads: int
    at_ms: int | None
    """None if there was no download."""


def levels(starts_ms: Times, ends_ms: Times) -> tuple[Times, Times]:
    """When the number of running downloads changes, and to what; both of shape (changes,).

    A download runs from its start up to, not including, its end: one that starts as another ends adds none.
    """
    keys = np.sort(np.concatenate([2 * starts_ms + 1, 2 * ends_ms]))  # one sort of numbers is the fastest way
    at_ms, level = keys >> 1, np.cumsum(2 * (keys & 1) - 1)
    last = np.append(at_ms[1:] != at_ms[:-1], True)[: len(keys)]  # of each millisecond
    return at_ms[last], level[last]


def peak(starts_ms: Times, ends_ms: Times) -> Peak:
    """The most downloads at once."""
    at_ms, level = levels(starts_ms, ends_ms)
    if not len(level) or not level.max():
        return Peak(0, None)
    first = int(np.argmax(level))
    return Peak(int(level[first]), int(at_ms[first]))


def peak_in_bins(at_ms: Times, level: Times, edges_ms: Times) -> Times:
    """The most at once between each edge and the one before; shape (edges,), the first is the level at its edge.

    What runs at the earlier edge counts, for it runs in the bin too.
    """
    at_edges = np.concatenate([[0], level])[np.searchsorted(at_ms, edges_ms, side="right")]
    peaks = at_edges.copy()
    bounds = np.searchsorted(at_ms, edges_ms, side="right")
    for k in range(1, len(edges_ms)):
        inside = level[bounds[k - 1] : bounds[k]]
        peaks[k] = max(int(at_edges[k - 1]), int(inside.max()) if len(inside) else 0)
    return peaks
