"""What became of devices by the battery and the signal that they had: counts in the cells of a grid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fota_sim.analysis.numbers.counters import Devices
from fota_sim.experiment.arrow import counts, numbers
from fota_sim.experiment.histogram import Histogram

BATTERY_STEP_PCT = 5
SIGNAL_STEP_DB = 3
SIGNAL_EDGE_DBM = -113
"""One of the edges: the lowest signal that AT+CSQ reports, a common gate."""
FAILURES = ("failed", "bricked", "rolled_back")
"""Ways in which an upgrade ends badly."""
_OUTCOMES = (*FAILURES, "upgraded")
_COUNTED = ("devices", "offered", "refused", "started", *_OUTCOMES)
_STEPS = 1 << 20  # more than there are steps of signal; a signal is a finite number of dBm


def battery_signal_cells(devices: Devices) -> Histogram:
    """Devices of a table, or of a part of one, by cell of the grid as one number; a count for each of ``_COUNTED``."""
    filled = np.where(devices["mains"], np.nan, devices["battery_start_pct"])
    steps = np.floor(np.minimum(filled, 99.9) / BATTERY_STEP_PCT)  # as // has it; that takes long for what is no number
    row = np.nan_to_num(steps + 1).astype(np.int64)  # 0: no battery
    step = ((devices["rssi_mean_dBm"] - SIGNAL_EDGE_DBM) // SIGNAL_STEP_DB).astype(np.int64)
    weakest, width = (int(step.min()), int(np.ptp(step)) + 1) if len(step) else (0, 1)
    cell = row * width + step - weakest
    cells = np.flatnonzero(np.bincount(cell))
    flags = {
        "devices": slice(None),
        "offered": devices["offers"] > 0,
        "refused": devices["refusals"] > 0,
        "started": devices["attempts"] > 0,
        **{name: devices["outcome"].is_one_of(name) for name in _OUTCOMES},
    }
    counted = [np.bincount(cell[flags[name]], minlength=cells.max(initial=-1) + 1)[cells] for name in _COUNTED]
    keys = cells // width * _STEPS + cells % width + weakest + _STEPS // 2
    return Histogram(keys, np.stack(counted, axis=1).astype(np.int64))


def battery_signal(replication: int, cells: Histogram) -> pa.Table:
    """Rows of replication, battery_pct, rssi_dBm and counts: devices; offered, refused, started; and four outcomes.

    battery_pct: lower edge of the charge at the beginning, null for devices on mains; rssi_dBm: lower edge of the
    mean signal. offered, refused and started: devices with an offer, a refusal, a download address, at least once.
    Only cells with a device.
    """
    row, step = cells.keys // _STEPS, cells.keys % _STEPS - _STEPS // 2
    return pa.table(
        {
            "replication": counts(np.full(len(row), replication)),
            "battery_pct": numbers(np.where(row == 0, np.nan, (row - 1.0) * BATTERY_STEP_PCT)),
            "rssi_dBm": counts(SIGNAL_EDGE_DBM + SIGNAL_STEP_DB * step),
            **{name: counts(column) for name, column in zip(_COUNTED, cells.counts.T, strict=True)},
        }
    )
