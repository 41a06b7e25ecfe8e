"""Why choices cannot be told apart, and what would tell them apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scipy.special import stdtrit

from fota_sim.analysis.compare.sentences import same
from fota_sim.analysis.numbers.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.paired import simultaneous_confidence
from fota_sim.scenario.metrics import METRICS, spoken

MOST_REPLICATIONS = 10_000
"""More than that a scenario may not ask for."""
ENOUGH = 10
"""Replications that a first interval takes."""


def replications_needed(played: int, difference: float, half_width: float) -> int | None:
    """How many would show a difference of this size; None where more than anybody plays.

    Half-widths shrink with the square root of the number. A tenth is added, for the next sample is another one.
    """
    if not difference:
        return None
    needed = math.ceil(1.1 * played * (half_width / abs(difference)) ** 2)
    return needed if needed <= MOST_REPLICATIONS else None


def together(half_width: float, freedom: float, comparisons: int) -> float:
    """The half-width of a 95 % interval among so many that hold together (Bonferroni)."""
    alone, all_of_them = (1 - (1 - confidence) / 2 for confidence in (CONFIDENCE, simultaneous_confidence(comparisons)))
    return half_width * float(stdtrit(freedom, all_of_them) / stdtrit(freedom, alone))


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
    nearest = max(known, key=lambda row: abs(row["difference"]) / _half_width(row))
    needed = replications_needed(nearest["n"], nearest["difference"], _half_width(nearest))
    label = spoken(METRICS[nearest["metric"]].label)
    return f"The nearest to a difference is in {label}: {more_replications(needed)}."


def _half_width(row: Mapping[str, Any]) -> float:
    """Of the longer side: the other may end where no difference can be larger."""
    ends = row["low_simultaneous"], row["high_simultaneous"]
    return max(*(abs(float(end - row["difference"])) for end in ends), math.ulp(0.0))
