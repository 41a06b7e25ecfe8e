"""Thresholds as constraints of a search: how far a value is from keeping one, and what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from fota_sim.analysis.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.metrics import SHARE
from fota_sim.analysis.playing import Measures, mean_of, values
from fota_sim.scenario.thresholds import Threshold

Verdict = Literal["pass", "fail", "undecided"]


def excess(threshold: Threshold, value: float | None) -> float:
    """How far ``value`` is on the wrong side, 0 or less on the right one; a missing value is infinitely wrong."""
    if value is None:
        return math.inf
    return value - threshold.limit if threshold.from_above else threshold.limit - value


def verdict(threshold: Threshold, runs: Sequence[Measures]) -> Verdict:
    """Pass with the whole 95 % interval on the right side, fail with all of it on the wrong one.

    A metric that some replication lacks (a share that was not reached) fails. Without an interval for want of
    replications it is undecided. A value that is the same in all replications is taken as it is; but no event
    in any of them is no proof of none, so a share of 0 is judged by Clopper and Pearson's upper bound
    over all devices together, taken as independent.
    """
    if any(value is None for value in values(runs, threshold.metric)):
        return "fail"
    found = mean_of(runs, threshold.metric)
    if len(runs) < FEWEST_REPLICATIONS or found.value is None:
        return "undecided"
    low, high = found.interval or (found.value, found.value)
    if found.value == 0 and runs[0][threshold.metric].unit == SHARE:
        high = _upper_bound(sum(run[threshold.metric].denominator or 0 for run in runs))
    right = [threshold.holds(end) for end in (low, high)]
    return "pass" if all(right) else "undecided" if any(right) else "fail"


def _upper_bound(devices: float) -> float:
    """The largest share with which none of ``devices`` is still as likely as the interval's tail."""
    return 1.0 - float(((1 - CONFIDENCE) / 2) ** (1 / devices)) if devices else 1.0
