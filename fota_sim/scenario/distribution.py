"""A distribution over a quantity: a constant, a named law, an empirical table or a mixture, maybe truncated.

Written as a value with its unit, or as a mapping with one law and optional bounds::

    rssi: -95dBm
    rssi: {normal: {mean: -94dBm, sd: 12dB}, min: -125dBm}
    capacity: {uniform: [2000mAh, 2600mAh]}
    level: {mixture: [{weight: 30%, uniform: [5%, 30%]}, {weight: 70%, beta: {a: 2.5, b: 1.3}}]}
    level: {table: {values: [20%, 50%, 90%], weights: [1, 2, 1]}}
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from fota_sim.quoting import listed, quoted, shortened
from fota_sim.scenario import units
from fota_sim.scenario.units import Unit

Kind = Literal["constant", "uniform", "normal", "lognormal", "beta", "table", "mixture"]
LAWS = ("uniform", "normal", "lognormal", "beta", "table", "mixture")


@dataclass(frozen=True)
class Distribution:
    """One law with its parameters in base units; which of the fields count depends on ``kind``."""

    kind: Kind
    value: float = 0.0
    low: float = 0.0
    high: float = 1.0
    mean: float = 0.0
    sd: float = 0.0
    median: float = 0.0
    sigma: float = 0.0
    a: float = 0.0
    b: float = 0.0
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    parts: tuple[Distribution, ...] = field(default=())
    min: float | None = None
    max: float | None = None


def constant(value: float) -> Distribution:
    """A distribution that is always ``value`` (base units)."""
    return Distribution("constant", value=value)


def _mapping(value: object, keys: tuple[str, ...], law: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{law} takes a mapping of {', '.join(keys)}")
    unknown = [key for key in value if key not in keys]
    if unknown:
        raise ValueError(f"{law} knows no {quoted(unknown[0])}; it takes {', '.join(keys)}")
    return value


def _need(value: dict[str, Any], key: str, law: str) -> Any:
    if key not in value:
        raise ValueError(f"{law} needs {quoted(key)}")
    return value[key]


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{what} must be a plain number, not {quoted(value)}")
    return float(value)


def parse(value: object, unit: Unit) -> Distribution:
    """Read a distribution over ``unit``; raises ValueError that says what would do."""
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict):
        return constant(unit.parse(value))
    laws = [key for key in value if key in LAWS]
    unknown = [key for key in value if key not in (*LAWS, "min", "max")]
    if unknown or len(laws) != 1:
        raise ValueError(f"a distribution is one of {', '.join(LAWS)} (with optional min and max), not {listed(value)}")
    low = unit.parse(value["min"]) if value.get("min") is not None else None
    high = unit.parse(value["max"]) if value.get("max") is not None else None
    if low is not None and high is not None and low > high:
        raise ValueError("min is above max; exchange them")
    law = _law(laws[0], value[laws[0]], unit, low, high)
    if _leaves_nothing(law):
        between = f"min {unit.format(low)}" if high is None else f"max {unit.format(high)}"
        if low is not None and high is not None:
            between = f"{unit.format(low)} to {unit.format(high)}"
        raise ValueError(
            f"nothing of this {law.kind} distribution lies within its bounds ({between}); widen them or move it"
        )
    return law


def _leaves_nothing(law: Distribution) -> bool:
    """Whether min and max leave nothing of a law that has ends of its own; of others a draw tells."""
    low, high = -math.inf if law.min is None else law.min, math.inf if law.max is None else law.max
    if law.kind == "table":
        pairs = zip(law.values, law.weights, strict=True)
        return not any(low <= value <= high for value, weight in pairs if weight > 0.0)
    return law.kind in ("uniform", "beta") and (law.low > high or law.high < low)


def _law(law: str, value: Any, unit: Unit, low: float | None, high: float | None) -> Distribution:
    spread = units.DECIBEL if unit is units.SIGNAL else unit
    if law == "uniform":
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError(f"uniform takes two values, for example [{unit.example}, {unit.example}]")
        start, stop = unit.parse(value[0]), unit.parse(value[1])
        if start > stop:
            raise ValueError("uniform's first value is above its second; exchange them")
        return Distribution("uniform", low=start, high=stop, min=low, max=high)
    if law == "normal":
        value = _mapping(value, ("mean", "sd"), law)
        sd = spread.parse(_need(value, "sd", law))
        if sd <= 0:
            raise ValueError("normal's sd must be above 0; for one value write the value alone")
        return Distribution("normal", mean=unit.parse(_need(value, "mean", law)), sd=sd, min=low, max=high)
    if law == "lognormal":
        value = _mapping(value, ("median", "sigma"), law)
        median = unit.parse(_need(value, "median", law))
        sigma = _number(_need(value, "sigma", law), "lognormal's sigma")
        if median <= 0 or sigma <= 0:
            raise ValueError("lognormal's median and sigma must be above 0")
        return Distribution("lognormal", median=median, sigma=sigma, min=low, max=high)
    if law == "beta":
        value = _mapping(value, ("a", "b", "low", "high"), law)
        a, b = (_number(_need(value, key, law), f"beta's {key}") for key in ("a", "b"))
        ends = ("0%", "100%") if unit is units.RATIO else (None, None)
        start, stop = value.get("low", ends[0]), value.get("high", ends[1])
        if a <= 0 or b <= 0 or start is None or stop is None:
            raise ValueError("beta needs a and b above 0, and low and high unless it is a share")
        bottom, top = unit.parse(start), unit.parse(stop)
        if bottom >= top:
            raise ValueError("beta's low must be below its high; exchange them")
        return Distribution("beta", a=a, b=b, low=bottom, high=top, min=low, max=high)
    if law == "table":
        value = _mapping(value, ("values", "weights"), law)
        listed, weighed = _need(value, "values", law), value.get("weights")
        if not isinstance(listed, list) or not isinstance(weighed, list | None):
            raise ValueError(f"table takes lists, for example values: [{unit.example}, ...] and weights: [1, ...]")
        values = tuple(unit.parse(v) for v in listed)
        weights = tuple(_number(w, "a weight") for w in weighed or [1] * len(values))
        if not values or len(weights) != len(values) or min(weights) < 0 or sum(weights) <= 0:
            raise ValueError("table needs values, and as many weights (0 or more, not all 0)")
        return Distribution("table", values=values, weights=weights, min=low, max=high)
    if not isinstance(value, list) or not value:
        raise ValueError("mixture takes a list of distributions, each with a weight")
    parts, shares = [], []
    for part in value:
        if not isinstance(part, dict) or "weight" not in part:
            raise ValueError("each part of a mixture needs a weight, for example 30%")
        shares.append(units.RATIO.parse(part["weight"]))
        parts.append(parse({k: v for k, v in part.items() if k != "weight"}, unit))
    if abs(sum(shares) - 1.0) > 1e-6 or min(shares) < 0:
        raise ValueError(f"the weights of a mixture sum to {100 * sum(shares):.6g}%; they must sum to 100%")
    return Distribution("mixture", parts=tuple(parts), weights=tuple(shares), min=low, max=high)


def write(law: Distribution, unit: Unit) -> Any:
    """The distribution as YAML would hold it."""
    if law.kind == "constant":
        return unit.format(law.value)
    spread = units.DECIBEL if unit is units.SIGNAL else unit
    body: Any
    match law.kind:
        case "uniform":
            body = [unit.format(law.low), unit.format(law.high)]
        case "normal":
            body = {"mean": unit.format(law.mean), "sd": spread.format(law.sd)}
        case "lognormal":
            body = {"median": unit.format(law.median), "sigma": law.sigma}
        case "beta":
            body = {"a": law.a, "b": law.b, "low": unit.format(law.low), "high": unit.format(law.high)}
        case "table":
            body = {"values": [unit.format(v) for v in law.values], "weights": list(law.weights)}
        case _:
            body = [
                {"weight": units.RATIO.format(weight), **_as_mapping(write(part, unit))}
                for weight, part in zip(law.weights, law.parts, strict=True)
            ]
    text: dict[str, Any] = {law.kind: body}
    if law.min is not None:
        text["min"] = unit.format(law.min)
    if law.max is not None:
        text["max"] = unit.format(law.max)
    return text


def _as_mapping(written: Any) -> dict[str, Any]:
    return written if isinstance(written, dict) else {"uniform": [written, written]}


def _points(law: Distribution) -> list[float]:
    """The values that the law is written with: what it always is, its middle or its ends."""
    match law.kind:
        case "constant":
            return [law.value]
        case "uniform" | "beta":
            return [law.low, law.high]
        case "normal":
            return [law.mean]
        case "lognormal":
            return [law.median]
        case "table":
            return list(law.values)
        case _:
            return [point for part in law.parts for point in _points(part)]


def ends(law: Distribution) -> tuple[float, float]:
    """The least and the greatest value that a law can give, in base units; infinite where it has none."""
    match law.kind:
        case "constant":
            low = high = law.value
        case "uniform" | "beta":
            low, high = law.low, law.high
        case "normal":
            low, high = -math.inf, math.inf
        case "lognormal":
            low, high = 0.0, math.inf
        case _:
            each = [(value, value) for value in law.values] if law.kind == "table" else [ends(p) for p in law.parts]
            there = [both for both, weight in zip(each, law.weights, strict=True) if weight > 0.0]
            low, high = min(low for low, _ in there), max(high for _, high in there)
    low = low if law.min is None else max(low, law.min)
    return low, high if law.max is None else min(high, law.max)


def _within(value: object, unit: Unit, lowest: float, highest: float) -> Distribution:
    law = parse(value, unit)
    for point in _points(law):
        if not lowest <= point <= highest:
            ends = f"{unit.format(lowest)} to {unit.format(highest)}"
            raise ValueError(f"{shortened(unit.format(point))} is impossible here; use {ends}")
    return law


def _field(unit: Unit, lowest: float, highest: float) -> Any:
    schema = {
        "description": f"{unit.name}, for example {unit.example}; or a distribution: {', '.join(LAWS)}",
        "anyOf": [
            {"type": "string"},
            {"type": "object", "properties": {law: {} for law in (*LAWS, "min", "max")}, "additionalProperties": False},
        ],
    }
    return Annotated[
        Distribution,
        PlainValidator(lambda value: _within(value, unit, lowest, highest)),
        PlainSerializer(lambda law: write(law, unit)),
        WithJsonSchema(schema),
    ]


SignalLaw = _field(units.SIGNAL, -150.0, 0.0)
RatioLaw = _field(units.RATIO, 0.0, 1.0)
ChargeLaw = _field(units.CHARGE, 1.0, 1e7)
TemperatureLaw = _field(units.TEMPERATURE, -60.0, 125.0)
DurationLaw = _field(units.DURATION, 0.0, 315_360_000.0)
