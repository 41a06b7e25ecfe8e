"""The distributions a scenario may name: how much of each lies between two bounds, and its quantiles there.

Normal and lognormal work on the nearer tail, so a truncation far out keeps its precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, ndtr, ndtri

from fota_sim.scenario.distribution import Distribution

Floats = NDArray[np.float64]
Choose = Callable[[int], Floats]
"""Uniform draws that choose the part of a mixture, given its depth: 0, or more for mixtures in mixtures."""


def mass(law: Distribution, low: Floats, high: Floats) -> Floats:
    """The share of ``law``, its own truncation applied, that lies in [low, high]; arrays of one shape."""
    own_low, own_high = _bounds(law)
    inside = _raw_mass(law, np.maximum(low, own_low), np.minimum(high, own_high))
    if math.isinf(own_low) and math.isinf(own_high):
        return inside
    return inside / _possible(law, own_low, own_high)


def draw(law: Distribution, u: Floats, choose: Choose, low: float, high: float, depth: int = 0) -> Floats:
    """Quantiles ``u`` of ``law`` truncated to its own bounds and to [low, high]; same shape as ``u``.

    Raises ValueError if nothing of the distribution lies there.
    """
    own_low, own_high = _bounds(law)
    low, high = max(low, own_low), min(high, own_high)
    _possible(law, low, high)
    if law.kind == "mixture":
        values = _draw_mixture(law, u, choose, low, high, depth)
    else:
        values = _draw_simple(law, u, low, high)
    return np.clip(values, low, high)


def _bounds(law: Distribution) -> tuple[float, float]:
    return (-math.inf if law.min is None else law.min), (math.inf if law.max is None else law.max)


def _possible(law: Distribution, low: float, high: float) -> float:
    """The share of ``law`` in [low, high]; raises ValueError if there is none."""
    if law.kind == "beta" and not law.low < law.high:
        raise ValueError(f"a beta distribution needs low below high, not {law.low:g} and {law.high:g}")
    share = float(_raw_mass(law, np.array([low]), np.array([high]))[0])
    if not share > 0.0:
        raise ValueError(
            f"nothing of this {law.kind} distribution lies between its min and max "
            f"({low:g} to {high:g}); widen them or move the distribution"
        )
    return share


def _raw_mass(law: Distribution, low: Floats, high: Floats) -> Floats:
    """The share of ``law`` without its own truncation in [low, high]; 0 where the bounds cross."""
    share: Floats
    match law.kind:
        case "constant":
            share = ((low <= law.value) & (law.value <= high)).astype(np.float64)
        case "uniform":
            share = _uniform_mass(law, low, high)
        case "normal":
            share = _normal_mass((low - law.mean) / law.sd, (high - law.mean) / law.sd)
        case "lognormal":
            share = _normal_mass(_log_score(law, low), _log_score(law, high))
        case "beta":
            share = _beta_below(law, high) - _beta_below(law, low)
        case "table":
            values, edges = _sorted_table(law)
            below = np.concatenate(([0.0], edges))
            share = below[np.searchsorted(values, high, side="right")] - below[np.searchsorted(values, low)]
        case _:
            share = np.zeros(low.shape)
            for weight, part in zip(_part_weights(law), law.parts, strict=True):
                share += weight * mass(part, low, high)
    return np.where(low <= high, np.maximum(share, 0.0), 0.0)


def _draw_simple(law: Distribution, u: Floats, low: float, high: float) -> Floats:
    values: Floats
    match law.kind:
        case "constant":
            return np.full(u.shape, law.value)
        case "uniform":
            start, stop = max(low, law.low), min(high, law.high)
            return start + (stop - start) * u
        case "normal":
            return law.mean + law.sd * _normal_between(u, (low - law.mean) / law.sd, (high - law.mean) / law.sd)
        case "lognormal":
            bounds = _log_score(law, np.array([low, high])).tolist()
            values = law.median * np.exp(law.sigma * _normal_between(u, bounds[0], bounds[1]))
            return values
        case "beta":
            first, last = _beta_below(law, np.array([low, high])).tolist()
            values = law.low + (law.high - law.low) * betaincinv(law.a, law.b, first + (last - first) * u)
            return values
        case _:
            table, edges = _sorted_table(law)
            begin, end = int(np.searchsorted(table, low)), int(np.searchsorted(table, high, side="right"))
            below = edges[begin - 1] if begin else 0.0
            wanted = below + (edges[end - 1] - below) * u
            values = table[np.clip(np.searchsorted(edges, wanted, side="right"), begin, end - 1)]
            return values


def _draw_mixture(law: Distribution, u: Floats, choose: Choose, low: float, high: float, depth: int) -> Floats:
    weights = _part_weights(law)
    bounds = np.array([low]), np.array([high])
    inside = [weight * float(mass(part, *bounds)[0]) for weight, part in zip(weights, law.parts, strict=True)]
    edges = np.cumsum(inside)
    chosen = np.minimum(np.searchsorted(edges, choose(depth) * edges[-1], side="right"), len(edges) - 1)
    values = np.empty(u.shape)
    for i, part in enumerate(law.parts):
        here = chosen == i
        if here.any():
            values[here] = draw(part, u[here], _only(choose, here), low, high, depth + 1)
    return values


def _only(choose: Choose, here: NDArray[np.bool_]) -> Choose:
    return lambda depth: choose(depth)[here]


def _uniform_mass(law: Distribution, low: Floats, high: Floats) -> Floats:
    if law.high == law.low:
        return ((low <= law.low) & (law.low <= high)).astype(np.float64)
    start, stop = np.maximum(low, law.low), np.minimum(high, law.high)
    return (stop - start) / (law.high - law.low)


def _normal_mass(low: Floats, high: Floats) -> Floats:
    """Standard normal mass of [low, high], from the tail that the interval lies in."""
    flipped = low > 0.0
    share: Floats = ndtr(np.where(flipped, -low, high)) - ndtr(np.where(flipped, -high, low))
    return share


def _normal_between(u: Floats, low: float, high: float) -> Floats:
    """Quantiles ``u`` of the standard normal truncated to [low, high]."""
    values: Floats
    if low > 0.0:
        values = -ndtri(ndtr(-low) + (ndtr(-high) - ndtr(-low)) * u)
    else:
        values = ndtri(ndtr(low) + (ndtr(high) - ndtr(low)) * u)
    return values


def _log_score(law: Distribution, bound: Floats) -> Floats:
    """The standard normal score of a lognormal's bound; everything up to 0 is infinitely far down."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(bound, 0.0) / law.median) / law.sigma


def _beta_below(law: Distribution, bound: Floats) -> Floats:
    place = np.clip((bound - law.low) / (law.high - law.low), 0.0, 1.0)
    share: Floats = betainc(law.a, law.b, place)
    return share


def _sorted_table(law: Distribution) -> tuple[Floats, Floats]:
    """A table's values in ascending order, and the share of it up to and including each."""
    order = np.argsort(law.values, kind="stable")
    edges = np.cumsum(np.asarray(law.weights, dtype=np.float64)[order])
    return np.asarray(law.values, dtype=np.float64)[order], edges / edges[-1]


def _part_weights(law: Distribution) -> list[float]:
    total = sum(law.weights)
    return [weight / total for weight in law.weights]
