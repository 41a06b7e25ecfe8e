"""What each device is before its first contact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import FLEET_COLUMNS
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.plans import confirmations
from fota_sim.engines.setting.names import Names, numbers
from fota_sim.fleet.devices import Fleet


def fleet_columns(parameters: Parameters, fleet: Fleet, replication: int, names: Names) -> dict[str, NDArray[Any]]:
    """The columns of ``fields.FLEET``, but for ``logged``; of each plan's what its own devices have."""
    mcus = [numbers(column, names.versions, absent="") for column in fleet.mcu.values()]
    plans = parameters.plans
    manual = any(plan.user_confirm is not None for plan in plans)
    confirmed = [confirmations(fleet, parameters.seed, plan, replication) for plan in plans] if manual else []
    found = {
        "keys": fleet.keys,
        "group": parameters.contact_of,
        "module": fleet.module,
        "radio": fleet.radio,
        "host": fleet.host,
        "cell": fleet.cell,
        "zone": fleet.time_zone,
        "mean_dBm": fleet.rssi_mean_dBm,
        "sd_dB": fleet.rssi_sd_dB,
        "rssi_known": fleet.rssi_known,
        "temperature_C": fleet.temperature_C,
        "mains": fleet.mains,
        "chemistry": fleet.chemistry,
        "capacity_mAh": fleet.capacity_mAh,
        "resistance_ohm": fleet.resistance_ohm,
        "self_discharge": fleet.self_discharge,
        "charge": fleet.charge,
        "battery_known": fleet.battery_known,
        "firmware": numbers(fleet.firmware, names.versions),
        "gone": fleet.gone,
        "dies_ms": fleet.dies_at_ms,
        "joins_ms": fleet.joins_ms,
        "white": fleet.white,
        "black": fleet.black,
        "confirms_ms": parameters.by_plan(confirmed) if manual else np.zeros(1),
        "plan_of": parameters.plan_of,
    }
    of_plans: dict[str, list[NDArray[Any]]] = {
        "other": [np.array([*plan.of_other_products, False])[fleet.group] for plan in plans],
        "effects": [_rows([component.effects for component in plan.components]) for plan in plans],
        "dies_after_s": [_rows([each.dies_after for each in plan.components]) for plan in plans],
        "rank": [plan.rollout.rank for plan in plans],
        "wave": [plan.rollout.wave for plan in plans],
        "too_late": [plan.rollout.too_late for plan in plans],
        "first_served": [plan.rollout.first_served for plan in plans],
    }
    found |= {name: parameters.by_plan(columns) for name, columns in of_plans.items()}
    columns = {name: _column(values, FLEET_COLUMNS[name]) for name, values in found.items()}
    return columns | {"mcu": np.stack(mcus, axis=1) if mcus else np.zeros((fleet.n, 0), dtype=np.int32)}


def _column(values: Any, kind: str) -> NDArray[Any]:
    found = np.asarray(values, dtype=kind)
    return np.ascontiguousarray(found) if any(found.strides) else found  # which stands once in the fleet already


def _rows(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Columns as the rows of one array; without a copy if there is only one."""
    return columns[0].reshape(1, -1) if len(columns) == 1 else np.stack(columns)
