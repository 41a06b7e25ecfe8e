"""Replications in which a rollout was stopped, by its own rules or by an operator, as the plan's log tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

import pyarrow as pa

from fota_sim.engines.operation import CANCELLED_BY_RULE, PAUSED_BY_RULE

_STOPS = {
    PAUSED_BY_RULE: ("paused by its rules", True),
    CANCELLED_BY_RULE: ("cancelled by its rules", True),
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
    plan: str = ""
    """One of several; empty where there is one."""


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
    stops = [stop for number in successes for stop in stops_in(number, _lines_of(rows, number), plans)]
    return stopped(stops, successes)


def _lines_of(rows: Iterable[tuple[int, int, str]], replication: int) -> list[tuple[int, str]]:
    return [(at_ms, text) for number, at_ms, text in rows if number == replication]


def stops_in(replication: int, log: Sequence[tuple[int, str]], plans: Collection[str] = ()) -> list[Stop]:
    """The first stop in one replication, of several ``plans`` of each; ``log``: ms since activation, what happened."""
    if len(plans) < 2:
        return first_stops((replication, at_ms, text) for at_ms, text in log)
    found = []
    for plan in plans:
        begins = f"{plan}: "
        own = [(replication, at_ms, text.removeprefix(begins)) for at_ms, text in log if text.startswith(begins)]
        found += [stop._replace(plan=plan) for stop in first_stops(own)]
    return found


def stopped(stops: Sequence[Stop], successes: Mapping[int, float | None]) -> list[Stopped]:
    """What the rollout's own rules stopped; of several plans each that they stopped."""
    found = []
    for plan in dict.fromkeys(stop.plan for stop in stops):
        own = [stop for stop in stops if stop.plan == plan and stop.by_rules]
        if own:  # how many of all are upgraded says little of one plan
            found.append(_stopped(plan, own, dict.fromkeys(successes) if plan else successes))
    return found


def _stopped(plan: str, stops: Sequence[Stop], successes: Mapping[int, float | None]) -> Stopped:
    there = {stop.replication for stop in stops}
    ends = [
        _ends([share for number, share in successes.items() if (number in there) is stopped])
        for stopped in (True, False)
    ]
    how = list(dict.fromkeys(stop.how for stop in stops))
    after_ms = float(median(stop.at_ms for stop in stops))
    return Stopped(plan, len(successes), len(stops), how, after_ms, *ends)


def _ends(shares: Sequence[float | None]) -> list[float]:
    known = [share for share in shares if share is not None]
    return [min(known), max(known)] if known else []
