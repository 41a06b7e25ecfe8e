"""How many replications are enough: until the intervals are as narrow as asked, and stay so.

The sequential rule with look-ahead of Hoad, Robinson and Davies, "Automated selection of the number of replications
for a discrete-event simulation", Journal of the Operational Research Society 61 (2010): after the first number of
replications at which the half-width is small enough, go on for a while, and stop only if it stayed small enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.numbers.certainty import Certainty, certainty
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted
from fota_sim.scenario.metrics import METRICS, SHARE, metric_name
from fota_sim.scenario.thresholds import parse_amount, parse_threshold

K_LIMIT = 5
"""Replications of look-ahead up to 100 replications, and percent of them beyond (kLimit of the paper)."""
DEFAULT_METRIC = "success_of_targeted"
MOST_REPLICATIONS = 1000
"""Where we stop unless the user says otherwise. Assumption: enough for any question that is not about rare events."""


@dataclass(frozen=True)
class Target:
    """How narrow the interval of a metric has to be: its half-width at most ``half_width``, of the mean if relative."""

    metric: str
    half_width: float
    relative: bool
    text: str
    limit: float = 0.0
    """Largest limit that a threshold sets; a relative width is of that where it is larger than the mean. Rare events
    would else have no end: nothing can be a share of a mean of 0."""

    def met(self, known: Certainty) -> bool:
        """Whether the interval is narrow enough."""
        if known.half_width is None or known.value is None:
            return False
        allowed = self.half_width * max(abs(known.value), self.limit) if self.relative else self.half_width
        return known.half_width <= allowed


class Sufficiency:
    """Hears of one replication after the other and says when they are enough.

    A metric that has no value in some replication has no mean, and more replications do not give it one: it is not
    waited for.
    """

    def __init__(self, targets: Sequence[Target], fewest: int) -> None:
        """``fewest`` replications are made in any case, and never fewer than an interval needs."""
        self._targets = targets
        self._fewest = max(fewest, FEWEST_REPLICATIONS)
        self._runs: dict[str, list[Measurement]] = {target.metric: [] for target in targets}
        self._count = 0
        self._since: int | None = None

    def add(self, measured: Mapping[str, Measurement]) -> bool:
        """One more replication; whether they are enough now."""
        self._count += 1
        for metric, runs in self._runs.items():
            runs.append(measured[metric])
        if self._count < self._fewest or not all(self._settled(target) for target in self._targets):
            self._since = None
            return False
        if self._since is None:
            self._since = self._count
        return self._count >= self._since + look_ahead(self._since)

    def _settled(self, target: Target) -> bool:
        runs = self._runs[target.metric]
        return any(run.value is None for run in runs) or target.met(certainty(target.metric, runs))

    def report(self, enough: bool) -> dict[str, Any]:
        """What was asked for and what was reached; ``enough``: whether the rule stopped the run."""
        rows = []
        for target in self._targets:
            runs = self._runs[target.metric]
            known = certainty(target.metric, runs)
            rows.append(
                {
                    "metric": target.metric,
                    "label": runs[0].label,
                    "unit": runs[0].unit,
                    "asked": target.text,
                    "value": known.value,
                    "half_width": known.half_width,
                    "met": target.met(known),
                    "note": known.note,
                }
            )
        return {
            "stopped_by": "precision" if enough else "max_replications",
            "reached": all(row["met"] for row in rows),
            "replications": self._count,
            "targets": rows,
        }


def look_ahead(count: int) -> int:
    """Replications to go on for after ``count`` were precise enough: f(kLimit, n) of the paper."""
    return -(-K_LIMIT * max(count, 100) // 100)


def parse_targets(texts: Sequence[str], thresholds: Sequence[str]) -> list[Target]:
    """What ``--precision`` asks for: ``5%`` of the mean, or ``metric=half-width``; raises FotaSimError.

    A bare share is for ``success_of_targeted`` and every metric of ``thresholds``.
    """
    targets: dict[str, Target] = {}
    for text in texts:
        name, named, amount = text.partition("=")
        try:
            if named:
                target = _named(metric_name(name), amount.strip())
                targets[target.metric] = target
                continue
            share = SHARE.parse(text)
            if not share > 0:
                raise ValueError(f"{quoted(text)} is no width; write for example 5%")
        except ValueError as error:
            raise FotaSimError(f"--precision {text}: {error}") from None
        limits = {DEFAULT_METRIC: 0.0}
        for threshold in map(parse_threshold, thresholds):
            if threshold.plan:
                continue  # of one plan's devices; what is measured here is all
            limits[threshold.metric] = max(limits.get(threshold.metric, 0.0), abs(threshold.limit))
        for metric, limit in limits.items():
            of = "the mean, or of the threshold if larger" if limit else "the mean"
            targets.setdefault(metric, Target(metric, share, True, f"{text.strip()} of {of}", limit))
    return list(targets.values())


def _named(metric: str, amount: str) -> Target:
    """``%`` is points of a share, but a part of the mean for a metric that is no share."""
    relative = METRICS[metric].written_in is not SHARE and amount.endswith("%")
    width = SHARE.parse(amount) if relative else parse_amount(metric, amount)
    if not width > 0:
        raise ValueError(f"{quoted(amount)} is no width; it must be above 0")
    return Target(metric, width, relative, f"{amount} of the mean" if relative else amount)
