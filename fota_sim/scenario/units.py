"""Numbers with units, as text: ``6h``, ``698000B``, ``-95dBm``, ``30%``.

A bare number for something that has a dimension is an error, because ``3`` of what is a question that a rollout
should not answer by luck. Decimal arithmetic on the way in and out makes text and value agree exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_TERM = re.compile(rf"\s*({NUMBER})\s*([^\d\s.+-]*)\s*")
_BARE = re.compile(rf"\s*{NUMBER}\s*")


@dataclass(frozen=True)
class Unit:
    """A dimension: its base unit, the spellings it accepts with their factors, and how to show it."""

    name: str
    """What the number is, for messages: "duration", "signal level"."""
    base: str
    """The base unit's spelling; Python values are in it. Empty for plain numbers."""
    factors: Mapping[str, Decimal]
    """Spelling -> number of base units."""
    shown: tuple[str, ...]
    """Spellings to write with, largest first; the first that gives a short whole number is taken."""
    example: str
    """A value as a user would write it."""
    sums: bool = False
    """Whether several terms may be joined: ``1h30min``."""
    spread: str = ""
    """Name of the unit of a difference (:data:`SPREADS`), where it is another: dB for dBm."""

    def parse(self, raw: object) -> float:
        """The value in base units.

        Raises ValueError with what it got and an example if ``raw`` is not text with this dimension's unit.
        """
        text = text_of(raw)
        if not self.base:
            return self._plain(raw, text)
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise ValueError(f"needs a {self.name} like {self.example}, got {describe(raw)}")
        if _BARE.fullmatch(text):
            raise ValueError(f"needs a unit: write {text.strip()}{self.base} rather than {text.strip()}")
        return float(self._terms(text))

    def _plain(self, raw: object, text: str) -> float:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float) or not _BARE.fullmatch(text):
            raise ValueError(f"needs a plain number like {self.example}, got {describe(raw)}")
        return float(text.replace("_", ""))

    def _terms(self, text: str) -> Decimal:
        total, position, terms = Decimal(0), 0, 0
        while match := _TERM.match(text, position):
            if match.end() == position or (terms and not self.sums):
                break
            number, spelling = match.groups()
            total += Decimal(number.replace("_", "")) * self._factor(spelling, text)
            position, terms = match.end(), terms + 1
        if not terms or position != len(text):
            raise ValueError(f"needs a {self.name} like {self.example}, got {text!r}")
        return total

    def _factor(self, spelling: str, text: str) -> Decimal:
        if spelling in self.factors:
            return self.factors[spelling]
        if not spelling:
            raise ValueError(f"every number needs a unit, got {text!r}; for example {self.example}")
        folded = {name.casefold(): name for name in reversed(self.factors)}
        meant = folded.get(spelling.casefold()) or next(iter(get_close_matches(spelling, self.factors, 1)), None)
        hint = f"did you mean {meant}?" if meant else f"for example {self.example}"
        raise ValueError(f"{spelling!r} is no unit of a {self.name} ({', '.join(self.factors)}); {hint}")

    def format(self, value: float) -> str:
        """Text that :meth:`parse` reads back as exactly this value, in the unit that reads best."""
        exact = Decimal(repr(float(value)))
        if not self.base:
            return _spell(exact)
        candidates = [(exact / self.factors[spelling], spelling) for spelling in self.shown]
        whole = [(number, spelling) for number, spelling in candidates if number == number.to_integral_value()]
        large = [(number, spelling) for number, spelling in candidates if abs(number) >= 1]
        for number, spelling in [*whole[:1] * (exact != 0), *large]:
            text = f"{_spell(number)}{spelling}"
            if len(text) <= 12 and self.parse(text) == value:
                return text
        return f"{_spell(exact / self.factors[self.base])}{self.base}"

    @property
    def pattern(self) -> str:
        """A regular expression for JSON Schema: what :meth:`parse` accepts."""
        spellings = "|".join(re.escape(name) for name in sorted(self.factors, key=len, reverse=True))
        term = rf"\s*{NUMBER}\s*(?:{spellings})\s*"
        return f"^(?:{term})+$" if self.sums else f"^{term}$"


def _spell(number: Decimal) -> str:
    plain = f"{number.normalize():f}"
    return plain if len(plain) <= 24 else str(number)


