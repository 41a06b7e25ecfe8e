"""Counts over time as curves, and how far their mean can be trusted at each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS, estimate

Curves = NDArray[np.float64]
"""Shape (replications, times)."""


def newly(
    grid_ms: NDArray[np.int64],
    replications: int,
    rows: NDArray[np.intp],
    at_ms: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> Curves:
    """What was counted since the time before, for each time of the grid.

    ``rows``, ``at_ms`` and ``counts``, shape (counts,): of which replication, from 0; when, a time of the grid; how
    many.
    """
    curves = np.zeros((replications, len(grid_ms)))
    np.add.at(curves, (rows, np.searchsorted(grid_ms, at_ms)), counts)
    return curves


def band(curves: Curves, highest: float) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The 95 % interval of the mean at each time, between 0 and ``highest``; None with too few replications.

    It has no width where all replications agree.
    """
    if len(curves) < FEWEST_REPLICATIONS:
        return None
    moves = np.append(True, np.any(curves[:, 1:] != curves[:, :-1], axis=0))  # it is the same where nothing moves
    found = [estimate(values.tolist(), 0.0, highest) for values in curves.T[moves]]
    ends = np.array([each.interval or (each.value, each.value) for each in found], dtype=float)
    low, high = ends[np.cumsum(moves) - 1].T
    return low, high
