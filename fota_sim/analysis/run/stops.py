"""Replications in which a rollout was stopped, by its own rules or by an operator, as the plan's log tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

import pyarrow as pa

_STOPS = {
    "rollout paused": ("paused by its rules", True),
    "rollout cancelled": ("cancelled by its rules", True),
    "operator: suspend;": ("suspended by the operator", False),
    "operator: terminate;": ("terminated by the operator", False),
}
"""How the log begins to tell that the rollout stops, how a sentence does, and whether rules of its own did it."""

SUCCESS = "success_of_targeted"
"""The metric that says how far it came."""


class Stop(NamedTuple):
    """The first stop of a rollout in one replication."""

    replication: int
    at_ms: int
    """Since the plan was activated."""
    how: str
    """Such as ``paused by its rules``."""
    by_rules: bool
    """Luck decides whether it happens; what an operator does stands in the scenario."""


def first_stops(log: Iterable[tuple[int, int, str]]) -> list[Stop]:
    """Of each replication in which the rollout stops.

    ``log``: replication, ms since activation and what happened, of one plan, in the order of time in each replication.
    """
    found: dict[int, Stop] = {}
    for replication, at_ms, text in log:
        for begins, (how, by_rules) in _STOPS.items():
            if text.startswith(begins):
                found.setdefault(replication, Stop(replication, at_ms, how, by_rules))
    return list(found.values())


class Stopped(NamedTuple):
    """In how many replications a rollout stopped itself; no run is like a mean over these and the others."""

    plan: str
    """One of several; empty where there is one."""
    replications: int
    stops: int
    """At least one."""
    how: list[str]
    """The ways in which it stopped."""
    after_ms: float
    """Since activation, the median of the stops."""
    success: list[float]
    """Lowest and highest share of the targeted that is upgraded where it stopped; empty: not known, or of a plan."""
    success_of_others: list[float]
    """The same where it did not."""


def stopped_by_rules(log: pa.Table, successes: Mapping[int, float | None], plans: Sequence[str] = ()) -> list[Stopped]:
    """What the rollout's own rules stopped; of several ``plans`` each that they stopped.

    ``log``: the table ``plan_log.parquet``. ``successes``: upgraded of targeted, by replication; None where nobody is.
    """
    rows = list(zip(*(log[name].to_pylist() for name in ("replication", "at_ms", "text")), strict=True))
    if not plans:
        return _stopped("", rows, successes)
    found = []
    for plan in plans:  # how many of all are upgraded says little of one plan
        begins = f"{plan}: "
        own = [(number, at_ms, text.removeprefix(begins)) for number, at_ms, text in rows if text.startswith(begins)]
        found += _stopped(plan, own, dict.fromkeys(successes))
    return found


def _stopped(plan: str, log: Iterable[tuple[int, int, str]], successes: Mapping[int, float | None]) -> list[Stopped]:
    stops = [stop for stop in first_stops(log) if stop.by_rules]
    if not stops:
        return []
    there = {stop.replication for stop in stops}
    ends = [
        _ends([share for number, share in successes.items() if (number in there) is stopped])
        for stopped in (True, False)
    ]
    how = list(dict.fromkeys(stop.how for stop in stops))
    after_ms = float(median(stop.at_ms for stop in stops))
    return [Stopped(plan, len(successes), len(stops), how, after_ms, *ends)]


def _ends(shares: Sequence[float | None]) -> list[float]:
    known = [share for share in shares if share is not None]
    return [min(known), max(known)] if known else []
