"""What stays of a replication when its record is gone: metrics, counts, and the small tables that figures draw.

Its size does not grow with the fleet, so it may travel from a worker, and a page may hold many.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from fota_sim.analysis.battery_signal import battery_signal
from fota_sim.analysis.group_times import group_times
from fota_sim.analysis.metrics import Measurement, measure
from fota_sim.analysis.tally import Tally, tally
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.arrow import counts, strings
from fota_sim.experiment.timeseries import time_series

TIMESERIES, GROUP_TIMES, BATTERY_SIGNAL, PLAN_LOG = (
    "timeseries.parquet",
    "group_times.parquet",
    "battery_signal.parquet",
    "plan_log.parquet",
)


class Outline(NamedTuple):
    """One replication in short."""

    replication: int
    measured: Mapping[str, Measurement]
    counted: Tally
    tables: Mapping[str, pa.Table]
    """By the names of their files: the four above."""


def outline(record: RunRecord) -> Outline:
    """The outline of a replication."""
    tables = {
        TIMESERIES: time_series(record),
        GROUP_TIMES: group_times(record),
        BATTERY_SIGNAL: battery_signal(record),
        PLAN_LOG: _plan_log(record),
    }
    return Outline(record.replication, measure(record.devices, record.downloads), tally(record.devices), tables)


def _plan_log(record: RunRecord) -> pa.Table:
    """Rows of replication, at_ms, text: what happened to the plan."""
    return pa.table(
        {
            "replication": counts([record.replication] * len(record.plan_log)),
            "at_ms": counts([at_ms for at_ms, _ in record.plan_log]),
            "text": strings(text for _, text in record.plan_log),
        }
    )
