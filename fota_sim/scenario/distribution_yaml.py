"""Distributions as they stand in YAML: ``12s``, ``{normal: {mean: -94dBm, sd: 12dB}, min: -125dBm}`` and so on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fota_sim.scenario.distribution import KINDS, Distribution, Kind
from fota_sim.scenario.faults import Fault, Faults
from fota_sim.scenario.table_file import read_table
from fota_sim.scenario.units import PLAIN, RATIO, Unit, describe, spread_of

_TAIL_SD = 8.0  # beyond eight standard deviations a normal distribution has nothing left to draw in 64 bits
_SHARES_TOLERANCE = 1e-6  # of 1: what rounding to a few decimals of a per cent leaves


@dataclass(frozen=True)
class Domain:
    """What a distribution is of: the unit, and the values that make sense."""

    unit: Unit
    at_least: float = -math.inf
    at_most: float = math.inf
    kinds: tuple[Kind, ...] = KINDS

    def number(self, raw: object) -> float:
        """A value of this domain. Raises ValueError if it has no unit or makes no sense."""
        value = self.unit.parse(raw)
        if value < self.at_least:
            raise ValueError(f"{describe(raw)} is too small: at least {self.unit.format(self.at_least)}")
        if value > self.at_most:
            raise ValueError(f"{describe(raw)} is too large: at most {self.unit.format(self.at_most)}")
        return value

    def spread(self, raw: object) -> float:
        """A standard deviation in this domain. Raises ValueError if it is negative or has no unit."""
        value = spread_of(self.unit).parse(raw)
        if value < 0.0:
            raise ValueError(f"a standard deviation is not negative, got {describe(raw)}")
        return value


def looks_like_distribution(raw: object) -> bool:
    """Whether a mapping names a distribution; a Radio's own ``table`` (a list) does not count."""
    if not isinstance(raw, Mapping):
        return False
    return any(kind in raw and (kind != "table" or isinstance(raw[kind], Mapping)) for kind in KINDS)


def parse_distribution(raw: object, domain: Domain, base_dir: Path) -> Distribution:
    """The distribution that ``raw`` (a scalar or a mapping from YAML) describes.

    A normal or lognormal distribution of something that has bounds (a battery level) is truncated at them.
    Raises Faults with every mistake.
    """
    if not isinstance(raw, Mapping):
        if isinstance(raw, list):
            raise Faults(Fault((), f"needs a value like {domain.unit.example} or a distribution, got a list"))
        try:
            return Distribution.constant(domain.number(raw))
        except ValueError as error:
            raise Faults(Fault((), str(error))) from None
    return _Reader(domain, base_dir).read(raw)


