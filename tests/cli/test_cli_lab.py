"""``canary``, ``sensitivity`` and ``tune`` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fota_sim.cli.main import exit_code
from fota_sim.scenario.loader import load_scenario

ROOT = Path(__file__).parents[2]
GATE = str(ROOT / "scenarios" / "battery_gate.yaml")
REVISION = str(ROOT / "scenarios" / "hidden_regression_hw_rev.yaml")
SMALL = ["--set", "fleet.groups[0].count=30", "--engine", "compiled", "--workers", "1", "--quiet"]


def test_canary_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["canary", "--rate", "0.5%"]) == 0
    assert "watch 598 devices" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rate", "fleet", "told"),
    [
        ("0.01%", "50", "Of 50 devices that is taken to be 1, which is 2 %."),
        ("50%", "1", "Of 1 device that is taken to be 1, which is 100 %."),
        ("0.5%", "2000", ""),
        ("33.3%", "3", ""),
    ],
)
def test_canary_says_what_a_rate_is_taken_for_that_no_whole_devices_make(
    capsys: pytest.CaptureFixture[str], rate: str, fleet: str, told: str
) -> None:
    assert exit_code(["canary", "--rate", rate, "--fleet", fleet]) == 0
    text = capsys.readouterr().out
    assert told in text.splitlines() or not told
    assert ("is taken to be" in text) is bool(told)


def test_canary_does_not_call_fewer_victims_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["canary", "--rate", "5%", "--abort", ">= 100%", "--group", "5"]) == 0
    exact = next(line for line in capsys.readouterr().out.splitlines() if " exact " in line).split()
    assert (exact[-3], exact[-1]) == ("0.24", "0.25")  # 0.05 + 0.95 * 4 * 0.05, and 5 * 0.05


def test_canary_json_is_one_object_with_the_same_number(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["canary", "--rate", "2%", "--background", "1%", "--abort", "> 2%", "--group", "500", "--json"]
    assert exit_code(argv) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["test"]["false_alarm"] <= 0.05
    assert [row["release"] for row in found["abort"]["releases"]] == ["good", "bad"]
    assert found["sequential"]["courses"][0]["exact"]["devices"] < found["test"]["devices"]


def test_canary_takes_its_rate_from_the_defects_of_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["canary", REVISION, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["fleet"] == 3000
    assert found["rate"] == pytest.approx(0.06 * 0.4, rel=0.2)


def test_canary_plays_a_scenarios_own_abort_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stop.yaml"
    watched = "timeouts: {report: 1h}, retry: [{on: [timeout], count: 0}]"  # a brick says nothing
    rule = f"plan: {{rollout: {{{watched}, abort: [{{count: 2, action: cancel}}]}}}}"
    file.write_text(f"extends: {REVISION}\n{rule}\nfleet: {{groups: [{_boards(40)}]}}\n", encoding="utf-8")
    assert exit_code(["canary", str(file), "--play", "5", "--json"]) == 0
    played = json.loads(capsys.readouterr().out)["played"]
    assert played["with"]["victims"]["value"] < played["without"]["victims"]["value"]
    assert played["spared"]["value"] > 0


@pytest.fixture(scope="module")
def two_plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Boards of two sites with a plan each, over one fleet; only the north has an abort rule and a spoilt package."""
    file = tmp_path_factory.mktemp("canary") / "two.yaml"
    file.write_text(
        """
horizon: 1d
product: {model: {components: [{identifier: app}]}}
packages:
  - name: spoilt
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 60kB}]
    defects: [{name: bad, effect: verify_failure, probability: 40%}]
  - {name: sound, component: app, target_version: "3_0", files: [{name: b.bin, size: 60kB}]}
plans:
  north:
    packages: [spoilt]
    whitelist: {where: 'site == "north"'}
    rollout: {rate: {devices: 1, every: 20min}, abort: [{count: 3}]}
  south: {packages: [sound], whitelist: {where: 'site == "south"'}}
fleet:
  groups:
    - {name: up, count: 30, module: EC200U, host: careful, mains: 100%, attributes: {site: north}}
    - {name: down, count: 50, module: EC200U, host: careful, mains: 100%, attributes: {site: south}}
""",
        encoding="utf-8",
    )
    return file


def test_canary_of_several_plans_takes_the_devices_and_packages_of_the_one_that_is_asked_for(
    two_plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["canary", str(two_plans), "--plan", "north", "--json"]) == 0
    north = json.loads(capsys.readouterr().out)
    assert (north["fleet"], north["rate"], north["plan"]) == (30, pytest.approx(0.4), "north")
    assert exit_code(["canary", str(two_plans), "--plan", "south"]) == 0
    said = capsys.readouterr()
    assert "of the 50 of plan south" in said.out
    assert "no planned package has a defect that a device of plan south shows" in said.err


def test_canary_plays_the_rules_of_the_plan_that_is_asked_for_and_counts_its_devices(
    two_plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["canary", str(two_plans), "--plan", "north", "--play", "5", "--json"]) == 0
    played = json.loads(capsys.readouterr().out)["played"]
    assert played["rules"] == 1
    without = played["without"]
    assert without["victims"]["value"] + without["outcome_upgraded"]["value"] <= 30
    assert played["with"]["victims"]["value"] < without["victims"]["value"]
    assert exit_code(["canary", str(two_plans), "--plan", "south", "--play", "5"]) == 2
    assert "plans.south.rollout has no abort rule" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ([], "a canary is of one plan, and two has several (north, south)"),
        (["--plan", "nort"], "did you mean 'north'?"),
    ],
)
def test_canary_of_several_plans_asks_which(
    plan: list[str], said: str, two_plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["canary", str(two_plans), *plan]) == 2
    assert said in capsys.readouterr().err


