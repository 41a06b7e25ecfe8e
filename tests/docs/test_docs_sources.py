"""The numbers of the page of sources are those that are built in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import sources_table

from fota_sim.scenario.libraries import builtin
from fota_sim.scenario.network import Protocol
from fota_sim.scenario.units import DURATION

SCALES = {("ms", "s"): 1e-3, ("mA", "uA"): 1e3, ("uA", "mA"): 1e-3}
"""Units of the built-in files as the page has them, where the two differ."""
_NUMBER = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?)\s*([a-zA-Z]*)")


class Cell(NamedTuple):
    """What the page says of one field of a module, and what is built in."""

    name: str
    field: str
    unit: str
    told: str
    value: Any


def cells() -> Iterator[Cell]:
    entries = builtin("modules")
    for table in re.findall(r"(?:^\|.*\n)+", sources_table.SOURCES.read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        for row in rows:
            unit = row[head.index("Unit")] if "Unit" in head else ""
            for name, told in zip(head, row, strict=True):
                if name in entries and row[0] in entries[name] and re.search(r"\d", told):
                    yield Cell(name, row[0], unit, told, entries[name][row[0]])


def numbers(text: str, unit: str) -> list[float]:
    """Each number of a text, in the unit of its row."""
    return [float(number) * SCALES.get((own, unit), 1.0) for number, own in _NUMBER.findall(text)]


CELLS = [*cells()]


def test_most_fields_are_looked_at() -> None:
    assert len(CELLS) > 60
    assert {each.name for each in CELLS} == {*builtin("modules")} - {"EC800K"}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name} {cell.field}")
def test_a_number_of_the_page_is_the_one_that_is_built_in(cell: Cell) -> None:
    told = numbers(cell.told.replace(",", "").replace("−", "-"), cell.unit)
    assert told == pytest.approx(numbers(str(cell.value), cell.unit))


def test_the_protocols_settings_are_its_defaults() -> None:
    page = sources_table.SOURCES.read_text(encoding="utf-8")
    rows = dict(
        re.findall(r"^\| (\w+) \| ([^|]+) \|", page.partition("\n## Protocol\n")[2].partition("\n## ")[0], re.MULTILINE)
    )
    fields = Protocol.model_fields
    told = {name: said for name, said in rows.items() if name in fields}
    assert len(told) > 9
    for name, said in told.items():
        default = fields[name].default
        as_told = DURATION.parse(said) if isinstance(default, float) else {"yes": True, "no": False}.get(said, said)
        assert str(as_told) == str(default), name
