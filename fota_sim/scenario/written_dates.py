"""Dates as programs and people of several countries write them, in the one form that ``moments`` takes apart."""

from __future__ import annotations

import re
import unicodedata

_MONTHS = (
    "jan gen ene sty",
    "feb fev lut",
    "mar mrz mrt maer",
    "apr avr abr kwi",
    "may mai mei maj mag",
    "jun juin giu cze",
    "jul juil lug lip",
    "aug aou ago sie",
    "sep set wrz",
    "oct okt ott out paz",
    "nov lis",
    "dec dez dic gru",
)
"""How names of months begin in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish."""
_MONTH_OF = {begin: number for number, begins in enumerate(_MONTHS, start=1) for begin in begins.split()}

_WEEKDAY = re.compile(r"(?:Mon|Tues?|Wed|Wednes|Thu|Thurs?|Fri|Sat|Satur|Sun)(?:day)?,? +", re.I)
_IN_BRACKETS = re.compile(r"\s*(?:\[[\w/+-]+\]|\([^()]*\))$")  # the zone's name behind its offset
_CLOCK_WORD = re.compile(r"\s*\b(?:uhr|h)\.?$", re.I)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)(\.\d{1,9})?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_YEAR_LAST = re.compile(r"([A-Za-z]{3}) +(\d{1,2}) +(\d\d:\d\d:\d\d)(?: +(Z|UTC|GMT|[+-]\d{4}))? +(\d{4})", re.ASCII)
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(.*)")
_CHINESE_CLOCK = re.compile(r"(\d{1,2})\s*[時时点點]\s*(\d{1,2})\s*分\s*(?:(\d{1,2})\s*秒)?")


def month_of(name: str) -> int | None:
    """The number of a month by its name, or by what it is shortened to; None for another word.

    >>> month_of("Dezember"), month_of("juil"), month_of("Mär"), month_of("Monday")
    (12, 7, 3, None)
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return _MONTH_OF.get(letters[:4]) or _MONTH_OF.get(letters[:3])


def plain_date(text: str) -> str:
    """A date without what says nothing (its weekday, a zone's name behind the offset), numbers apart.

    >>> plain_date("Mon, 05 Jan 2026 08:17:27 +0000"), plain_date("20260105T081727Z")
    ('05 Jan 2026 08:17:27 +0000', '2026-01-05 08:17:27Z')
    >>> plain_date("2026-01-05T08:17:27+01:00[Europe/Berlin]"), plain_date("Mon Jan 05 08:17:27 UTC 2026")
    ('2026-01-05T08:17:27+01:00', '05 Jan 2026 08:17:27 UTC')
    >>> plain_date("2026年1月5日 8時17分"), plain_date("5. Januar 2026, 08:17 Uhr")
    ('2026-1-5 8:17', '5. Januar 2026, 08:17')
    """
    text = _WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text
    basic = _BASIC.fullmatch(text)
    if basic is not None:
        year, month, day, hour, minute, second, fraction, offset = basic.groups(default="")
        clock = f" {hour}:{minute}:{second}{fraction}{offset}" if hour else offset
        return f"{year}-{month}-{day}{clock}"
    if text[-1:] in "])":
        text = _IN_BRACKETS.sub("", text)
    last = _YEAR_LAST.fullmatch(text)
    if last is not None:
        month, day, clock, offset, year = last.groups(default="")
        return f"{day} {month} {year} {clock} {offset}".rstrip()
    chinese = _CHINESE.fullmatch(text)
    if chinese is not None:
        clock = _CHINESE_CLOCK.sub(lambda found: ":".join(filter(None, found.groups())), chinese[4])
        return f"{chinese[1]}-{chinese[2]}-{chinese[3]} {clock}".rstrip()
    return _CLOCK_WORD.sub("", text).replace(" de ", " ").replace(" @ ", " ")
