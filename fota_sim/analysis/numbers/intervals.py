"""Means over replications, and how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

FEWEST_REPLICATIONS = 5
"""Fewer give no interval: its width would itself be mostly luck."""
CONFIDENCE = 0.95
FEW_COUNTS = 30
"""Below so many devices with, or without, what is counted, Student's interval of their share is too narrow: it was
measured to contain the long-run value 92 % of the time instead of 95 % (docs/validation.md, Intervals)."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications. ``interval`` is None where none can be given; ``note`` then says why."""

    value: float | None
    interval: tuple[float, float] | None
    note: str


def estimate(values: Sequence[float | None], lowest: float = -math.inf, highest: float = math.inf) -> Estimate:
    """The mean of ``values``, one per replication, with Student's t interval (95 %, two-sided).

    The interval is cut to ``lowest``..``highest``, the values that the quantity can have. A replication without
    a value (None: not reached, or nothing to divide by) leaves the whole without one, rather than a mean of the
    lucky.
    """
    known = [value for value in values if value is not None]
    count = len(values)
    if not known:
        return Estimate(None, None, "no value in any replication" if count > 1 else "no value")
    if len(known) < count:
        return Estimate(None, None, f"only {len(known)} of {count} replications have a value")
    mean = math.fsum(known) / count
    if count < FEWEST_REPLICATIONS:
        plural = "" if count == 1 else "s"
        note = f"{count} replication{plural}; an interval needs at least {FEWEST_REPLICATIONS}"
        return Estimate(mean, None, note)
    if min(known) == max(known):
        return Estimate(known[0], None, f"the same in all {count} replications, so no interval")
    half = float(stdtrit(count - 1, 0.5 + CONFIDENCE / 2) * np.std(known, ddof=1) / math.sqrt(count))
    return Estimate(mean, (max(lowest, mean - half), min(highest, mean + half)), "")


def share_estimate(counts: Sequence[float | None], totals: Sequence[float | None]) -> Estimate:
    """The mean share of devices, ``counts`` of ``totals`` in each replication, with its 95 % interval.

    As :func:`estimate`, except where few devices are counted, or few are not: then the interval also covers the exact
    binomial one of all replications together. So what never happened gets an upper end. The binomial interval takes
    devices to be independent; where replications differ more than that would make them, Student's is the wider.
    """
    pairs = [(count or 0.0, total or 0.0) for count, total in zip(counts, totals, strict=True)]
    found = estimate([count / total if total else None for count, total in pairs], 0.0, 1.0)
    if found.value is None or len(pairs) < FEWEST_REPLICATIONS:
        return found
    count, total = math.fsum(count for count, _ in pairs), math.fsum(total for _, total in pairs)
    if min(count, total - count) >= FEW_COUNTS:
        return found
    low, high = binomial_interval(count, total)
    if found.interval is not None:
        low, high = min(low, found.interval[0]), max(high, found.interval[1])
    return Estimate(found.value, (low, high), "")


def binomial_interval(count: float, total: float) -> tuple[float, float]:
    """The exact 95 % interval of a probability, ``count`` of ``total`` independent trials (Clopper, Pearson 1934)."""
    tail = (1.0 - CONFIDENCE) / 2
    low = float(betaincinv(count, total - count + 1.0, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1.0, total - count, 1.0 - tail)) if count < total else 1.0
    return low, high
