"""What a device is, an entry for each column of the device table, and what conditions may ask of every device.

What becomes of it has the same entries in ``fota_sim/rules/fates.py``. Attributes of the user's own stand between both,
in the order of the scenario; none of them may have a name that is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fota_sim.rules.fates import FATES, Kind, TableColumn

WHO: Final = (
    TableColumn("replication", "count", "number of the replication, from 0"),
    TableColumn("device", "count", "number of the device, from 0, in the order of the fleet"),
    TableColumn("id", "name", "its name", asked_as="id"),
    TableColumn("group", "text", "the group or CSV fleet that it comes from", asked_as="group"),
    TableColumn("module", "text", "its module", asked_as="module"),
    TableColumn("radio", "text", "its radio", asked_as="radio"),
    TableColumn("host", "text", "its host", asked_as="host"),
    TableColumn("hardware", "text", "hardware version", asked_as="hardware"),
    TableColumn("firmware_start", "text", "module firmware at the start", asked_as="firmware"),
    TableColumn("firmware_end", "text", "module firmware at the end of the run"),
    TableColumn("mains", "flag", "whether it is powered from the mains", asked_as="mains"),
    TableColumn("chemistry", "text", "battery chemistry", asked_as="chemistry"),
    TableColumn("capacity_mAh", "number", "battery capacity", "mAh", asked_as="capacity"),
    TableColumn("temperature_C", "number", "ambient temperature", "C", asked_as="temperature"),
    TableColumn("rssi_mean_dBm", "number", "mean signal strength, also where it is not known", "dBm", asked_as="rssi"),
    TableColumn(
        "battery_start_pct", "number", "battery at the start, also where it is not known", "%", asked_as="battery"
    ),
    TableColumn("battery_end_pct", "number", "battery at the end of the run", "%"),
    TableColumn("battery_known", "flag", "whether the device can read its battery"),
    TableColumn("rssi_known", "flag", "whether the device can read its signal"),
    TableColumn("cell", "text", "its radio cell", asked_as="cell"),
    TableColumn("time_zone", "text", "the IANA time zone it lives in", asked_as="time_zone"),
)
"""What a device is. A reading that the device cannot give is missing to conditions."""

DEVICE_TABLE: Final[dict[str, TableColumn]] = {each.name: each for each in (*WHO, *FATES)}
"""Every column by name, in the order of the table, but for ``mcu_<component>_start`` and ``_end`` and attributes."""

CONDITION_COLUMNS: Final[dict[str, TableColumn]] = {each.asked_as: each for each in WHO if each.asked_as}
"""What a condition may ask of every device, beside ``mcu_<component>`` and the fleet's own attributes."""


def kinds_of(columns: Iterable[TableColumn]) -> dict[str, Kind]:
    """What each column holds, by name."""
    return {each.name: each.kind for each in columns}


def reserved(components: Iterable[str]) -> frozenset[str]:
    """Names that no attribute may have; ``components``: identifiers of the product's MCU components."""
    mcu = [f"mcu_{name}{end}" for name in components for end in ("", "_start", "_end")]
    return frozenset((*DEVICE_TABLE, *CONDITION_COLUMNS, *mcu))
