"""What a study counts over time, as arrays of shape (replications, times)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS, estimate
from fota_sim.analysis.run.study import Study

Curves = NDArray[np.float64]
"""Shape (replications, times)."""


def grid_ms(study: Study) -> NDArray[np.int64]:
    """The times of the time series, shape (times,), from 0 to the horizon."""
    series = study.timeseries
    first = series["replication"] == series["replication"].iloc[0]
    return np.asarray(series.loc[first, "at_ms"], dtype=np.int64)


def counted(study: Study, column: str) -> Curves:
    """A column of the time series."""
    values = study.timeseries[column].to_numpy(dtype=float)
    return values.reshape(len(study.runs), -1)


def upgraded(study: Study) -> Curves:
    """Devices upgraded by each time, of those that are upgraded in the end: not of those that died later."""
    return np.cumsum(newly_upgraded(study), axis=1)


def newly_upgraded(study: Study) -> Curves:
    """Devices upgraded since the time before, of those that are upgraded in the end."""
    at_ms = grid_ms(study)
    found = study.group_times
    curves = np.zeros((len(study.runs), len(at_ms)))
    rows = np.searchsorted(study.runs["replication"].to_numpy(), found["replication"].to_numpy())
    np.add.at(curves, (rows, np.searchsorted(at_ms, found["at_ms"].to_numpy())), found["upgraded"].to_numpy())
    return curves


def band(curves: Curves, highest: float) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The 95 % interval of the mean at each time, between 0 and ``highest``; None with too few replications.

    It has no width where all replications agree.
    """
    if len(curves) < FEWEST_REPLICATIONS:
        return None
    found = [estimate(values.tolist(), 0.0, highest) for values in curves.T]
    ends = np.array([each.interval or (each.value, each.value) for each in found], dtype=float)
    return ends[:, 0], ends[:, 1]
