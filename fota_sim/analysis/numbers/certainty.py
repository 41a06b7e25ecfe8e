"""Between which values a metric of a scenario surely lies, for decisions about it: wider than the plain interval.

The interval over replications knows that the devices of a replication share servers, cells and hours, but is not to be
trusted where an event is so rare that most replications have none. The exact binomial interval over all devices
(Clopper and Pearson 1934) is, but takes devices as independent. For shares of devices we take what both cover.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import OF_DEVICES


@dataclass(frozen=True)
class Certainty:
    """A mean over replications and the 95 % interval to decide on; without an interval, ``note`` says why."""

    value: float | None
    interval: tuple[float, float] | None
    note: str
    cautious: bool = False
    """Whether the interval is wider than the one over replications, which tables have."""

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width, its larger side if they differ; None without an interval."""
        if self.value is None or self.interval is None:
            return None
        low, high = self.interval
        return max(high - self.value, self.value - low)


def certainty(metric: str, runs: Sequence[Measurement]) -> Certainty:
    """What is known about ``metric`` from its measurements, one per replication."""
    values = [run.value for run in runs]
    known = [value for value in values if value is not None]
    count = len(values)
    if len(known) < count:
        which = f"only {len(known)}" if known else "none"
        return Certainty(
            None, None, f"{which} of {number_of(count, 'replication')} {'have' if len(known) > 1 else 'has'} a value"
        )
    if not count:
        return Certainty(None, None, "no replication")
    found = metric_estimate(runs)
    if count < FEWEST_REPLICATIONS:
        return Certainty(
            found.value, None, f"{number_of(count, 'replication')}; at least {FEWEST_REPLICATIONS} are needed"
        )
    if found.interval is None and not runs[0].metric.no_interval:
        low, high = min(known), max(known)
    elif found.interval is None:
        return Certainty(found.value, None, found.note)
    else:
        low, high = found.interval
    if metric in OF_DEVICES:
        hits = math.fsum(run.numerator or 0.0 for run in runs)
        among = math.fsum(run.denominator or 0.0 for run in runs)
        exact = clopper_pearson(hits, among)
        low, high = min(low, exact[0]), min(1.0, max(high, exact[1]))
    return Certainty(found.value, (low, high), "", cautious=(low, high) != found.interval)


def clopper_pearson(hits: float, among: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact two-sided interval of a probability after ``hits`` in ``among`` independent trials (at least one)."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits <= 0 else float(betaincinv(hits, among - hits + 1, tail))
    high = 1.0 if hits >= among else float(betaincinv(hits + 1, among - hits, 1 - tail))
    return low, high
