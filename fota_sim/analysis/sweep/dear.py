"""Points of a sweep whose last few upgrades waste what many upgrades take, beside points that do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fota_sim.analysis.batch.gathering import Measures
from fota_sim.analysis.numbers.best import UPGRADES_FOR_ONE, paired
from fota_sim.analysis.numbers.one_upgrade import taken, upgraded

REACH = ("success_of_targeted", "success_of_fleet", "outcome_upgraded")
_WASTED = {"bytes_wasted": "bytes_sent", "energy_wasted_J": "energy_J"}
"""What is wasted, and what an upgrade takes of the same."""


class Dear(NamedTuple):
    """A point that gains a few upgrades over another, and what for."""

    id: str
    instead_of: str
    """The point that does without."""
    metric: str
    """What is wasted."""
    more: float
    """How much more of it, in its unit."""
    gained: float
    """Upgraded devices."""
    upgrades: float
    """As much as so many upgrades of the other point take, for each device gained."""


def too_dear(runs: Mapping[str, Sequence[Measures]]) -> list[Dear]:
    """Those that are shown to waste more than what ``UPGRADES_FOR_ONE`` upgrades take for each device that they gain.

    ``runs``: replications of the same luck, by point; at least one point is left. A point that is not shown to upgrade
    more than another is none of these: other measures than reach decide between the two.
    """
    found: dict[str, Dear] = {}
    for metric in _WASTED:
        for id_ in runs:
            dear = [each for other in runs if other != id_ and (each := _over(id_, other, metric, runs)) is not None]
            if dear:
                found.setdefault(id_, max(dear, key=lambda each: each.upgrades))
    return list(found.values())


def _over(id_: str, other: str, metric: str, runs: Mapping[str, Sequence[Measures]]) -> Dear | None:
    gained, takes = upgraded(runs[id_]) - upgraded(runs[other]), taken(runs[other], _WASTED[metric])
    if gained <= 0 or not takes:
        return None
    wasted = paired(runs, metric)(other, id_)
    extra = wasted.value or 0.0
    if extra <= UPGRADES_FOR_ONE * takes * gained:  # of most pairs, and quickly said
        return None
    more = paired(runs, "success_of_fleet")(other, id_)
    if not all(each.value and each.value > 0 and each.shown(_pairs(len(runs))) for each in (more, wasted)):
        return None
    return Dear(id_, other, metric, extra, gained, extra / gained / takes)


def _pairs(points: int) -> int:
    """How many differences are looked at."""
    return (1 + len(_WASTED)) * points * (points - 1) // 2
