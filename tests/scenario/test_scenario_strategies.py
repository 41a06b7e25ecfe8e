"""Named strategies, presets and thresholds: laid in order, checked where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_world import GOOD

from fota_sim.errors import ScenarioError
from fota_sim.scenario.dump import dump_yaml, scenario_hash
from fota_sim.scenario.loader import load_scenario, load_strategies, parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.presets import preset_names

STRATEGIES = """\
strategies:
  all-at-once: {}
  gate:
    plan: {strategy: {min_battery: 50%}}
    set: {network.server.connections: 200}
  nothing:
"""


def chosen(text: str, name: str | None, overrides: tuple[str, ...] = ()) -> Scenario:
    return parse_scenario(GOOD + text, "my.yaml", overrides, name)


def messages(text: str, tmp_path: Path) -> list[str]:
    """What is wrong with the good scenario and these lines, all strategies looked at."""
    file = tmp_path / "my.yaml"
    file.write_text(GOOD + text, encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load_strategies(file)
    return [str(problem).replace(str(file), "my.yaml") for problem in found.value.problems]


def test_a_strategy_is_merged_into_the_plan_and_keeps_the_rest() -> None:
    scenario = chosen(STRATEGIES, "gate")
    assert scenario.plan.strategy.min_battery == 0.5
    assert scenario.plan.strategy.min_signal == -110
    assert scenario.network.server.connections == 200
    assert scenario.strategy == "gate"


def test_an_override_wins_over_the_strategy() -> None:
    scenario = chosen(STRATEGIES, "gate", ("plan.strategy.min_battery=70%", "network.server.connections=3"))
    assert scenario.plan.strategy.min_battery == 0.7
    assert scenario.network.server.connections == 3


def test_strategies_that_are_not_run_do_not_touch_the_hash() -> None:
    more = STRATEGIES + "  other: {plan: {push: false}}\n"
    assert scenario_hash(chosen(STRATEGIES, "gate")) == scenario_hash(chosen(more, "gate"))
    assert scenario_hash(chosen(STRATEGIES, "gate")) != scenario_hash(chosen(STRATEGIES, "all-at-once"))
    assert scenario_hash(chosen(STRATEGIES, None)) == scenario_hash(chosen("", None))


def test_a_resolved_strategy_loads_back_equal() -> None:
    scenario = chosen(STRATEGIES.replace("  gate:\n", "  gate:\n    preset: quecthing\n"), "gate")
    text = dump_yaml(scenario)
    assert "strategies:" not in text
    assert parse_scenario(text, "again.yaml") == scenario


def test_a_name_with_nothing_behind_it_changes_nothing() -> None:
    assert chosen(STRATEGIES, "nothing").plan == chosen("", None).plan


def test_the_file_may_say_which_strategy_it_is() -> None:
    assert chosen(STRATEGIES + "strategy: gate\n", None).plan.strategy.min_battery == 0.5


def test_an_unknown_strategy_is_told_with_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="there is no strategy 'gat'; did you mean 'gate'"):
        chosen(STRATEGIES, "gat")


def test_a_scenario_without_strategies_says_so() -> None:
    with pytest.raises(ScenarioError, match="has no strategies, so no 'gate'"):
        chosen("", "gate")


def test_every_mistake_of_every_strategy_is_told_at_its_own_place(tmp_path: Path) -> None:
    text = """\
strategies:
  one:
    preset: quecthin
    plan: {strategy: {min_batery: 50%}}
  two:
    plan:
      strategy: {min_battery: 500}
    set:
      network.server.conections: 3
"""
    line = GOOD.count("\n")
    assert messages(text, tmp_path) == [
        f"my.yaml:{line + 3}:5: strategies.one.preset: there is no preset 'quecthin'; did you mean 'quecthing'?",
        f"my.yaml:{line + 4}:23: strategies.one.plan.strategy.min_batery: unknown key 'min_batery'; "
        "did you mean 'min_battery'?",
        f"my.yaml:{line + 7}:18: strategies.two.plan.strategy.min_battery: 500 needs a unit: write for example 500%, "
        "not 500",
        f"my.yaml:{line + 9}:7: strategies.two.set.network.server.conections: unknown key 'conections'; "
        "did you mean 'connections'?",
    ]


def test_a_mistake_of_the_scenario_is_told_once_for_all_strategies(tmp_path: Path) -> None:
    assert len(messages(STRATEGIES + "horizn: 3d\n", tmp_path)) == 1


def test_a_preset_lies_under_what_the_scenario_says() -> None:
    text = GOOD.replace("  packages: [app-2]", "  preset: quecthing\n  packages: [app-2]\n  rejection_hold: 3h")
    scenario = parse_scenario(text)
    assert (scenario.plan.rejection_hold, scenario.plan.strategy.min_signal) == (10_800, -110)
    assert scenario.plan.strategy.min_battery == 0.3


def test_the_preset_of_a_strategy_lies_over_the_plan_and_under_the_strategy() -> None:
    text = "strategies: {s: {preset: quecthing, plan: {strategy: {min_battery: 60%}}}}\n"
    scenario = chosen(text, "s")
    assert (scenario.plan.strategy.min_signal, scenario.plan.strategy.min_battery) == (-113, 0.6)
    assert scenario.plan.preset == "quecthing"


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_makes_a_plan(name: str, tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_scenario(file, [f"plan.preset={name}"]).plan.preset == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("brickd < 1%", "there is no metric 'brickd'; did you mean 'bricked'?"),
        ("bricked < 1", "'1' needs a unit"),
        ("time_to_95 <= 7", "'7' is not a duration"),
        ("bricked 1%", "is not a threshold"),
        ("bytes_wasted < 2GX", "unknown unit 'GX'"),
    ],
)
def test_a_threshold_that_cannot_be_read_is_told_before_anything_runs(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as found:
        chosen(f"thresholds: ['bricked < 1%', '{text}']\n", None)
    assert len(found.value.problems) == 1
    assert found.value.problems[0].path == "thresholds[1]"
    assert message in found.value.problems[0].message
