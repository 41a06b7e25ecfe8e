"""What is said of a rollout that its own rules stop in some replications: no run is like a mean over both kinds."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.analysis.answers.wording import listed, share_text
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.run.stops import Stopped

MOST_POINTS = 4
"""Named; more are counted."""


def stopped_text(found: Stopped, what: str = "") -> str:
    """In how many replications it is stopped, when, and how many are upgraded there and in the others.

    ``what``: the rollout's name in the sentence; empty: the plan's, or ``the rollout``.
    """
    what = what or (f"plan {found.plan}" if found.plan else "the rollout")
    runs, stops = found.replications, found.stops
    is_stopped = f"{what} is {listed(found.how, 'or')}, after {format_duration(found.after_ms)}"
    if runs == 1:
        return f"{is_stopped[:1].upper()}{is_stopped[1:]}."
    often = f"all {runs}" if stops == runs else f"{stops} of {runs}"
    told = f"In {often} replications {is_stopped}{' (median)' if stops > 1 else ''}"
    if not found.success or not found.success_of_others:
        return f"{told}."
    there, others = _range(found.success), _range(found.success_of_others)
    return f"{told}: {there} of the targeted are upgraded there, and {others} in the others."


def points_stopped(names: Sequence[str], of: int, others: bool) -> str:
    """Which of so many points are stopped by their own rules in some replications; empty: none is.

    ``others``: the points are those beside a recommended one.
    """
    if not names:
        return ""
    told = [*names[:MOST_POINTS], *([f"{len(names) - MOST_POINTS} more"] if len(names) > MOST_POINTS else [])]
    other = "other " if others else ""
    which = f"{len(names)} of the {of} {other}points {'is' if len(names) == 1 else 'are'}"
    if len(names) == of:
        which = f"The {other}point is" if of == 1 else f"All {of} {other}points are"
    whose = "its" if len(names) == 1 else "their"
    return (
        f"{which} stopped by {whose} own rules in some replications or all, so {whose} means may be like no run: "
        f"{'; '.join(told)}."
    )


def _range(ends: Sequence[float]) -> str:
    low, high = (share_text(share) for share in ends)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"
