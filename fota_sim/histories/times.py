"""Times of a log as seconds since 1970: ISO 8601, numbers, and dates as spreadsheets have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.scenario.device_rows.written import is_never, is_nothing
from fota_sim.scenario.moments import COUNTED, PER_SECOND, DateOrder, moment

Seconds = NDArray[np.float64]
_EARLIEST_S, _LATEST_S = 631_152_000.0, 7_258_118_400.0
"""1990 and 2200: no module is older, and scenarios end there."""
_YEARS = 1678, 2261
"""Between which pandas counts nanoseconds."""
_SHEET_DAYS = 32_874.0, 109_574.0
"""The same in days of a spreadsheet."""
_OFFSET = r"(?:Z|z|UTC|GMT|[+-]\d\d:?\d\d|:\d\d(?:[.,]\d{1,9})?\s*[+-]\d\d)$"
_LOCAL = r"\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?)?"
"""Dates of ISO 8601 without an offset, and nothing else: a column of which some have one is no column for pandas."""
_NUMBER = r"\d{1,20}(?:\.\d{1,12})?"
_BASIC = r"(?:19|20)\d{6}(?:\d{6})?"
"""A date without signs between its parts, and no number: 20260131235900."""
_AT_24 = r"\d{4}-\d\d-\d\d[T ]24:00(?::00(?:[.,]0{1,9})?)?(?!\d|[:.,]\d)"
"""Midnight as the end of a day, as ISO 8601 has it."""

_NAMED_ZONE = re.compile(r"\d[\d\-./:T ]*\d\s*(?!AM$|PM$)([A-Z]{2,5})")
"""A time with the letters of a zone behind it: 2026-01-31 23:59 CET."""


@dataclass(frozen=True)
class Clock:
    """How times without a unit or an offset are meant."""

    zone: tzinfo = UTC
    """Of times without an offset."""
    order: DateOrder = "ymd"
    """Of dates whose year does not come first."""
    numbers: DateOrder = "unix"
    """What numbers count since 1970, where ``order`` does not say it."""


@dataclass(frozen=True)
class Parsed:
    """A column of times."""

    seconds: Seconds
    """NaN where none is, or none that can be read."""
    wrong: NDArray[np.bool_]
    """Where something stands that is no time."""
    bare: int
    """How many that are read have no offset."""
    offset: int
    """How many of them say theirs."""


def parse_times(values: Sequence[Any], clock: Clock) -> Parsed:
    """Read a column whose cells are texts, numbers or None; ``values`` and the result have shape (rows,)."""
    seconds = np.full(len(values), np.nan)
    cells = pd.Series(values, dtype=object)
    texts = cells.where(cells.map(lambda cell: isinstance(cell, str)), "").astype("str").str.strip()
    texts = texts.mask(texts.map(says_no_time), "")
    at_24 = texts.str.match(_AT_24)
    texts = texts.mask(at_24, texts[at_24].map(_day_after))
    is_number = cells.map(_counts).to_numpy(bool)
    seconds[is_number] = _numbers(cells[is_number].to_numpy(np.float64), clock.numbers)
    says = (texts != "").to_numpy(bool)
    unit = _unit(clock)
    digits = says & texts.str.fullmatch(_NUMBER).to_numpy(bool)
    if clock.order not in PER_SECOND:
        digits &= ~texts.str.fullmatch(_BASIC if clock.order != "excel" else _NUMBER).to_numpy(bool)
    seconds[digits] = _numbers(texts[digits].to_numpy(np.float64), unit)
    dates = says & ~digits
    aware = dates & texts.str.contains(_OFFSET).to_numpy(bool)
    seconds[aware] = _seconds(pd.to_datetime(texts[aware], format="ISO8601", utc=True, errors="coerce"))
    bare = dates & ~aware
    iso = bare & texts.str.fullmatch(_LOCAL).to_numpy(bool)
    local = pd.to_datetime(texts[iso], format="ISO8601", errors="coerce")
    seconds[iso] = _seconds(local.dt.tz_localize(clock.zone, ambiguous="NaT", nonexistent="NaT"))
    unread = dates & np.isnan(seconds)
    unread[iso] &= local.isna().to_numpy(bool)  # one that clocks skip, or have twice, was read and is none
    _read_others(seconds, unread, texts, clock)
    within = np.asarray((seconds >= _EARLIEST_S) & (seconds <= _LATEST_S), np.bool_)
    said = says | (is_number & cells.notna().to_numpy(bool))
    seconds[~within] = np.nan
    return Parsed(seconds, said & ~within, int((bare & within).sum()), int((aware & within).sum()))


def _day_after(text: str) -> str:
    """A time at 24:00 as the beginning of the next day, which it is.

    >>> _day_after("2025-12-31T24:00:00Z"), _day_after("2025-02-30 24:00")
    ('2026-01-01T00:00:00Z', '2025-02-30 24:00')
    """
    try:
        day = date.fromisoformat(text[: len("2026-01-31")]) + timedelta(days=1)
    except (ValueError, OverflowError):
        return text
    return f"{day}{text[len('2026-01-31')]}00{text[len('2026-01-31T24') :]}"


def _counts(cell: object) -> bool:
    """Whether a cell is a number that is a time; 0 is none."""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and cell != 0


def says_no_time(cell: str) -> bool:
    """Whether a cell says that there is no time: it is empty, a word for nothing, or the zero of a calendar.

    >>> says_no_time("-"), says_no_time("0001-01-01T00:00:00Z"), says_no_time("0"), says_no_time("soon")
    (True, True, True, False)
    """
    text = cell.strip()
    return not text or is_nothing(text) or is_never(text)


def why_no_time(cell: object, clock: Clock) -> str:
    """Why a cell is no time, and what would do."""
    text = str(cell).strip()
    if re.fullmatch(_NUMBER, text):
        number, unit = float(text), _unit(clock)
        others = [each for each, per in PER_SECOND.items() if _EARLIEST_S <= number / per <= _LATEST_S]
        if others:
            return f"no time in {COUNTED[unit]} since 1970, but one in {COUNTED[others[0]]}; say --dates {others[0]}"
        if _SHEET_DAYS[0] <= number <= _SHEET_DAYS[1]:
            return "a number that is no time since 1970, but a day in a spreadsheet; say --dates excel"
        return "a number that is no time since 1970; export dates as 2026-01-31 23:59"
    if clock.order == "ymd" and re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text):
        return "a date whose year does not come first; say --dates dmy (31.12.2025) or mdy (12/31/2025)"
    if named := _NAMED_ZONE.fullmatch(text):
        return f"in a zone by its letters, {named[1]}, which several zones have; export offsets, such as +01:00"
    return "no time, or one that does not exist or comes twice when clocks change"


def _unit(clock: Clock) -> DateOrder:
    return clock.order if clock.order in PER_SECOND else clock.numbers


def _numbers(numbers: Seconds, unit: DateOrder) -> Seconds:
    return numbers / PER_SECOND[unit]


def _seconds(moments: Any) -> Seconds:
    """Seconds since 1970 of a series with a zone; NaN for none, and for years that no log has."""
    moments = moments.where(moments.dt.year.between(_YEARS[0], _YEARS[1]))
    since = (moments.dt.tz_convert("UTC") - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return np.asarray(since, np.float64)


def _read_others(seconds: Seconds, which: NDArray[np.bool_], texts: Any, clock: Clock) -> None:
    """Dates that are none of ISO's, each different one once."""
    order: DateOrder = clock.order if clock.order not in PER_SECOND else "ymd"
    known: dict[str, float] = {}
    for place in np.flatnonzero(which):
        text = str(texts.iat[place])
        if text not in known:
            try:
                known[text] = moment(text, order, clock.zone).timestamp()
            except ValueError:
                known[text] = np.nan
        seconds[place] = known[text]