def text_of(raw: object) -> str:
    """A scalar as the user typed it: YAML numbers remember their spelling (``1_0``, ``1.10``)."""
    spelled = getattr(raw, "text", None)
    if isinstance(spelled, str):
        return spelled
    if isinstance(raw, float) and math.isfinite(raw):
        return _spell(Decimal(repr(raw)))
    return str(raw)


def describe(raw: object) -> str:
    """What was given instead, for messages."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list | tuple):
        return "a list"
    if isinstance(raw, int | float):
        return text_of(raw)
    text = repr(raw)
    return text if len(text) <= 60 else text[:56] + "...'"


def _decimals(**factors: str) -> dict[str, Decimal]:
    return {name: Decimal(factor) for name, factor in factors.items()}


DURATION = Unit(
    name="duration",
    base="s",
    factors=_decimals(ms="0.001", s="1", min="60", h="3600", d="86400", w="604800"),
    shown=("d", "h", "min", "s", "ms"),
    example="90s or 1h30min",
    sums=True,
)
SIZE = Unit(
    name="size",
    base="B",
    factors=_decimals(B="1", kB="1000", MB="1000000", GB="1e9", KiB="1024", MiB="1048576"),
    shown=("MB", "MiB", "kB", "KiB", "B"),
    example="698000B or 128KiB",
)
LEVEL = Unit(
    name="signal level", base="dBm", factors=_decimals(dBm="1"), shown=("dBm",), example="-95dBm", spread="dB"
)
DECIBEL = Unit(name="level difference", base="dB", factors=_decimals(dB="1"), shown=("dB",), example="9dB")
RATIO = Unit(name="share", base="%", factors={"%": Decimal("0.01")}, shown=("%",), example="30%")
CHARGE = Unit(
    name="charge", base="mAh", factors=_decimals(mAh="1", Ah="1000"), shown=("Ah", "mAh"), example="2450mAh"
)
BIT_RATE = Unit(
    name="bit rate",
    base="bit/s",
    factors={
        "bit/s": Decimal(1), "kbit/s": Decimal(1000), "Mbit/s": Decimal(10**6), "Gbit/s": Decimal(10**9),
        "B/s": Decimal(8), "kB/s": Decimal(8000), "MB/s": Decimal(8 * 10**6),
    },
    shown=("Gbit/s", "Mbit/s", "kbit/s", "bit/s"),
    example="250kbit/s",
)  # fmt: skip
BYTE_RATE = Unit(
    name="byte rate",
    base="B/s",
    factors={"B/s": Decimal(1), "kB/s": Decimal(1000), "MB/s": Decimal(10**6), "KiB/s": Decimal(1024)},
    shown=("MB/s", "kB/s", "B/s"),
    example="99kB/s",
)
VOLTAGE = Unit(name="voltage", base="V", factors=_decimals(V="1", mV="0.001"), shown=("V", "mV"), example="3.6V")
CURRENT = Unit(
    name="current",
    base="mA",
    factors=_decimals(A="1000", mA="1", uA="0.001", µA="0.001"),
    shown=("A", "mA", "uA"),
    example="120mA",
)
RESISTANCE = Unit(
    name="resistance", base="ohm", factors=_decimals(ohm="1", mohm="0.001"), shown=("ohm", "mohm"), example="0.45ohm"
)
TEMPERATURE = Unit(
    name="temperature",
    base="C",
    factors={"C": Decimal(1), "°C": Decimal(1), "degC": Decimal(1)},
    shown=("C",),
    example="20C",
)
FREQUENCY = Unit(
    name="frequency",
    base="Hz",
    factors=_decimals(Hz="1", kHz="1000", MHz="1000000", GHz="1e9"),
    shown=("GHz", "MHz", "kHz", "Hz"),
    example="180kHz",
)
PLAIN = Unit(name="plain number", base="", factors={}, shown=(), example="0.5")

UNITS = (
    DURATION, SIZE, LEVEL, DECIBEL, RATIO, CHARGE, BIT_RATE, BYTE_RATE, VOLTAGE, CURRENT, RESISTANCE, TEMPERATURE,
    FREQUENCY, PLAIN,
)  # fmt: skip
"""Every dimension that a scenario knows."""


def spread_of(unit: Unit) -> Unit:
    """The unit of a difference of two such values: dB for dBm, else the unit itself."""
    return DECIBEL if unit.spread == "dB" else unit