class _Reader:
    """Reads one mapping; collects mistakes instead of stopping at the first."""

    def __init__(self, domain: Domain, base_dir: Path) -> None:
        self.domain = domain
        self.base_dir = base_dir
        self.faults: list[Fault] = []

    def read(self, raw: Mapping[Any, Any], *, weighted: bool = False) -> Distribution:
        kind = self._kind(raw)
        for key in raw:
            if key not in (kind, "min", "max") and not (weighted and key == "weight"):
                self.faults.append(Fault((key,), self._stray(key)))
        body = raw[kind]
        law: Distribution | None = None
        if kind == "constant":
            law = Distribution.constant(self._take(kind, body, self.domain.number))
        elif kind == "mixture":
            law = self._mixture(body)
        elif not isinstance(body, Mapping) and kind != "uniform":
            self.faults.append(Fault((kind,), f"needs {_SHAPES[kind]}, got {describe(body)}"))
        else:
            law = getattr(self, f"_{kind}")(body)
        low, high = (
            None if raw.get(key) is None else self._take(key, raw[key], self.domain.number) for key in ("min", "max")
        )
        if self.faults or law is None:
            raise Faults(*self.faults)
        law = replace(law, min=low, max=high)
        if kind in ("normal", "lognormal"):
            law = self._bounded(law)
        _check_room(law, self.domain.unit)
        return law

    def _kind(self, raw: Mapping[Any, Any]) -> Kind:
        named = [kind for kind in KINDS if kind in raw]
        known = ", ".join(self.domain.kinds)
        if len(named) > 1:
            raise Faults(Fault((), f"names several distributions ({', '.join(named)}); keep one, or use a mixture"))
        if not named:
            close = [m for key in raw for m in get_close_matches(str(key), KINDS, 1)]
            hint = f"; did you mean {close[0]}?" if close else ""
            raise Faults(Fault((), f"needs one distribution of {known}{hint}"))
        if named[0] not in self.domain.kinds:
            raise Faults(Fault((named[0],), f"cannot be a {named[0]} distribution here; use one of {known}"))
        return named[0]

    def _stray(self, key: object) -> str:
        close = get_close_matches(str(key), ("min", "max", "weight"), 1)
        hint = f"did you mean {close[0]}?" if close else "beside a distribution only min and max may stand"
        return f"is not known here; {hint}"

    def _take(self, at: str | int, raw: object, parse: Any) -> float:
        try:
            return float(parse(raw))
        except ValueError as error:
            self.faults.append(Fault((at,), str(error)))
            return math.nan

    def _fields(self, kind: str, body: Mapping[Any, Any], parsers: dict[str, Any], optional: tuple[str, ...] = ()) -> Any:
        found = {}
        for name, parse in parsers.items():
            if name in body:
                try:
                    found[name] = parse(body[name])
                except ValueError as error:
                    self.faults.append(Fault((kind, name), str(error)))
            elif name not in optional:
                self.faults.append(Fault((kind,), f"lacks {name}; needs {_SHAPES[kind]}"))
        for key in body:
            if key not in parsers:
                close = get_close_matches(str(key), parsers, 1)
                hint = f"did you mean {close[0]}?" if close else f"needs {_SHAPES[kind]}"
                self.faults.append(Fault((kind, key), f"is not known here; {hint}"))
        return found

    def _uniform(self, body: object) -> Distribution | None:
        if not isinstance(body, Sequence) or isinstance(body, str) or len(body) != 2:
            self.faults.append(Fault(("uniform",), f"needs {_SHAPES['uniform']}, got {describe(body)}"))
            return None
        before = len(self.faults)
        low, high = (self._take(i, body[i], self.domain.number) for i in range(2))
        self.faults[before:] = [Fault(("uniform", *fault.at), fault.message) for fault in self.faults[before:]]
        if low >= high:
            self.faults.append(Fault(("uniform",), "the first value must be less than the second"))
        return Distribution("uniform", low=low, high=high)

    def _normal(self, body: Mapping[Any, Any]) -> Distribution:
        found = self._fields("normal", body, {"mean": self.domain.number, "sd": self.domain.spread})
        return Distribution("normal", **found)

    def _lognormal(self, body: Mapping[Any, Any]) -> Distribution:
        found = self._fields("lognormal", body, {"median": self._positive, "sigma": _not_negative})
        return Distribution("lognormal", **found)

    def _positive(self, raw: object) -> float:
        value = self.domain.number(raw)
        if value <= 0.0:
            raise ValueError(f"the median of a lognormal distribution is above zero, got {describe(raw)}")
        return value

    def _beta(self, body: Mapping[Any, Any]) -> Distribution:
        parsers = {"a": _above_zero, "b": _above_zero, "low": self.domain.number, "high": self.domain.number}
        optional = ("low", "high") if self.domain.unit is RATIO else ()
        found = self._fields("beta", body, parsers, optional)
        law = Distribution("beta", **{"low": 0.0, "high": 1.0, **found})
        if law.low >= law.high:
            self.faults.append(Fault(("beta",), "low must be less than high"))
        return law

    def _table(self, body: Mapping[Any, Any]) -> Distribution | None:
        if "file" in body:
            for key in body:
                if key not in ("file", "column", "weights"):
                    self.faults.append(Fault(("table", key), "is not known beside file; needs file, column, weights"))
            try:
                law = read_table(body, self.base_dir)
                for value in law.values:
                    self._within(value)
                return law
            except Faults as faults:
                self.faults += faults.below("table")
            except ValueError as error:
                self.faults.append(Fault(("table", "file"), str(error)))
            return None
        found = self._fields("table", body, {"values": _listed, "weights": _listed}, ("weights",))
        values = found.get("values", [])
        weights = found.get("weights", [1.0] * len(values))
        numbers = tuple(self._item("values", i, raw, self.domain.number) for i, raw in enumerate(values))
        shares = tuple(self._item("weights", i, raw, _not_negative) for i, raw in enumerate(weights))
        if len(numbers) != len(shares):
            message = f"{len(numbers)} values but {len(shares)} weights; give one weight for each value"
            self.faults.append(Fault(("table",), message))
        elif shares and not sum(shares) > 0:
            self.faults.append(Fault(("table",), "all weights are zero; give at least one value a weight"))
        return Distribution("table", values=numbers, weights=shares)

    def _within(self, value: float) -> None:
        if not self.domain.at_least <= value <= self.domain.at_most:
            low, high = self.domain.at_least, self.domain.at_most
            raise ValueError(f"holds {value:g}, which is outside {low:g} to {high:g} {self.domain.unit.base}")

    def _item(self, name: str, index: int, raw: object, parse: Any) -> float:
        try:
            return float(parse(raw))
        except ValueError as error:
            self.faults.append(Fault(("table", name, index), str(error)))
            return math.nan

    def _mixture(self, body: object) -> Distribution | None:
        if not isinstance(body, list) or not body:
            self.faults.append(Fault(("mixture",), f"needs {_SHAPES['mixture']}, got {describe(body)}"))
            return None
        parts, shares = [], []
        for i, raw in enumerate(body):
            if not isinstance(raw, Mapping):
                self.faults.append(Fault(("mixture", i), f"needs a weight and a distribution, got {describe(raw)}"))
                continue
            try:
                shares.append(RATIO.parse(raw.get("weight")))
            except ValueError as error:
                at: tuple[str | int, ...] = ("weight",) if "weight" in raw else ()
                self.faults.append(Fault(("mixture", i, *at), f"weight {error}" if not at else str(error)))
            try:
                parts.append(_Reader(self.domain, self.base_dir).read(raw, weighted=True))
            except Faults as faults:
                self.faults += faults.below("mixture", i)
        if not self.faults and (min(shares) < 0 or abs(math.fsum(shares) - 1.0) > _SHARES_TOLERANCE):
            message = f"weights sum to {RATIO.format(round(math.fsum(shares), 8))}, not 100%"
            self.faults.append(Fault(("mixture",), message))
        return Distribution("mixture", parts=tuple(parts), weights=tuple(shares))

    def _bounded(self, law: Distribution) -> Distribution:
        floor = 0.0 if law.kind == "lognormal" else -math.inf
        low = self.domain.at_least if law.min is None and self.domain.at_least > floor else law.min
        high = self.domain.at_most if law.max is None and self.domain.at_most < math.inf else law.max
        return replace(law, min=low, max=high)


