"""How cells of tables are written by those who export them: words for nothing, commas that may mean two things."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fota_sim.scenario.signs import DASHES

_NOTHING = frozenset(
    (
        *[
            "n/a",
            "#n/a",
            "na",
            "n.a.",
            "n.v.",
            "nan",
            "null",
            "none",
            "nil",
            "-",
            "--",
            "---",
            "?",
            "unknown",
            "unbekannt",
            "k.a.",
            "undefined",
            "<null>",
            "\\n",
            "(null)",
        ],
        *["#value!", "#ref!", "#div/0!", "#name?", "inconnu", "desconocido"],
        *("k. a.", "keine angabe", "not available", "no data", "nicht verfügbar", "n. a.", "无", "未知"),
    )
)
"""Words for a value that is not there, in small letters."""

_TOTALS = frozenset(
    (
        *("total", "totals", "subtotal", "sum", "average", "avg", "mean", "median", "count", "min", "max", "std"),
        *("summe", "gesamt", "gesamtergebnis", "zwischensumme", "mittelwert", "durchschnitt", "anzahl", "insgesamt"),
        *("somme", "moyenne", "nombre", "total général", "suma", "promedio", "totale", "somma", "totaal", "gemiddelde"),
        *("razem", "średnia", "合計", "平均", "合计", "总计", "平均值", "итого", "среднее"),
    )
)
"""What lines under a table are called, in small letters."""

_NEVER = re.compile(
    r"never|nie|niemals|jamais|nunca|mai|0{1,4}(\.0+)?|(0001-01-01|1970-01-01|1900-01-0[01]|9999-12-31)(?!\d).*", re.I
)
"""Words, and the first and last days of calendars that platforms give what never was."""
_OF_SO_MANY = re.compile(r" (?:of|von|de|di) \d.*| ?\(\d.*")
_GROUPED = re.compile(rf"[-+{DASHES}]?[1-9]\d{{0,2}},\d{{3}}\D*", re.ASCII)
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(\D.*)?", re.ASCII)
_WITH_POINT = re.compile(r"\d{4,}\.0", re.ASCII)
_IN_THOUSANDS = re.compile(r"\d{1,3}(?:([,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_VOLTS = (2.0, 5.0)  # a battery's voltage, from an empty Li-SOCl2 cell to a charger's
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")


def is_nothing(text: str) -> bool:
    """Whether a cell is one of the usual words for a missing value."""
    return text.casefold() in _NOTHING


def is_never(text: str) -> bool:
    """Whether a cell in place of a time says that there was none.

    >>> is_never("never"), is_never("0001-01-01T00:00:00Z"), is_never("0"), is_never("1990-01-01")
    (True, True, True, False)
    """
    return _NEVER.fullmatch(text) is not None


def may_be_grouped(text: str) -> bool:
    """Whether the comma of a number may as well separate thousands: 8,500 is eight and a half, or 8500."""
    return _GROUPED.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether a cell is written as dates are."""
    return _DATE.fullmatch(text) is not None


def as_number(name: str) -> str:
    """How an id is written that a program took for a number, or somebody kept from being one; ``""`` for others."""
    if _WITH_POINT.fullmatch(name):
        return "with .0 at the end"
    if name.startswith("'") and name[1:].isdecimal():
        return "with an apostrophe before its digits"
    grouped = _IN_THOUSANDS.fullmatch(name)
    if grouped is None:
        return ""
    what = "commas" if grouped[1] == "," else "blanks" if grouped[1].isspace() else "apostrophes"
    return f"with {what} between digits"


def is_total(text: str) -> bool:
    """Whether a cell names what is computed of the rows above it, and no device.

    >>> is_total("Total:"), is_total("Gesamt"), is_total("total-3"), is_total("Average of 40")
    (True, True, False, True)
    """
    word = text.casefold().strip(" :=").removeprefix("grand ")
    return _OF_SO_MANY.sub("", word) in _TOTALS


def begins_with(cells: Sequence[str], beginnings: Sequence[str]) -> bool:
    """Whether the first cell of a row that is not empty begins with one of the texts."""
    first = next(filter(None, cells), "")
    return any(first.startswith(each) for each in beginnings)


def is_rounded(text: str) -> bool:
    """Whether a cell is a number in powers of ten, as a spreadsheet makes them of long ones."""
    return _ROUNDED.fullmatch(text) is not None


def are_shares(levels: Collection[float]) -> bool:
    """Whether numbers that are to be per cent look like shares of 1."""
    return len(levels) > 0 and max(levels) <= 1.0 and any(0.0 < level < 1.0 for level in levels)


def parts_among_percents(levels: Collection[float]) -> int:
    """How many numbers that are to be per cent are parts of 1, where all above 1 are whole; 0 where one is not.

    >>> parts_among_percents([0.5, 98.0, 64.0]), parts_among_percents([0.5, 98.5]), parts_among_percents([0.5, 0.9])
    (1, 0, 0)
    """
    above = [level for level in levels if level > 1.0]
    return sum(0.0 < level < 1.0 for level in levels) if above and not any(level % 1.0 for level in above) else 0


def are_volts(levels: Collection[float]) -> bool:
    """Whether numbers that are to be per cent look like the voltage of a battery.

    >>> are_volts([3.6, 3.52]), are_volts([3.0, 4.0]), are_volts([3.6, 87.5])
    (True, False, False)
    """
    low, high = _VOLTS
    return len(levels) > 0 and low <= min(levels) and max(levels) <= high and any(level % 1.0 for level in levels)
