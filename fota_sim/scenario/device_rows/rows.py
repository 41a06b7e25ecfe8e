"""Rows of a real fleet: which column holds what, typed cells, unknowns, and every bad cell by its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import number_of, quoted
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario import moments
from fota_sim.scenario.columns import reserved
from fota_sim.scenario.device_rows.cells import (
    MAPPABLE,
    OF_CONTACT,
    CellError,
    has_decimal_comma,
    is_bare,
    is_measure,
    is_number,
    value_of,
    with_point,
)
from fota_sim.scenario.device_rows.written import begins_with, is_total
from fota_sim.scenario.fleet import CellUnits, TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.moments import DateOrder
from fota_sim.scenario.sleep import TIMERS, Sleep
from fota_sim.scenario.tables.table import Table
from fota_sim.scenario.text_file import UnreadableFileError
from fota_sim.scenario.wording import did_you_mean
from fota_sim.scenario.zones import zone_info

_TOLD = 3
"""Bad cells of one column and kind that are told one by one; the last says how many more there are."""
_TOLD_ONCE = ("missing", "comma", "point", "csq", "not csq", "rounded", "yes or no", "date", "period", "timer", "total")

_REMEMBERED = 10_000
"""Cells whose values are kept, for most columns hold few different ones."""

_DRAWN = frozenset(MAPPABLE) - frozenset(OF_CONTACT)
"""Headers that would be taken for what the simulation draws."""

_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
MAX_ROWS = 1 << 24
"""As many devices as a fleet may have."""


def attribute_name(header: str, components: Sequence[str] = ()) -> str:
    """What conditions call a column that is not mapped: its header, with ``csv_`` before it where that is taken.

    ``components``: identifiers of the product's MCU components.
    """
    return f"csv_{header}" if header in reserved(components) or header in _DRAWN else header


def mcu_components(scenario: Scenario) -> list[str]:
    """Identifiers of the MCU components of all products."""
    return [each.identifier for each in scenario.components if each.type == "mcu"]


def attribute_names(source: TableFleet, scenario: Scenario) -> list[str]:
    """What conditions may ask of the columns of a file that are not mapped; nothing if it cannot be read."""
    try:
        header = source.table(scenario.base_dir).header()
    except UnreadableFileError:
        return []
    taken, mcu = _taken(source.columns), mcu_components(scenario)
    return [attribute_name(name, mcu) for name in header if name and name not in taken]


def _taken(columns: Mapping[str, str]) -> set[str]:
    """Headers of columns that are no attributes of their own, for something that conditions know is read from them."""
    return {column for attribute, column in columns.items() if attribute not in OF_CONTACT}


def header_problems(source: TableFleet, scenario: Scenario) -> list[tuple[tuple[str, ...], str]]:
    """What is wrong with the file or the mapping before any row is read, as (path in the source, message)."""
    table = source.table(scenario.base_dir)
    try:
        header = table.header()
    except UnreadableFileError as error:
        where = "".join(f":{number}" for number in (error.line, error.column) if number)
        hint = "; it is looked for beside the scenario" if str(error) == "no such file" else ""
        if hint and "\\" in source.file and os.sep != "\\":
            hint += "; write / between folders"
        return [(("file",), f"{source.called}{where}: {error}{hint}")]
    found: list[tuple[tuple[str, ...], str]] = []
    if "id" not in source.columns:
        found.append((("columns",), "id is missing: say which column names the device, for example id: IMEI"))
    wrong = table.rather(source.columns.values())
    if wrong:
        return [*found, (("file",), f"{source.called}: {wrong}")]
    if source.latest is not None and source.latest not in header:
        hint = did_you_mean(source.latest, [name for name in header if name])
        found.append((("latest",), f"{source.called} has no column {quoted(source.latest)}{hint}"))
    components = mcu_components(scenario)
    for attribute, column in source.columns.items():
        where_to = ("columns", attribute)
        if attribute.startswith("mcu:"):
            name = attribute.removeprefix("mcu:")
            if name not in components:
                found.append(
                    (where_to, f"the product has no MCU component {quoted(name)}{did_you_mean(name, components)}")
                )
        elif attribute not in MAPPABLE:
            found.append((where_to, f"cannot be read from a file; mappable are {', '.join(MAPPABLE)}"))
        if not column or column not in header:
            hint = did_you_mean(column, [name for name in header if name])
            found.append((where_to, f"{source.called} has no column {quoted(column)}{hint}"))
    found += [(("file",), f"{source.called}: {message}") for message in _doubled(source, header, components)]
    return [*found, *_contact_problems(source)]


def _contact_problems(source: TableFleet) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a mapping about contacts lacks to be understood."""
    if "last_contact" in source.columns:
        for field_, example in (("as_of", "2026-01-05, the day of the export"), ("gone_after", "30d")):
            if getattr(source, field_) is None:
                yield ("columns", "last_contact"), f"says who is gone only with {field_}; write {field_}: {example}"
    elif source.gone_after is not None:
        yield ("gone_after",), "needs the dates of last contacts; map last_contact to a column"
    if "contact_every" in source.columns and source.contact.pattern != "wake":
        message = "is the period of devices that wake every so often; write contact: {pattern: wake}"
        yield ("columns", "contact_every"), message
    for timer in TIMERS:
        asleep = source.contact.sleep
        if timer in source.columns and (asleep is None or getattr(asleep, timer) is None):
            wanted = f"contact: {{sleep: {{{timer}: ...}}}}"
            message = f"is how each device sleeps; say it of those whose cell is empty too, in {wanted}"
            yield ("columns", timer), message


