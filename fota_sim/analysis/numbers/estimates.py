"""The mean of a metric over replications, with the interval that suits it (docs/statistics.md, Intervals of a run)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fota_sim.analysis.numbers.intervals import Estimate, estimate, share_estimate, sum_estimate
from fota_sim.analysis.numbers.metrics import SHARE, Measurement


def metric_estimate(runs: Sequence[Measurement]) -> Estimate:
    """The mean of one metric over replications, with its interval; at least one replication."""
    metric, values = runs[0].metric, [run.value for run in runs]
    if metric.no_interval:
        mean = estimate(values, 0.0)
        return Estimate(mean.value, None, mean.note if mean.value is None else metric.no_interval)
    if runs[0].counts_devices:
        return share_estimate([run.numerator for run in runs], [run.denominator for run in runs])
    if metric.may_not_be_reached:
        return estimate(values, 0.0)
    return sum_estimate(values, 1.0 if metric.unit == SHARE else math.inf)
