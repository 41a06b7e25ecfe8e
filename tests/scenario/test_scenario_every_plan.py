"""A field of every plan of a scenario that has several."""

from pathlib import Path

import pytest

from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.plain_names import plain_name
from fota_sim.scenario.variation import in_every_plan, varied

TWO = Path(__file__).parents[2] / "scenarios" / "two_products.yaml"


def test_a_field_of_every_plan_is_replaced_at_once() -> None:
    scenario = load_scenario(TWO, ["plans.*.strategy.min_battery=45%"])
    assert {plan.strategy.min_battery for plan in scenario.plans.values()} == {0.45}
    assert plain_name("plans.*.strategy.min_battery") == "minimum battery"
    assert plain_name("plans.meters.strategy.min_battery") == "minimum battery of the plan meters"
    assert in_every_plan("plan.push", scenario) == "plans.*.push"
    assert in_every_plan("network.server.egress", scenario) == "network.server.egress"
    with pytest.raises(ScenarioError, match="min_batery"):
        load_scenario(TWO, ["plans.*.strategy.min_batery=45%"])


def test_a_checked_scenario_is_varied_in_every_plan() -> None:
    scenario = varied(load_scenario(TWO), {"plans.*.strategy.retries": 3})
    assert {plan.strategy.retries for plan in scenario.plans.values()} == {3}


def test_a_ready_sweep_turns_every_plan() -> None:
    points = plan_sweep(SweepSpec(TWO, replications=5)).points
    assert len({(point.labels["plans.*.strategy.min_battery"]) for point in points}) == 6
    for point in points:
        assert len({plan.strategy.min_battery for plan in point.scenario.plans.values()}) == 1
