"""A sweep of a fitted scenario: what of the spread of its recommendation is not knowing what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.batch.knowing import spread_of_points
from fota_sim.analysis.run.known import has_draws
from fota_sim.analysis.sweep.choice import runs_by_point
from fota_sim.analysis.sweep.recommended import recommended
from fota_sim.analysis.sweep.sweep import Sweep


def with_spread(sweep: Sweep, how: HowToPlay) -> Sweep:
    """The sweep with ``learnt`` said: of the recommended point, against the scenario as it is where that was swept.

    Without a recommendation, or what was learnt, it is as it was. Raises as ``gather``.
    """
    found = recommended(sweep) if any(has_draws(point.scenario) for point in sweep.plan.points) else None
    if found is None or found.point is None or sweep.failures:
        return sweep
    own = sweep.plan.as_it_is
    base = own if own is not None and own != found.point.id else None
    points = [point for point in sweep.plan.points if point.id in (found.point.id, base)]
    told = spread_of_points(points, runs_by_point(sweep), base, range(sweep.plan.replications), _metrics(sweep), how)
    return replace(sweep, learnt=told.get(found.point.id, {}))


def _metrics(sweep: Sweep) -> Sequence[str]:
    return list(sweep.plan.spec.metrics)
