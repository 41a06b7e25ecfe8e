"""What is meant by a quantity that is written as people write it elsewhere: ``3 days``, ``250 kbps``, ``1,5d``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = {
    "s": "sec secs second seconds sek sekunde sekunden",
    "min": "m mins minute minutes minuten",
    "h": "hr hrs hour hours std stunde stunden",
    "d": "day days tag tage",
    "w": "week weeks woche wochen",
    "y": "yr year years a",
    "%": "percent pct prozent ％",
    "B": "byte bytes octets",
    "kB": "k kilobytes",
    "MB": "megabytes",
    "bit/s": "bps b/s",
    "kbit/s": "kbps kbits kb/s",
    "Mbit/s": "mbps mbits mb/s",
    "Gbit/s": "gbps gbits gb/s",
    "ohm": "Ω ω",
}
"""Other words for a unit, in small letters."""
_BITS = re.compile(r"[kKMG]?b(?:/s|ps)?")
_BYTES = re.compile(r"[kKMG]?B(?:/s|ps)")
_CLOCK = re.compile(r"(\d{1,4}):(\d\d)(?::(\d\d))?")
_ISO_8601 = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?")
_IN_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?!\d)(?:\.\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_ZEROS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})*\.000")


def may_be_thousands(number: str) -> bool:
    """Whether the point of a number may be one of thousands: 1.000 is one, or a thousand where decimals have commas.

    >>> may_be_thousands("1.000"), may_be_thousands("1.0"), may_be_thousands("0.000")
    (True, False, False)
    """
    return _ZEROS.fullmatch(number) is not None


def meant_by(symbol: str, known: Iterable[str]) -> str:
    """Which of the units ``known`` a symbol stands for that is none of them; ``""`` if nobody can know."""
    names = [name for name in known if name]
    word = symbol.strip().rstrip(".").casefold()
    if symbol != "M":  # months as well
        found = next((name for name in names if word in _WORDS.get(name, "").split()), "")
        if found:
            return "" if "bit" in found and _BYTES.fullmatch(symbol) else found
    if _BITS.fullmatch(symbol):  # a bit is no byte
        return ""
    same = [name for name in names if name.casefold() == word]
    return same[0] if len(same) == 1 else ""


def meant_by_number(text: str) -> str:
    """A quantity with a comma, with a point in its place, or without it where it stands between thousands."""
    if _IN_GROUPS.match(text.strip()):
        return text.strip().replace(",", "")
    return text.strip().replace(",", ".", 1) if _COMMA.match(text.strip()) else ""


def meant_by_duration(text: str) -> str:
    """A duration as a clock or ISO 8601 writes it, ``12:30`` or ``PT3H``, in units; ``""`` for any other text."""
    clock, standard = _CLOCK.fullmatch(text.strip()), _ISO_8601.fullmatch(text.strip())
    parts = (None, *clock.groups()) if clock else standard.groups() if standard else ()
    return "".join(
        f"{int(part)}{unit}" for part, unit in zip(parts, ("d", "h", "min", "s"), strict=False) if part and int(part)
    )
