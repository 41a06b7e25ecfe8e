"""Axes of a sweep: a field of the scenario and the values that it takes, as people write them.

``10%,30%,50%`` is a list, ``-113dBm..-95dBm/7`` a range in 7 values, ``log(1..100/5)`` one in equal ratios;
``10%..50%`` without a number of values can only be sampled.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted

STRATEGY = "strategy"
"""The axis whose values are names of strategies and not a field."""
MOST_VALUES = 10_000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*([^\s\d,]*)")
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?P<unit>[^\s\d./()]*(?:/s)?)\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<unit2>[^\s\d/]*(?:/s)?)"
    r"(?:\s*/\s*(?P<count>\d+))?"
)
_DIGITS = 6
"""Significant digits of a value inside a range: what a person would write."""


@dataclass(frozen=True)
class Span:
    """A range that values are taken from, in ``unit``."""

    low: float
    high: float
    unit: str
    logarithmic: bool
    whole: bool
    """Both ends were written as whole numbers without a unit, or in bytes, so values are whole too."""

    def at(self, share: float) -> str:
        """The value ``share`` (0 to 1) of the way from low to high, as it is written in a scenario."""
        if self.logarithmic:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + share * (self.high - self.low)
        if share == 1.0:
            value = self.high
        return f"{round(value) if self.whole else float(f'{value:.{_DIGITS}g}'):.15g}{self.unit}"


@dataclass(frozen=True)
class Axis:
    """A field and its values; ``values`` is empty where only a ``span`` was given."""

    path: str
    values: tuple[str, ...]
    span: Span | None = None

    @property
    def short(self) -> str:
        """The last step of the path: what constraints call it."""
        return re.split(r"[.\[\]]+", self.path.rstrip("]"))[-1]

    def pick(self, share: float) -> str:
        """The value for a uniform number below 1: a place in the range, or an entry of the list."""
        return self.span.at(share) if self.span else self.values[int(share * len(self.values))]


def parse_axis(text: str) -> Axis:
    """``path=values``; raises FotaSimError that says what would do."""
    path, equals, values = text.partition("=")
    if not equals or not path.strip() or not values.strip():
        raise FotaSimError(
            f"--axis {quoted(text)}: write path=values, for example plan.strategy.min_battery=10%,30%,50% "
            "or plan.strategy.min_signal=-113dBm..-95dBm/7"
        )
    return axis(path.strip(), values.strip())


def axis(path: str, text: str) -> Axis:
    """The axis of a field from its values as text; raises FotaSimError that says what would do."""
    where = f"axis {path}={text}"
    if ".." in text:
        span, count = _span(where, text)
        if count is None:
            return Axis(path, (), span)
        shares = [0.0] if count == 1 else [k / (count - 1) for k in range(count)]
        return Axis(path, tuple(dict.fromkeys(span.at(share) for share in shares)), span)
    values = tuple(value.strip() for value in text.split(","))
    if "" in values:
        raise FotaSimError(f"{where}: an empty value; write values with one comma between them")
    if len(set(values)) < len(values):
        raise FotaSimError(f"{where}: a value stands twice; write each once")
    return Axis(path, values)


def number(text: str) -> tuple[float, str] | None:
    """The number and the unit of a value such as 30% or -95dBm; None if it is something else."""
    found = _QUANTITY.fullmatch(text.strip())
    return (float(found[1]), found[2]) if found else None


def _span(where: str, text: str) -> tuple[Span, int | None]:
    logarithmic = text.startswith("log(") and text.endswith(")")
    found = _RANGE.fullmatch(text[4:-1] if logarithmic else text)
    if found is None:
        raise FotaSimError(f"{where}: not a range; write from..to/values, for example 10%..50%/5 or log(1..100/5)")
    unit = found["unit"] or found["unit2"]
    if {found["unit"], found["unit2"]} - {unit, ""}:
        raise FotaSimError(f"{where}: both ends need the same unit, not {found['unit']} and {found['unit2']}")
    low, high = float(found["low"]), float(found["high"])
    if low == high:
        raise FotaSimError(f"{where}: both ends are {found['low']}{unit}; write that value alone to hold it there")
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        raise FotaSimError(f"{where}: the range goes from the lower value to the higher; swap them")
    if logarithmic and low <= 0:
        raise FotaSimError(f"{where}: a range in equal ratios must begin above 0")
    count = int(found["count"]) if found["count"] else None
    if count is not None and not 1 <= count <= MOST_VALUES:
        raise FotaSimError(f"{where}: take 1 to {MOST_VALUES} values")
    whole = unit in ("", "B") and "." not in found["low"] + found["high"]
    return Span(low, high, unit, logarithmic, whole), count
