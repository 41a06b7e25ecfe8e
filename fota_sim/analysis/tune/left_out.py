"""Confirmed points of a front that are not for taking: what they gain is none, or nobody would pay what it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fota_sim.analysis.batch.gathering import Measures, difference
from fota_sim.analysis.compare.limbo import moved
from fota_sim.analysis.sweep.dear import Dear, too_dear
from fota_sim.analysis.tune.trials import Search

Runs = Mapping[str, Sequence[Measures]]
"""Replications of the same luck, by point."""


@dataclass(frozen=True)
class LeftOut:
    """Points by id, and why."""

    dear: Sequence[Dear]
    """They waste too much for the few devices more that they upgrade."""
    in_vain: Sequence[str]
    """Fewer of their devices fail, no more of those that began get there, and nothing else is shown to be better."""

    def __contains__(self, id_: object) -> bool:
        return id_ in self.in_vain or any(each.id == id_ for each in self.dear)


def left_out(what: Search, runs: Runs, base: str, comparisons: int) -> LeftOut:
    """Which of the points are; never ``base``, the scenario as it is.

    ``comparisons``: differences to it that claims are made of, each of which allows for all of them.
    """
    dear = [each for each in too_dear(runs) if each.id != base]
    in_vain = [id_ for id_ in runs if id_ != base and _in_vain(what, runs[id_], runs[base], comparisons)]
    return LeftOut(dear, in_vain)


def _in_vain(what: Search, runs: Sequence[Measures], base: Sequence[Measures], comparisons: int) -> bool:
    hides = gains = False
    for each in what.objectives:
        plain = difference(runs, base, each.metric)
        fewer = plain.value is not None and plain.value < 0 and plain.shown(comparisons)
        hides |= each.counts_limbo and fewer and moved(each.metric, plain, base, runs, True, comparisons)
        counted = difference(each.counted(runs), each.counted(base), each.metric)
        gains |= counted.value is not None and each.cost(counted.value) < 0 and counted.shown(comparisons)
    return hides and not gains
