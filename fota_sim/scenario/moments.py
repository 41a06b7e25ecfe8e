"""Dates and durations as exports write them: a moment in UTC, a number of seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

from fota_sim.quoting import quoted
from fota_sim.scenario import units
from fota_sim.scenario.written_dates import month_of, plain_date

DateOrder = Literal["ymd", "dmy", "mdy", "unix", "unix_ms", "unix_us", "unix_ns", "excel"]
"""What comes first in a date: year, day or month; or seconds, milliseconds, microseconds or nanoseconds since 1970; or
days since 1900, as spreadsheets number them."""

_CLOCK = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s*([AaPp])?(?:\.?[Mm]\.?)?"
_END = rf"(?:(?:T|[ ,]+){_CLOCK})?\s*(Z|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?|UTC|GMT)?"
_NUMBERS = re.compile(rf"(\d{{1,4}})([-./])(\d{{1,2}})\2(\d{{1,4}})\.?{_END}", re.ASCII)
_NAME = r"[^\W\d_]{3,12}"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})[ .-]+({_NAME})[ .,-]+([0-9]{{4}}|[0-9]{{2}}){_END}")
_MONTH_FIRST = re.compile(rf"({_NAME})\.? ([0-9]{{1,2}}),? ([0-9]{{4}}){_END}")
_ELSEWHERE = timezone(timedelta(hours=1))
_EARLIEST, _LATEST = 1990, 2200  # no module is older; a scenario's start ends there too

PER_SECOND: dict[str, float] = {"unix": 1.0, "unix_ms": 1e3, "unix_us": 1e6, "unix_ns": 1e9}
"""Of what dates count since 1970."""
COUNTED = {"unix": "seconds", "unix_ms": "milliseconds", "unix_us": "microseconds", "unix_ns": "nanoseconds"}
"""The same in words."""
_FIRST_DAY = datetime(1899, 12, 30)  # from March 1900 on, for spreadsheets have a 29 February 1900

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
_DAYS = re.compile(r"\d{5,6}(?:[.,]\d{1,12})?", re.ASCII)
_ISO_8601 = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?", re.ASCII)


def moment(text: str, order: DateOrder, zone: tzinfo) -> datetime:
    """When a cell says that something was, in UTC; one without an offset is in ``zone``.

    A date with the year first, or with the month's name, is read whatever the order. Raises ValueError that says what
    would do.
    """
    if order in PER_SECOND:
        return _since_1970(text, order)
    if order == "excel" and _DAYS.fullmatch(text):
        return _days_of(text, zone)
    said, text = text, plain_date(text)
    found = _NUMBERS.fullmatch(text)
    if found is not None:
        year, month, day = _ordered(text, (found[1], found[3], found[4]), order)
        rest = found.groups()[4:]
    elif (found := _DAY_FIRST.fullmatch(text)) is not None:
        year, month, day, rest = _year(found[3]), _month(said, found[2]), int(found[1]), found.groups()[3:]
    elif (found := _MONTH_FIRST.fullmatch(text)) is not None:
        year, month, day, rest = int(found[3]), _month(said, found[1]), int(found[2]), found.groups()[3:]
    else:
        raise ValueError(_no_date(said))
    try:
        written = datetime(year, month, day, *_clock(*rest[:4]))
    except ValueError as error:
        raise ValueError(f"{quoted(said)} is no date that there is ({error})") from None
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"{quoted(said)} is out of range; dates are of {_EARLIEST} to {_LATEST}")
    offset = (rest[4] or "").removeprefix("UTC").removeprefix("GMT")
    if rest[4] is None:
        return written.replace(tzinfo=zone).astimezone(UTC)
    if rest[0] is None and len(offset) == len("+00"):  # 2025-12-31-05 is a date and something else
        raise ValueError(_no_date(said))
    try:
        return datetime.fromisoformat(
            written.isoformat() + (offset if offset[:1] in ("+", "-") else "+00:00")
        ).astimezone(UTC)
    except ValueError:
        raise ValueError(_no_date(said)) from None


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
    what = COUNTED[order]
    if re.fullmatch(r"\d{1,20}(\.\d{1,9})?", text) is None:
        raise ValueError(f"{quoted(text)} is no number of {what} since 1970, as dates: {order} says")
    at = datetime.fromtimestamp(min(float(text) / PER_SECOND[order], 253e9), UTC)
    if not _EARLIEST <= at.year <= _LATEST:
        raise ValueError(f"{quoted(text)} is a date of the year {at.year} in {what} since 1970; is it another unit?")
    return at


def _days_of(text: str, zone: tzinfo) -> datetime:
    """The moment that a spreadsheet shows for a number of days, to the second."""
    days = min(float(text.replace(",", ".")), 1e6)
    at = _FIRST_DAY + timedelta(seconds=round(days * 86_400))
    if not _EARLIEST <= at.year <= _LATEST:
        raise ValueError(f"{quoted(text)} is a day of the year {at.year} in a spreadsheet; is it no date?")
    return at.replace(tzinfo=zone).astimezone(UTC)


def _ordered(text: str, parts: tuple[str, str, str], order: DateOrder) -> tuple[int, int, int]:
    """Year, month and day."""
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:
        return first, second, third
    if order == "ymd":
        raise ValueError(
            f"{quoted(text)} does not begin with the year; say dates: dmy (31.12.2025) or mdy (12/31/2025)"
        )
    year = _year(parts[2])
    return (year, second, first) if order == "dmy" else (year, first, second)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(text: str, name: str) -> int:
    number = month_of(name)
    if number is None:
        raise ValueError(_no_date(text))
    return number


def _clock(hour: str | None, minute: str | None, second: str | None, half: str | None) -> tuple[int, int, int]:
    hours = int(hour or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("hours of a half day go from 1 to 12")
        hours = hours % 12 + (12 if half in "pP" else 0)
    return hours, int(minute or 0), int(second or 0)


def _no_date(text: str) -> str:
    if re.fullmatch(r".*\d [A-Z]{3,4}", text):
        return f"{quoted(text)} names its zone by letters, which several zones have; write 2025-12-31T23:59:00+01:00"
    return f"{quoted(text)} is no date; it is written for example 2025-12-31 23:59"
