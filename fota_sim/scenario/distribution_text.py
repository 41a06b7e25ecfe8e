"""Distributions back to YAML, and their JSON Schema."""

from __future__ import annotations

from typing import Any

from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.distribution_yaml import Domain
from fota_sim.scenario.units import DECIBEL, NUMBER, PLAIN, RATIO, Unit, spread_of

YamlValue = Any
"""Text, numbers, lists and mappings as a YAML file holds them."""


def to_yaml(law: Distribution, unit: Unit) -> YamlValue:
    """What a user would write for this distribution; parsing it gives an equal distribution."""
    body = _body(law, unit)
    if law.kind == "constant" and law.min is None and law.max is None:
        return body
    written: dict[str, YamlValue] = {law.kind: body}
    if law.min is not None:
        written["min"] = scalar(law.min, unit)
    if law.max is not None:
        written["max"] = scalar(law.max, unit)
    return written


def scalar(value: float, unit: Unit) -> YamlValue:
    """One value: text with its unit, or a number where there is no unit."""
    return unit.format(value) if unit is not PLAIN else number(value)


def number(value: float) -> int | float:
    """A plain number, without a point if it is whole."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _body(law: Distribution, unit: Unit) -> YamlValue:
    match law.kind:
        case "constant":
            return scalar(law.value, unit)
        case "uniform":
            return [scalar(law.low, unit), scalar(law.high, unit)]
        case "normal":
            return {"mean": scalar(law.mean, unit), "sd": scalar(law.sd, spread_of(unit))}
        case "lognormal":
            return {"median": scalar(law.median, unit), "sigma": number(law.sigma)}
        case "beta":
            bounds = {"low": scalar(law.low, unit), "high": scalar(law.high, unit)}
            return {"a": number(law.a), "b": number(law.b), **bounds}
        case "table":
            return _table(law, unit)
        case "mixture":
            return [_part(share, part, unit) for share, part in zip(law.weights, law.parts, strict=True)]


def _table(law: Distribution, unit: Unit) -> YamlValue:
    if law.file is None:
        written = {"values": [scalar(value, unit) for value in law.values]}
        return {**written, "weights": [number(weight) for weight in law.weights]}
    named = {"file": law.file, "column": law.column}
    return named if law.weights_column is None else {**named, "weights": law.weights_column}


def _part(share: float, part: Distribution, unit: Unit) -> YamlValue:
    written = to_yaml(part, unit)
    if part.kind == "constant" and not isinstance(written, dict):
        written = {"constant": written}
    return {"weight": RATIO.format(share), **written}


def json_schema(domain: Domain) -> dict[str, Any]:
    """JSON Schema for a value or a distribution of this domain."""
    value = scalar_schema(domain.unit)
    forms = {kind: _form(kind, value, spread_of(domain.unit)) for kind in domain.kinds if kind != "mixture"}
    bounds = {"min": value, "max": value}
    mappings = [_mapping({kind: form, **bounds}, [kind]) for kind, form in forms.items()]
    if "mixture" in domain.kinds:
        parts = [
            _mapping({"weight": scalar_schema(RATIO), kind: form, **bounds}, ["weight", kind])
            for kind, form in forms.items()
        ]
        mixture = {"type": "array", "minItems": 1, "items": {"anyOf": parts}}
        mappings.append(_mapping({"mixture": mixture, **bounds}, ["mixture"]))
    return {"anyOf": [value, *mappings]}


def scalar_schema(unit: Unit) -> dict[str, Any]:
    """JSON Schema for one value."""
    if unit is PLAIN:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{NUMBER}$"}]}
    return {"type": "string", "pattern": unit.pattern, "examples": [unit.example.split(" or ")[0]]}


def _form(kind: str, value: dict[str, Any], spread: Unit) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": "number"}
    deviation = value if spread is not DECIBEL else scalar_schema(DECIBEL)
    forms = {
        "constant": value,
        "uniform": {"type": "array", "prefixItems": [value, value], "minItems": 2, "maxItems": 2},
        "normal": _mapping({"mean": value, "sd": deviation}, ["mean", "sd"]),
        "lognormal": _mapping({"median": value, "sigma": plain}, ["median", "sigma"]),
        "beta": _mapping({"a": plain, "b": plain, "low": value, "high": value}, ["a", "b"]),
        "table": {
            "anyOf": [
                _mapping(
                    {"values": {"type": "array", "items": value}, "weights": {"type": "array", "items": plain}},
                    ["values"],
                ),
                _mapping({name: {"type": "string"} for name in ("file", "column", "weights")}, ["file", "column"]),
            ]
        },
    }
    return forms[kind]


def _mapping(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
