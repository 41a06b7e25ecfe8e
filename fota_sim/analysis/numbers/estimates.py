"""The mean of a metric over replications, with the interval that suits it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fota_sim.analysis.numbers.intervals import Estimate, estimate, share_estimate
from fota_sim.analysis.numbers.metrics import SHARE, Measurement


def metric_estimate(runs: Sequence[Measurement]) -> Estimate:
    """The mean of one metric over replications, with its interval."""
    if runs[0].counts_devices:
        return share_estimate([run.numerator for run in runs], [run.denominator for run in runs])
    highest = 1.0 if runs[0].unit == SHARE else math.inf
    return estimate([run.value for run in runs], 0.0, highest)  # no metric can be negative
