"""Points of a fitted scenario, again with the values in the middle: what of their spread is not knowing them.

As in ``analysis/run/known.py``, of points that were played side by side: the difference of two of them, since that is
what is decided by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.run.known import FEWEST, MOST, has_draws, told
from fota_sim.scenario.drawn import without_draws


def spread_of_points(
    points: Sequence[Point],
    runs: Mapping[str, Sequence[Measures]],
    base: str | None,
    replications: Sequence[int],
    metrics: Sequence[str],
    how: HowToPlay,
) -> dict[str, dict[str, Any]]:
    """By the id of each point with draws: what of the spread of its metrics, or of their difference to ``base``, is not
    knowing what was learnt.

    ``runs``: what the points showed in ``replications``, in their order; none is told where these are too few.
    ``base``: the id of one of the points; None for the values themselves. Raises as ``gather``.
    """
    learning = [point for point in points if has_draws(point.scenario) and point.id != base]
    count = min(MOST, len(replications))
    if not learning or count < FEWEST:
        return {}
    numbers = replications[:count]
    wanted = [point for point in points if point in learning or point.id == base]
    still = [Point(each.id, each.labels, without_draws(each.scenario)) for each in wanted]
    middle = gather(still, numbers, how)
    beside = None if base is None else (runs[base][:count], middle[base])
    return {
        point.id: told(point.scenario, numbers, runs[point.id][:count], middle[point.id], metrics, beside)
        for point in learning
    }
