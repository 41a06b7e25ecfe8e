"""Means over replications, and how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

FEWEST_REPLICATIONS = 5
"""Fewer give no interval: its width would itself be mostly luck."""
CONFIDENCE = 0.95


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
