"""A scenario in Python: edited, checked, saved, run, in the words of the command line."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fota_sim as fs
from fota_sim.cli.main import exit_code
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.templates import TEMPLATES

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))
PATH = "plan.strategy.min_battery"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.yaml").write_text(TEMPLATES[0].text, encoding="utf-8")
    return tmp_path


def test_a_value_is_read_and_changed_by_path_or_step_by_step(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    scenario[PATH] = "20 %"
    assert scenario["plan"]["strategy"]["min_battery"] == "20 %"
    scenario["fleet"]["groups"][0]["count"] = np.int64(7)
    assert scenario["fleet.groups.meters.count"] == scenario["fleet"]["groups"]["meters"]["count"] == 7
    scenario["horizon"] = timedelta(days=2)
    assert scenario["horizon"] == "172800s"
    scenario["packages[0].target_version"] = "2.0"
    assert scenario["packages.release-2.target_version"] == "2.0"


def test_what_is_not_written_has_the_value_that_holds(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    assert "retry_delay" not in scenario["plan.strategy"]
    held = load_scenario("my.yaml").model_dump(mode="json", by_alias=True)
    assert scenario["plan.strategy.retry_delay"] == held["plan"]["strategy"]["retry_delay"]
    assert scenario["radios.nb-iot.p_floor"] == held["radios"]["nb-iot"]["p_floor"]


def test_a_change_is_as_good_as_one_in_the_file(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    scenario["strategies.mine"] = {"plan": {"strategy": {"min_battery": "60%"}}}
    scenario[PATH] = "20%"
    assert scenario.strategies == ["all-at-once", "four-waves", "mine"]
    text = TEMPLATES[0].text.replace("min_battery: 30%", "min_battery: 20%")
    text = text.replace("strategies:\n", "strategies:\n  mine: {plan: {strategy: {min_battery: 60%}}}\n")
    for strategy in (None, "mine"):
        written = parse_scenario(text, desk / "my.yaml", strategy=strategy)
        assert parse_scenario(scenario.text, desk / "my.yaml", strategy=strategy) == written


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("plan.strategy.min_batery", "50%"),
        (PATH, 5),
        ("fleet.groups.metrs.count", 5),
        ("start.x", 1),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_the_words_of_the_command_line(
    path: str, value: Any, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = fs.load("my.yaml")
    with pytest.raises(fs.ScenarioError) as refused:
        scenario[path] = value
    assert scenario.text == TEMPLATES[0].text
    assert exit_code(["validate", "my.yaml", "--set", f"{path}={value}"]) == 2
    told = capsys.readouterr().err.splitlines()[0].partition(": ")[2]
    assert [str(each).partition(": ")[2] for each in refused.value.problems] == [told]


def test_what_does_not_fit_together_yet_is_told_by_a_check(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    scenario["plan.packages"] = ["release-3"]
    assert scenario.check()["what"].tolist() == ["there is no package 'release-3'"]
    scenario["packages[0].name"] = "release-3"
    assert not (scenario.check()["severity"] == "error").any()


def test_a_field_that_there_is_not_is_told_with_what_is_meant(desk: Path) -> None:
    with pytest.raises(fs.ScenarioError, match="unknown key 'min_batery'; did you mean 'min_battery'"):
        fs.load("my.yaml")["plan.strategy.min_batery"]
    with pytest.raises(fs.ScenarioError, match="of the type object, which no scenario holds"):
        fs.load("my.yaml")[PATH] = object()


def test_a_check_says_what_validate_says(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEMPLATES[0].text.replace("min_battery: 30%", "min_batery: 30%").replace("seed: 1 ", "seed: x ")
    (desk / "my.yaml").write_text(text, encoding="utf-8")
    found = fs.load("my.yaml").check()
    assert exit_code(["validate", "my.yaml"]) == 2
    said = capsys.readouterr().err
    assert len(found) >= 2
    assert set(found["severity"]) == {"error"}
    for row in found.to_dict("records"):
        more = f"; {row['what would do']}" if row["what would do"] else ""
        assert f"{row['where']}: {row['what']}{more}\n" in said
    assert "did you mean 'min_battery'?" in set(found["what would do"])


def test_a_check_warns_of_what_is_hardly_meant(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = fs.load("my.yaml")
    scenario["plan.rollout.waves"] = [{"share": "50%"}, {"share": "40%"}]
    found = scenario.check()
    assert set(found["severity"]) == {"warning"}
    scenario.save("other.yaml")
    assert exit_code(["validate", "other.yaml"]) == 0
    said = capsys.readouterr().err
    assert all(what in said for what in found["what"])


def test_a_scenario_without_faults_gives_an_empty_frame_with_the_same_columns(desk: Path) -> None:
    found = fs.template("plugs").check()
    assert len(found) == 0
    assert list(found) == ["severity", "where", "what", "what would do"]


def test_saving_changes_the_lines_that_were_changed_and_no_other(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    scenario["horizon"] = "3d"
    scenario[PATH] = "25 %"
    assert scenario.save() == Path("my.yaml")
    before, after = TEMPLATES[0].text.splitlines(), Path("my.yaml").read_text(encoding="utf-8").splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        "horizon: 3d                    # how long is simulated",
        "    min_battery: 25 %",
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_saved_with_its_comments_in_another_folder(path: Path, tmp_path: Path) -> None:
    scenario = fs.load(path)
    scenario.update({"seed": 77, "horizon": scenario["horizon"]})
    saved = scenario.save(tmp_path / "saved.yaml")
    comments = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert comments
    assert [line for line in saved.read_text(encoding="utf-8").splitlines() if line.startswith("#")] == comments
    again, first = load_scenario(saved), load_scenario(path)
    assert again.seed == 77
    same = {"seed": first.seed, "fleet": first.fleet, "name": first.name}
    assert dump_yaml(again.model_copy(update=same)) == dump_yaml(first)
    assert [(each.name, (saved.parent / each.file).resolve()) for each in again.fleet.csv] == [
        (each.name, (path.parent / each.file).resolve()) for each in first.fleet.csv
    ]


def test_what_another_file_says_can_be_changed_in_one_that_extends_it(desk: Path) -> None:
    (desk / "more").mkdir()
    (desk / "more" / "mine.yaml").write_text("# mine\nextends: ../my.yaml\nseed: 3\n", encoding="utf-8")
    scenario = fs.load("more/mine.yaml")
    scenario.update({"fleet.groups.meters.count": 9, PATH: "20%"})
    scenario.save("mine.yaml")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    assert text.startswith("# mine\nextends: my.yaml\n")
    found = load_scenario("mine.yaml")
    assert (found.seed, found.fleet.groups[0].count, found.plan.strategy.min_battery) == (3, 9, 0.2)
    assert found.fleet.groups[0].module == "BC66"


def test_a_change_behind_an_alias_is_not_written_into_what_it_stands_for(desk: Path) -> None:
    text = TEMPLATES[0].text.replace(
        "push_period:", "rollout: {waves: [{share: 10%, opens: &o {after: 2h}}, {opens: *o}]}\n  push_period:"
    )
    (desk / "my.yaml").write_text(text, encoding="utf-8")
    scenario = fs.load("my.yaml")
    scenario["plan.rollout.waves[1].opens.after"] = "5h"
    with pytest.raises(fs.FotaSimError, match="an alias"):
        scenario.save()
    assert Path("my.yaml").read_text(encoding="utf-8") == text
    scenario.save(force=True, comments=False)
    waves = load_scenario("my.yaml").plan.rollout.waves
    assert [wave.opens.after for wave in waves] == [7200, 18000]


def test_a_file_is_not_overwritten_by_another_scenario_unless_told(desk: Path) -> None:
    with pytest.raises(fs.FotaSimError, match="would be overwritten"):
        fs.template("plugs").save("my.yaml")
    with pytest.raises(fs.FotaSimError, match="say where to save it"):
        fs.template("plugs").save()
    fs.template("plugs").save("my.yaml", force=True)
    assert load_scenario("my.yaml").fleet.groups[0].name == "plugs"


@pytest.mark.parametrize("template", [each.name for each in TEMPLATES])
def test_a_template_runs_where_it_is_and_where_it_is_saved(template: str, desk: Path) -> None:
    scenario = fs.template(template)
    assert not (scenario.check()["severity"] == "error").any()
    saved = scenario.save(desk / "saved.yaml")
    assert exit_code(["validate", str(saved)]) == 0


def test_a_dictionary_is_a_scenario(desk: Path) -> None:
    given = fs.load("my.yaml").plain()
    scenario = fs.load(given)
    assert load_scenario(scenario.save("made.yaml")).model_copy(update={"name": "my"}) == load_scenario("my.yaml")
    given["plan"]["strategy"]["min_batery"] = "3%"
    with pytest.raises(fs.ScenarioError) as refused:
        fs.run(given)
    assert str(refused.value) == (
        "scenario: plan.strategy.min_batery: unknown key 'min_batery'; did you mean 'min_battery'?"
    )


def test_overrides_are_values_or_texts_and_give_the_same_numbers(desk: Path) -> None:
    texts = ["fleet.groups.meters.count=20", "plan.strategy.min_battery=20 %", "keep.transcripts=0"]
    values = {"fleet.groups.meters.count": 20, PATH: "20 %", "keep": {"transcripts": 0}}
    scenario = fs.load("my.yaml")
    scenario.update(values)
    summaries = [
        fs.run("my.yaml", overrides=texts).summary,
        fs.run("my.yaml", overrides=values).summary,
        fs.run(scenario).summary,
        scenario.run().summary,
    ]
    assert summaries[0]["devices"] == 20
    assert all(each == summaries[0] for each in summaries)


def test_a_strategy_comes_after_changes_and_overrides_after_it(desk: Path) -> None:
    scenario = fs.load("my.yaml", strategy="four-waves")
    scenario["plan.rollout.order"] = "fleet"
    scenario["fleet.groups.meters.count"] = 10
    played = scenario.run().study.scenario
    assert (played.strategy, played.plan.rollout.order) == ("four-waves", "random")
    assert scenario.run(overrides={"plan.rollout.order": "fleet"}).study.scenario.plan.rollout.order == "fleet"


def test_everything_that_plays_takes_one(desk: Path) -> None:
    scenario = fs.load("my.yaml")
    scenario.update({"fleet.groups.meters.count": 12, "name": "small"})
    found = fs.compare(scenario, replications=2)
    assert [each["name"] for each in found.report["variants"]] == ["all-at-once", "four-waves"]
    other = scenario.copy()
    other[PATH] = "70%"
    two = fs.compare(scenario, other, replications=2)
    assert len(two.report["variants"]) == 2
    sweep = fs.sweep(scenario, {PATH: ["10%", "60%"]}, replications=2, workers=1)
    assert len(sweep.units) == 4
    assert fs.sensitivity(scenario, [f"{PATH}=10%..60%"], workers=1, replications=2).report["scenario"] == "small"
    tuned = fs.tune(
        scenario, [f"{PATH}=10%..60%"], out="tuned", minimise=["failed"], trials=2, replications=2, fresh=5, workers=1
    )
    assert len(tuned.trials) > 0
    shutil.rmtree("tuned")


@pytest.mark.parametrize(
    ("steps", "name", "value"),
    [
        (("hosts", "late"), "patience", "1h"),
        (("modules", "BC66"), "verify_failure", "3%"),
        (("plan", "rollout", "timeouts"), "online", "2h"),
        (("network", "server"), "egress", "10Mbit/s"),
    ],
)
def test_a_change_step_by_step_holds_where_nothing_was_written(steps: tuple[str, ...], name: str, value: str) -> None:
    by_step, by_path = fs.template("meters"), fs.template("meters")
    part = by_step
    for step in steps:
        part = part[step]
    others = {key: each for key, each in part.items() if key not in (name, "extends")}
    part[name] = value
    by_path[".".join((*steps, name))] = value
    assert by_step[".".join((*steps, name))] == by_path[".".join((*steps, name))] == value
    assert {key: by_step[".".join((*steps, key))] for key in others} == others
    assert by_step.plain() == by_path.plain()
