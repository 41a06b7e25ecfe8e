"""Quantities as people write them, ``6h`` or ``-95dBm``, to and from base units.

Base units: seconds, bytes, dBm, dB, shares of 1, mAh, bit/s, bytes/s, V, mA, ohm, degrees Celsius, Hz.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from fota_sim.protocol.readings import dBm_from_csq
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.signs import with_hyphens
from fota_sim.scenario.written_units import may_be_thousands, meant_by, meant_by_duration, meant_by_number

_REMEMBERED = 4096
_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\s\d].*?)?\s*$")
_MICRO = str.maketrans("µμ", "uu")  # U+00B5, as data sheets have it, and U+03BC, the letter
_MOST = 400  # characters of a quantity: the smallest numbers take some 340
_PART = re.compile(r"(\d+\.?\d*|\.\d+)\s*([^\s\d.]+)\s*")


class MomentError(ValueError):
    """A date where a duration belongs; ``moment``: which, without a zone if none is written."""

    def __init__(self, written: object, moment: datetime) -> None:
        said = written.isoformat() if isinstance(written, date) else quoted(written)
        super().__init__(f"{said} is a date, and a duration belongs here, for example {DURATION.example}")
        self.moment = moment


def moment_of(value: object) -> datetime | None:
    """The date and time that a value says, None for anything else."""
    if isinstance(value, str) and value[4:5] == "-":
        try:
            return datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value if isinstance(value, datetime) else None


@dataclass(frozen=True, eq=False)
class Unit:
    """One dimension: its name, unit symbols with their factor to the base unit, and an example to show.

    A scenario is read and written hundreds of times with the same few texts, so those are remembered.
    """

    name: str
    factors: dict[str, float]
    example: str
    most: float = math.inf
    """In base units, what nobody means more than; it decides whether the point of 95.000 is one of thousands."""

    def parse(self, value: object) -> float:
        """The value in base units; raises ValueError that says what would do."""
        if isinstance(value, str) and len(value) > _MOST:
            raise ValueError(f"{quoted(value)} is not a {self.name}; write for example {self.example}")
        number = self._parse_text(value) if type(value) is str else self._parse(value)
        if not math.isfinite(number):
            raise ValueError(f"{quoted(value)} is too large for a {self.name}; write for example {self.example}")
        return number

    @lru_cache(maxsize=_REMEMBERED)  # noqa: B019  # units are constants
    def _parse_text(self, text: str) -> float:
        return self._parse(text)

    def _parse(self, value: object) -> float:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} is not a {self.name}; write for example {self.example}")
        moment = moment_of(value)
        if moment is not None and self is DURATION:
            raise MomentError(value, moment)
        if isinstance(value, date):
            raise ValueError(f"{value.isoformat()} is a date and no {self.name}; write for example {self.example}")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"{quoted(value)} is not a {self.name}; write for example {self.example}")
        if isinstance(value, int | float):
            if value == 0 and "" in self.factors:
                return 0.0
            said = shortened(str(value))
            raise ValueError(f"{said} needs a unit: write for example {self._with_unit(said, value)}, not {said}")
        if self is DURATION:
            return _parse_duration(value)
        match = _QUANTITY.match(with_hyphens(value))
        if match is None:
            raise ValueError(f"{quoted(value)} is not a {self.name}; write for example {self.example}")
        number, symbol = match[1], (match[2] or "").translate(_MICRO)
        if symbol not in self.factors:
            known = ", ".join(s for s in self.factors if s)
            what = f"has an unknown unit {quoted(symbol)}" if symbol else "needs a unit"
            meant = self._meant(value, number, symbol)
            raise ValueError(f"{quoted(value)} {what}; {meant}a {self.name} is in {known}, for example {self.example}")
        if abs(float(number.replace(".", ""))) * self.factors[symbol] <= self.most:
            check_thousands(value, number, symbol)
        return _times(number, self.factors[symbol])

    def _meant(self, value: str, number: str, symbol: str) -> str:
        """What is meant by a value whose unit is not known, to be said in between."""
        if symbol:
            found = meant_by(symbol, self.factors)
            whole = f"{number}{found}" if found else meant_by_number(value) if symbol.startswith(",") else ""
        else:
            whole = self._with_unit(number, float(number)) if self is RATIO else ""
        return f"write {whole}; " if whole else ""

    def _with_unit(self, said: str, value: float) -> str:
        """A bare number as it may be meant: 0.1 as a share is a tenth, and 1 is all or one in a hundred; of a signal 18
        is what AT+CSQ answers, and 95 has lost its minus.
        """
        if self is SIGNAL and value > 0.0:
            level = dBm_from_csq(int(value)) if value == int(value) else None
            return f"-{said}dBm" if level is None else f"{level:g}dBm, {said} of AT+CSQ"
        if self is not RATIO or not 0.0 < value <= 1.0:
            return f"{said}{self.symbol}"
        return f"{_divided(value, self.factors['%'])}%" + (" for all or 1% for one in a hundred" if value == 1 else "")

    @property
    def symbol(self) -> str:
        """The symbol of the first unit, the one that values are written with."""
        return next(iter(self.factors))

    @lru_cache(maxsize=_REMEMBERED)  # noqa: B019
    def format(self, value: float) -> str:
        """``value`` (base units) with the shortest unit that parses back to exactly the same number."""
        best = ""
        for symbol, factor in self.factors.items():
            text = _divided(value, factor) + symbol
            if symbol and (not best or len(text) < len(best)) and self.parse(text) == value:
                best = text
        return best or _divided(value, self.factors[self.symbol]) + self.symbol


def check_thousands(value: str, number: str, symbol: str = "") -> None:
    """Raise ValueError for a number with three zeros behind its point, which is another one where commas are points."""
    if may_be_thousands(number):
        less, more = number[: -len(".000")].replace(".", ""), number.replace(".", "")
        raise ValueError(
            f"{quoted(value)} may be {less}{symbol} or {more}{symbol}; write one of these, without a point"
        )


def _times(number: str, factor: float) -> float:
    """The product in decimals, rounded once: 35% is 0.35, not 0.35000000000000003."""
    plain = float(number)
    return float(Decimal(number) * Decimal(repr(factor))) if plain and math.isfinite(plain) else plain


def _divided(value: float, factor: float) -> str:
    """The quotient in decimals without an exponent."""
    if value == 0:
        return "0"
    return f"{(Decimal(repr(float(value))) / Decimal(repr(factor))).normalize():f}"


def _parse_duration(value: str) -> float:
    """Seconds of ``90s``, ``1h30min`` or ``-5min``: each unit once, the larger before the smaller."""
    text = with_hyphens(value.strip())
    sign = -1.0 if text.startswith("-") else 1.0
    text = text[1:] if text[:1] in ("+", "-") else text
    total = 0.0
    at = 0
    below = math.inf
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or match[2] not in DURATION.factors:
            known = ", ".join(DURATION.factors)
            meant = _duration_meant(text)
            raise ValueError(f"{quoted(value)} is not a duration; {meant}use {known}, for example {DURATION.example}")
        factor = DURATION.factors[match[2]]
        if factor >= below:
            message = "has its units in no order; write each once, the larger before the smaller, for example"
            raise ValueError(f"{quoted(value)} {message} {DURATION.example}")
        check_thousands(value, match[1], match[2])
        total += _times(match[1], factor)
        at, below = match.end(), factor
    if not text:
        raise ValueError(f"{quoted(value)} is not a duration; write for example {DURATION.example}")
    return sign * total


def _duration_meant(text: str) -> str:
    """What is meant by a text that is no duration, to be said in between."""
    parts = [(match[1], meant_by(match[2], DURATION.factors) or match[2]) for match in _PART.finditer(text)]
    known = all(symbol in DURATION.factors for _, symbol in parts)
    whole = "".join(number + symbol for number, symbol in parts)
    if not parts or not known or _PART.sub("", text):
        whole = meant_by_duration(text) or meant_by_number(text)
    return f"write {whole}; " if whole else ""


DURATION = Unit(
    "duration", {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}, "6h or 1h30min"
)
SIZE = Unit("size", {"B": 1.0, "kB": 1e3, "MB": 1e6, "KiB": 1024.0, "MiB": 1048576.0}, "698000B")
SIGNAL = Unit("signal level", {"dBm": 1.0}, "-95dBm", most=300.0)
DECIBEL = Unit("ratio in decibels", {"dB": 1.0}, "9dB", most=300.0)
RATIO = Unit("share", {"%": 0.01}, "30%", most=5.0)
LIFE = Unit("life", {"y": 31_557_600.0}, "10y", most=300 * 31_557_600.0)
CHARGE = Unit("charge", {"mAh": 1.0, "Ah": 1000.0}, "2450mAh", most=5e5)
BIT_RATE = Unit("bit rate", {"bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9}, "250kbit/s")
BYTE_RATE = Unit("byte rate", {"B/s": 1.0, "kB/s": 1e3, "MB/s": 1e6}, "99kB/s")
VOLTAGE = Unit("voltage", {"V": 1.0, "mV": 0.001}, "3.3V", most=300.0)
CURRENT = Unit("current", {"mA": 1.0, "A": 1000.0, "uA": 0.001}, "90mA", most=1e5)
RESISTANCE = Unit("resistance", {"ohm": 1.0, "mohm": 0.001}, "0.45ohm")
TEMPERATURE = Unit("temperature", {"C": 1.0, "°C": 1.0, "degC": 1.0}, "-5C", most=300.0)
FREQUENCY = Unit("frequency", {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6}, "180kHz")
NUMBER = Unit("number", {"": 1.0}, "0.8")
