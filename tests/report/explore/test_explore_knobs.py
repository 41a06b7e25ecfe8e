"""Knobs come from the schema, say what the scenario says, and every value that they offer can be played."""

from pathlib import Path

import pytest
from explore_world import TEXT, a_source

from fota_sim.analysis.run.replications import USUAL
from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.report.explore.fields import schema_field
from fota_sim.report.explore.knob import NOTHING
from fota_sim.report.explore.knobs import knobs_of
from fota_sim.report.explore.lists import parse_list
from fota_sim.report.explore.source import open_source
from fota_sim.report.explore.state import chosen_strategy, knob_of, query, restored, scenario_of
from fota_sim.report.explore.waves import READY, parse_waves
from fota_sim.scenario import units
from fota_sim.scenario.templates import TEMPLATES

SEVERAL = "scenarios/two_products.yaml"
SCENARIOS = [
    *(template.name for template in TEMPLATES),
    *sorted(str(path) for path in Path("scenarios").glob("*.yaml") if str(path) != SEVERAL),
]


@pytest.mark.parametrize(("name", "plan"), [*((name, None) for name in SCENARIOS), (SEVERAL, "meters")])
def test_every_value_that_is_offered_can_be_loaded(name: str, plan: str | None) -> None:
    source = open_source(name, plan=plan)
    base = source.scenario()
    knobs = knobs_of(source, base)
    for knob in knobs:
        assert scenario_of(source, knobs, {knob.key: knob.value}) == base, knob.key
        for option in {*knob.options[:2], *knob.options[-2:]}:
            scenario_of(source, knobs, {knob.key: option})


def test_of_several_plans_one_has_to_be_named() -> None:
    with pytest.raises(FotaSimError, match=r"the explorer looks at one plan, and two_products has several \(pilot, "):
        open_source(SEVERAL)
    with pytest.raises(FotaSimError, match="has no plan 'meter'; did you mean 'meters'"):
        open_source(SEVERAL, plan="meter")


def test_knobs_turn_the_plan_that_is_explored_and_no_other() -> None:
    source = open_source(SEVERAL, plan="meters")
    before = source.scenario()
    knobs = knobs_of(source, before)
    by_key = {knob.key: knob for knob in knobs}
    assert by_key["battery"].paths == ("plans.meters.strategy.min_battery",)
    assert by_key["connections"].paths == ("network.server.connections",)
    turned = scenario_of(source, knobs, {"battery": "50%", "retries": "0", "rate": NOTHING, "connections": "20"})
    assert turned.plans["meters"].strategy.min_battery == 0.5
    assert turned.plans["meters"].strategy.retries == 0
    assert turned.plans["meters"].rollout.rate is None
    assert turned.network.server.connections == 20
    for other in ("pilot", "gateways"):
        assert turned.plans[other] == before.plans[other]
    problem = Problem("", 0, 0, "plans.meters.strategy.min_battery", "no")
    assert knob_of(problem, knobs, {}) is by_key["battery"]


def test_fields_have_the_units_bounds_and_words_of_the_schema() -> None:
    battery = schema_field("plan.strategy.min_battery")
    assert (battery.unit, battery.low, battery.high) == (units.RATIO, 0, 1)
    assert battery.text == "Minimum battery level in the offer."
    assert schema_field("plan.strategy.enforced_by").choices == ("device", "platform")
    assert schema_field("plan.strategy.retry_delay").unit is units.DURATION
    assert schema_field("plan.strategy.telemetry_max_age").unit is units.DURATION  # one that may be null
    assert schema_field("plan.rollout.retry[0].count").low == 0
    assert schema_field("fleet.groups.meters.count").high == 1_000_000_000
    with pytest.raises(KeyError):
        schema_field("plan.strategy.min_batery")


def test_sliders_stay_within_the_bounds_of_the_schema_and_hold_the_scenarios_value(tmp_path: Path) -> None:
    source = a_source(tmp_path, "plan.strategy.min_battery=33%")
    by_key = {knob.key: knob for knob in knobs_of(source, source.scenario())}
    assert by_key["retries"].options == ("0", "1", "2", "3", "4", "5")
    place = by_key["battery"].options.index("33%")
    assert by_key["battery"].options[place - 1 : place + 2] == ("30%", "33%", "35%")
    assert by_key["rate"].options[0] == NOTHING
    assert by_key["rate"].words(NOTHING) == "no limit"


