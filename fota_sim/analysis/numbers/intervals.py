"""Means over replications, and how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, chdtri, ndtri, stdtrit

FEWEST_REPLICATIONS = 5
"""Fewer give no interval: its width would itself be mostly luck."""
CONFIDENCE = 0.95
_UPPER = 0.5 + CONFIDENCE / 2
FEW_COUNTS = 30
"""Below so many devices with, or without, what is counted, the spread of their share over ten replications says less
than that devices are counted (docs/statistics.md)."""
_STEADY = 0.05
"""Chance that replications of independent devices of one kind differ so little that they are taken to be steadier than
that, as those of a fleet from a file are."""
MOST_SKEWED = 1.0
"""Skewness that an interval allows for: ten values do not show more, and more than that holds too often, as measured
(docs/validation.md)."""
SMALL_NUMBER = 20
"""Whole numbers below that in the mean, such as the most downloads at once, have no law that ten of them could tell."""
MOST_ALIKE = 2 / 3
"""If a larger part of the replications has one value, the others are too few to say how much it varies."""
ALIKE = 0.1
"""Standard deviations within which values are one value: days waited differ by minutes, or by a device's whole wait."""
ALIKE_OF_THREE = 0.02
"""The same of three values: of five that are drawn from a smooth law, three lie within a tenth by chance in 1 to 5 of
100 studies, within this in at most 1 of 200; four or more do within a tenth in at most 1 of 100."""
RARE = 3
"""Fewer events than that in all replications together give an upper end only: below, anything down to 0 is likely."""


_HARDLY_VARIES = "a whole number that varies by less than one, so no interval"


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


MOST_ALIKE_OF_ANY_SIZE = 1 / 2
"""The same where contributions are of any size, as bytes wasted are: a few of them say less (docs/statistics.md)."""


def sum_estimate(values: Sequence[float | None], highest: float = math.inf, most_alike: float = MOST_ALIKE) -> Estimate:
    """The mean of a quantity that is never negative, with Hall's interval, which allows for skewness.

    Hall's transformation of the t statistic ("On the removal of skewness by transformation", Journal of the Royal
    Statistical Society B 54, 1992), with Student's quantiles. The skewness is that of the sample, and not less than
    its coefficient of variation: of a sum of rare positive contributions (a compound Poisson variable) it never is, by
    the inequality of Cauchy and Schwarz, and ten values show too little of it; nor more than ``MOST_SKEWED``. Without
    skewness it is :func:`estimate`.
    """
    found = estimate(values, 0.0, highest)
    if found.value is None or found.interval is None or found.value <= 0:
        return found
    known = np.array([value for value in values if value is not None])
    alike = _alike(known)
    if alike > most_alike * len(known):
        told = f"the same, or nearly so, in {alike} of {len(known)} replications, so no interval"
        return Estimate(found.value, None, told)
    if np.array_equal(known, np.round(known)):
        if float(np.std(known, ddof=1)) < 1:
            return Estimate(found.value, None, _HARDLY_VARIES)
        if found.value < SMALL_NUMBER:
            return Estimate(found.value, None, "a small whole number, so no interval")
    count, error = len(known), float(np.std(known, ddof=1)) / math.sqrt(len(known))
    skewness = min(MOST_SKEWED, max(_skewness(known), error * math.sqrt(count) / found.value))
    a = skewness / math.sqrt(count)
    half = float(stdtrit(count - 1, _UPPER))
    low, high = (found.value - error * (math.cbrt(1 + a * (t - a / 6)) - 1) * 3 / a for t in (half, -half))
    return Estimate(found.value, (max(0.0, low), min(highest, high)), "")


def _alike(values: NDArray[np.float64]) -> int:
    """How many of the values at the most are one value, within ``ALIKE`` standard deviations of all from end to end."""
    found = _within(values, ALIKE)
    return found if found > 3 else _within(values, ALIKE_OF_THREE)


def _within(values: NDArray[np.float64], deviations: float) -> int:
    """How many at the most lie within so many standard deviations of all, from end to end."""
    ordered = np.sort(values)
    ends = ordered + deviations * float(np.std(values, ddof=1))
    return int((np.searchsorted(ordered, ends, side="right") - np.arange(len(ordered))).max())


def _skewness(values: NDArray[np.float64]) -> float:
    """Of what they are drawn from, estimated as usual (the adjusted Fisher-Pearson coefficient)."""
    count, away = len(values), values - values.mean()
    third = float((away * away * away).sum()) * count / ((count - 1) * (count - 2))
    return third / float(np.std(values, ddof=1)) ** 3


def share_estimate(counts: Sequence[float | None], totals: Sequence[float | None]) -> Estimate:
    """The mean share of devices, ``counts`` of ``totals`` in each replication, with its 95 % interval.

    It is Jeffreys' interval of a probability (Brown, Cai and DasGupta 2001, with their changes at the ends) for the
    number of independent devices that would have been as uncertain as the replications are (Korn and Graubard 1998):
    so it knows that devices of a replication share servers, hours and luck, and is lopsided where few are counted.
    Where fewer than ``FEW_COUNTS`` are counted, or not counted, how much replications differ is itself mostly luck:
    then that number is not more than there were devices, unless replications are steadier than luck would make them.
    Where they are, more are counted, and counts vary by less than one, as with a fleet from a file, there is none: two
    or three values have no law. What never happened, or in ``RARE`` cases less than that, gets an upper end only.
    """
    pairs = [(count or 0.0, total or 0.0) for count, total in zip(counts, totals, strict=True)]
    shares = [count / total if total else None for count, total in pairs]
    found = estimate(shares, 0.0, 1.0)
    if found.value is None or len(pairs) < FEWEST_REPLICATIONS:
        return found
    count, total = math.fsum(count for count, _ in pairs), math.fsum(total for _, total in pairs)
    few = min(count, total - count) < FEW_COUNTS
    if found.interval is None and 0 < count < total:
        return found
    spread = float(np.var(np.array(shares, dtype=float), ddof=1)) / len(pairs)
    alone = found.value * (1 - found.value) / total
    steady = spread * (len(pairs) - 1) < alone * chdtri(len(pairs) - 1, 1 - _STEADY)
    if steady and not few and float(np.std([count for count, _ in pairs], ddof=1)) < 1:
        return Estimate(found.value, None, _HARDLY_VARIES)
    trials = _trials(found.value, spread, total, few and not steady, len(pairs))
    return Estimate(found.value, _jeffreys(count, total, found.value, trials), "")


def _trials(share: float, spread: float, total: float, at_most_total: bool, replications: int) -> float:
    """How many independent devices would have been as uncertain as a share whose mean has the variance ``spread``."""
    if share in (0.0, 1.0):
        return total
    alone = share * (1 - share) / total
    widened = (stdtrit(replications - 1, _UPPER) / ndtri(_UPPER)) ** 2  # for a variance from so few values
    used = max(spread * widened, alone) if at_most_total else spread * widened
    return share * (1 - share) / used


def _jeffreys(count: float, total: float, share: float, trials: float) -> tuple[float, float]:
    """The interval of a probability, ``share`` of so many independent ``trials``, after ``count`` of ``total``."""
    hits, misses = share * trials, (1 - share) * trials
    low = float(betaincinv(hits + 0.5, misses + 0.5, 1 - _UPPER)) if count >= RARE else 0.0
    high = float(betaincinv(hits + 0.5, misses + 0.5, _UPPER)) if total - count >= RARE else 1.0
    if count == total:
        low = float((1 - _UPPER) ** (1 / trials))
    if count == 0:
        high = 1.0 - float((1 - _UPPER) ** (1 / trials))
    return low, high
