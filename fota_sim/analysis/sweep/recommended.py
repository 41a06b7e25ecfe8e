"""Which point of a sweep to take where several may be the best (analysis/numbers/narrowing.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fota_sim.analysis.batch.gathering import mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.narrowing import Held, narrowed
from fota_sim.analysis.sweep.choice import SweepChoice, choose_point, lead_metric, runs_by_point
from fota_sim.analysis.sweep.dear import REACH, Dear, too_dear
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.scenario.metrics import BETTER, COST


@dataclass(frozen=True)
class Recommended:
    """The point, and how it was found."""

    choice: SweepChoice
    """By the leading measure alone, among all points."""
    point: Point | None
    """None: no point keeps every threshold and has a value, or nothing tells them apart."""
    decided_by: Sequence[str]
    """The measures that ruled points out, in order, as points were compared by them (``SweepChoice.metric``); none
    where thresholds alone did."""
    as_good: Sequence[Point]
    """Points that none of the measures ruled out."""
    too_dear: Sequence[Dear] = ()
    """Points that were left out beforehand, since what they gain is bought too dearly."""


def recommended(sweep: Sweep) -> Recommended | None:
    """The recommendation; None if no measure of the sweep has a better side."""
    lead = lead_metric(sweep.plan.spec.metrics)
    if lead is None:
        return None
    choice = choose_point(sweep, lead)
    if choice.point is None:
        return Recommended(choice, None, (), ())
    if sweep.plan.replications < FEWEST_REPLICATIONS:  # the next may say the opposite
        return Recommended(choice, None, (), sweep.plan.points)
    dear = too_dear(runs_by_point(sweep)) if lead in REACH else []
    left = [point for point in sweep.plan.points if point.id not in {each.id for each in dear}]
    if dear:
        choice = choose_point(_with(sweep, left), lead)
    points = {point.id: point for point in left}

    def hold(metric: str, ids: Sequence[str]) -> Held | None:
        found = choose_point(_with(sweep, [points[id_] for id_ in ids]), metric)
        if found.point is None:
            return None
        staying = {point.id for point in (found.point, *found.tied, *found.not_worse)}
        return Held(found.metric, found.kept, found.point.id, staying)

    found = narrowed(list(points), [lead, *_after(lead, sweep.plan.spec.metrics)], hold)
    if not found.decided_by and not dear and choice.kept == len(sweep.plan.points):
        return Recommended(choice, None, (), [points[id_] for id_ in found.left])
    point = choice.point if found.best is None else points[found.best]
    return Recommended(
        choice, point, found.decided_by, [points[id_] for id_ in found.left if points[id_] is not point], dear
    )


def _with(sweep: Sweep, points: Sequence[Point]) -> Sweep:
    """The same sweep of these points only."""
    return replace(sweep, plan=replace(sweep.plan, points=tuple(points)))


def _after(lead: str, metrics: Sequence[str]) -> list[str]:
    """What decides where the leading measure leaves several: nothing after costs, since the others are priced in it."""
    return [] if lead == COST else [name for name in metrics if name in BETTER and name != lead]


def recommended_choice(sweep: Sweep) -> SweepChoice | None:
    """The choice by the leading measure, at the point that is recommended; None if no measure has a better side."""
    found = recommended(sweep)
    if found is None:
        return None
    if found.point is None:
        return replace(found.choice, point=None, mean=None)
    mean = mean_of(runs_by_point(sweep)[found.point.id], found.choice.metric)
    return replace(found.choice, point=found.point, mean=mean)
