"""When the devices of each group were upgraded, counted on the grid of the time series."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fota_sim.engines.record import NEVER, RunRecord
from fota_sim.experiment.arrow import counts, strings
from fota_sim.experiment.timeseries import grid_ms, places
from fota_sim.fleet.coded import Coded


def group_times(record: RunRecord) -> pa.Table:
    """Rows of replication, group, at_ms, upgraded: devices that are upgraded in the end and were so first by ``at_ms``.

    A row counts those since the grid time before; only rows with a device, in the order of the fleet and of time.
    """
    group: Coded = record.devices["group"]
    at_ms = grid_ms(record.horizon_ms)
    good = np.asarray(record.devices["upgraded_ms"], dtype=np.int64)
    there = (good != NEVER) & record.devices["outcome"].is_one_of("upgraded")
    cells = np.asarray(group.codes)[there].astype(np.int64) * len(at_ms) + places(at_ms, good[there])
    cell, upgraded = np.unique(cells, return_counts=True)
    names = [group.names[code] for code in cell // len(at_ms)]
    return pa.table(
        {
            "replication": counts(np.full(len(cell), record.replication)),
            "group": strings(names),
            "at_ms": counts(at_ms[cell % len(at_ms)]),
            "upgraded": counts(upgraded),
        }
    )
