"""The mean of a metric over replications, with the interval that suits it (docs/statistics.md, Intervals of a run)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fota_sim.analysis.numbers.intervals import (
    MOST_ALIKE,
    MOST_ALIKE_OF_ANY_SIZE,
    Estimate,
    estimate,
    share_estimate,
    sum_estimate,
)
from fota_sim.analysis.numbers.metrics import SHARE, Measurement
from fota_sim.scenario.metrics import COST_PARTS, METRICS, MONEY, Metric

_JUMPS = "a few devices more or less would move it by far more than the replications differ, as by a night"
_OF_ANY_SIZE = frozenset({"B", "J", "mAh", MONEY, SHARE})
"""Units of sums to which a device may contribute little or much."""
_HARDLY = "replications differ by less than what one device more would, so no interval"
_LAST = "the last one or two devices rule it, so no interval"
_FEWEST_LATER = 3
"""Targeted devices after a time, below which it is that of stragglers: the last of 40 held 91 of 100 times."""
_FAR = 5.0
"""How much more than chance makes of a time it has to be for that: measured (docs/validation.md)."""
_DEVIATIONS = 1.4826
"""Standard deviations in a median absolute deviation, of the normal law."""


def metric_estimate(runs: Sequence[Measurement]) -> Estimate:
    """The mean of one metric over replications, with its interval; at least one replication."""
    metric, values = runs[0].metric, [run.value for run in runs]
    if metric.no_interval:
        mean = estimate(values, 0.0)
        return Estimate(mean.value, None, mean.note if mean.value is None else metric.no_interval)
    if runs[0].counts_devices:
        return share_estimate([run.numerator for run in runs], [run.denominator for run in runs])
    if metric.may_not_be_reached:
        found = estimate(values, 0.0)
        if found.interval and _is_of_the_last(runs):
            return replace(found, interval=None, note=_LAST)
        return replace(found, interval=None, note=_JUMPS) if found.interval and _may_jump(runs) else found
    alike = MOST_ALIKE_OF_ANY_SIZE if _unit(metric) in _OF_ANY_SIZE else MOST_ALIKE
    found = sum_estimate(values, most_of(runs), alike)
    return replace(found, interval=None, note=_HARDLY) if found.interval and _hardly_varies(runs) else found


def most_of(runs: Sequence[Measurement]) -> float:
    """The highest value that the mean of a metric can have; infinite where it has no such end."""
    if runs[0].metric.unit == SHARE:
        return 1.0
    known = [run.most for run in runs if run.most is not None]
    return math.fsum(known) / len(known) if len(known) == len(runs) else math.inf


def _unit(metric: Metric) -> str:
    """Of what is summed: of a cost, of what has that price."""
    priced = {part.cost: part.quantity for part in COST_PARTS.values()}
    return METRICS[priced.get(metric.name, metric.name)].unit


def _hardly_varies(runs: Sequence[Measurement]) -> bool:
    """Whether replications of a sum differ by less than what one device makes of it, or one visit.

    Then few have shown what rarely happens to a device: a visit, or a download begun anew.
    """
    one_more = [run.hangs_on for run in runs if run.hangs_on is not None]
    spread = float(np.std([run.value for run in runs if run.value is not None], ddof=1))
    return bool(one_more) and spread < float(np.median(one_more))


def _is_of_the_last(runs: Sequence[Measurement]) -> bool:
    """Whether hardly a device is upgraded after the time, so that stragglers rule it."""
    later = [run.denominator - run.numerator for run in runs if run.numerator is not None and run.denominator]
    return bool(later) and float(np.median(later)) < _FEWEST_LATER


def _may_jump(runs: Sequence[Measurement]) -> bool:
    """Whether a time stands at the edge of a gap that the replications have not fallen into, or not often enough.

    Four standard errors of the number of devices are four standard deviations of the time, if that is smooth. How far
    replications spread is told by their median deviation: one that fell into the gap would hide the gap otherwise.
    """
    hanging = [run.hangs_on for run in runs if run.hangs_on is not None]
    values = np.array([run.value for run in runs if run.value is not None])
    spread = _DEVIATIONS * float(np.median(np.abs(values - np.median(values))))
    return bool(hanging) and float(np.median(hanging)) / 4 > _FAR * spread
