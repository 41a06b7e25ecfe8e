"""Dates and durations as exports write them: a moment in UTC, a number of seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

from fota_sim.quoting import quoted
from fota_sim.scenario import units

DateOrder = Literal["ymd", "dmy", "mdy", "unix", "unix_ms"]
"""What comes first in a date: year, day or month; or seconds, or milliseconds, since 1970."""

_CLOCK = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s*([AaPp])?(?:\.?[Mm]\.?)?"
_END = rf"(?:(?:T|[ ,]+){_CLOCK})?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
_NUMBERS = re.compile(rf"(\d{{1,4}})([-./])(\d{{1,2}})\2(\d{{1,4}})\.?{_END}", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[ .-]+([A-Za-z]{{3,9}})[ .,-]+(\d{{4}}){_END}", re.ASCII)
_MONTH_FIRST = re.compile(rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}}),? (\d{{4}}){_END}", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ELSEWHERE = timezone(timedelta(hours=1))
_EARLIEST, _LATEST = 1990, 2200  # no module is older; a scenario's start ends there too

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_WORDS = {
    "s": "s sec secs second seconds sekunde sekunden",
    "min": "m min mins minute minutes minuten",
    "h": "h hr hrs hour hours std stunde stunden",
    "d": "d day days t tag tage tagen",
}
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([A-Za-z]{1,8})\.?", re.ASCII)
_HOURS = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_ISO_8601 = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?", re.ASCII)


def moment(text: str, order: DateOrder, zone: tzinfo) -> datetime:
    """When a cell says that something was, in UTC; one without an offset is in ``zone``.

    A date with the year first, or with the month's name, is read whatever the order. Raises ValueError that says what
    would do.
    """
    if order in ("unix", "unix_ms"):
        return _since_1970(text, order)
    found = _NUMBERS.fullmatch(text)
    if found is not None:
        year, month, day = _ordered(text, (found[1], found[3], found[4]), order)
        rest = found.groups()[4:]
    elif (found := _DAY_FIRST.fullmatch(text)) is not None:
        year, month, day, rest = int(found[3]), _month(text, found[2]), int(found[1]), found.groups()[3:]
    elif (found := _MONTH_FIRST.fullmatch(text)) is not None:
        year, month, day, rest = int(found[3]), _month(text, found[1]), int(found[2]), found.groups()[3:]
    else:
        raise ValueError(_no_date(text))
    try:
        written = datetime(year, month, day, *_clock(*rest[:4]))
    except ValueError as error:
        raise ValueError(f"{quoted(text)} is no date that there is ({error})") from None
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"{quoted(text)} is out of range; dates are of {_EARLIEST} to {_LATEST}")
    offset = rest[4]
    if offset is None:
        return written.replace(tzinfo=zone).astimezone(UTC)
    return datetime.fromisoformat(written.isoformat() + ("+00:00" if offset[0].isalpha() else offset)).astimezone(UTC)


def says_its_zone(text: str, order: DateOrder) -> bool:
    """Whether a cell is the same moment wherever it is read: it has an offset, or counts from 1970.

    Raises ValueError where it is no moment.
    """
    return moment(text, order, UTC) == moment(text, order, _ELSEWHERE)


def wall_clock(text: str, order: DateOrder) -> str:
    """The hour that a cell without an offset shows, as text without one. Raises ValueError where it is no moment."""
    return f"{moment(text, order, UTC):%Y-%m-%dT%H:%M:%S}"


def iso(at: datetime) -> str:
    """A moment as text whose order by letters is that of time."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def seconds(text: str, unit: str = "") -> float:
    """How long a cell says: ``24h``, ``15 min``, ``1:30:00``, ``PT15M``, or a number in ``unit`` (s, min, h, d).

    Raises ValueError.
    """
    if unit and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text) * _SECONDS[unit]
    clock = _HOURS.fullmatch(text)
    if clock is not None:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60.0 + int(clock[3] or 0)
    standard = _ISO_8601.fullmatch(text)
    if standard is not None and any(standard.groups()):
        return sum(int(part or 0) * each for part, each in zip(standard.groups(), (86400, 3600, 60, 1), strict=True))
    amount = _AMOUNT.fullmatch(text)
    if amount is not None and amount[2].lower() in _UNIT_OF:
        return float(amount[1]) * _SECONDS[_UNIT_OF[amount[2].lower()]]
    return units.DURATION.parse(text)


def _since_1970(text: str, order: DateOrder) -> datetime:
    what = "milliseconds" if order == "unix_ms" else "seconds"
    if re.fullmatch(r"\d{1,14}(\.\d{1,9})?", text) is None:
        raise ValueError(f"{quoted(text)} is no number of {what} since 1970, as dates: {order} says")
    at = datetime.fromtimestamp(min(float(text) / (1000.0 if order == "unix_ms" else 1.0), 253e9), UTC)
    if not _EARLIEST <= at.year <= _LATEST:
        raise ValueError(f"{quoted(text)} is a date of the year {at.year} in {what} since 1970; is it another unit?")
    return at


def _ordered(text: str, parts: tuple[str, str, str], order: DateOrder) -> tuple[int, int, int]:
    """Year, month and day."""
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:
        return first, second, third
    if order == "ymd":
        raise ValueError(
            f"{quoted(text)} does not begin with the year; say dates: dmy (31.12.2025) or mdy (12/31/2025)"
        )
    year = third if len(parts[2]) == 4 else 2000 + third
    return (year, second, first) if order == "dmy" else (year, first, second)


def _month(text: str, name: str) -> int:
    numbers = [number for number, each in enumerate(_MONTHS, start=1) if each.startswith(name.lower())]
    if len(numbers) != 1:
        raise ValueError(_no_date(text))
    return numbers[0]


def _clock(hour: str | None, minute: str | None, second: str | None, half: str | None) -> tuple[int, int, int]:
    hours = int(hour or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("hours of a half day go from 1 to 12")
        hours = hours % 12 + (12 if half in "pP" else 0)
    return hours, int(minute or 0), int(second or 0)


def _no_date(text: str) -> str:
    return f"{quoted(text)} is no date; it is written for example 2025-12-31 23:59"
