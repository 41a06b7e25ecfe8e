"""Devices read from a table; what it does not say is drawn as for a group.

An empty cell of ``rssi`` or ``battery`` is a reading that the device cannot give: its true value is drawn,
and known to nobody. Any other empty cell is simply drawn. A column that is not mapped becomes an attribute,
numeric if every cell that is not empty is a number; if its header is taken by something the simulation knows,
such as ``cell``, the attribute is called ``csv_cell``. A device whose battery the table gives runs on it, unless the
table says that it is on mains. A device whose last contact is long ago is gone, and one that was heard of is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.given import Given
from fota_sim.fleet.groups import Kind, draw_devices
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.joining import concat
from fota_sim.fleet.laws import Floats
from fota_sim.fleet.table_rows import Moments, TableRows, table_rows
from fota_sim.fleet.table_units import charges, rssi_of_rsrp
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info


def table_fleet(scenario: Scenario, source: TableFleet, replication: int) -> Fleet:
    """The devices of one table, in the order of its rows; ``replication`` counts from 0.

    Raises ScenarioError for an unreadable table, bad cells, and distributions that cannot be drawn from.
    """
    rows = table_rows(source, scenario)
    modules = _filled(rows, "module", source.module)
    own_radios = _translated(modules, {name: source.radio or scenario.modules[name].radio for name in modules.names})
    radios = rows.texts["radio"].filled(own_radios) if "radio" in rows.texts else own_radios
    given = _given(scenario, source, rows, modules, radios)

    parts, places = [], []
    for module, radio, those in _kinds(modules, radios):
        ids = rows.ids if len(those) == len(rows.ids) else tuple(rows.ids[row] for row in those.tolist())
        parts.append(draw_devices(scenario, Kind(source, module, radio), Ids([ids]), given.take(those), replication))
        places.append(those)
    if len(parts) == 1:
        return parts[0]
    return concat(parts).take(np.argsort(np.concatenate(places)), Ids([rows.ids]))


def _filled(rows: TableRows, attribute: str, default: str) -> Coded:
    """One mapped column with a default for empty cells; only the default where it is not mapped."""
    drawn = Coded.same(default, len(rows.ids))
    return rows.texts[attribute].filled(drawn) if attribute in rows.texts else drawn


def _translated(texts: Coded, meaning: Mapping[str, str]) -> Coded:
    """Each text as what it means, where several may mean the same."""
    names = Coded.of(meaning[name] for name in texts.names)
    return Coded(names.codes[texts.codes], names.names)


def _kinds(modules: Coded, radios: Coded) -> Iterator[tuple[str, str, NDArray[np.intp]]]:
    """Each pair of module and radio with its rows, in order of first use."""
    pairs = modules.codes.astype(np.int64) * len(radios.names) + radios.codes
    found, first = np.unique(pairs, return_index=True)
    for pair in found[np.argsort(first)].tolist():
        module, radio = divmod(pair, len(radios.names))
        yield modules.names[module], radios.names[radio], np.flatnonzero(pairs == pair)


def _given(scenario: Scenario, source: TableFleet, rows: TableRows, modules: Coded, radios: Coded) -> Given:
    """The file's columns by what they are to the simulation."""
    numbers = _in_own_units(scenario, source, rows, modules, radios)
    texts = {name: column for name, column in rows.texts.items() if name not in ("module", "radio")}
    texts |= {name: column for name, column in rows.further.items() if name in source.attributes}
    extras = {name: column for name, column in rows.attributes.items() if name not in source.attributes}
    return Given(numbers, texts, extras)


def _in_own_units(
    scenario: Scenario, source: TableFleet, rows: TableRows, modules: Coded, radios: Coded
) -> dict[str, Floats]:
    """Numbers, with what a file's RSRP, voltages and dates say of signal, charge and who is gone."""
    numbers = dict(rows.numbers)
    if "rssi" in numbers and source.units.rssi == "rsrp":
        numbers["rssi"] = rssi_of_rsrp(numbers["rssi"], radios.texts.tolist(), scenario, source.rsrp_offset)
    if "battery" in numbers and source.units.battery in ("V", "mV"):
        own = {name: (source.battery or scenario.modules[name].battery).chemistry for name in modules.names}
        chemistries = _translated(modules, own)
        if "chemistry" in rows.texts:
            chemistries = rows.texts["chemistry"].filled(chemistries)
        level, least = charges(numbers["battery"], chemistries.texts.tolist(), source.battery_volts)
        numbers |= {"battery": level, "battery_least": least}
    if rows.last_contact is not None and source.as_of is not None and source.gone_after is not None:
        silent_s = _silent_s(rows.last_contact, source.as_of, zone_info(scenario.time_zone))
        seen = np.where(np.isnan(silent_s), np.nan, silent_s > source.gone_after)
        said = numbers.get("gone")
        numbers["gone"] = seen if said is None else np.where(np.isnan(said), seen, said)
    return numbers


def _silent_s(last: Moments, as_of: datetime, zone: tzinfo) -> Floats:
    """How long each device had not been heard of when the file was exported; NaN where that is unknown."""
    exported = as_of if as_of.tzinfo is not None else as_of.replace(tzinfo=zone)
    each_s = [np.nan if each is None else (exported - each).total_seconds() for each in last.told]
    return np.array(each_s, dtype=np.float64)[last.codes]
