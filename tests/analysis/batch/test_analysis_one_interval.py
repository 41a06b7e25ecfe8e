"""One number has one interval, whichever command asks for it, played now or found in a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.analysis.batch.gathering import HowToPlay, gather, mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep, surface_table
from fota_sim.scenario.loader import load_scenario

BATTERY = Path(__file__).parents[3] / "scenarios" / "battery_gate.yaml"
FEW = ("fleet.groups.trackers.count=12", "horizon=2d")
RARE = ("outcome_bricked", "outcome_failed", "success_of_targeted")


@pytest.fixture(scope="module")
def told() -> dict[str, object]:
    """What ``run`` says of the scenario with five replications."""
    scenario = load_scenario(BATTERY, [*FEW, "plan.strategy.min_battery=10%", "replications=5"])
    metrics = run_study(scenario, "", None, engine="compiled").summary["metrics"]
    assert metrics["outcome_bricked"]["value"] == 0
    return {name: metrics[name]["interval"] for name in RARE}


def test_what_never_happened_has_an_upper_end(told: dict[str, object]) -> None:
    low, high = told["outcome_bricked"]
    assert low == 0 < high < 0.1


def test_a_sweep_says_what_a_run_says(told: dict[str, object], tmp_path: Path) -> None:
    plan = plan_sweep(SweepSpec(BATTERY, (axis("plan.strategy.min_battery", "10%"),), overrides=FEW, replications=5))
    for _ in ("played", "stored"):
        surface = surface_table(run_sweep(plan, engine="compiled", store=tmp_path / "units.sqlite")).to_pylist()
        found = {row["metric"]: [row["low"], row["high"]] for row in surface}
        assert {name: found[name] for name in RARE} == told


def test_points_gathered_say_what_a_run_says(told: dict[str, object]) -> None:
    scenario = load_scenario(BATTERY, [*FEW, "plan.strategy.min_battery=10%"])
    runs = gather([Point("one", {}, scenario)], range(5), HowToPlay("compiled"))["one"]
    assert {name: list(mean_of(runs, name).interval or ()) for name in RARE} == told
