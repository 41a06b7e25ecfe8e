"""What docs/sources.md says of the value of a field: its grade, and the section that has its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).parents[1] / "sources.md"
SECTIONS = {
    "Radio": ("Radio",),
    "Module": ("Module", "Energy", "Upgrade"),
    "Battery": ("Battery",),
    "Strategy": ("Plan",),
    "Plan": ("Plan",),
    "Package": ("Plan",),
    "Component": ("Plan",),
    "Server": ("Plan",),
    "Protocol": ("Protocol",),
    "Host": ("Host and fleet",),
    "Contact": ("Host and fleet",),
    "Group": ("Host and fleet",),
    "CsvFleet": ("Host and fleet",),
    "ExcelFleet": ("Host and fleet",),
    "Prices": ("Host and fleet",),
}
"""Sections that tell of the fields of each part of a scenario; the others have no value that came from somewhere."""
_GRADE = re.compile(r"\[A\]|\b[RCG]\b")


class Row(NamedTuple):
    """One line of a table."""

    section: str
    names: frozenset[str]
    grades: tuple[str, ...]
    """R, C, G or [A], as the page defines them; empty where the table has no column for it."""


def sources_of(part: str, field: str) -> tuple[tuple[str, ...], str]:
    """All grades that the values of a field of this part have, and the section; both empty if the page has neither."""
    found = [row for row in _rows() if row.section in SECTIONS.get(part, ()) and field in row.names]
    grades = tuple(dict.fromkeys(grade for row in found for grade in row.grades))
    return grades, found[0].section if found else ""


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(_read(SOURCES.read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Row]:
    section, basis = "", None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells or set(cells[0]) <= {"-"}:
            continue
        if number + 1 < len(lines) and lines[number + 1].startswith("|--"):
            basis = next((place for place, name in enumerate(cells) if "asis" in name), None)
            continue
        names = frozenset(re.findall(r"\w+", cells[0].rsplit(".", 1)[-1]))
        grades = () if basis is None else tuple(_GRADE.findall(cells[basis]))
        yield Row(section, names, grades)
