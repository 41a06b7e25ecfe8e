"""Time zones by name: IANA's, or a fixed offset from UTC such as ``+03:00``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from fota_sim.quoting import quoted

_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s?|(?=[+-]\d{1,2}:))([+-])(\d{1,2})(?::?([0-5]\d))?", re.ASCII)
"""After UTC or GMT; alone it needs the colon, for -10 is a number."""
_FURTHEST_MIN = {"+": 14 * 60, "-": 12 * 60}
"""Offsets that clocks on Earth have."""
_TURNED = re.compile(r"Etc/GMT([+-])(\d{1,2})", re.ASCII)
_NO_SUMMER = {"EST": "America/New_York", "MST": "America/Denver"}
_OTHERS = {
    "america/new_york": "eastern standard time, edt",
    "america/chicago": "central standard time, cst, cdt",
    "america/denver": "mountain standard time, mdt",
    "america/los_angeles": "pacific standard time, pst, pdt",
    "america/sao_paulo": "e. south america standard time",
    "asia/kolkata": "india standard time",
    "asia/shanghai": "china standard time, beijing",
    "asia/tokyo": "tokyo standard time, jst",
    "asia/seoul": "korea standard time, kst",
    "australia/sydney": "aus eastern standard time, aest, aedt",
    "europe/berlin": "w. europe standard time, cest, mez, mesz",
    "europe/budapest": "central europe standard time",
    "europe/helsinki": "fle standard time, eest",
    "europe/london": "gmt standard time, bst",
    "europe/paris": "romance standard time",
    "europe/warsaw": "central european standard time",
}
"""What zones are called by Windows (CLDR's windowsZones) and by letters, all small."""


def known_zone(name: str) -> str:
    """The name of a zone; an offset in one form, ``+03:00``. Raises ValueError if there is no such zone."""
    minutes = _offset_min(name)
    if minutes is not None:
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    try:
        ZoneInfo(name)
    except Exception as error:
        message = f"{quoted(name)} is no IANA time zone and no offset from UTC"
        meant = _meant(name)
        instead = f"did you mean {meant}?" if meant else "write for example Europe/Berlin, or +03:00 in quotes"
        raise ValueError(f"{message}; {instead}") from error
    return name


def odd_zone(name: str) -> str:
    """What is hardly meant by a zone that there is, with what would do; '' for any other.

    >>> odd_zone("Europe/Berlin")
    ''
    """
    turned = _TURNED.fullmatch(name)
    if turned is not None and int(turned[2]):
        hours = f"{int(turned[2]):02d}:00"
        other = "+" if turned[1] == "-" else "-"
        where = "behind" if other == "-" else "ahead of"
        return (
            f"{name} is {hours} {where} UTC, for names of this kind have the sign turned round (IANA); write "
            f'"{other}{hours}" if that is meant, or else "{turned[1]}{hours}"'
        )
    if name in _NO_SUMMER:
        offset = known_zone(f"{datetime(2026, 7, 1, tzinfo=ZoneInfo(name)):%z}"[:3] + ":00")
        other = _NO_SUMMER[name]
        return f'{name} is {offset} all year, without summer time; write "{offset}" if that is meant, or {other}'
    return ""


def _meant(name: str) -> str:
    """The zone of another name: in other letters, of a city, as Windows calls it; '' if nobody knows."""
    word = " ".join(name.casefold().replace("_", " ").split())
    known = sorted(available_timezones())
    same = [each for each in known if word in (each.casefold().replace("_", " "), _city(each))]
    called = [each for each in known if word in _OTHERS.get(each.casefold(), "").split(", ")]
    return next(iter([*same, *called]), "")


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ").casefold()


def zone_info(name: str) -> tzinfo:
    """The zone of a name that :func:`known_zone` takes."""
    minutes = _offset_min(name)
    return ZoneInfo(name) if minutes is None else timezone(timedelta(minutes=minutes), known_zone(name))


def _offset_min(text: str) -> int | None:
    """Minutes ahead of UTC; None for what is no offset."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    minutes = 60 * int(match[2]) + int(match[3] or 0)
    if minutes > _FURTHEST_MIN[match[1]]:
        return None
    return -minutes if match[1] == "-" else minutes
