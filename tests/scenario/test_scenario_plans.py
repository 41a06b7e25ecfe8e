"""Several plans in one scenario: what may be said, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.analysis.lint.checking import check
from fota_sim.errors import ScenarioError
from fota_sim.scenario.dump import dump_yaml, scenario_hash
from fota_sim.scenario.loader import load_scenario, parse_scenario

TWO = """
product: {name: Meter, pk: m, model: {name: one, components: [{identifier: app, type: firmware}]}}
products:
  - {name: Tracker, pk: t, model: {name: two, components: [{identifier: fw, type: firmware}]}}
packages:
  - {name: p, component: app, target_version: "2", files: [{name: a.bin, size: 1kB}]}
  - {name: q, component: fw, product: Tracker, target_version: "2", files: [{name: b.bin, size: 1kB}]}
plans:
  pilot: {packages: [p], whitelist: {where: 'site == "north"'}}
  trackers: {packages: [q], product: Tracker}
  rest: {packages: [p]}
fleet:
  groups:
    - {name: a, count: 30, module: BC66, attributes: {site: {north: 50%, south: 50%}}}
    - {name: b, count: 10, module: BC66, product: Tracker}
"""
SINGLE = "scenarios/vendor_page.yaml"


def problems(*overrides: str, text: str = TWO) -> list[str]:
    """What is wrong, as path and message."""
    with pytest.raises(ScenarioError) as raised:
        parse_scenario(text, overrides=overrides)
    return [f"{each.path}: {each.message}" for each in raised.value.problems]


def test_each_plan_is_a_scenario_with_that_plan_and_its_product() -> None:
    scenario = parse_scenario(TWO)
    found = [(each.plan_name, each.product.name, each.plan.packages) for each in scenario.each_plan]
    assert found == [("pilot", "Meter", ["p"]), ("trackers", "Tracker", ["q"]), ("rest", "Meter", ["p"])]
    assert [each.is_planned_for(scenario.fleet.groups[0]) for each in scenario.each_plan] == [True, False, True]


def test_a_scenario_with_one_plan_stands_for_itself_and_is_written_without_the_other_form() -> None:
    scenario = load_scenario(SINGLE)
    assert scenario.each_plan == (scenario,)
    assert "\nplans:" not in dump_yaml(scenario)


def test_what_is_dumped_loads_back_to_the_same_scenario() -> None:
    scenario = parse_scenario(TWO, overrides=["plans.pilot.preset=mender"])
    text = dump_yaml(scenario)
    assert "\nplan:" not in text
    again = parse_scenario(text)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


def test_overrides_and_presets_reach_into_a_plan_by_its_name() -> None:
    scenario = parse_scenario(TWO, overrides=["plans.pilot.strategy.retries=2", "plans.rest.preset=quecthing"])
    assert scenario.plans["pilot"].strategy.retries == 2
    assert scenario.plans["rest"].preset == "quecthing"
    assert scenario.plans["trackers"].preset is None


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["plan={packages: [p]}"], "plans: stands beside plan; a scenario has one plan (plan:) or several by name"),
        (
            ["plan.starts=1h"],
            "plan.starts: the scenario has several plans; write plans.pilot.starts, or plans.*.starts",
        ),
        (["plans={}"], "plans: has no plans in it; name at least one"),
        (["plans.trackers.product=Traker"], "plans.trackers.product: there is no product 'Traker'; did you mean"),
        (["plans.trackers.packages=[p]"], "plans.trackers.packages[0]: 'p' is for 'app', which the product 'Tracker'"),
        (["plans.rest.packages=[x]"], "plans.rest.packages[0]: there is no package 'x'"),
        (["plans.pilot.whitelist=null"], "plans.rest: would have no device: pilot before it has no whitelist"),
        (["plans.rest.starts=3d", "plans.rest.ends=2d"], "plans.rest.ends: the plan ends before it starts"),
        (["plans.pilot.whitelist.where=sight == 1"], "plans.pilot.whitelist.where: no device has an attribute 'sight'"),
        (["thresholds=['metres: bricked < 1%']"], "thresholds[0]: there is no plan 'metres'"),
        (["fleet.groups.a.attributes={plan: {x: 100%}}"], "fleet.groups[0]: has an attribute 'plan', which says the"),
        (["plans.rest.operator=[{at: 1h, do: resume}]"], "plans.rest.operator[0].do: "),
    ],
)
def test_a_mistake_is_told_where_it_stands(overrides: list[str], told: str) -> None:
    assert any(found.startswith(told) for found in problems(*overrides)), problems(*overrides)


def test_without_any_plan_one_is_missing() -> None:
    text = TWO.replace("plans:", "radios: {}\nunused:")
    assert ": 'plan' is missing here; it has no default" in problems(text=text)


def test_a_threshold_on_a_plan_needs_several() -> None:
    with pytest.raises(ScenarioError, match="there is no plan 'meters'; the scenario has one plan"):
        load_scenario(SINGLE, ["thresholds=['meters: bricked < 1%']"])


def test_a_strategy_changes_plans_by_path_and_not_the_plan() -> None:
    text = TWO + "strategies:\n  calm: {set: {plans.rest.strategy.retries: 1}}\n  odd: {plan: {push: false}}\n"
    assert parse_scenario(text, strategy="calm").plans["rest"].strategy.retries == 1
    with pytest.raises(ScenarioError, match="changes the plan, and there are several; write set: with paths such as"):
        parse_scenario(text, strategy="odd")


def test_drawn_with_the_fleet_the_sizes_of_plans_are_told_and_overlaps_with_counts(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    seen = check(file, [], None, draw_fleet=True)
    north = int(seen.waves[0].split()[2])
    assert seen.waves == [
        f"plan pilot: {north} devices of Meter",
        "plan trackers: 10 devices of Tracker",
        f"plan rest: {30 - north} devices of Meter",
    ]
    assert not [each for each in seen.warnings if "comes before it" in each.message]
    seen = check(file, ['plans.rest.whitelist={where: \'site in ["north", "south"]\'}'], None, draw_fleet=True)
    [overlap] = [each for each in seen.warnings if "comes before it" in each.message]
    assert overlap.path == "plans.rest.whitelist"
    assert overlap.message.startswith(f"names 30 devices, of which {north} of plan pilot, which comes before it")
    seen = check(file, ["plans.trackers.blacklist={ids: [b-0, b-1]}"], None, draw_fleet=True)
    assert seen.waves[1:] == ["plan trackers: 8 devices of Tracker", seen.waves[2], "of no plan: 2 devices"]


def test_a_plan_that_is_left_nobody_is_an_error_of_the_fleet(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    everybody = 'plans.pilot.whitelist={where: \'site in ["north", "south"]\'}'
    with pytest.raises(ScenarioError, match=r"plans\.rest: takes no device of this fleet"):
        check(file, [everybody], None, draw_fleet=True)


def test_the_linter_speaks_of_each_plan_where_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    told = check(file, ["plans.rest.rollout={waves: [{share: 50%}]}"], None, draw_fleet=True)
    assert [each.path for each in told.warnings if "no wave" in each.message] == ["plans.rest.rollout.waves"]


def test_a_package_need_not_fit_into_modules_of_another_product(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    large = ["packages.q.files=[{name: b.bin, size: 4MB}]", "fleet.groups.b.module=EC200U"]
    assert not [each for each in check(file, large, None, draw_fleet=False).warnings if "no space" in each.message]
    [told] = [each for each in check(file, large[:1], None, False).warnings if "no space" in each.message]
    assert told.path == "plans.trackers.packages[0]"
