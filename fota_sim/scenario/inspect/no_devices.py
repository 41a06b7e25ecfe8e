"""Rows of a table that are no devices: totals, comments, drawn lines, units, the line of column names again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.device_rows.written import begins_with, is_nothing, is_total
from fota_sim.scenario.inspect.findings import Findings

Row = tuple[int, list[str]]

_COMMENT = re.compile(r"#(?!\d)|//|--(?=[-+| ]|$)|\+-|==|\*\*")
_COUNT = re.compile(r"\(?\d[\d.,]* (rows?|records?|lines?|entries|devices?|items?|zeilen|datens.tze)\b.*", re.I)
_UNITS = frozenset(
    (
        *("dbm", "db", "%", "pct", "v", "mv", "mah", "ah", "°c", "c", "degc", "h", "min", "s", "d", "ms"),
        *("string", "text", "number", "int", "integer", "long", "double", "float", "bool", "boolean"),
        *("date", "datetime", "timestamp", "varchar", "utc", "iso8601", "einheit", "unit", "units"),
    )
)
_WITHIN = 2  # rows under the names in which units stand


@dataclass(frozen=True)
class _Found:
    row: Row
    begins: str
    why: str


def without_others(header: Sequence[str], rows: list[Row], findings: Findings) -> list[Row]:
    """The rows that may be devices; what others begin with is put into the block, where no device's row begins so."""
    found = [each for place, row in enumerate(rows) if (each := _no_device(header, row, place)) is not None]
    lines = {each.row[0] for each in found}
    rest = [row for row in rows if row[0] not in lines]
    kept = [row for row in rest if any(row[1])]
    for begins, count in Counter(each.begins for each in found).items():
        if any(begins_with(cells, [begins]) for _, cells in kept):
            continue  # a device begins so: nobody can tell them apart
        first = next(each for each in found if each.begins == begins)
        rows = [row for row in rows if not begins_with(row[1], [begins])]
        told = findings.block.get("leave_out", [])
        why = f"{number_of(count, 'row')}, the first in line {first.row[0]}, {first.why}"
        findings.put("leave_out", [*told, begins], why, "leave it out where these are devices", quoted(begins, 40))
    return rows


def _no_device(header: Sequence[str], row: Row, place: int) -> _Found | None:
    """Why a row is no device, and what it begins with; None for one that may be a device."""
    cells = row[1]
    filled = [cell for cell in cells if cell]
    if not filled:
        return None
    first = filled[0]
    mark = _COMMENT.match(first)
    if [cell.casefold() for cell in filled] == [name.casefold() for name in header if name]:
        return _Found(row, first, "has the names of the columns again")
    if mark is not None and (len(filled) * 2 <= len(header) or not any(map(_says_something, filled[1:]))):
        return _Found(row, mark[0], "begins as comments and drawn lines do")
    if place < _WITHIN and len(filled) > 1 and all(_is_unit(cell) for cell in filled):
        return _Found(row, first, "holds units and no values")
    if is_total(first):
        return _Found(row, first, "is computed of other rows")
    if _COUNT.fullmatch(first) and len(filled) == 1:
        return _Found(row, "(" if first.startswith("(") else first, "says how many rows there are")
    if len(filled) == 1 and len(cells) == 1 < len(header) - 1 and " " in first:
        words = re.split(r"\d", first, maxsplit=1)[0].strip()
        return _Found(row, words, "is a remark in a single cell") if words else None
    return None


def _says_something(cell: str) -> bool:
    return any(letter.isalnum() for letter in cell)


def _is_unit(cell: str) -> bool:
    return cell.casefold().strip("[]() ") in _UNITS or is_nothing(cell)
