"""Which point of a sweep to take: the best mean of a metric among the points that keep every threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fota_sim.analysis.batch.gathering import Measures, mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.best import comparable, may_be_best, paired
from fota_sim.analysis.numbers.intervals import Estimate
from fota_sim.analysis.numbers.thresholds import PASS, judge, overall
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.scenario.metrics import BETTER, COST, best_first
from fota_sim.scenario.thresholds import of_all_devices

LEADS = (COST, "success_of_targeted")
"""What a sweep is read by: the first of these that is among its metrics; else its first metric with a better side."""


@dataclass(frozen=True)
class SweepChoice:
    """The point, and what stands beside it."""

    metric: str
    """What points are compared by: what was asked for, or what compares harm at equal exposure in its place."""
    point: Point | None
    """None if no point keeps every threshold and has a value."""
    mean: Estimate | None
    kept: int
    """Points that keep every threshold with their whole interval."""
    judged: bool
    """Whether the scenario has thresholds at all."""
    tied: Sequence[Point]
    """Kept points whose mean is the same."""
    not_worse: Sequence[Point]
    """Further kept points that no other is shown to beat (analysis/numbers/best.py)."""


def lead_metric(metrics: Sequence[str]) -> str | None:
    """The metric that a sweep is read by; None if none of them has a better side."""
    known = [metric for metric in metrics if metric in BETTER]
    return next((metric for metric in (*LEADS, *known) if metric in known), None)


def choose_point(sweep: Sweep, metric: str) -> SweepChoice:
    """The choice for a metric with a better side. Points of which a replication failed are not chosen."""
    runs = runs_by_point(sweep)
    kept = [point for point in sweep.plan.points if point.id in runs and _keeps(point, runs[point.id])]
    of_kept = {point.id: runs[point.id] for point in kept}
    metric = comparable(metric, of_kept)
    means = {id_: mean_of(found, metric) for id_, found in of_kept.items()}
    costs = {id_: best_first(metric, mean.value) for id_, mean in means.items() if mean.value is not None}
    judged = any(of_all_devices(point.scenario.thresholds) for point in sweep.plan.points)
    if not costs:
        return SweepChoice(metric, None, None, len(kept), judged, (), ())
    known = [point for point in kept if point.id in costs]
    best = min(known, key=lambda point: costs[point.id])
    others = [point for point in known if point is not best]
    stay = set(may_be_best([point.id for point in known], BETTER[metric] == "more", paired(of_kept, metric)))
    tied = [point for point in others if costs[point.id] == costs[best.id]]
    not_worse = [point for point in others if point not in tied and point.id in stay]
    return SweepChoice(metric, best, means[best.id], len(kept), judged, tied, not_worse)


def runs_by_point(sweep: Sweep) -> Mapping[str, list[Measures]]:
    """The measures of every point all of whose replications succeeded, by its id."""
    found: dict[str, list[Measures]] = {}
    for each in sweep.played:
        if each.measures is not None:
            found.setdefault(each.point, []).append(each.measures)
    return {id_: runs for id_, runs in found.items() if len(runs) == sweep.plan.replications}


def _keeps(point: Point, runs: Sequence[Measures]) -> bool:
    scenario = point.scenario
    return overall(judge(of_all_devices(scenario.thresholds), runs, scenario.horizon_ms)) == PASS
