"""Values of a scenario that are varied between two ends: which, between what, and as what they are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted
from fota_sim.scenario import distribution, units
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.units import Unit
from fota_sim.scenario.variation import written

ALL_UNITS = tuple(unit for unit in vars(units).values() if isinstance(unit, Unit) and unit is not units.NUMBER)
_FIGURES = 6
"""Significant figures of a value between the ends."""


@dataclass(frozen=True)
class Span:
    """A number between ``low`` and ``high`` (base units)."""

    path: str
    unit: Unit | None
    """None: a plain number."""
    low: float
    high: float
    whole: bool
    """Whether only whole numbers are meant."""
    base: Any
    """What the scenario says, as written; None where it says nothing."""
    figures: int = _FIGURES
    """Significant figures of a value between the ends."""

    def at(self, place: float) -> Any:
        """The value as written, ``place`` from 0 (low) to 1 (high)."""
        value = self.high if place == 1 else self.low + place * (self.high - self.low)
        if self.whole:
            return math.floor(value + 0.5)
        short = value if place in (0, 1) else float(f"{value:.{self.figures}g}")
        short = min(self.high, max(self.low, short))
        if self.unit is units.SIZE:
            short = float(round(short))  # a byte is not divided
        return short if self.unit is None else self.unit.format(short)

    def ends(self) -> tuple[str, str]:
        """Both ends as text."""
        return str(self.at(0)), str(self.at(1))


@dataclass(frozen=True)
class LawSpan:
    """A distribution moved as a whole: its values shifted by ``low`` to ``high``, or multiplied by them."""

    path: str
    unit: Unit
    law: Distribution
    low: float
    high: float
    shifted: bool
    """Signal levels are shifted; everything else is multiplied."""

    @property
    def base(self) -> Any:
        """What the scenario says, as written."""
        return distribution.write(self.law, self.unit)

    def at(self, place: float) -> Any:
        """The law as written, ``place`` from 0 (low) to 1 (high)."""
        move = self._move(place)
        return distribution.write(moved(self.law, move, self.shifted, self.unit), self.unit)

    def ends(self) -> tuple[str, str]:
        """Both ends as text."""
        return self.told(0), self.told(1)

    def told(self, place: float) -> str:
        """By how much it is moved at a place, as text."""
        move = self._move(place)
        return f"{move:+.3g}dB" if self.shifted else f"x {move:.3g}"

    def _move(self, place: float) -> float:
        return self.low + place * (self.high - self.low)


Parameter = Span | LawSpan


def parse_vary(text: str, scenario: Scenario, option: str = "--vary") -> Span:
    """Read ``path=low..high``; raises FotaSimError that says what would do."""
    path, separator, ends = text.partition("=")
    low, dots, high = ends.partition("..")
    if not separator or not dots or not path.strip():
        raise FotaSimError(
            f"{option} {text}: write path=low..high, for example {option} plan.strategy.min_battery=10%..70%"
        )
    path, low, high = path.strip(), low.strip(), high.strip()
    base = written(scenario, path)
    unit = unit_of(low)
    if isinstance(base, str) and unit_of(base) is not None and unit is not unit_of(base):
        raise FotaSimError(f"{option} {text}: {path} is {base}; give both ends with a unit of that kind")
    try:
        first, last = _number(low, unit), _number(high, unit)
    except ValueError as error:
        raise FotaSimError(f"{option} {text}: {error}") from error
    if first == last:
        raise FotaSimError(f"{option} {text}: both ends are {low}; to hold it there write --set {path}={low}")
    if first > last:
        raise FotaSimError(f"{option} {text}: the first end must be below the second")
    whole = unit is None and "." not in low + high and "e" not in low + high and not isinstance(base, float)
    return Span(path, unit, first, last, whole, base)


def unit_of(text: object) -> Unit | None:
    """The unit that a value is written with; None for a plain number or what is none."""
    for unit in ALL_UNITS:
        try:
            unit.parse(text)
        except ValueError:
            continue
        return unit
    return None


def _number(text: str, unit: Unit | None) -> float:
    if unit is not None:
        return unit.parse(text)
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no number, nor a value with a unit such as 30%, 6h or -95dBm") from None


def moved(law: Distribution, move: float, shifted: bool, unit: Unit) -> Distribution:
    """``law`` with every value shifted by ``move``, or multiplied by it; a share stays within 0 and 1."""

    def value(old: float) -> float:
        new = old + move if shifted else old * move
        return min(1.0, max(0.0, new)) if unit is units.RATIO else new

    def end(old: float | None) -> float | None:
        return None if old is None else value(old)

    spread = law.sd if shifted else law.sd * move
    return Distribution(
        law.kind,
        value=value(law.value),
        low=value(law.low),
        high=value(law.high),
        mean=value(law.mean),
        sd=spread,
        median=value(law.median),
        sigma=law.sigma,
        a=law.a,
        b=law.b,
        values=tuple(value(each) for each in law.values),
        weights=law.weights,
        parts=tuple(moved(part, move, shifted, unit) for part in law.parts),
        min=end(law.min),
        max=end(law.max),
    )
