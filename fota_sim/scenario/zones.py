"""Time zones by name: IANA's, or a fixed offset from UTC such as ``+03:00``."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from fota_sim.quoting import quoted

_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s?|(?=[+-]\d{1,2}:))([+-])(\d{1,2})(?::?([0-5]\d))?", re.ASCII)
"""After UTC or GMT; alone it needs the colon, for -10 is a number."""
_FURTHEST_MIN = {"+": 14 * 60, "-": 12 * 60}
"""Offsets that clocks on Earth have."""


def known_zone(name: str) -> str:
    """The name of a zone; an offset in one form, ``+03:00``. Raises ValueError if there is no such zone."""
    minutes = _offset_min(name)
    if minutes is not None:
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    try:
        ZoneInfo(name)
    except Exception as error:
        message = f"{quoted(name)} is no IANA time zone and no offset from UTC; write for example Europe/Berlin"
        raise ValueError(f"{message}, or +03:00 in quotes") from error
    return name


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
