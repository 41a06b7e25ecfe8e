"""When the devices of each group were upgraded, counted on the grid of the time series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from fota_sim.engines.record import RunRecord
from fota_sim.experiment.arrow import counts, strings
from fota_sim.experiment.histogram import Histogram, histogram
from fota_sim.experiment.timeseries import grid_ms, places
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import NEVER


def group_cells(record: RunRecord) -> Histogram:
    """Devices that are upgraded in the end, of a replication or a part: by group and time of the grid, as one number.

    Parts of one fleet number its groups alike.
    """
    group: Coded = record.devices["group"]
    at_ms = grid_ms(record.horizon_ms)
    good = np.asarray(record.devices["upgraded_ms"], dtype=np.int64)
    there = (good != NEVER) & record.devices["outcome"].is_one_of("upgraded")
    return histogram(np.asarray(group.codes)[there].astype(np.int64) * len(at_ms) + places(at_ms, good[there]))


def group_times(replication: int, horizon_ms: int, groups: Sequence[str], cells: Histogram) -> pa.Table:
    """Rows of replication, group, at_ms, upgraded: devices that are upgraded in the end and were so first by ``at_ms``.

    A row counts those since the grid time before; only rows with a device, in the order of the fleet and of time.
    """
    at_ms = grid_ms(horizon_ms)
    return pa.table(
        {
            "replication": counts(np.full(len(cells.keys), replication)),
            "group": strings([groups[code] for code in cells.keys // len(at_ms)]),
            "at_ms": counts(at_ms[cells.keys % len(at_ms)]),
            "upgraded": counts(cells.counts),
        }
    )
