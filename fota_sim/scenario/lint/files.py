"""Columns of fleet files that are hardly meant as they are read; whoever has read the rows asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.checks import conditions_of, read_ids
from fota_sim.scenario.device_rows.cells import MAPPABLE
from fota_sim.scenario.device_rows.rows import DeviceRows, attribute_name
from fota_sim.scenario.device_rows.written import (
    are_shares,
    are_volts,
    as_number,
    is_date,
    is_total,
    parts_among_percents,
)
from fota_sim.scenario.fleet import ExcelFleet, TableFleet
from fota_sim.scenario.lint.cells import all_of_a_file_in_one
from fota_sim.scenario.lint.facts import Facts, Finding, some_devices
from fota_sim.scenario.lint.headers import said_by_headers, says_other
from fota_sim.scenario.lint.links import why_not
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.moments import iso
from fota_sim.scenario.plan import device_lists
from fota_sim.scenario.predicate import as_name, parse_predicate
from fota_sim.scenario.spelling import bare_id
from fota_sim.scenario.zones import odd_zone, zone_info

_IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]$")  # a unit behind a name: Battery (%)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(\D.*)?", re.ASCII)
_DIGITS_KEPT = 15  # of a number in a spreadsheet, which is a double
_DAY = timedelta(days=1)
_VOLTAGE = re.compile(r"volt|spannung|\bu_?batt?\b|vbat|\(m?v\)$|_m?v$", re.I)
_LEAST_MAH = 30.0  # of a coin cell; assumption
_TOO_STRONG_DBM = -20.0  # beside the antenna of a base station; assumption


def lint_files(facts: Facts, rows: Mapping[str, DeviceRows]) -> Iterator[Finding]:
    """Findings in the files of a scenario; ``rows`` by the name of the fleet."""
    for at, source in facts.scenario.fleet.placed():
        if not isinstance(source, TableFleet):
            continue
        found = rows[source.name]
        for rule in _RULES:
            for where, message in rule(source, found):
                yield (*at, *where), message
        if isinstance(source, ExcelFleet):
            yield from (((*at, *where), message) for where, message in _sheets(facts.scenario, source))
        for where, message in _radios(facts.scenario, source, found):
            yield (*at, *where), message
        for where, message in all_of_a_file_in_one(facts, source, found):
            yield (*at, *where), message
        yield from _means_another(facts, source, found)
        yield from _dates(facts, source, found)
        for where, message in _after_the_export(facts.scenario, source, found):
            yield (*at, *where), message
    for path, entry in device_lists(facts.scenario.plan):
        if entry.file is not None and not read_ids(facts.scenario, entry.file):
            yield (*path, "file"), f"{entry.file} names nobody; write one id a line into it, or leave it out"


def _sheets(scenario: Scenario, source: ExcelFleet) -> Iterator[Finding]:
    """Several sheets of which none is named."""
    shown = source.table(scenario.base_dir).sheets()
    if source.sheet is None and len(shown) > 1:
        message = (
            f"has {len(shown)} sheets, of which the first, {quoted(shown[0])}, is read; write sheet: {quoted(shown[0])}"
        )
        yield ("file",), message
    hidden = source.table(scenario.base_dir).hidden()
    if hidden:
        message = (
            f"has {number_of(hidden, 'row')} that are not shown, by a filter or by hand, and are read all the same"
        )
        yield ("file",), f"{message}; where they are not meant, delete them or copy what is shown into another sheet"


def _not_mapped(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """A column with the very name of something that is then drawn."""
    for name, header in rows.headers.items():
        known = _IN_BRACKETS.sub("", header).lower()
        says = any(cell is not None for cell in rows.further[name])
        if known in MAPPABLE and known not in source.columns and says:
            called = as_name(attribute_name(name))
            message = (
                f"{source.file} has a column {quoted(header)} that is not mapped, so {known} is drawn as for a group; "
                f"write {known}: {quoted(header)}, or rename the column if it is something else (conditions call it "
                f"{called})"
            )
            yield ("columns",), message


def _means_another(facts: Facts, source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """A condition with the header of a column that is called otherwise, because its name is taken."""
    for where, text in conditions_of(facts.scenario):
        names = parse_predicate(text).names
        for name, header in rows.headers.items():
            if header != name and header in names:
                message = f"{as_name(header)} is not the column of {source.file}, which conditions call {as_name(name)}"
                yield where, f"{message}; write that if it is meant"


def _nameless(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    if rows.nameless:
        many = len(rows.nameless) > 1
        columns = f"column{'s' if many else ''} {', '.join(map(str, rows.nameless[:5]))}"
        message = (
            f"{columns} of {source.file} hold{'' if many else 's'} something and {'have' if many else 'has'} no name"
        )
        yield ("file",), f"{message}; what is there is left out. Name it in the first line"


def _rounded_ids(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Long numbers all of which end in zeros from the sixteenth digit on: a spreadsheet keeps fifteen."""
    long = [name for name in rows.mapped["id"] if name.isdecimal() and len(name) > _DIGITS_KEPT]
    if len(long) > 1 and not any(name[_DIGITS_KEPT:].strip("0") for name in long):
        message = (
            f"{len(long):,} ids such as {quoted(long[0], 40)} have nothing but zeros behind {_DIGITS_KEPT} digits: has "
            "a spreadsheet rounded them? Export the ids as text"
        )
        yield ("columns", "id"), message


