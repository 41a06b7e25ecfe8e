"""What a single cell may be: a number as people write it, a date, a word for nothing."""

from __future__ import annotations

import re

NOTHING = frozenset(
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
            "(null)",
        ],
        *["#value!", "#ref!", "#div/0!", "#name?", "inconnu", "desconocido"],
        *("k. a.", "keine angabe", "not available", "no data", "nicht verfügbar", "n. a.", "无", "未知"),
    )
)
"""Words for a value that is not there, in small letters."""

_NUMBER = re.compile(r"([-+\u2212]?\d{1,15}(?:([.,])\d{1,12})?)\s*([^\d\s.,;:/-]{1,4})?", re.ASCII)
_GROUPED = re.compile(r"[-+\u2212]?[1-9]\d{0,2},\d{3}\b\s*\D*", re.ASCII)
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(\D.*)?", re.ASCII)
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")


def is_nothing(text: str) -> bool:
    """Whether a cell is one of the usual words for a missing value."""
    return text.casefold() in NOTHING


def number(text: str) -> tuple[float, str, str] | None:
    """A number, its decimal separator and its unit, each '' where there is none; None for what is no number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return float(match[1].replace(",", ".").replace("\u2212", "-")), match[2] or "", match[3] or ""


def may_be_grouped(text: str) -> bool:
    """Whether the comma of a number may as well separate thousands: 8,500 is eight and a half, or 8500."""
    return _GROUPED.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether a cell is written as dates are."""
    return _DATE.fullmatch(text) is not None


def is_rounded(text: str) -> bool:
    """Whether a cell is a number in powers of ten."""
    return _EXPONENT.fullmatch(text) is not None


def looks_like_data(text: str) -> bool:
    """Whether a cell is rather a value than the name of a column."""
    return number(text) is not None or is_date(text) or is_rounded(text) or is_nothing(text) or len(text) > 80
