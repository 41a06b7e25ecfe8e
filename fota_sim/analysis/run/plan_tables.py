"""Tables of one of several plans that no result keeps: they are made of those of all."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from fota_sim.analysis.run.battery_signal import battery_signal, battery_signal_cells
from fota_sim.analysis.run.examination import DEVICES
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, PLAN_LOG
from fota_sim.analysis.run.study import Study
from fota_sim.fleet.coded import Coded
from fota_sim.scenario.products import PLAN


def plan_tables(study: Study, plan: str) -> dict[str, pa.Table]:
    """The plan's devices, what happened to it, and its failures by battery and signal, by the names of their files.

    Raises ResultError if tables cannot be read.
    """
    devices = study.table(DEVICES)
    devices = devices.filter(pc.equal(devices[PLAN], plan))
    log, begins = study.table(PLAN_LOG), f"{plan}: "
    log = log.filter(pc.starts_with(log["text"], begins))
    text = pc.utf8_slice_codeunits(log["text"], len(begins))
    return {
        DEVICES: devices,
        PLAN_LOG: log.set_column(log.column_names.index("text"), "text", text),
        BATTERY_SIGNAL: pa.concat_tables(
            _battery_signal(devices, replication) for replication in range(study.summary["replications"])
        ),
    }


def _battery_signal(devices: pa.Table, replication: int) -> pa.Table:
    own = devices.filter(pc.equal(devices["replication"], replication))
    columns = {name: own[name].to_numpy() for name in _READ}
    outcome = Coded.of(own["outcome"].to_pylist())
    return battery_signal(replication, battery_signal_cells({**columns, "outcome": outcome}))


_READ = ("mains", "battery_start_pct", "rssi_mean_dBm", "offers", "refusals", "attempts")