def _boards(count: int) -> str:
    return (
        f"{{name: boards, count: {count}, module: board, host: careful, hardware: {{A: 50%, B: 50%}}, mains: 100%, "
        "contact: {pattern: always, spread: 12h}}"
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["canary"], "--rate is missing"),
        (["canary", "--rate", "5"], "needs a unit"),
        (["canary", "--rate", "0%"], "above 0%"),
        (["canary", "--rate", "1%", "--abort", "> 2%"], "--group"),
        (["canary", "--rate", "1%", "--of", "each"], "finished or all"),
        (["canary", "--rate", "1%", "--play", "5"], "--play needs a scenario"),
        (["canary", "--rate", "1%", "--plan", "meters"], "--plan needs a scenario"),
        (["sensitivity", GATE, "--vary", "plan.strategy.min_batery=10%..50%"], "did you mean 'min_battery'"),
        (["sensitivity", GATE, "--all-assumptions", "--method", "sobol", "--samples", "10"], "power of two"),
        (["sensitivity", GATE, "--all-assumptions", "--metric", "brickd"], "did you mean"),
        (["tune", GATE, "--knob", "plan.strategy.retries=0..9", "--minimise", "bricked"], "at most 5"),
        (["tune", GATE, "--knob", "strategy=a,b", "--minimise", "bricked"], "strategies"),
        (
            ["tune", GATE, "--knob", "plan.push=true,false", "--minimise", "bricked", "--constraint", "bricked < 5"],
            "--constraint",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_leaves_nothing(
    argv: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(argv) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert not list(tmp_path.iterdir())


def test_sensitivity_lists_without_playing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["sensitivity", GATE, "--all-assumptions", "--list", "--out", str(tmp_path / "out")]
    assert exit_code(argv) == 0
    out = capsys.readouterr().out
    assert "radios.lte-cat1.p_floor" in out
    assert "35 points x 10 replications" in out
    assert not (tmp_path / "out").exists()


def test_sensitivity_leaves_tables_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vary = ["--vary", "plan.strategy.min_battery=10%..50%", "--metric", "success", "--out", str(tmp_path)]
    assert exit_code(["sensitivity", GATE, *vary, *SMALL]) == 0
    assert "hangs on it: minimum battery" in capsys.readouterr().out
    folder = next(tmp_path.glob("battery_gate/2*"))
    assert (folder / "tornado.png").read_bytes().startswith(b"\x89PNG")
    effects = pq.read_table(folder / "effects.parquet").to_pylist()
    assert effects[0]["low_ci_low"] < effects[0]["low_effect"] < effects[0]["low_ci_high"]
    assert json.loads((folder / "sensitivity.json").read_text())["points"] == 3


def test_tune_leaves_a_scenario_that_can_be_run_and_goes_on_only_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    knobs = ["--knob", "plan.strategy.min_battery=10%..50%", "--minimise", "refused_of_targeted", "--fresh", "5"]
    argv = ["tune", GATE, *knobs, "--trials", "4", "--out", str(tmp_path), *SMALL]
    assert exit_code([*argv, "--resume"]) == 2
    assert "without --resume" in capsys.readouterr().err
    assert exit_code([*argv, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    folder = next(tmp_path.glob("battery_gate/2*"))
    tuned = load_scenario(folder / "tuned.yaml")
    best = next(row for row in found["front"] if row["trial"] == found["recommended"])
    assert f"{100 * tuned.plan.strategy.min_battery:.3g}%" == best["values"]["plan.strategy.min_battery"]
    assert len(pq.read_table(folder / "trials.parquet")) == 4
    assert (folder / "pareto.png").read_bytes().startswith(b"\x89PNG")
    assert exit_code(argv) == 2
    assert "has 4 trials" in capsys.readouterr().err
    assert exit_code([*argv, "--resume", "--trials", "6"]) == 0
    assert "recommended" in capsys.readouterr().out


def test_tune_chooses_among_strategies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.yaml"
    strict = "strategies: {open: {}, strict: {plan: {strategy: {min_battery: 90%}}}}\n"
    file.write_text(f"extends: {GATE}\n{strict}", encoding="utf-8")
    argv = ["tune", str(file), "--knob", "strategy=open,strict", "--minimise", "refused_of_targeted"]
    assert exit_code([*argv, "--trials", "6", "--fresh", "5", "--out", str(tmp_path), "--json", *SMALL]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["values"] for row in found["front"]] == [{"strategy": "open"}]


def test_a_canary_of_a_release_without_a_defect_looks_for_one_in_a_hundred(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["canary", GATE]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("To see a defect that makes 1 % of devices fail, watch 225 devices of the fleet of 500.")
    assert "--rate says another share" in told.err


def test_canary_plays_the_rules_of_a_named_strategy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(["new", "my.yaml"]) == 0
    argv = ["canary", "my.yaml", "--rate", "5%", "--play", "5", "--set", "fleet.groups[0].count=60"]
    assert exit_code(argv) == 2
    assert "has no abort rule and no sequential test to play; write one, or take a strategy" in capsys.readouterr().err
    assert exit_code([*argv, "--strategy", "four-waves"]) == 0
    told = capsys.readouterr().out
    assert "of the fleet of 60" in told
    assert "with the scenario's rules" in told
    assert exit_code(["canary", "--rate", "5%", "--strategy", "four-waves"]) == 2
    assert "--strategy needs a scenario" in capsys.readouterr().err
