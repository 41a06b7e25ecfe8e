"""What a condition may ask about a device: its attributes as columns, unknown readings missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Fleet, names_of
from fota_sim.rules.labels import CHEMISTRIES

CONDITION_COLUMNS = (
    "id", "group", "module", "radio", "host", "hardware", "firmware", "rssi", "battery", "capacity",
    "temperature", "mains", "chemistry", "cell", "time_zone",
)  # fmt: skip
"""Columns every fleet has, beside mcu_<component> and its attributes."""

RESERVED = frozenset({
    *CONDITION_COLUMNS,
    "replication", "device", "firmware_start", "firmware_end", "capacity_mAh", "temperature_C",
    "rssi_mean_dBm", "battery_start_pct", "battery_end_pct", "battery_known", "rssi_known", "outcome",
    "cause", "belief", "component_status", "reported_version", "belief_true", "contacts", "offers", "refusals",
    "attempts", "download_failures", "first_contact_ms", "first_offer_ms", "confirmed_ms",
    "download_start_ms", "downloaded_ms", "upgraded_ms", "finished_ms", "bytes_sent", "bytes_wasted",
    "energy_J", "energy_wasted_J",
})  # fmt: skip
"""Names that no attribute may have: conditions or the device table of a result use them."""


def columns_for_predicates(fleet: Fleet) -> dict[str, NDArray[Any]]:
    """Columns of shape (devices,) by the name that conditions use.

    ``rssi`` is the mean in dBm, ``battery`` the level in percent, both NaN where the device cannot read them.
    ``mcu_<component>`` is '' where a device has no such component.
    """
    columns: dict[str, NDArray[Any]] = {"id": np.array(fleet.ids, dtype=object)}
    for name in ("group", "module", "radio", "host", "cell", "time_zone"):
        columns[name] = names_of(fleet, name)
    columns |= {
        "hardware": fleet.hardware,
        "firmware": fleet.firmware,
        "rssi": np.where(fleet.rssi_known, fleet.rssi_mean_dBm, np.nan),
        "battery": np.where(fleet.battery_known, 100.0 * fleet.soc, np.nan),
        "capacity": fleet.capacity_mAh,
        "temperature": fleet.temperature_C,
        "mains": fleet.mains,
        "chemistry": np.array(CHEMISTRIES, dtype=object)[fleet.chemistry],
    }
    columns |= {f"mcu_{component}": versions for component, versions in fleet.mcu.items()}
    return {**fleet.attributes, **columns}