def _doubled(source: TableFleet, header: list[str], components: list[str]) -> list[str]:
    """Columns that would end up under one name."""
    taken, seen = _taken(source.columns), dict[str, int]()
    found = []
    for position, name in enumerate(header, start=1):
        called = name if name in taken else attribute_name(name, components)
        if name and called in seen:
            message = f"columns {seen[called]} and {position} are both called {quoted(called)}; rename one in the file"
            found.append(message)
        seen.setdefault(called, position)
    return found


@dataclass(frozen=True)
class DeviceRows:
    """What a file says, one list per column, None where a cell is empty."""

    lines: list[int]
    """The line of each row."""
    mapped: dict[str, list[Any]]
    """By attribute: in base units, texts as they are; signals and batteries in dBm of RSRP or volts where the units of
    the file say so, last contacts in UTC."""
    further: dict[str, list[str | None]]
    """Columns that are not mapped or are about contacts, by what conditions call them; last contacts as ISO texts."""
    headers: dict[str, str]
    """The header of each of ``further``."""
    nameless: list[int] = field(default_factory=list)
    """Positions, from 1, of columns without a name that hold something."""
    pointed: dict[str, str] = field(default_factory=dict)
    """Of ``further`` those with a number with a point though the file's decimals have commas, with the first such cell:
    1.200 is 1200 there, or a version, so the column is text."""
    bare: set[str] = field(default_factory=set)
    """Of ``mapped`` those with a number that says no unit."""


@dataclass(frozen=True)
class Reading:
    """All that reading a file looks at beside its content: two that are equal read the same of the same content."""

    source: str
    """Its name."""
    where: str
    """What messages about its rows call it."""
    table: Table
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    missing: Sequence[str]
    leave_out: Sequence[str]
    latest: str | None
    decimal: str
    units: CellUnits
    dates: DateOrder
    sleep: Sleep | None
    """What sleeping devices have whose own timers are not given."""
    time_zone: str
    components: Sequence[str]
    """Identifiers of MCU components."""
    names: Mapping[str, Sequence[str]]
    """What a cell may name, by attribute."""

    @classmethod
    def of(cls, source: TableFleet, scenario: Scenario) -> Reading:
        """How the scenario reads this file."""
        return cls(
            source.name,
            source.place(scenario.base_dir),
            source.table(scenario.base_dir),
            source.columns,
            source.values,
            source.missing,
            source.leave_out,
            source.latest,
            source.decimal,
            source.units,
            source.dates,
            source.contact.sleep,
            scenario.time_zone,
            mcu_components(scenario),
            {
                "module": list(scenario.modules),
                "radio": list(scenario.radios),
                "host": list(scenario.hosts),
                "chemistry": CHEMISTRIES,
            },
        )

    def rows(self) -> DeviceRows:
        """Every mapped attribute and every further column; raises ScenarioError with every bad cell."""
        try:
            return _Pass(self).rows()
        except UnreadableFileError as error:
            place = f"fleet: {self.source}"
            raise ScenarioError([Problem(self.where, error.line, error.column, place, str(error))]) from None


def read_rows(source: TableFleet, scenario: Scenario) -> DeviceRows:
    """The rows of one file; raises ScenarioError with every bad cell."""
    return Reading.of(source, scenario).rows()


