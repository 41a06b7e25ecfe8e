"""A column of numbers: its values, how they are written, and the cells that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.device_rows.written import is_nothing, may_be_grouped
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.values import number

_MOST_WORDS = 3  # different words among numbers that are taken for missing values


@dataclass
class Measure:
    """Numbers with how often they stand in a column."""

    column: Column
    values: Counter[float] = field(default_factory=Counter)
    cells: dict[float, str] = field(default_factory=dict)
    """A cell of each value."""
    units: Counter[str] = field(default_factory=Counter)
    """Of cells that name one, in small letters."""
    commas: int = 0
    points: int = 0
    nothing: Counter[str] = field(default_factory=Counter)
    """Usual words for a missing value."""
    words: Counter[str] = field(default_factory=Counter)
    """Other cells that are no number."""

    @property
    def grouped(self) -> str:
        """One of its numbers, if all that have a comma may have it between thousands; '' otherwise."""
        commas = [cell for cell in self.column.counts if "," in cell and number(cell) is not None]
        return commas[0] if commas and all(map(may_be_grouped, commas)) else ""

    @property
    def count(self) -> int:
        """How many cells are numbers."""
        return sum(self.values.values())

    @property
    def low(self) -> float:
        """The smallest number."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest number."""
        return max(self.values)

    def share(self, low: float, high: float) -> float:
        """The share of numbers from ``low`` to ``high``."""
        return sum(n for value, n in self.values.items() if low <= value <= high) / max(1, self.count)

    def whole(self) -> bool:
        """Whether no number has decimals."""
        return all(value == round(value) for value in self.values)

    def span(self) -> str:
        """From where to where it goes, in words."""
        return f"{self.low:g} to {self.high:g}"


def measured(column: Column) -> Measure | None:
    """The column as numbers; None if most of its cells are none."""
    found = Measure(column)
    for cell, times in column.counts.items():
        read = number(cell)
        if read is not None:
            value, separator, unit = read
            found.values[value] += times
            found.cells.setdefault(value, cell)
            found.commas += times * (separator == ",")
            found.points += times * (separator == ".")
            if unit:
                found.units[unit.casefold()] += times
        elif is_nothing(cell):
            found.nothing[cell] += times
        else:
            found.words[cell] += times
    others = sum(found.words.values())
    return found if found.count and others <= 0.3 * (found.count + others) else None


def take_words(found: Measure, attribute: str, findings: Findings) -> str:
    """Say of cells that are no number what becomes of them; why the column cannot be read, '' if it can."""
    if found.words and (len(found.words) > _MOST_WORDS):
        return f"{cells_are(found.column, [word for word, _ in found.words.most_common()])} no number"
    for word, times in (found.nothing | found.words).items():
        if word in found.nothing:
            _missing(word, times, found.column.header, findings)
        else:
            says_nothing(attribute, word, times, f"is no number, and stands among {found.count:,} that are", findings)
    return ""


def other_units(found: Measure, known: Sequence[str]) -> str:
    """What is wrong with units behind the numbers but for ``known``, in small letters; '' if there are none."""
    others = [unit for unit in found.units if unit not in known]
    return (
        f"its numbers are in {listed(quoted(unit) for unit in others)}, and {listed(known)} can be read"
        if others
        else ""
    )


def says_nothing(attribute: str, cell: str, times: int, why: str, findings: Findings) -> None:
    """Take one cell of a column for a missing value."""
    values = findings.block.setdefault("values", {}).setdefault(attribute, {})
    values[cell] = ""
    instead = f"what it means: values: {{{attribute}: {{{quoted(cell)}: ...}}}}"
    findings.put(
        f"values.{attribute}",
        values,
        f"{quoted(cell, 30)} ({number_of(times, 'cell')}) {why}",
        instead,
        f"{cell} is missing",
    )


def thousands(found: Measure) -> str:
    """Why numbers are not read whose comma may be one of thousands."""
    return (
        f"is the comma of {found.grouped} one of thousands, or of decimals? Export numbers without separators of "
        "thousands"
    )


def cells_are(column: Column, bad: Sequence[str]) -> str:
    """The beginning of a sentence about some cells of a column, which goes on with what they are."""
    count = sum(column.counts[cell] for cell in bad)
    examples = listed(quoted(cell, 20) for cell in bad[:3])
    return f"{number_of(count, 'cell')} of it ({examples}) {'is' if count == 1 else 'are'}"


def _missing(word: str, times: int, header: str, findings: Findings) -> None:
    known = findings.block.setdefault("missing", [])
    if word.casefold() not in {each.casefold() for each in known}:
        known.append(word)
        why = f"{number_of(times, 'cell')} of {quoted(header, 40)}, whose others are values"
        findings.put("missing", known, why, "leave it out if it is a value in some column", word)
