"""Thresholds as constraints of a search: how far a value is from keeping one, and what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from fota_sim.analysis.batch.gathering import Measures, mean_of
from fota_sim.analysis.numbers.thresholds import Verdict, judge
from fota_sim.rules.share import exact
from fota_sim.scenario.thresholds import Threshold


def excess(threshold: Threshold, runs: Sequence[Measures]) -> float:
    """How far the mean is on the wrong side, 0 or less on the right one; a missing value is infinitely wrong.

    Shares of devices are compared as fractions: the mean of 6 % and 8 % is 7 %, whatever floats make of it.
    """
    each = [run[threshold.metric] for run in runs]
    mean = mean_of(runs, threshold.metric).value
    if mean is None:
        return math.inf
    beyond = mean - threshold.limit
    if all(one.counts_devices and one.denominator for one in each):
        shares = [Fraction(round(one.numerator or 0), round(one.denominator or 1)) for one in each]
        beyond = float(sum(shares, Fraction(0)) / len(shares) - exact(threshold.limit))
    return beyond if threshold.from_above else -beyond


def verdicts(thresholds: Sequence[Threshold], runs: Sequence[Measures], horizon_ms: int) -> dict[str, Verdict]:
    """Pass, fail or undecided for each threshold as it is written; as ``fota-sim run`` judges."""
    return {row["threshold"]: row["verdict"] for row in judge([each.text for each in thresholds], runs, horizon_ms)}