def test_a_larger_fleet_keeps_its_proportions_and_its_devices_to_a_cell(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    knobs = knobs_of(source, source.scenario())
    groups = scenario_of(source, knobs, {"size": "1001"}).fleet.groups
    assert [group.count for group in groups] == [750, 251]
    assert [group.cells for group in groups] == [75, 25]


def test_one_host_for_all_groups_or_each_its_own(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    knobs = knobs_of(source, source.scenario())
    host = next(knob for knob in knobs if knob.key == "host")
    assert host.value == "as given"
    assert [group.host for group in scenario_of(source, knobs, {"host": "late"}).fleet.groups] == ["late", "late"]
    given = scenario_of(source, knobs, {"host": "as given"}).fleet.groups
    assert [group.host for group in given] == ["careful", "lenient"]


def test_what_is_turned_wins_over_the_strategy(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    state = {"strategy": "waves", "retries": "2"}
    knobs = knobs_of(source, source.scenario((), chosen_strategy(source, state)))
    assert next(knob.value for knob in knobs if knob.key == "battery") == "45%"
    assert scenario_of(source, knobs, state).plan.strategy.min_battery == 0.45
    assert scenario_of(source, knobs, state | {"battery": "10%"}).plan.strategy.min_battery == 0.10
    assert scenario_of(source, knobs, state | {"waves": "none"}).plan.rollout.waves == []


def test_retries_are_those_of_the_rule_where_the_plan_has_one(tmp_path: Path) -> None:
    source = a_source(tmp_path, "plan.rollout.retry=[{count: 3, delay: 1h}]")
    knobs = knobs_of(source, source.scenario())
    assert {knob.key: knob.value for knob in knobs if knob.key in ("retries", "delay")} == {
        "retries": "3",
        "delay": "1h",
    }
    rules = scenario_of(source, knobs, {"retries": "1"}).plan.rollout.retry
    assert rules is not None
    assert rules[0].count == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('firmware == "1_0" and rssi < -90dBm', {"where": 'firmware == "1_0" and rssi < -90dBm'}),
        ("ids: indoor-1,indoor-2", {"ids": ["indoor-1", "indoor-2"]}),
        ("file: spares.txt; where: rssi < -90dBm", {"file": "spares.txt", "where": "rssi < -90dBm"}),
    ],
)
@pytest.mark.parametrize("key", ["white", "black"])
def test_a_list_is_written_as_a_condition_by_file_or_by_id(
    key: str, written: str, said: dict[str, object], tmp_path: Path
) -> None:
    source = a_source(tmp_path)
    (tmp_path / "spares.txt").write_text("indoor-3\n")
    knobs = knobs_of(source, source.scenario())
    plan = scenario_of(source, knobs, {key: written}).plan
    found = {"white": plan.whitelist, "black": plan.blacklist}[key]
    assert found is not None
    assert found.model_dump(exclude_defaults=True) == said


def test_a_list_that_the_scenario_has_stands_in_its_knob_and_can_be_taken_away(tmp_path: Path) -> None:
    source = a_source(tmp_path, "plan.blacklist={ids: [indoor-1, indoor-2], where: battery < 20%}")
    knobs = knobs_of(source, source.scenario())
    black = next(knob for knob in knobs if knob.key == "black")
    assert black.value == "ids: indoor-1, indoor-2; where: battery < 20%"
    assert scenario_of(source, knobs, {"black": black.value}) == source.scenario()
    assert scenario_of(source, knobs, {"black": " "}).plan.blacklist is None


@pytest.mark.parametrize(("written", "wrong"), [("ids:", "says nothing"), ("file: a; file: b", "stands twice")])
def test_a_list_that_says_nothing_says_what_would_do(written: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_list(written)


@pytest.mark.parametrize("word", READY)
def test_ready_waves_are_waves(word: str) -> None:
    waves = parse_waves(word)
    assert sum("share" in wave for wave in waves) == max(0, len(waves) - 1)


@pytest.mark.parametrize("word", ["1-10@1d", "10-5-100@1d", "1-100", "1-100@soon", "a-100@1d", ""])
def test_waves_that_are_none_say_how_to_write_them(word: str) -> None:
    with pytest.raises(ValueError, match="1-10-100@1d"):
        parse_waves(word)


def test_a_link_restores_what_was_turned(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    state = {"strategy": "waves", "battery": "47%", "white": "rssi < -90dBm", "waves": "5-100@2h"}
    knobs, found, told = restored(source, state)
    assert (found, told) == (state, [])
    assert "47%" in next(knob.options for knob in knobs if knob.key == "battery")
    assert query({}) == ""
    assert query({"battery": "47%", "white": "a == b"}) == "?battery=47%25&white=a+%3D%3D+b"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("battery", "banana", "battery=banana"),
        ("battery", "130%", "at most 100%"),
        ("colour", "red", "nothing of that name"),
        ("strategy", "none-such", "does not have"),
        ("waves", "1-1@1d", "1-10-100@1d"),
        ("host", "nobody", "nobody"),
        ("white", "rsi < -90dBm", "rsi"),
        ("size", "many", "size=many"),
        ("seed", "{a: b}", "seed="),
    ],
)
def test_what_a_link_cannot_mean_is_told_and_left_out(tmp_path: Path, key: str, value: str, words: str) -> None:
    _, state, told = restored(a_source(tmp_path), {"retries": "2", key: value})
    assert state == {"retries": "2"}
    assert len(told) == 1
    assert words in told[0]


def test_a_problem_is_told_at_the_knob_that_was_turned(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    knobs = knobs_of(source, source.scenario())
    for state, key in (({"push": "1-5"}, "push"), ({"white": "rsi < 1"}, "white"), ({"waves": "5"}, "waves")):
        with pytest.raises(ScenarioError) as error:
            scenario_of(source, knobs, state)
        knob = knob_of(error.value.problems[0], knobs, state)
        assert knob is not None
        assert knob.key == key
    assert knob_of(Problem("", 0, 0, "packages[0].files", "is wrong"), knobs, {}) is None


def test_templates_files_and_what_is_neither(tmp_path: Path) -> None:
    assert open_source("meters").scenario().replications == USUAL
    assert open_source("meters", ["replications=2"]).scenario().replications == 2
    assert a_source(tmp_path).scenario().replications == 5
    with pytest.raises(FotaSimError, match="meters, plugs"):
        open_source("metres")
    with pytest.raises(ScenarioError, match="no such file"):
        open_source(tmp_path / "none.yaml")
    with pytest.raises(ScenarioError, match="min_batery"):
        a_source(tmp_path, text=TEXT.replace("min_battery: 30%", "min_batery: 30%"))