def _check_room(law: Distribution, unit: Unit) -> None:
    """Raise Faults if truncation leaves nothing to draw."""
    low = -math.inf if law.min is None else law.min
    high = math.inf if law.max is None else law.max
    if low >= high:
        raise Faults(Fault((), "min must be less than max"))
    begin, end = -math.inf, math.inf
    if law.kind in ("uniform", "beta"):
        begin, end = law.low, law.high
    elif law.kind == "constant":
        begin = end = law.value
    elif law.kind == "normal":
        begin, end = law.mean - _TAIL_SD * law.sd, law.mean + _TAIL_SD * law.sd
    elif law.kind == "lognormal":
        begin, end = (law.median * math.exp(s * _TAIL_SD * law.sigma) for s in (-1, 1))
    elif law.kind == "table":
        inside = [v for v, w in zip(law.values, law.weights, strict=True) if w > 0 and low <= v <= high]
        begin, end = (low, high) if inside else (math.inf, -math.inf)
    if max(low, begin) > min(high, end):
        bounds = " and ".join(
            f"{name} {unit.format(bound)}" for name, bound in (("min", law.min), ("max", law.max)) if bound is not None
        )
        raise Faults(Fault((), f"nothing of this {law.kind} distribution lies within {bounds}; widen them"))


def _plain(raw: object) -> float:
    return PLAIN.parse(raw)


def _not_negative(raw: object) -> float:
    value = _plain(raw)
    if value < 0:
        raise ValueError(f"must not be negative, got {describe(raw)}")
    return value


def _above_zero(raw: object) -> float:
    value = _plain(raw)
    if value <= 0:
        raise ValueError(f"must be above zero, got {describe(raw)}")
    return value


def _listed(raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"needs a list, got {describe(raw)}")
    return raw


_SHAPES = {
    "constant": "one value",
    "uniform": "two values: [low, high]",
    "normal": "mean and sd",
    "lognormal": "median and sigma (a plain number)",
    "beta": "a and b (plain numbers), low and high",
    "table": "values and optional weights, or file and column",
    "mixture": "a list of distributions, each with its weight",
}
