"""The one list of columns: names, order and types of the device table, and what conditions may ask of every device.

Attributes of the user's own stand between ``WHO`` and ``ROLLED_OUT``, in the order of the scenario; none of them may
have a name that stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

Kind = Literal["text", "name", "number", "flag", "count", "time"]
"""text: string or missing, few different ones; name: string, a different one in every row; number: float, NaN
missing; flag: bool; count: whole number; time: ms since activation, missing where it never happened."""

WHO: Final[dict[str, Kind]] = {
    "replication": "count",
    "device": "count",
    "id": "name",
    "group": "text",
    "module": "text",
    "radio": "text",
    "host": "text",
    "hardware": "text",
    "firmware_start": "text",
    "firmware_end": "text",
    "mains": "flag",
    "chemistry": "text",
    "capacity_mAh": "number",
    "temperature_C": "number",
    "rssi_mean_dBm": "number",
    "battery_start_pct": "number",
    "battery_end_pct": "number",
    "battery_known": "flag",
    "rssi_known": "flag",
    "cell": "text",
    "time_zone": "text",
}
"""What a device is; ``device`` counts from 0 in the order of the fleet."""

ROLLED_OUT: Final[dict[str, Kind]] = {"wave": "count", "released_ms": "count"}
"""What the rollout made of it; -1: no wave, never released."""

WHAT_HAPPENED: Final[dict[str, Kind]] = {
    "outcome": "text",
    "cause": "text",
    "belief": "text",
    "component_status": "text",
    "reported_version": "text",
    "belief_true": "flag",
    "contacts": "count",
    "offers": "count",
    "refusals": "count",
    "attempts": "count",
    "download_failures": "count",
    "first_contact_ms": "time",
    "first_offer_ms": "time",
    "confirmed_ms": "time",
    "download_start_ms": "time",
    "downloaded_ms": "time",
    "upgraded_ms": "time",
    "finished_ms": "time",
    "battery_empty_ms": "time",
    "bytes_sent": "count",
    "bytes_wasted": "count",
    "energy_J": "number",
    "energy_wasted_J": "number",
    "drained_mAh": "number",
    "self_discharged_mAh": "number",
}
"""What became of it: outcome and cause in the words of ``fota_sim.rules.labels``, belief in the vendor's."""

CONDITION_COLUMNS: Final[dict[str, Kind]] = {
    "id": "text",
    "group": "text",
    "module": "text",
    "radio": "text",
    "host": "text",
    "hardware": "text",
    "firmware": "text",
    "rssi": "number",
    "battery": "number",
    "capacity": "number",
    "temperature": "number",
    "mains": "flag",
    "chemistry": "text",
    "cell": "text",
    "time_zone": "text",
}
"""What a condition may ask of every device, beside ``mcu_<component>`` and the fleet's own attributes."""


def reserved(components: Iterable[str]) -> frozenset[str]:
    """Names that no attribute may have; ``components``: identifiers of the product's MCU components."""
    mcu = [f"mcu_{name}{end}" for name in components for end in ("", "_start", "_end")]
    return frozenset((*WHO, *ROLLED_OUT, *WHAT_HAPPENED, *CONDITION_COLUMNS, *mcu))
