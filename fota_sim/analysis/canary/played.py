"""Who fails before a scenario's own abort rules stop it: played by the engine, with the rules and without them."""

from __future__ import annotations

from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.intervals import Estimate, estimate
from fota_sim.errors import FotaSimError
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

VICTIMS = ("outcome_failed", "outcome_rolled_back", "outcome_bricked")
"""Devices that the new firmware did harm to."""
REACHED = "outcome_upgraded"


def victims_played(scenario: Scenario, replications: int, how: HowToPlay) -> dict[str, Any]:
    """Victims and upgraded devices with the scenario's rules (abort, sequential) and without; paired by replication.

    Raises:
        FotaSimError: the scenario has no such rule.

    """
    scenario.check_one_plan("what abort rules spare")
    rollout = scenario.plan.rollout
    if not rollout.abort and rollout.sequential is None:
        raise FotaSimError(f"{scenario.name}: plan.rollout has no abort rule and no sequential test to play")
    without = varied(scenario, {"plan.rollout.abort": [], "plan.rollout.sequential": None})
    points = [Point("with", {}, scenario), Point("without", {"rules": "none"}, without)]
    played = gather(points, range(replications), how)
    return {
        "replications": replications,
        "rules": len(rollout.abort) + (rollout.sequential is not None),
        "with": _counts(played["with"]),
        "without": _counts(played["without"]),
        "spared": _row(_spared(played["without"], played["with"])),
    }


def _counts(runs: list[Measures]) -> dict[str, Any]:
    names = (*VICTIMS, REACHED)
    return {"victims": _row(estimate(_victims(runs), 0.0))} | {
        name: _row(estimate([run[name].numerator for run in runs], 0.0)) for name in names
    }


def _victims(runs: list[Measures]) -> list[float | None]:
    return [sum(run[name].numerator or 0.0 for name in VICTIMS) for run in runs]


def _spared(without: list[Measures], with_: list[Measures]) -> Estimate:
    pairs = zip(_victims(without), _victims(with_), strict=True)
    return estimate([None if a is None or b is None else a - b for a, b in pairs])


def _row(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "interval": found.interval, "note": found.note}