class _Pass:
    """One pass over a file."""

    def __init__(self, how: Reading) -> None:
        self._how, self._table = how, how.table
        self._header = self._table.header()
        at = {name: position for position, name in reversed(list(enumerate(self._header)))}
        self._positions = {attribute: at[column] for attribute, column in how.columns.items()}
        taken = _taken(how.columns)
        self._further = [i for i, name in enumerate(self._header) if name and name not in taken]
        names = [attribute_name(self._header[i], how.components) for i in self._further]
        self._rows = DeviceRows(
            [],
            {attribute: [] for attribute in how.columns},
            {name: [] for name in names},
            dict(zip(names, (self._header[i] for i in self._further), strict=True)),
        )
        self._complaints = _Complaints(how.where, self._header)
        self._values: dict[tuple[str, str], Any] = {}
        self._seen: dict[str, int] = {}
        self._missing = {word.lower() for word in how.missing}
        self._units: dict[str, str] = {
            "rssi": how.units.rssi,
            "battery": how.units.battery,
            "capacity": how.units.capacity,
            "contact_every": how.units.contact_every or "",
            **{timer: getattr(how.units, timer) or "" for timer in TIMERS},
        }
        self._zone = zone_info(how.time_zone)
        self._dated = self._positions.get("last_contact")

    def rows(self) -> DeviceRows:
        nameless = set[int]()
        unnamed = [i for i, name in enumerate(self._header) if not name]
        counting = None if self._how.latest is None else self._latest_lines(self._how.latest)
        for line, cells in self._devices():
            if len(cells) != len(self._header):
                message = f"{number_of(len(cells), 'field')} where the header has {len(self._header)}"
                if len(cells) > len(self._header):
                    message += self._table.too_wide
                self._complaints.add(line, 0, "width", message)
                continue
            if counting is not None and line not in counting:
                continue
            self._take(line, cells)
            nameless.update(i + 1 for i in unnamed if cells[i])
            if len(self._rows.lines) > MAX_ROWS:
                raise UnreadableFileError(f"has more than {MAX_ROWS:,} rows, the most that a fleet may have", line)
        if not self._rows.lines and not self._complaints:
            raise UnreadableFileError("has no rows under its header")
        self._check_timers()
        self._complaints.tell()
        self._rows.nameless.extend(sorted(nameless))
        return self._rows

    def _devices(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are of devices, without empty cells behind the last column."""
        width = len(self._header)
        for line, cells in self._table.rows():
            if self._how.leave_out and begins_with(cells, self._how.leave_out):
                continue
            while len(cells) > width and not cells[-1]:
                cells.pop()
            yield line, cells

    def _latest_lines(self, column: str) -> set[int]:
        """The line of the row of each device that counts; without a date a row is older than any that has one."""
        id_at, date_at = self._positions["id"], self._header.index(column)
        latest: dict[str, tuple[datetime, int]] = {}
        read: dict[str, datetime] = {}
        for line, cells in self._devices():
            if len(cells) != len(self._header):
                continue  # it is told when it is read
            text = "" if cells[date_at].lower() in self._missing else cells[date_at]
            if text and text not in read:
                try:
                    read[text] = moments.moment(text, self._how.dates, self._zone)
                except ValueError as error:
                    self._complaints.add(line, date_at + 1, "date", str(error))
                    continue
            at = read.get(text, _LONG_AGO)
            if at >= latest.get(cells[id_at], (at, 0))[0]:
                latest[cells[id_at]] = at, line
        return {line for _, line in latest.values()}

    def _check_timers(self) -> None:
        """Whether each device's own timers can be together."""
        asleep, mapped = self._how.sleep, [each for each in TIMERS if each in self._positions]
        if asleep is None or not mapped:
            return
        said: dict[tuple[float | None, ...], str] = {}
        for line, *own in zip(self._rows.lines, *(self._rows.mapped[each] for each in mapped), strict=True):
            wrong = said.get(tuple(own))
            if wrong is None:
                given: dict[str, Any] = {
                    name: value for name, value in zip(mapped, own, strict=True) if value is not None
                }
                wrong = said[tuple(own)] = asleep.model_copy(update=given).trouble()
            if wrong:
                self._complaints.add(line, self._positions[mapped[0]] + 1, "timers", wrong)

    def _take(self, line: int, cells: list[str]) -> None:
        self._rows.lines.append(line)
        if self._missing:
            cells = ["" if cell.lower() in self._missing else cell for cell in cells]
        for attribute, position in self._positions.items():
            text = cells[position]
            value = None
            try:
                if attribute == "id":
                    value = self._id(line, text)
                elif text and self._how.values.get(attribute, {}).get(text, text):
                    value = self._value(attribute, text)
            except CellError as error:
                if not self._says_total(line, cells):
                    self._complaints.add(line, position + 1, error.kind, str(error))
            self._rows.mapped[attribute].append(value)
        for position, (name, column) in zip(self._further, self._rows.further.items(), strict=True):
            text = cells[position]
            if position == self._dated:
                at = self._rows.mapped["last_contact"][-1]
                column.append(None if at is None else moments.iso(at))
                continue
            if text and not text.isprintable():
                message = f"{quoted(text)} holds a character that cannot be seen; remove it"
                self._complaints.add(line, position + 1, "unseen", message)
            if self._how.decimal == ",":
                if has_decimal_comma(text):
                    text = with_point(text)
                elif "." in text and is_number(text):
                    self._rows.pointed.setdefault(name, text)
            column.append(text or None)

    def _says_total(self, line: int, cells: list[str]) -> bool:
        """Whether a row with a bad cell is computed of those above it, which is told in place of what the cell is."""
        position = self._positions["id"]
        name = cells[position]
        if is_total(name):
            message = f"{quoted(name, 40)} names no device: the row is computed of others. Remove it, or write"
            self._complaints.add(line, position + 1, "total", f"{message} leave_out: [{quoted(name, 40)}]")
        return is_total(name)

    def _value(self, attribute: str, text: str) -> Any:
        """The value of a cell; one text is looked at once in a column, however many rows have it."""
        found = self._values.get((attribute, text))
        if found is None:
            found = self._read(attribute, self._how.values.get(attribute, {}).get(text, text))
            known = self._how.names.get(attribute)
            if known is not None and found not in known:
                raise CellError(
                    "", f"there is no {attribute} {quoted(text)}{did_you_mean(text, known)}{_map_it(attribute)}"
                )
            if len(self._values) < _REMEMBERED:
                self._values[attribute, text] = found
        return found

    def _read(self, attribute: str, text: str) -> Any:
        if attribute == "last_contact":
            try:
                return moments.moment(text, self._how.dates, self._zone)
            except ValueError as error:
                raise CellError("date", str(error)) from None
        if self._how.decimal == "," and is_measure(attribute) and self._units.get(attribute) != "csq":
            text = with_point(text)
        if is_measure(attribute) and is_bare(text):
            self._rows.bare.add(attribute)
        return value_of(attribute, text, self._units.get(attribute, ""))

    def _id(self, line: int, text: str) -> str:
        if not text:
            raise CellError("", "is empty; each device needs one")
        name: str = value_of("id", text)
        before = self._seen.setdefault(name, line)
        if before != line:
            raise CellError("", f"{quoted(text)} stands in line {before} already; keep one row of each device")
        return name


def _map_it(attribute: str) -> str:
    return f"; if it is called otherwise here, write values: {{{attribute}: {{...: ...}}}}"


class _Complaints:
    """What is wrong with cells, by column and kind: the first ones in full, the others counted."""

    def __init__(self, file: str, header: list[str]) -> None:
        self._file, self._header = file, header
        self._found: dict[tuple[int, str], list[Problem]] = {}
        self._more: dict[tuple[int, str], int] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int, position: int, kind: str, message: str) -> None:
        """A cell in column ``position``, from 1; 0: the whole row."""
        key = position, kind
        told = self._found.setdefault(key, [])
        if len(told) < (1 if kind in _TOLD_ONCE else _TOLD):
            name = self._header[position - 1] if position else ""
            told.append(Problem(self._file, line, max(position, 1), name, message))
        else:
            self._more[key] = self._more.get(key, 0) + 1

    def tell(self) -> None:
        """Raise ScenarioError if anything is wrong."""
        problems = []
        for (position, kind), told in self._found.items():
            *first, last = told
            more = self._more.get((position, kind), 0)
            what = ("cell" if more == 1 else "cells") + " of this column" if position else "row" + "s" * (more != 1)
            said = f"{last.message} (and {more:,} more {what})" if more else last.message
            problems += [*first, Problem(last.file, last.line, last.column, last.path, said)]
        if problems:
            raise ScenarioError(problems)
