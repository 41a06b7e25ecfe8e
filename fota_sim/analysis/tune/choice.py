"""Which confirmed point of a front to take: what one objective leaves open the next decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.batch.gathering import Measures
from fota_sim.analysis.numbers.best import may_be_best, paired
from fota_sim.analysis.numbers.narrowing import Held, Narrowed, narrowed
from fota_sim.analysis.tune.front import passes
from fota_sim.analysis.tune.reason import point_id
from fota_sim.analysis.tune.trials import Search, Tried


def narrowed_front(
    what: Search,
    rows: Sequence[dict[str, Any]],
    tried: Mapping[str, Tried],
    again: Mapping[str, Sequence[Measures]],
) -> Narrowed:
    """Which of the points to take, of those that are preferred alike: what an objective leaves open the next decides.

    Fresh luck sets points aside; of those that stay the best is the one that was best in the search, so that no figure
    on fresh luck is flattered by having been chosen for it.
    """
    alike = [point_id(row) for row in rows if _preferred(row) == _preferred(rows[0])]
    objectives = {each.metric: each for each in what.objectives}

    def hold(metric: str, ids: Sequence[str]) -> Held:
        aim = objectives[metric]
        compared = paired({id_: aim.counted(again[id_]) for id_ in ids}, metric)
        staying = may_be_best(ids, aim.maximise, compared)
        return Held(metric, len(ids), min(staying, key=lambda id_: aim.cost(aim.mean(tried[id_].runs) or 0.0)), staying)

    return narrowed(alike, list(objectives) if alike else [], hold)


def _preferred(row: Mapping[str, Any]) -> tuple[bool, bool]:
    """What goes before every figure: constraints kept in the search as well, and nothing worse than it is."""
    return passes(row["tuned_verdicts"]), row["improves"]
