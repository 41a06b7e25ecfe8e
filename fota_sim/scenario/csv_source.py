"""Rows of a real fleet: typed cells, unknowns, and every bad row by its line number."""

from __future__ import annotations

import csv
import difflib
from pathlib import Path
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.scenario import units
from fota_sim.scenario.fleet import CsvFleet
from fota_sim.scenario.units import Unit

_YES = {"true": True, "yes": True, "1": True, "y": True, "false": False, "no": False, "0": False, "n": False}

# attribute: unit of its cells, lowest and highest value in that unit; bare numbers are in the unit.
_NUMBERS: dict[str, tuple[Unit, float, float]] = {
    "rssi": (units.LEVEL, -150.0, 0.0),
    "rssi_sd": (units.DECIBEL, 0.0, 40.0),
    "battery": (units.RATIO, 0.0, 1.0),
    "capacity": (units.CHARGE, 1.0, 1e7),
    "temperature": (units.TEMPERATURE, -60.0, 125.0),
}
_TEXTS = ("id", "hardware", "firmware", "cell", "time_zone", "module", "radio", "host", "chemistry")
MAPPABLE = ("id", "rssi", "rssi_sd", "battery", "capacity", "temperature", "mains", *_TEXTS[1:])
"""Attributes that a column may hold, beside mcu:<component>."""


def read_header(source: CsvFleet, base_dir: Path) -> list[str]:
    """The column names, or nothing where the file cannot be read (which ``header_problems`` says)."""
    try:
        with (base_dir / source.file).open(newline="", encoding="utf-8-sig") as file:
            return next(csv.reader(file, delimiter=source.delimiter), [])
    except (OSError, UnicodeDecodeError):
        return []


def header_problems(source: CsvFleet, base_dir: Path) -> list[tuple[tuple[str, ...], str]]:
    """What is wrong with the file or the mapping before any row is read, as (path in the CSV block, message)."""
    path = base_dir / source.file
    if not path.is_file():
        return [(("file",), f"{source.file}: no such file; it is looked for beside the scenario")]
    header = read_header(source, base_dir)
    if not header:
        return [(("file",), f"{source.file}: no header line of column names in UTF-8")]
    found: list[tuple[tuple[str, ...], str]] = []
    if "id" not in source.columns:
        found.append((("columns",), "id is missing: say which column names the device, for example id: IMEI"))
    for attribute, column in source.columns.items():
        if attribute not in MAPPABLE and not attribute.startswith("mcu:"):
            found.append((("columns", attribute), f"cannot be read from a file; mappable are {', '.join(MAPPABLE)}"))
        elif column not in header:
            close = difflib.get_close_matches(column, header, n=1, cutoff=0.4)
            hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(header)}"
            found.append((("columns", attribute), f"{source.file} has no column {column!r}; {hint}"))
    return found


def _cell(attribute: str, text: str) -> Any:
    """One cell as a value in base units; raises ValueError."""
    if attribute in _NUMBERS:
        unit, low, high = _NUMBERS[attribute]
        if "_" in text:
            raise ValueError(f"{text!r} is not a number")
        try:
            value = float(text) * unit.factors[unit.symbol]
        except ValueError:
            value = unit.parse(text)
        if not low <= value <= high:
            raise ValueError(f"{text} is outside {unit.format(low)} to {unit.format(high)}")
        return value
    if attribute == "mains":
        if text.lower() not in _YES:
            raise ValueError(f"{text!r} is not yes or no")
        return _YES[text.lower()]
    return text


def _attribute(header: str, by_column: dict[str, str], source: CsvFleet) -> str:
    """What a column is called in the fleet; one that only looks like an attribute is set apart by ``csv_``."""
    if header in by_column:
        return by_column[header]
    return f"csv_{header}" if header in MAPPABLE or header in source.columns else header


def read_csv_rows(source: CsvFleet, base_dir: Path) -> dict[str, list[Any]]:
    """Every mapped attribute and every further column as a list, None where a cell is empty.

    Raises ScenarioError with every bad row.
    """
    path = base_dir / source.file
    problems: list[Problem] = []
    by_column = {column: attribute for attribute, column in source.columns.items()}
    seen: dict[str, int] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, delimiter=source.delimiter)
        header = next(reader)
        names = [_attribute(name, by_column, source) for name in header]
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for number, row in enumerate(reader):
            if source.limit is not None and number >= source.limit:
                break
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                problems.append(
                    Problem(str(path), reader.line_num, 1, "", f"{len(row)} fields where the header has {len(header)}")
                )
                continue
            for position, (attribute, cell) in enumerate(zip(names, row, strict=True), start=1):
                text = cell.strip()
                value: Any = None
                try:
                    mapped = header[position - 1] in by_column
                    value = (_cell(attribute, text) if mapped else text) if text else None
                except ValueError as error:
                    problems.append(Problem(str(path), reader.line_num, position, header[position - 1], str(error)))
                if attribute == "id":
                    if not text:
                        value = ""
                        problems.append(
                            Problem(str(path), reader.line_num, position, "id", "is empty; each device needs one")
                        )
                    elif text in seen:
                        problems.append(
                            Problem(
                                str(path),
                                reader.line_num,
                                position,
                                "id",
                                f"{text!r} stands in line {seen[text]} already",
                            )
                        )
                    seen.setdefault(text, reader.line_num)
                columns[attribute].append(value)
    if not columns["id"] and not problems:
        problems.append(Problem(str(path), 0, 0, "", "has no rows under its header"))
    if problems:
        raise ScenarioError(problems)
    return columns
