"""Whatever goes wrong ends in a sentence and an exit code."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BROKEN = """\
horizon: 5
packges: []
fleet: {groups: [{name: a, count: -1}]}
"""


def test_a_bad_scenario_tells_every_problem_with_its_place_and_counts_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)
    assert exit_code(["validate", str(file)]) == 2
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert captured.out == ""
    assert any(f"{file}:1:" in line and "needs a unit" in line for line in lines)
    assert any("did you mean 'packages'" in line for line in lines)
    assert any("count" in line for line in lines)
    assert lines[-1] == f"{len(lines) - 1} problems; nothing was run."
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("command", ["validate", "run"])
def test_a_missing_file_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([command, "nowhere.yaml"]) == 2
    captured = capsys.readouterr()
    assert "nowhere.yaml" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    "argv",
    [
        ["run"],
        ["frobnicate"],
        ["run", "x.yaml", "--seeds", "1"],
        ["run", "x.yaml", "--seed", "many"],
        ["run", "x.yaml", "--workers", "0"],
    ],
)
def test_wrong_usage_is_exit_code_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(argv) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("setting", ["horizon", "plan.strategy.min_battery=50", "fleet.groups.nobody.count=3"])
def test_a_bad_override_is_named(setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.yaml"
    exit_code(["new", str(file)])
    capsys.readouterr()
    assert exit_code(["validate", str(file), "--set", setting]) == 2
    assert f"--set {setting}" in capsys.readouterr().err


def test_ctrl_c_in_mid_run_is_exit_code_130_and_leaves_no_result(tmp_path: Path) -> None:
    results = tmp_path / "results"
    argv = [
        "run",
        str(SCENARIOS / "mixed_40000.yaml"),
        "--set",
        "fleet.groups.wifi.count=2000000",
        "--out",
        str(results),
    ]
    with subprocess.Popen([sys.executable, "-m", "fota_sim", *argv], stderr=subprocess.PIPE, text=True) as running:
        while not list(results.glob("*/*")) and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate()
    assert running.returncode == 130
    assert "Interrupted" in told
    assert "Traceback" not in told
    assert not [path for path in results.glob("*/*") if not path.name.startswith(".")]


def test_ctrl_c_with_workers_stops_them_and_keeps_what_is_complete(tmp_path: Path) -> None:
    results = tmp_path / "results"
    argv = ["run", str(SCENARIOS / "night_push.yaml"), "--out", str(results), "--replications", "100"]
    argv += [
        "--set",
        "fleet.groups[0].count=50",
        "--set",
        "keep.transcripts=1",
        "--workers",
        "2",
        "--engine",
        "reference",
    ]
    command = [sys.executable, "-m", "fota_sim", *argv]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        while not list(results.glob("*/.*/transcripts/replication-1")) and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Interrupted after" in told
    assert "Traceback" not in told
    (kept,) = results.glob("*/*")
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "interrupted"
    assert 2 <= manifest["replications_done"] < 100
    summary = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    assert summary["replications"] == manifest["replications_done"]


def test_an_unknown_engine_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", str(SCENARIOS / "vendor_page.yaml"), "--engine", "fast", "--no-write"]) == 2
    assert "there are auto, reference, compiled" in capsys.readouterr().err


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_bug_says_so_and_shows_its_traceback_only_on_request(
    debug: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setenv("FOTA_SIM_DEBUG", debug)
    monkeypatch.setattr("fota_sim.analysis.lint.checking.load_strategies", broken)
    assert exit_code(["validate", "x.yaml"]) == 1
    told = capsys.readouterr().err
    assert "bug in fota-sim" in told
    assert ("Traceback" in told) == bool(debug)


def test_of_very_many_problems_the_first_are_told_and_the_others_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("".join(f"k{number}: 1\n" for number in range(900)))
    assert exit_code(["validate", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 102
    assert "more mistakes of this kind are not told; mend these first" in "".join(lines)
    assert lines[-2].startswith("... and ")


def test_a_file_of_too_many_names_is_one_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("".join(f"k{number}: 1\n" for number in range(20_000)))
    assert exit_code(["validate", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"{file}:1001:1: more than 1,000 names in one mapping")
    assert lines[1:] == ["1 problem; nothing was run."]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
@pytest.mark.parametrize("command", [["validate"], ["run"], ["sweep"], ["explore"], ["doctor", "--twins"]])
def test_no_command_waits_for_a_file_that_never_ends(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([*command, "/dev/zero"]) == 2
    assert "/dev/zero: is no regular file but a pipe or a device" in capsys.readouterr().err


def test_a_fleet_file_is_counted_and_what_it_warns_of_makes_strict_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SCENARIOS / "csv_fleet.yaml").read_text().replace("fleet_example.csv", "mine.csv")
    (tmp_path / "mine.csv").write_text("device,site,hw,fw,rssi_dbm,battery_pct,firmware\na,roof,A,1_0,-70,0.9,x\n")
    (tmp_path / "my.yaml").write_text(text)
    assert exit_code(["validate", str(tmp_path / "my.yaml")]) == 0
    said = capsys.readouterr()
    assert "1 device of mine.csv" in said.out
    assert "shares of 1 are meant?" in said.err
    assert exit_code(["validate", str(tmp_path / "my.yaml"), "--strict"]) == 2


def test_a_name_that_is_too_long_for_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ["run", str(SCENARIOS / "vendor_page.yaml"), "--out", f"{tmp_path}/{'0' * 300}"],
        ["show", "0" * 300],
    ):
        assert exit_code(command) == 2
        assert "is too long for the name of a file or folder; choose a shorter one" in capsys.readouterr().err


def test_a_misspelt_file_is_answered_with_the_one_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "meters.yaml").write_text(BROKEN)
    assert exit_code(["run", str(tmp_path / "meters.yml")]) == 2
    assert "meters.yml: no such file; did you mean 'meters.yaml'?" in capsys.readouterr().err
    assert exit_code(["run", str(tmp_path / "something-else.yaml")]) == 2
    assert "check the name, or write one with `fota-sim new`" in capsys.readouterr().err


def test_a_table_of_devices_in_place_of_a_scenario_is_told_where_it_belongs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fleet.csv").write_text("id,rssi\na,-90\n")
    assert exit_code(["run", str(tmp_path / "fleet.csv")]) == 2
    told = capsys.readouterr().err
    assert "is a table of devices and no scenario; `fota-sim fleet inspect " in told


def test_a_name_that_may_not_be_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.yaml").write_text('plan: {}\nstrategies: {"ä": {}}\nfleet: {}\n', encoding="utf-8")
    assert exit_code(["validate", str(tmp_path / "s.yaml")]) == 2
    assert "strategies.ä: 'ä' may have only letters" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["schema"], ["validate", str(SCENARIOS / "battery_gate.yaml")]])
def test_output_that_nobody_reads_ends_as_of_other_programs_and_is_no_bug(command: list[str]) -> None:
    argv = [sys.executable, "-c", "import time; time.sleep(0.2); from fota_sim.__main__ import main; main()", *command]
    running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(60) == 141
    assert running.stderr is not None
    assert "Traceback" not in running.stderr.read()
