"""Devices read from a table; what it does not say is drawn as for a group.

An empty cell of ``rssi`` or ``battery`` is a reading that the device cannot give: its true value is drawn,
and known to nobody. Any other empty cell is simply drawn. A column that is not mapped becomes an attribute,
numeric if every cell that is not empty is a number; if its header is taken by something the simulation knows,
such as ``cell``, the attribute is called ``csv_cell``. A device whose battery the table gives runs on it, unless the
table says that it is on mains. A device whose last contact is long ago is gone, and one that was heard of is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import numpy as np

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Attribute, Fleet
from fota_sim.fleet.given import Given
from fota_sim.fleet.groups import Kind, draw_devices
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.joining import concat
from fota_sim.fleet.laws import Floats
from fota_sim.fleet.table_units import charges, rssi_of_rsrp
from fota_sim.scenario.device_rows.cells import is_number
from fota_sim.scenario.device_rows.rows import DeviceRows, read_rows
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sleep import TIMERS
from fota_sim.scenario.zones import zone_info

_NUMBERS = ("rssi", "rssi_sd", "battery", "capacity", "temperature", "mains", "gone", "contact_every", *TIMERS)
_TEXTS = ("chemistry", "hardware", "firmware", "cell", "time_zone", "host")


def table_fleet(scenario: Scenario, source: TableFleet, replication: int) -> Fleet:
    """The devices of one table, in the order of its rows; ``replication`` counts from 0.

    Raises ScenarioError for an unreadable table, bad cells, and distributions that cannot be drawn from.
    """
    rows_read = read_rows(source, scenario)
    cells = rows_read.mapped
    ids: list[str] = cells["id"]
    modules = _texts(cells, "module", source.module)
    own_radios = [source.radio or scenario.modules[module].radio for module in modules]
    radios = [given or own for given, own in zip(_texts(cells, "radio", None), own_radios, strict=True)]
    given = _given(source, rows_read)
    _in_own_units(scenario, source, rows_read, given.numbers, modules, radios)

    rows_of: dict[tuple[str, str], list[int]] = {}
    for row, kind in enumerate(zip(modules, radios, strict=True)):
        rows_of.setdefault(kind, []).append(row)
    parts = []
    for (module, radio), listed in rows_of.items():
        rows = np.array(listed, dtype=np.intp)
        names = Ids([[ids[row] for row in listed]])
        parts.append(draw_devices(scenario, Kind(source, module, radio), names, given.take(rows), replication))
    if len(parts) == 1:
        return parts[0]
    return concat(parts).take(np.argsort(np.concatenate(list(rows_of.values()))))


def _texts(cells: Mapping[str, list[Any]], attribute: str, default: Any) -> list[Any]:
    """One mapped column with a default for empty cells; only the default where it is not mapped."""
    if attribute not in cells:
        return [default] * len(cells["id"])
    return [default if cell is None else cell for cell in cells[attribute]]


def _given(source: TableFleet, rows: DeviceRows) -> Given:
    """The file's columns by what they are to the simulation."""
    numbers: dict[str, Floats] = {}
    texts: dict[str, Coded] = {}
    extras: dict[str, Attribute] = {}
    for name, column in rows.mapped.items():
        if name in _NUMBERS:
            numbers[name] = np.array([np.nan if cell is None else float(cell) for cell in column], dtype=np.float64)
        elif name in _TEXTS or name.startswith("mcu:"):
            texts[name] = Coded.of(column)
    for name, further in rows.further.items():
        if name in source.attributes:
            texts[name] = Coded.of(further)
        else:
            extras[name] = _attribute(further)
    return Given(numbers, texts, extras)


def _in_own_units(
    scenario: Scenario,
    source: TableFleet,
    rows: DeviceRows,
    numbers: dict[str, Floats],
    modules: list[str],
    radios: list[str],
) -> None:
    """Make of a file's RSRP, voltages and dates what they say of signal, charge and who is gone."""
    cells = rows.mapped
    if "rssi" in cells and source.units.rssi == "rsrp":
        numbers["rssi"] = rssi_of_rsrp(numbers["rssi"], radios, scenario, source.rsrp_offset)
    if "battery" in cells and source.units.battery in ("V", "mV"):
        own = [(source.battery or scenario.modules[module].battery).chemistry for module in modules]
        chemistries = [given or each for given, each in zip(_texts(cells, "chemistry", None), own, strict=True)]
        level, least = charges(numbers["battery"], chemistries, source.battery_volts)
        numbers |= {"battery": level, "battery_least": least}
    if "last_contact" in cells and source.as_of is not None and source.gone_after is not None:
        silent_s = _silent_s(cells["last_contact"], source.as_of, zone_info(scenario.time_zone))
        seen = np.where(np.isnan(silent_s), np.nan, silent_s > source.gone_after)
        said = numbers.get("gone")
        numbers["gone"] = seen if said is None else np.where(np.isnan(said), seen, said)


def _silent_s(last: list[datetime | None], as_of: datetime, zone: tzinfo) -> Floats:
    """How long each device had not been heard of when the file was exported; NaN where that is unknown."""
    exported = as_of if as_of.tzinfo is not None else as_of.replace(tzinfo=zone)
    return np.array([np.nan if each is None else (exported - each).total_seconds() for each in last], dtype=np.float64)


def _attribute(column: list[str | None]) -> Attribute:
    """Numbers (NaN: empty) if every cell that is not empty is one; otherwise texts."""
    texts = Coded.of(column)
    if not texts.names or not all(map(is_number, texts.names)):
        return texts
    return np.array([*map(float, texts.names), np.nan])[texts.codes]
