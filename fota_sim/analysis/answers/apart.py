"""Why choices cannot be told apart, and what would tell them apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fota_sim.analysis.compare.sentences import same
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.scenario.metrics import METRICS, spoken

ENOUGH = 10
"""Replications that a first interval takes."""

_Row = TypeVar("_Row")


def nearest_first(rows: Sequence[_Row], needed: Callable[[_Row], int | None]) -> _Row:
    """The one that takes the fewest replications to be shown; those that none would show come last."""
    return min(rows, key=lambda row: needed(row) or math.inf)


def more_replications(needed: int | None, option: str = "--replications") -> str:
    """What would do, as the second half of a sentence; ``option`` asks for it."""
    if needed is None:
        return "no number of replications would show so small a difference, so take what is simpler"
    rounded = max(ENOUGH, math.ceil(needed / 10) * 10)
    return f"about {rounded:,} replications would show a difference of this size ({option} {rounded})"


def why_not_apart(rows: Sequence[Mapping[str, Any]], horizon: str) -> str:
    """For rows of a comparison none of which is shown: the reason, and what would tell them apart.

    ``horizon``: how long was simulated, in words.
    """
    if all(same(row) for row in rows):
        return (
            "They do the same in everything that was compared, so what sets them apart never happens here: it would "
            f"take more than {horizon}, or another fleet, in which it does."
        )
    if min(row["n"] for row in rows) < FEWEST_REPLICATIONS:
        count = min(row["n"] for row in rows)
        return (
            f"{count} replication{'' if count == 1 else 's'} can show nothing, since the next may say the opposite: "
            f"play {ENOUGH} (--replications {ENOUGH})."
        )
    known = [row for row in rows if row["low_simultaneous"] is not None and row["difference"]]
    if not known:
        unreached = [row for row in rows if row["difference"] is None and METRICS[row["metric"]].may_not_be_reached]
        if unreached and all(same(row) for row in rows if row not in unreached):
            return (
                "They do the same in everything that was compared, and what they are timed by is not reached within "
                f"{horizon}: it would take more than that, or another fleet, in which it is."
            )
        if unreached:
            return f"What they are timed by is not reached within {horizon}: a longer horizon would tell."
        return "What differs happens too rarely in this fleet: a larger one would tell."
    if not all("to_show" in row for row in known):
        return "More replications may show one."  # a comparison that was stored before they were told
    nearest = nearest_first(known, lambda row: row["to_show"])
    label = spoken(METRICS[nearest["metric"]].label)
    return f"The nearest to a difference is in {label}: {more_replications(nearest['to_show'])}."
