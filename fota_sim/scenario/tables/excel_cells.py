"""One cell of a workbook as the text that a person sees there, with all its digits."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from fota_sim.scenario.signs import with_blanks

_ZEROS = re.compile(r"0{2,30}")
_DECIMALS = re.compile(r"#*0\.(0{1,9})")
_DIGITS_KEPT = 1e15  # whole numbers from here on have digits that a workbook does not hold


def text_of(cell: Any) -> str:
    """The text of an openpyxl cell; '' for an empty one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isalnum() else with_blanks(" ".join(value.split()))  # breaks are blanks to who reads it
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(float(value), str(cell.number_format or ""))
    return _moment(value)


def _number(value: float, shown_as: str) -> str:
    if value == round(value) and abs(value) >= _DIGITS_KEPT:
        return f"{value:.14E}"  # an id here has lost its last digits, and is told so
    first = shown_as.split(";", maxsplit=1)[0]
    if first.endswith("%"):
        return f"{100.0 * value:.13g}%"
    text = f"{value:.15g}"
    decimals = _DECIMALS.fullmatch(first)
    if decimals is not None and "." in text and "e" not in text:  # 1.1 that is shown as 1.10 is a version
        whole, _, part = text.partition(".")
        return f"{whole}.{part.ljust(len(decimals[1]), '0')}"
    if _ZEROS.fullmatch(first) and text.isdecimal():
        return text.zfill(len(first))
    return text if "e" not in text else f"{value:.20f}".rstrip("0").rstrip(".")


def _moment(value: Any) -> str:
    """Dates as ISO has them, to the second; durations in hours, minutes and seconds."""
    if isinstance(value, datetime):
        at = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return at.date().isoformat() if at.time() == time() else at.isoformat(sep=" ")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        sign = "-" if seconds < 0 else ""
        return f"{sign}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02d}:{abs(seconds) % 60:02d}"
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
