"""Thresholds as constraints of a search: how far a value is from keeping one, and what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fota_sim.analysis.playing import Measures
from fota_sim.analysis.thresholds import Verdict, judge
from fota_sim.scenario.thresholds import Threshold


def excess(threshold: Threshold, value: float | None) -> float:
    """How far ``value`` is on the wrong side, 0 or less on the right one; a missing value is infinitely wrong."""
    if value is None:
        return math.inf
    return value - threshold.limit if threshold.from_above else threshold.limit - value


def verdicts(thresholds: Sequence[Threshold], runs: Sequence[Measures], horizon_ms: int) -> dict[str, Verdict]:
    """Pass, fail or undecided for each threshold as it is written; as ``fota-sim run`` judges."""
    return {row["threshold"]: row["verdict"] for row in judge([each.text for each in thresholds], runs, horizon_ms)}
