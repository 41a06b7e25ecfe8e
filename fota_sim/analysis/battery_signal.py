"""What became of devices by the battery and the signal that they had: counts in the cells of a grid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fota_sim.engines.record import RunRecord
from fota_sim.experiment.arrow import counts, numbers

BATTERY_STEP_PCT = 5
SIGNAL_STEP_DB = 3
SIGNAL_EDGE_DBM = -113
"""One of the edges: the lowest signal that AT+CSQ reports, a common gate."""
_OUTCOMES = ("failed", "bricked", "rolled_back", "upgraded")


def battery_signal(record: RunRecord) -> pa.Table:
    """Rows of replication, battery_pct, rssi_dBm and counts: devices; offered, refused, started; and four outcomes.

    battery_pct: lower edge of the charge at the beginning, null for devices on mains; rssi_dBm: lower edge of the
    mean signal. offered, refused and started: devices with an offer, a refusal, a download address, at least once.
    Only cells with a device.
    """
    devices = record.devices
    filled = np.where(devices["mains"], np.nan, devices["battery_start_pct"])
    row = np.nan_to_num(np.minimum(filled, 99.9) // BATTERY_STEP_PCT + 1).astype(np.int64)  # 0: no battery
    step = ((devices["rssi_mean_dBm"] - SIGNAL_EDGE_DBM) // SIGNAL_STEP_DB).astype(np.int64)
    weakest, width = (int(step.min()), int(np.ptp(step)) + 1) if len(step) else (0, 1)
    cell = row * width + step - weakest
    cells = np.flatnonzero(np.bincount(cell))
    battery = np.where(cells < width, np.nan, (cells // width - 1.0) * BATTERY_STEP_PCT)
    signal = SIGNAL_EDGE_DBM + SIGNAL_STEP_DB * (cells % width + weakest)
    flags = {
        "devices": np.ones(len(cell), dtype=bool),
        "offered": devices["offers"] > 0,
        "refused": devices["refusals"] > 0,
        "started": devices["attempts"] > 0,
        **{name: devices["outcome"].is_one_of(name) for name in _OUTCOMES},
    }
    return pa.table(
        {
            "replication": counts(np.full(len(cells), record.replication)),
            "battery_pct": numbers(battery),
            "rssi_dBm": counts(signal),
            **{
                name: counts(np.bincount(cell[flag], minlength=cells.max(initial=-1) + 1)[cells])
                for name, flag in flags.items()
            },
        }
    )
