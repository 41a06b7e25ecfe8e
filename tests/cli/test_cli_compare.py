"""compare, thresholds and precision as the command line shows them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from fota_sim.cli.main import exit_code

TEXT = """\
horizon: 2d
replications: 5
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - {name: app-2, component: app, kind: full, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}
plan: {packages: [app-2]}
strategies:
  all-at-once: {}
  strict: {plan: {strategy: {min_battery: 90%}}}
fleet:
  groups:
    - {name: m, count: 12, module: EC200U, mains: 0%, battery_level: {uniform: [3%, 100%]}, firmware: {"1_0": 100%}}
"""
SMALL = ["--engine", "compiled", "--workers", "1"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "my.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_compare_prints_sentences_and_leaves_a_table(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert exit_code(["compare", file, "--out", str(out), *SMALL]) == 0
    assert "`strict` upgrades" in capsys.readouterr().out
    table = pd.read_parquet(out / "compare.parquet")
    assert {
        "baseline",
        "candidate",
        "metric",
        "difference",
        "low",
        "high",
        "low_simultaneous",
        "p_adjusted",
        "n",
    } <= set(table.columns)
    assert len(table) == len(json.loads((out / "compare.json").read_text(encoding="utf-8"))["differences"])
    assert exit_code(["compare", file, "--out", str(out), *SMALL]) == 2
    assert "--force" in capsys.readouterr().err


def test_compare_prints_one_json_object(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["compare", f"{file}:strict", file, "--metrics", "bricked,time_to_50", "--json", *SMALL]
    assert exit_code(argv) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["baseline"], report["comparisons"]) == ("strict", 2)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--metrics", "brickd"], "did you mean 'bricked'?"),
        (["--baseline", "strickt"], "did you mean 'strict'?"),
    ],
)
def test_compare_takes_no_misspelt_name(
    file: str, argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["compare", file, *argv]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("threshold", "code", "verdict"),
    [("success > 1%", 0, "pass"), ("success > 99.9%", 3, "fail"), ("bricked < 0.01%", 4, "undecided")],
)
def test_thresholds_decide_the_exit_code(
    file: str, threshold: str, code: int, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["run", file, "--set", f"thresholds=['{threshold}']", "--strategy", "strict", "--no-write", "--json", *SMALL]
    assert exit_code(argv) == code
    summary = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in summary["thresholds"]] == [verdict]
    assert summary["strategy"] == "strict"


def test_a_precise_run_can_be_run_again(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "results")]
    assert exit_code(["run", file, "--precision", "success=40%", "--json", *out, *SMALL]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["precision"]["reached"]
    assert summary["replications"] == summary["precision"]["replications"] == 10
    assert exit_code(["rerun", "latest", "--engine", "reference", *out]) == 0


def test_precision_stops_at_the_most_replications_and_says_so(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["run", file, "--precision", "success=0.001%", "--max-replications", "6", "--no-write", *SMALL]
    assert exit_code(argv) == 0
    assert "Stopped after 6 replications: the most allowed" in capsys.readouterr().out


def test_validate_names_the_strategies(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["validate", file]) == 0
    assert "all-at-once, strict" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("pipe", "pipe: is no regular file"),
        ("pipe:strict", "pipe: is no regular file"),
        ("folder.yaml", "folder.yaml: is a folder"),
        ("folder.yaml:strict", "folder.yaml: is a folder"),
        ("folder", "folder: has no manifest.json"),
    ],
)
def test_what_is_neither_a_file_nor_a_result_is_called_what_it_is(
    given: str, words: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "folder").mkdir()
    assert exit_code(["compare", file, str(tmp_path / given)]) == 2
    assert words in capsys.readouterr().err


def test_one_replication_makes_no_claim(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["compare", file, "--replications", "1", *SMALL]) == 0
    said = capsys.readouterr().out
    assert "strict against all-at-once: 1 replication, same fleet" in said
    assert "so far; no interval: 1 replication; an interval needs at least 5" in said
    assert "are the same in the one replication that was played in: " in said
    assert "says nothing of others" in said
    assert "in all 1 " not in said
    assert "by the same in" not in said


def test_a_constant_difference_of_few_replications_is_no_claim(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["compare", file, "--replications", "2", "--set", "fleet.redraw=false", *SMALL]) == 0
    assert "by the same in" not in capsys.readouterr().out
