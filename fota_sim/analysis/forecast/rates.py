"""The rate of release where it may change unplanned: looks at which that may be, and plans in which it is so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import OperatorAction, Plan
from fota_sim.scenario.rate_changes import RateChanges
from fota_sim.scenario.rollout import Rate

Floats = NDArray[np.float64]

_FIGURES = 6
"""Significant figures of a rate that is drawn."""


@dataclass(frozen=True)
class Look:
    """A time at which the operator may change the rate."""

    at_ms: int
    """Since activation."""
    changes: RateChanges
    plan: str = ""
    """Whose rate; empty where there is one plan."""

    @property
    def path(self) -> str:
        """What it is called among unknowns."""
        whose = f"plans.{self.plan}" if self.plan else "plan"
        return f"{whose}.rollout.rate from {format_duration(self.at_ms)} on"

    def ends(self) -> tuple[str, str]:
        """Both ends as text."""
        return times_text(self.changes.slowest), times_text(self.changes.fastest)


def times_text(factor: float) -> str:
    """A multiple of the planned rate, for people."""
    return f"x {factor:.3g}"


def looks_of(scenario: Scenario) -> list[Look]:
    """Every look at each plan from its start to its end, or that of the run; none where the rate goes as planned."""
    return [look for one in scenario.each_plan for look in _looks_at(one)]


def _looks_at(scenario: Scenario) -> list[Look]:
    plan, changes = scenario.plan, scenario.plan.rollout.rate_changes
    if changes is None:
        return []
    ends_ms = scenario.horizon_ms if plan.ends is None else min(scenario.horizon_ms, round(1000 * plan.ends))
    starts_ms, every_ms = round(1000 * plan.starts), round(1000 * changes.every)
    name = scenario.plan_name
    return [Look(at_ms, changes, name) for at_ms in range(starts_ms + every_ms, ends_ms, every_ms)]


def factors(scenario: Scenario, looks: Sequence[Look], places: Floats) -> Floats:
    """How many times the planned rate it is from each look on; ``places`` and result of shape (looks,).

    A place is the chance of a lower rate than that: the lowest places slow the rollout down, the highest speed it up.
    So the rate rises with the place, whatever it was. Where the plan itself sets the rate, it is the planned one until
    the next look.
    """
    return np.array([factor for factor, _ in _course(scenario, looks, places)])


def _course(scenario: Scenario, looks: Sequence[Look], places: Floats) -> Iterator[tuple[float, bool]]:
    """At each look how many times the planned rate it is, and whether the look made it so; looks stand plan by plan."""
    for one in scenario.each_plan:
        own = [k for k, look in enumerate(looks) if look.plan == one.plan_name]
        yield from _course_of(one, [looks[k] for k in own], places[own])


def _course_of(scenario: Scenario, looks: Sequence[Look], places: Floats) -> Iterator[tuple[float, bool]]:
    """The same for looks at a scenario's one plan."""
    planned_ms = [at_ms for at_ms, _ in _planned(scenario.plan)]
    log, before_ms = 0.0, 0
    for look, place in zip(looks, places.tolist(), strict=True):
        if any(before_ms < at_ms <= look.at_ms for at_ms in planned_ms):
            log = 0.0
        old = log
        if look.at_ms not in planned_ms:
            log = _changed(log, place, scenario.plan.rollout.rate_changes or look.changes)
        yield math.exp(log), log != old
        before_ms = look.at_ms


def _changed(log: float, place: float, changes: RateChanges) -> float:
    """The logarithm of the factor after a look, from that before it."""
    low, high = math.log(changes.slowest), math.log(changes.fastest)
    slower, faster = float(changes.slower), float(changes.faster)
    if place < slower:
        return low + place / slower * (log - low)
    if place > 1 - faster:
        return high - (1 - place) / faster * (high - log)
    return log


def with_changes(scenario: Scenario, looks: Sequence[Look], places: Floats) -> Scenario:
    """The scenario in which the operator changes the rate at looks; ``places`` of shape (looks,)."""
    more: dict[str, list[OperatorAction]] = {}
    for look, (factor, changed) in zip(looks, _course(scenario, looks, places), strict=True):
        rate = rate_at(scenario.of_plan(look.plan).plan, look.at_ms)
        if changed and rate is not None:
            act: dict[str, Any] = {"at": f"{look.at_ms}ms", "do": "change_rate", "rate": _times(rate, factor)}
            more.setdefault(look.plan, []).append(OperatorAction.model_validate(act))
    for name, acts in more.items():
        plan = scenario.of_plan(name).plan
        operator = sorted([*plan.operator, *acts], key=lambda act: act.at)
        scenario = scenario.with_plan(name, plan.model_copy(update={"operator": operator}))
    return scenario


def rate_at(plan: Plan, at_ms: int) -> Rate | None:
    """The rate that the plan has then, acts of that millisecond done; None: no limit."""
    rate = plan.rollout.rate
    for done_ms, changed in _planned(plan):
        rate = changed if done_ms <= at_ms else rate
    return rate


def _planned(plan: Plan) -> list[tuple[int, Rate | None]]:
    """When the plan sets another rate, and to what, in order."""
    found = [(round(1000 * act.at), act.rate) for act in plan.operator if act.do == "change_rate"]
    return sorted(found, key=lambda pair: pair[0])


def _times(rate: Rate, factor: float) -> dict[str, Any]:
    """A constant rate so many times as fast, as it is written; what the service itself releases at most stays."""
    said = rate.model_dump(mode="json", by_alias=True)
    return {**said, "devices": float(f"{rate.at_first * factor:.{_FIGURES}g}"), "cap": None}
