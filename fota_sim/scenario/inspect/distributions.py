"""What devices of a file look like: numbers and names of its columns, as the block reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from fota_sim.scenario import moments
from fota_sim.scenario.device_rows.cells import has_decimal_comma, value_of, with_point
from fota_sim.scenario.inspect.findings import Column, Findings

_MOST_NAMES = 12

_UNITS = {
    "rssi": "dBm",
    "battery": "%",
    "temperature": "C",
    "capacity": "mAh",
    "last_contact": "d ago",
    "contact_every": "h",
}
_TITLES = {
    "rssi": "Signal",
    "battery": "Battery",
    "temperature": "Temperature",
    "capacity": "Capacity",
    "last_contact": "Last contact",
    "contact_every": "Time between contacts",
}


@dataclass(frozen=True)
class Distribution:
    """One column: numbers in a unit, or names, with how many devices have each."""

    title: str
    header: str
    unit: str = ""
    numbers: Counter[float] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    """Devices that say nothing."""
    limit: float | None = None
    """A border that matters: the age from which a device is gone."""

    @property
    def count(self) -> int:
        """Devices that say something."""
        return sum(self.numbers.values()) + sum(self.names.values())

    def median(self) -> float:
        """The middle one of the numbers, the lower of two."""
        half, seen = (self.count + 1) // 2, 0
        for value in sorted(self.numbers):
            seen += self.numbers[value]
            if seen >= half:
                return value
        return float("nan")


def distributions(columns: Sequence[Column], findings: Findings, zone: tzinfo) -> list[Distribution]:
    """What is known of the devices, numbers first; columns with many different names are left out."""
    mapped = {attribute: header for attribute, header in findings.block.get("columns", {}).items() if attribute != "id"}
    at = {each.header: each for each in reversed(columns)}
    found = []
    for attribute, header in mapped.items():
        if attribute in _TITLES:
            found.append(_numbers(attribute, at[header], findings, zone))
    for attribute, header in mapped.items():
        if attribute not in _TITLES:
            found.append(_names(attribute, at[header], findings))
    taken = set(findings.block.get("columns", {}).values())
    others = [each for each in columns if each.header not in taken and 1 < len(each.counts) <= _MOST_NAMES]
    found += [_names("", each, findings) for each in others]
    return [each for each in found if each.count and len(each.names) <= 50 * _MOST_NAMES]


def _numbers(attribute: str, column: Column, findings: Findings, zone: tzinfo) -> Distribution:
    read, unit = _reader(attribute, findings, zone)
    says = _says(attribute, findings)
    numbers: Counter[float] = Counter()
    for cell, times in column.counts.items():
        text = says(cell)
        try:
            value = read(text) if text else None
        except ValueError:
            continue
        if value is not None:
            numbers[value] += times
    missing = len(column.cells) - sum(numbers.values())
    limit = None
    if attribute == "last_contact":
        limit = moments.seconds(findings.block["gone_after"]) / 86_400.0
    return Distribution(_TITLES[attribute], column.header, unit, numbers, missing=missing, limit=limit)


def _reader(attribute: str, findings: Findings, zone: tzinfo) -> tuple[Callable[[str], float | None], str]:
    """How a cell becomes a number that is shown, and its unit."""
    block = findings.block
    unit = block.get("units", {}).get(attribute, "")
    if attribute == "last_contact":
        said = datetime.fromisoformat(block["as_of"])
        as_of = said if said.tzinfo is not None else said.replace(tzinfo=zone)
        order = block.get("dates", "ymd")
        return lambda text: (as_of - moments.moment(text, order, zone)).total_seconds() / 86_400.0, _UNITS[attribute]
    factor = {"contact_every": 1 / 3600.0, "battery": 1.0 if unit in ("V", "mV") else 100.0}.get(attribute, 1.0)
    comma = block.get("decimal") == ","

    def read(text: str) -> float | None:
        has_comma = comma and unit != "csq" and has_decimal_comma(text)
        value = value_of(attribute, with_point(text) if has_comma else text, unit)
        return None if value is None else float(value) * factor

    shown = "V" if unit in ("V", "mV") else "dBm RSRP" if unit == "rsrp" else _UNITS[attribute]
    return read, shown


def _says(attribute: str, findings: Findings) -> Callable[[str], str]:
    values = findings.block.get("values", {}).get(attribute, {})
    missing = {word.casefold() for word in findings.block.get("missing", ())}
    return lambda cell: "" if cell.casefold() in missing else values.get(cell, cell)


def _names(attribute: str, column: Column, findings: Findings) -> Distribution:
    says = _says(attribute, findings)
    names: Counter[str] = Counter()
    for cell, times in column.counts.items():
        if name := says(cell):
            names[name] += times
    title = attribute.replace("_", " ").replace("mcu:", "MCU ").capitalize() if attribute else column.header
    return Distribution(title, column.header, names=names, missing=len(column.cells) - sum(names.values()))
