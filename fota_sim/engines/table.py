"""The device table of a record: what the fleet was, and what became of it. Every engine's table is made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.record import Column
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import INDEXED, Fleet
from fota_sim.fleet.ids import Ids
from fota_sim.protocol.vocabulary import ComponentStatus
from fota_sim.rules import codes
from fota_sim.rules.fates import FATES
from fota_sim.rules.labels import BELIEFS, CAUSES, CHEMISTRIES, OUTCOMES
from fota_sim.rules.outcome import UPGRADED
from fota_sim.scenario.products import PLAN

Ints = NDArray[np.integer[Any]]
"""Shape (devices,), of any width."""

STATUSES = tuple(status.value for status in ComponentStatus)
"""Words of ``Fates.component_status``."""
EXPIRED = STATUSES.index(ComponentStatus.EXPIRED)
"""The status of a device whose plan ended before it began."""


@dataclass(frozen=True, eq=False)
class Fates:
    """What became of each device; every column of shape (devices,).

    Times are in ms since activation, ``NEVER`` for what did not happen.
    """

    outcome: Ints
    """Position in ``OUTCOMES``."""
    cause: Ints
    """Position in ``CAUSES``."""
    belief: Ints
    """Position in ``BELIEFS``."""
    component_status: Ints
    """Position in ``STATUSES``."""
    firmware_end: Coded
    """Version of the module firmware at the horizon."""
    mcu_end: dict[str, Coded]
    """Version of each MCU component of the fleet at the horizon, '' where a device has none."""
    charge_end: NDArray[np.float64]
    """Charge of the battery at the horizon, 0..1."""
    others: dict[str, Column]
    """Columns of ``rules.fates.FATES`` that are shown as they are, by name."""
    plan: Coded | None = None
    """Name of the device's plan, "" of none, where there are several."""


def fleet_columns(fleet: Fleet) -> dict[str, Column]:
    """What the device table shows of a fleet, in table order; nothing else of it is needed then."""
    indexed = {name: Coded(getattr(fleet, name), getattr(fleet, f"{name}_names")) for name in INDEXED}
    columns: dict[str, Column] = {
        "device": _numbers(fleet.first, fleet.n),
        "id": fleet.ids,
        **{name: indexed[name] for name in ("group", "module", "radio", "host")},
        "hardware": fleet.hardware,
        "firmware_start": fleet.firmware,
        **{f"mcu_{name}_start": versions for name, versions in fleet.mcu.items()},
        "mains": fleet.mains,
        "chemistry": _labels(fleet.chemistry, CHEMISTRIES),
        "capacity_mAh": fleet.capacity_mAh,
        "temperature_C": fleet.temperature_C,
        "rssi_mean_dBm": fleet.rssi_mean_dBm,
        "battery_start_pct": fleet.charge * 100.0,
        "battery_known": fleet.battery_known,
        "rssi_known": fleet.rssi_known,
        "cell": indexed["cell"],
        "time_zone": indexed["time_zone"],
    }
    return columns | {name: values for name, values in fleet.attributes.items() if name not in columns}


def device_table(shown: dict[str, Column], fates: Fates) -> dict[str, Column]:
    """One column of ``shown``'s rows per column of the device table, in table order (docs/model.md, Device table)."""
    ends: dict[str, tuple[str, Column]] = {
        "firmware_start": ("firmware_end", fates.firmware_end),
        "battery_start_pct": ("battery_end_pct", fates.charge_end * 100.0),
        **{f"mcu_{name}_start": (f"mcu_{name}_end", versions) for name, versions in fates.mcu_end.items()},
    }
    table: dict[str, Column] = {}
    for name, column in shown.items():
        table[name] = column
        if name == "group" and fates.plan is not None:
            table[PLAN] = fates.plan
        if name in ends:
            table.update([ends[name]])
    of_numbers: dict[str, Column] = {
        "outcome": _labels(fates.outcome, OUTCOMES),
        "cause": _labels(fates.cause, CAUSES),
        "belief": _labels(fates.belief, BELIEFS),
        "component_status": _labels(fates.component_status, STATUSES),
        "belief_true": (fates.belief == UPGRADED) == (fates.outcome == codes.UPGRADED),
    }
    came = of_numbers | fates.others
    return table | {each.name: came[each.name] for each in FATES}


def _numbers(first: int, count: int) -> Ints:
    """Numbers of devices, as narrow as they go."""
    return np.arange(first, first + count, dtype=np.int32 if first + count < 1 << 31 else np.int64)


def ids_of(ids: Ids, devices: Ints) -> Coded:
    """The id of each of ``devices`` (places among ``ids``), shape (rows,), for a column of the events."""
    names: Any = ids  # not spelled out as a tuple: there may be ten million
    return Coded(devices.astype(np.int32, copy=False), names)


def _labels(positions: Ints, names: tuple[str, ...]) -> Coded:
    codes: Any = positions  # as narrow as the engine has them, and without a copy
    return Coded(codes, names)