def _ids_of_numbers(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Ids that are written as numbers are."""
    found = [(name, how) for name in rows.mapped["id"] if (how := as_number(name))]
    if found:
        name, how = found[0]
        message = (
            f"{number_of(len(found), 'id')} {how}, such as {quoted(name, 40)}, as spreadsheets have numbers: lists and "
            "logs that have them without will not match. Export the ids as text, and nothing but them"
        )
        yield ("columns", "id"), message


def _ids_alike(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Ids that differ by the size of letters, signs between them or zeros before: one device in two rows, perhaps."""
    first: dict[str, int] = {}
    ids, again = rows.mapped["id"], []
    for place, name in enumerate(ids):
        bare = bare_id(name)
        if bare and first.setdefault(bare, place) != place:
            again.append(place)
    if again:
        one, other = first[bare_id(ids[again[0]])], again[0]
        message = (
            f"{number_of(len(again), 'id')} {'is' if len(again) == 1 else 'are'} another one in another spelling, such "
            f"as {quoted(ids[other], 40)} in line {rows.lines[other]} and {quoted(ids[one], 40)} in line "
            f"{rows.lines[one]}: each is a device of its own. Keep one row of each device"
        )
        yield ("columns", "id"), message


def _no_devices(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Rows of totals, and the line of column names again, each of which is read as one more device."""
    header = source.columns["id"]
    pairs = zip(rows.lines, rows.mapped["id"], strict=True)
    found = [(line, name) for line, name in pairs if is_total(name) or name == header]
    if found:
        line, name = found[0]
        what = "the line of column names again" if name == header else "computed of other rows"
        message = (
            f"{number_of(len(found), 'row')} that {'is' if len(found) == 1 else 'are'} hardly a device: line {line} is "
            f"{quoted(name, 40)}, {what}; remove it, or write leave_out: [{quoted(name, 40)}]"
        )
        yield ("columns", "id"), message


def _after_the_export(scenario: Scenario, source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Last contacts later than the day of the export."""
    if source.as_of is None:
        return
    as_of = source.as_of if source.as_of.tzinfo else source.as_of.replace(tzinfo=zone_info(scenario.time_zone))
    late = [at for at in rows.mapped.get("last_contact", ()) if at is not None and at > as_of + _DAY]
    if late:
        message = (
            f"{len(late):,} last contact{'' if len(late) == 1 else 's'}, up to {iso(max(late))}, "
            f"{'is' if len(late) == 1 else 'are'} after as_of, the day of the export; do day and month stand the other "
            "way round (dates: dmy or mdy), or is as_of another day?"
        )
        yield ("columns", "last_contact"), message


def _levels(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Battery levels that are shares of 1, or volts, read as percent."""
    levels = [100.0 * level for level in rows.mapped.get("battery", ()) if level is not None]
    if not levels or source.units.battery in ("V", "mV") or says_other(source, "battery", rows):
        return
    header = source.columns["battery"]
    if source.units.battery == "%" and _VOLTAGE.search(header):
        message = f"{quoted(header, 40)} is called a voltage and read as per cent"
        yield ("columns", "battery"), f"{message}; write units: {{battery: V}}, or mV"
        return
    low, high = min(levels), max(levels)
    what = f"levels from {low:.4g} % to {high:.4g} %"
    if are_shares(levels):
        yield ("columns", "battery"), f"reads as {what}; shares of 1 are meant? Write units: {{battery: share}}"
    elif are_volts(levels):
        yield ("columns", "battery"), f"reads as {what}; volts are meant? Write units: {{battery: V}}"
    elif few := parts_among_percents([round(level, 9) for level in levels]):
        message = f"{number_of(few, 'level')} below 1 % among whole per cent; are those shares of 1?"
        yield ("columns", "battery"), f"{message} Write all in one unit"


def _capacities(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Capacities that are Ah, or whose point separates thousands, read as mAh."""
    found = [capacity for capacity in rows.mapped.get("capacity", ()) if capacity is not None]
    if found and max(found) < _LEAST_MAH and not says_other(source, "capacity", rows):
        message = (
            f"reads as {min(found):g} to {max(found):g} mAh, which no module lasts on; Ah are meant, or a point of "
            "thousands? Write them in mAh without a point, or with their unit: 8.5Ah"
        )
        yield ("columns", "capacity"), message


def _signals(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    signals = [signal for signal in rows.mapped.get("rssi", ()) if signal is not None]
    strong = sum(signal > _TOO_STRONG_DBM for signal in signals)
    if strong:
        message = (
            f"has {strong:,} signal{'' if strong == 1 else 's'} above {_TOO_STRONG_DBM:g} dBm, up to "
            f"{max(signals) + 0.0:g} dBm, which no network gives; is it another unit, such as the index of AT+CSQ?"
        )
        yield ("columns", "rssi"), message


def _zones(_: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Zones whose names say another offset than people read in them."""
    for zone, count in Counter(filter(None, rows.mapped.get("time_zone", ()))).items():
        wrong = odd_zone(zone)
        if wrong:
            yield ("columns", "time_zone"), f"{some_devices(count)}: {wrong}"


def _mains(source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """A share on mains beside a column of battery levels."""
    levels = rows.mapped.get("battery")
    if not levels or "mains" in source.columns or not source.mains:
        return
    given = sum(level is not None for level in levels)
    if given:
        message = (
            f"is for devices without a battery level in {source.file}; {given:,} of {len(levels):,} have one and run "
            "on their battery. Map mains to a column, or leave it out"
        )
        yield ("mains",), message


def _radios(scenario: Scenario, source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """Modules and radios of a file that are not of one kind."""
    if not {"module", "radio"} & set(source.columns):
        return
    none: list[str | None] = [None] * len(rows.lines)
    pairs = zip(rows.mapped.get("module", none), rows.mapped.get("radio", none), strict=True)
    for (module, radio), count in sorted(Counter(pairs).items(), key=str):
        of = module or source.module
        wrong = why_not(scenario, of, radio or source.radio or scenario.modules[of].radio)
        if wrong:
            yield ("columns", "radio" if radio else "module"), f"{some_devices(count)} of {source.file}: {wrong}"


def _dates(facts: Facts, source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """An order of dates that are not all written with the year first, so that their letters have no such order."""
    for where, text in conditions_of(facts.scenario):
        for each in parse_predicate(text).comparisons:
            said = each.said.value
            if each.op not in ("<", "<=", ">", ">=") or not isinstance(said, str) or not is_date(said):
                continue
            cells = [said, *(cell for cell in rows.further.get(each.name, ()) if cell is not None)]
            odd = next((cell for cell in cells if not _ISO_DATE.fullmatch(cell)), None)
            if each.name in rows.further and odd is not None:
                message = (
                    f"{as_name(each.name)} {each.op} {quoted(said)} goes by letters, and {quoted(odd, 40)} is not "
                    "written with the year first; write all dates as 2026-01-31"
                )
                yield where, message


_RULES = (
    *(_not_mapped, _nameless, _rounded_ids, _ids_of_numbers, _ids_alike, _no_devices),
    *(said_by_headers, _levels, _capacities, _signals, _mains, _zones),
)
"""What one file shows alone."""
