"""What a study counts over time, as arrays of shape (replications, times)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.run.curves import Curves, newly
from fota_sim.analysis.run.study import Study


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
    found = study.group_times
    rows = np.searchsorted(study.runs["replication"].to_numpy(), found["replication"].to_numpy())
    return newly(grid_ms(study), len(study.runs), rows, found["at_ms"].to_numpy(), found["upgraded"].to_numpy())
