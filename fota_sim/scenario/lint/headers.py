"""Columns of fleet files whose name says another unit, or another quantity, than their numbers are read as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from fota_sim.quoting import quoted
from fota_sim.scenario.device_rows.rows import DeviceRows
from fota_sim.scenario.fleet import CellUnits, TableFleet
from fota_sim.scenario.inspect.headed_units import other_signal, other_unit
from fota_sim.scenario.lint.facts import Finding

_MEASURES = ("rssi", "battery", "capacity", "temperature")


def said_by_headers(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Such columns; numbers that say their unit themselves are read in that, whatever the name."""
    for attribute in _MEASURES:
        header, other = source.columns.get(attribute, ""), says_other(source, attribute, rows)
        if other:
            message = f"{quoted(header, 40)} says {other}, and its numbers are read in {_unit(source, attribute)}"
            yield ("columns", attribute), f"{message}; {_instead(source, attribute, other)}"
    if "rssi" in rows.bare and (quantity := other_signal(source.columns["rssi"], source.units.rssi)):
        instead = "write units: {rssi: rsrp}" if quantity == "RSRP" else "leave it out, for it is no level in dBm"
        message = f"{quoted(source.columns['rssi'], 40)} is called {quantity}, and read as RSSI; {instead}"
        yield ("columns", "rssi"), message


def says_other(source: TableFleet, attribute: str, rows: DeviceRows) -> str:
    """The unit that the name of a column says, if its numbers are read in another; ``""`` if not."""
    if attribute not in rows.bare:
        return ""
    return other_unit(attribute, source.columns[attribute], _unit(source, attribute))


def _unit(source: TableFleet, attribute: str) -> str:
    unit: str = getattr(source.units, attribute, "C")
    return unit


def _instead(source: TableFleet, attribute: str, other: str) -> str:
    field = CellUnits.model_fields.get(attribute)
    if field is not None and other in get_args(field.annotation):
        return f"write units: {{{attribute}: {other}}}"
    return f"export it in {_unit(source, attribute)}"
