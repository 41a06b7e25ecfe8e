"""Who fails before a scenario's own abort rules stop it: played by the engine, with the rules and without them."""

from __future__ import annotations

from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, gather, mean_of, values
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.estimates import most_of
from fota_sim.analysis.numbers.intervals import Estimate, estimate
from fota_sim.errors import FotaSimError
from fota_sim.scenario.metrics import COST
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

VICTIMS = ("outcome_failed", "outcome_rolled_back", "outcome_bricked")
"""Devices that the new firmware did harm to."""
REACHED = "outcome_upgraded"


def victims_played(scenario: Scenario, replications: int, how: HowToPlay, plan: str = "") -> dict[str, Any]:
    """Victims and upgraded devices with a plan's rules (abort, sequential) and without; paired by replication.

    ``plan``: of several the one whose rules and devices they are; the others are played beside it, with their rules.

    Raises:
        FotaSimError: the plan has no such rule.

    """
    rollout = scenario.of_plan(plan).plan.rollout
    path = f"plans.{plan}.rollout" if scenario.plans else "plan.rollout"
    if not rollout.abort and rollout.sequential is None:
        what = "has no abort rule and no sequential test to play; write one, or take a strategy that has one"
        raise FotaSimError(f"{scenario.name}: {path} {what}")
    without = varied(scenario, {f"{path}.abort": [], f"{path}.sequential": None})
    points = [Point("with", {}, scenario), Point("without", {"rules": "none"}, without)]
    played = gather(points, range(replications), how, plan)
    return {
        "replications": replications,
        "rules": len(rollout.abort) + (rollout.sequential is not None),
        "with": _counts(played["with"]),
        "without": _counts(played["without"]),
        "spared": _row(_spared(played["without"], played["with"])),
        "currency": scenario.currency,
        "saved": _row(_saved(played["without"], played["with"])) if scenario.priced else None,
    }


def _counts(runs: list[Measures]) -> dict[str, Any]:
    names = (*VICTIMS, REACHED)
    costs = {COST: _row(mean_of(runs, COST))} if COST in runs[0] else {}
    return (
        {"victims": _row(estimate(_victims(runs), 0.0, _devices(runs)))}
        | costs
        | {name: _row(estimate([run[name].numerator for run in runs], 0.0, _devices(runs))) for name in names}
    )


def _victims(runs: list[Measures]) -> list[float | None]:
    return [sum(run[name].numerator or 0.0 for name in VICTIMS) for run in runs]


def _devices(runs: list[Measures]) -> float:
    return most_of([run["devices"] for run in runs])


def _spared(without: list[Measures], with_: list[Measures]) -> Estimate:
    pairs, most = zip(_victims(without), _victims(with_), strict=True), _devices(with_)
    return estimate([None if a is None or b is None else a - b for a, b in pairs], -most, most)


def _saved(without: list[Measures], with_: list[Measures]) -> Estimate:
    """What the rules save; negative if they cost more than they spare."""
    pairs = zip(values(without, COST), values(with_, COST), strict=True)
    return estimate([None if a is None or b is None else a - b for a, b in pairs])


def _row(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "interval": found.interval, "note": found.note}
