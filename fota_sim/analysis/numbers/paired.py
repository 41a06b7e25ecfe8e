"""The difference between two variants of a scenario, how far it can be trusted, and many of them at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit

from fota_sim.analysis.numbers.estimates import most_of
from fota_sim.analysis.numbers.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.rare_changes import (
    RareChanges,
    beyond_what_all_have,
    of_pairs,
    of_samples,
    size_of_a_change,
)
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import METRICS

FEWEST_DIFFERING = 6
"""Pairs that have to differ before few events can show anything: of five, all on one side has p = 2 / 2^5 = 6 %."""
FEW_EVENTS = 30
"""Counts, and changes from one variant to the other, below which the t interval alone is not trusted. Assumption: the
rule of thumb for the normal law."""

Values = Sequence[float | None]


@dataclass(frozen=True)
class Difference:
    """Candidate minus baseline. ``interval`` and ``p_value`` are None where none can be given; ``note`` says why."""

    value: float | None
    error: float | None
    """Standard error of ``value``."""
    freedom: float
    """Degrees of freedom of the t law."""
    p_value: float | None
    """Two-sided, that there is no difference."""
    note: str
    always: bool = False
    """Whether it is the same, and not zero, in all of as many replications as an interval needs."""
    most: float = math.inf
    """How far apart two values can be: 1 of shares, all devices of numbers of devices."""
    rare: RareChanges | None = None
    """Where few changes make it: these."""

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
        """Student's t interval of this confidence, as far as there are such differences.

        Where changes are few, neither end is nearer than that of so few changes (rare_changes.py).
        """
        if self.value is None or self.error is None:
            return None
        half = float(stdtrit(self.freedom, 0.5 + confidence / 2)) * self.error
        low, high = self.value - half, self.value + half
        if self.rare is not None:
            ends = self.rare.interval(confidence)
            low, high = min(low, ends[0]), max(high, ends[1])
        return max(-self.most, low), min(self.most, high)

    def shown(self, comparisons: int = 1) -> bool:
        """Whether there is a difference, at 5 % over so many comparisons together (Bonferroni)."""
        return self.always or (self.p_value is not None and self.p_value < (1 - CONFIDENCE) / max(comparisons, 1))


def paired_difference(
    baseline: Values, candidate: Values, events: float | None = None, one: float | None = None
) -> Difference:
    """The mean of the differences pair by pair, with the paired t test, and that of few changes where there are few.

    ``baseline[k]`` and ``candidate[k]`` are of one replication. ``events``: how many events both count together, where
    they count events. ``one``: what one change makes of a value; None where values are no sums of what happens.
    """
    missing = _missing(baseline, candidate)
    if missing:
        return missing
    pairs = zip(baseline, candidate, strict=True)
    differences = np.array([float(c) - float(b) for b, c in pairs if b is not None and c is not None])
    count = len(differences)
    mean = float(differences.mean())
    constant = differences.min() == differences.max()
    if constant and (mean == 0 or count >= FEWEST_REPLICATIONS):
        what = "the same in" if mean == 0 else "differ by the same in"
        note = f"{what} {'all ' if count > 1 else ''}{_replications(count)}"
        rare = events is not None and events < FEW_EVENTS and count < FEWEST_DIFFERING
        return Difference(mean, None, 0.0, None, note, always=mean != 0 and not rare)
    if count < FEWEST_REPLICATIONS:
        return Difference(mean, None, 0.0, None, _too_few(count))
    differing = int(np.count_nonzero(differences))
    if events is not None and events < FEW_EVENTS and differing < FEWEST_DIFFERING:
        return Difference(mean, None, 0.0, None, f"too rare to tell: {differing} of {count} replications differ")
    error = float(differences.std(ddof=1)) / math.sqrt(count)
    found = Difference(mean, error, count - 1.0, _two_sided(mean / error, count - 1.0), "")
    return _with_few(found, of_pairs(differences, one)) if one else found


def measured_difference(
    metric: str, first: Sequence[Measurement], second: Sequence[Measurement], paired: bool
) -> Difference:
    """The difference of a metric, second minus first; ``paired``: replication by replication.

    Where the mean of a metric is given without an interval, so is its difference.
    """
    found = _measured_difference(metric, first, second, paired)
    alone = METRICS[metric].no_interval
    return replace(found, error=None, p_value=None, note=alone, rare=None) if alone and found.error else found


def _measured_difference(
    metric: str, first: Sequence[Measurement], second: Sequence[Measurement], paired: bool
) -> Difference:
    baseline, candidate = [run.value for run in first], [run.value for run in second]
    most = max(most_of(first), most_of(second))
    one = one_change(first, second)
    if not paired:
        return replace(independent_difference(baseline, candidate, one), most=most)
    counted = [run.numerator for run in (*first, *second)]
    about = METRICS[metric]
    events = math.fsum(count or 0.0 for count in counted) if about.counts_devices or about.counts_events else None
    found = paired_difference(baseline, candidate, events, one)
    if about.by_device and about.whole and not _steady(found):
        known = ([value for value in values if value is not None] for values in (baseline, candidate))
        one = max(one or 0.0, *map(beyond_what_all_have, known)) or None
        found = paired_difference(baseline, candidate, events, one)
    return replace(found, most=most)


def _steady(found: Difference) -> bool:
    """Whether differences vary as little about their mean as sums of so many changes that these are not few."""
    if found.value is None or found.error is None:
        return True
    return abs(found.value) >= math.sqrt(FEW_EVENTS) * found.error


def one_change(*variants: Sequence[Measurement]) -> float | None:
    """What one change makes of a metric at the most, by the replications of each variant; None where none tells it."""
    return max((_one_change(runs) for runs in variants), default=0.0) or None


def _one_change(runs: Sequence[Measurement]) -> float:
    """Of one variant; of a time what a device more or less makes of it there, 0 where no replication tells it."""
    values = [run.value for run in runs if run.value is not None]
    told = [run.one for run in runs if run.one is not None]
    if not values or runs[0].metric.may_not_be_reached:
        return float(np.median(told)) if told else 0.0
    return size_of_a_change(values, max(told, default=None))


def independent_difference(baseline: Values, candidate: Values, one: float | None = None) -> Difference:
    """The difference of the means of two samples that have nothing to do with each other, with Welch's t test.

    And with that of few changes where both together have few; ``one`` as of :func:`paired_difference`.
    """
    missing = _missing(baseline, candidate)
    if missing:
        return missing
    first, second = np.array(baseline, dtype=float), np.array(candidate, dtype=float)
    mean = float(second.mean() - first.mean())
    fewest = min(len(first), len(second))
    if fewest < FEWEST_REPLICATIONS:
        return Difference(mean, None, 0.0, None, _too_few(fewest))
    parts = [float(sample.var(ddof=1)) / len(sample) for sample in (first, second)]
    variance = math.fsum(parts)
    if variance == 0:
        return Difference(mean, None, 0.0, None, "each the same in all of its replications")
    freedom = variance**2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    error = math.sqrt(variance)
    found = Difference(mean, error, freedom, _two_sided(mean / error, freedom), "")
    return _with_few(found, of_samples(first, second, one)) if one else found


def _with_few(found: Difference, rare: RareChanges) -> Difference:
    """A difference that is told with the caution that changes ask for, where they are few."""
    if found.p_value is None or rare.changes >= FEW_EVENTS:
        return found
    return replace(found, p_value=max(found.p_value, rare.p_value()), rare=rare)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjusted p-values (Holm 1979); a test without one counts as one that shows nothing."""
    count = len(p_values)
    order = sorted((p, k) for k, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * count
    highest = 0.0
    for rank, (p, k) in enumerate(order):
        highest = max(highest, min(1.0, (count - rank) * p))
        adjusted[k] = highest
    return adjusted


def simultaneous_confidence(tests: int) -> float:
    """Of each interval, so that all of ``tests`` intervals hold together with 95 % (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / max(tests, 1)


def _missing(baseline: Values, candidate: Values) -> Difference | None:
    counts = [(sum(value is not None for value in values), len(values)) for values in (baseline, candidate)]
    if all(known == size for known, size in counts) and all(size for _, size in counts):
        return None
    (first, of_first), (second, of_second) = counts
    note = f"has a value in {first} of {of_first} replications of the baseline and {second} of {of_second} of the other"
    return Difference(None, None, 0.0, None, note)


def _two_sided(t: float, freedom: float) -> float:
    return float(2 * stdtr(freedom, -abs(t)))


def _too_few(count: int) -> str:
    return f"{_replications(count)}; an interval needs at least {FEWEST_REPLICATIONS}"


def _replications(count: int) -> str:
    return number_of(count, "replication")
