"""What each device is before its first contact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.parameters import Parameters
from fota_sim.engines.plans import confirmations
from fota_sim.engines.setting.names import Names, numbers
from fota_sim.fleet.devices import Fleet


def fleet_columns(parameters: Parameters, fleet: Fleet, replication: int, names: Names) -> dict[str, NDArray[Any]]:
    """The columns of ``fields.FLEET``, but for ``logged``; of each plan's what its own devices have."""
    mcus = [numbers(column, names.versions, absent="") for column in fleet.mcu.values()]
    plans = parameters.plans
    manual = any(plan.user_confirm is not None for plan in plans)
    int32, int64, float64 = np.int32, np.int64, np.float64

    def column(values: Any, of: Any) -> Any:
        found = np.asarray(values, dtype=of)
        return np.ascontiguousarray(found) if any(found.strides) else found  # which stands once in the fleet already

    def of_plan(columns: list[NDArray[Any]], of: Any) -> Any:
        return column(parameters.by_plan(columns), of)

    confirmed = [confirmations(fleet, parameters.seed, plan, replication) for plan in plans] if manual else []
    return {
        "keys": column(fleet.keys, np.uint64),
        "group": column(parameters.contact_of, int32),
        "module": column(fleet.module, int32),
        "radio": column(fleet.radio, int32),
        "host": column(fleet.host, int32),
        "cell": column(fleet.cell, int32),
        "zone": column(fleet.time_zone, int32),
        "mean_dBm": column(fleet.rssi_mean_dBm, float64),
        "sd_dB": column(fleet.rssi_sd_dB, float64),
        "rssi_known": column(fleet.rssi_known, np.bool_),
        "temperature_C": column(fleet.temperature_C, float64),
        "mains": column(fleet.mains, np.bool_),
        "chemistry": column(fleet.chemistry, int32),
        "capacity_mAh": column(fleet.capacity_mAh, float64),
        "resistance_ohm": column(fleet.resistance_ohm, float64),
        "self_discharge": column(fleet.self_discharge, float64),
        "charge": column(fleet.charge, float64),
        "battery_known": column(fleet.battery_known, np.bool_),
        "firmware": numbers(fleet.firmware, names.versions),
        "mcu": np.stack(mcus, axis=1) if mcus else np.zeros((fleet.n, 0), dtype=int32),
        "gone": column(fleet.gone, np.bool_),
        "dies_ms": column(fleet.dies_at_ms, int64),
        "joins_ms": column(fleet.joins_ms, int64),
        "white": column(fleet.white, np.bool_),
        "black": column(fleet.black, np.bool_),
        "other": of_plan([np.array([*plan.of_other_products, False])[fleet.group] for plan in plans], np.bool_),
        "confirms_ms": of_plan(confirmed, int64) if manual else np.zeros(1, dtype=int64),
        "effects": of_plan([_rows([component.effects for component in plan.components]) for plan in plans], np.int8),
        "dies_after_s": of_plan([_rows([each.dies_after for each in plan.components]) for plan in plans], float64),
        "rank": of_plan([plan.rollout.rank for plan in plans], int32),
        "wave": of_plan([plan.rollout.wave for plan in plans], int32),
        "too_late": of_plan([plan.rollout.too_late for plan in plans], np.bool_),
        "first_served": of_plan([plan.rollout.first_served for plan in plans], np.bool_),
        "plan_of": column(parameters.plan_of, np.int8),
    }


def _rows(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Columns as the rows of one array; without a copy if there is only one."""
    return columns[0].reshape(1, -1) if len(columns) == 1 else np.stack(columns)
