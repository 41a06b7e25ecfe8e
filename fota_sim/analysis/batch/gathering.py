"""Points played and gathered: for each, its metrics by replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fota_sim.analysis.batch.points import Played, Point, play_points
from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import Estimate
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import Difference, measured_difference
from fota_sim.analysis.run.sample import scaled_measures
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import FotaSimError

Measures = Mapping[str, Measurement]


@dataclass(frozen=True)
class HowToPlay:
    """Who plays, by which rules, and where units are kept."""

    engine: str = "auto"
    workers: int | None = None
    cluster: str | None = None
    store: Path | None = None
    """A file of units that are not played again."""
    progress: Callable[[int, int], None] | None = None
    own: OwnRules = SHIPPED
    """Functions in place of shipped rules: the one thing here that changes numbers."""


def gather(
    points: Sequence[Point],
    replications: Sequence[int],
    how: HowToPlay,
    plan: str = "",
    heard: Callable[[Played], None] | None = None,
) -> dict[str, list[Measures]]:
    """The measures of each point, in the order of ``replications``; of a sample, those of the fleet it is of.

    ``plan``: of several the one whose devices are measured; there must be no store, which keeps those of all.
    ``heard`` is told of each replication in turn.

    Raises:
        FotaSimError: a point failed; the comparison of the others would be one-sided.

    """
    found: dict[str, list[Measures]] = {point.id: [] for point in points}
    samples = {point.id: point.sample for point in points}
    for played in play_points(
        points,
        replications,
        engine=how.engine,
        workers=how.workers,
        cluster=how.cluster,
        store=how.store,
        fail_fast=True,
        outlined=bool(plan),
        progress=how.progress,
        own=how.own,
    ):
        if played.measures is None:
            labels = next(point.labels for point in points if point.id == played.point)
            which = ", ".join(f"{path}={value}" for path, value in labels.items()) or "the scenario as it is"
            raise FotaSimError(f"replication {played.replication} of {which} failed: {played.error}")
        if heard is not None:
            heard(played)
        sample = samples[played.point]
        own = played.outline.plans.get(plan) if played.outline is not None else None
        if own is not None:
            found[played.point].append(own.measured)
            continue
        measures = played.measures if sample is None else scaled_measures(played.measures, sample)
        found[played.point].append(measures)
    return found


def values(runs: Sequence[Measures], metric: str) -> list[float | None]:
    """One metric, a value for each replication."""
    return [run[metric].value for run in runs]


def mean_of(runs: Sequence[Measures], metric: str) -> Estimate:
    """The mean of a metric with its interval."""
    return metric_estimate([run[metric] for run in runs])


def difference(runs: Sequence[Measures], base: Sequence[Measures], metric: str) -> Difference:
    """The mean of the difference to ``base``, paired by replication."""
    return measured_difference(metric, [run[metric] for run in base], [run[metric] for run in runs], paired=True)
