"""From a scenario to a result, and back from the result to the scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one result: the vendor page's device."""
    place = tmp_path_factory.mktemp("cli")
    assert exit_code(["new", str(place / "single.yaml"), "--template", "single"]) == 0
    assert exit_code(["run", str(place / "single.yaml"), "--out", str(place / "results"), "--quiet"]) == 0
    return place / "results"


def test_show_and_its_json_have_the_same_numbers(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["show", "latest", "--out", str(results), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    stored = json.loads(next(results.glob("*/*/summary.json")).read_text())
    assert summary == stored
    assert exit_code(["show", "latest", "--out", str(results)]) == 0
    assert "upgraded" in capsys.readouterr().out


def test_list_names_the_result(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["list", "--out", str(results)]) == 0
    assert next(results.glob("*/*")).name in capsys.readouterr().out


def test_an_empty_list_says_how_to_make_a_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["list", "--out", str(tmp_path)]) == 0
    assert "fota-sim run" in capsys.readouterr().err


def test_a_result_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["show", "x"], ["rerun", "x"], ["transcript", "x", "--device", "0"]):
        assert exit_code([*command, "--out", str(tmp_path)]) == 2
        assert "fota-sim run" in capsys.readouterr().err


def test_a_rerun_is_the_same_byte_for_byte(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["rerun", "latest", "--out", str(results)]) == 0
    assert "byte for byte" in capsys.readouterr().out


def test_a_transcript_is_the_same_kept_or_simulated_again(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["transcript", "latest", "--device", "0", "--out", str(results)]
    assert exit_code(ask) == 0
    kept = capsys.readouterr().out
    assert '+QIOTEVT: 7,10700,"FC41D","FC41D_FOTA_1_0","FC41D_FOTA_2_0",30,-113,22536' in kept
    stored = next(results.glob("*/*/transcripts"))
    hidden = stored.rename(stored.with_name("transcripts.away"))
    try:
        assert exit_code(ask) == 0
    finally:
        hidden.rename(stored)
    assert capsys.readouterr().out == kept


def test_a_device_that_is_not_there_is_a_sentence(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["transcript", "latest", "--device", "7", "--out", str(results)]) == 2
    assert "numbers 0 to 0" in capsys.readouterr().err
    assert exit_code(["transcript", "latest", "--device", "fc41d-9", "--out", str(results)]) == 2
    assert "fc41d-0" in capsys.readouterr().err


GUIDE = """[TX]AT+QIOTOTAREQ=1

[RX]AT+QIOTOTAREQ=1

[RX]OK

[RX]+QIOTEVT: 7,10700,"FC41D","FC41D_FOTA_1_0","FC41D_FOTA_2_0",30,-113,22536
"""


def test_a_real_log_is_held_against_a_transcript(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["transcript", "latest", "--device", "0", "--out", str(results)]
    assert exit_code([*ask, "--bare"]) == 0
    bare = capsys.readouterr().out
    log = tmp_path / "real.log"
    log.write_text(bare, encoding="utf-8")
    assert exit_code([*ask, "--against", str(log)]) == 0
    assert f"all {len(bare.splitlines())} lines are those of fc41d-0\n" in capsys.readouterr().out
    log.write_text(GUIDE, encoding="utf-8")
    assert exit_code([*ask, "--against", str(log)]) == 0
    assert "which has 5 more before and 13 more after them" in capsys.readouterr().out
    log.write_text(GUIDE.replace("22536", "22537"), encoding="utf-8")
    assert exit_code([*ask, "--against", str(log)]) == 2
    told = capsys.readouterr().err
    assert "3 lines are the same; line 7" in told
    assert "30,-113,22536\n+ seen:     [RX]" in told


def test_a_log_without_a_dialogue_is_a_sentence(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.log").write_text("\n", encoding="utf-8")
    for more, words in (
        (["--against", str(tmp_path / "empty.log")], "holds no line of a dialogue"),
        (["--against", str(tmp_path / "none.log")], "no such file"),
        (["--bare", "--platform"], "leave out --platform"),
    ):
        assert exit_code(["transcript", "latest", "--device", "0", "--out", str(results), *more]) == 2
        assert words in capsys.readouterr().err


def test_no_write_leaves_nothing_and_seed_and_replications_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "single.yaml", tmp_path / "results"
    exit_code(["new", str(file), "--template", "single"])
    capsys.readouterr()
    argv = ["run", str(file), "--seed", "7", "--replications", "2", "--json", "--no-write", "--out", str(out)]
    assert exit_code(argv) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["seed"], summary["replications"]) == (7, 2)
    assert not out.exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_progress_engine_and_timings_stay_out_of_the_result(
    workers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "single.yaml"
    exit_code(["new", str(file), "--template", "single"])
    capsys.readouterr()
    argv = ["run", str(file), "--replications", "2", "--json", "--no-write", "--workers", workers, "--timings"]
    assert exit_code(argv) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["replications"] == 2
    lines = captured.err.splitlines()
    assert lines[0].startswith("engine: reference (1 device)")
    told = {line.split()[0] for line in lines[1:]}
    assert told >= {"libraries", "scenario", "measure", "tables", "command", "parts", "memory"}
    assert exit_code([*argv, "--engine", "reference", "--quiet"]) == 0
    assert "engine:" not in capsys.readouterr().err


def test_python_gives_the_same_summary(tmp_path: Path, results: Path) -> None:
    import fota_sim as fs

    exit_code(["new", str(tmp_path / "single.yaml"), "--template", "single"])
    result = fs.run(tmp_path / "single.yaml")
    assert result.folder is None
    assert result.summary == json.loads(next(results.glob("*/*/summary.json")).read_text())
    assert list(result.devices["outcome"]) == ["upgraded"] * 10


def test_a_run_leaves_its_page_if_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["new", str(tmp_path / "single.yaml"), "--template", "single"]) == 0
    ask = ["run", str(tmp_path / "single.yaml"), "--out", str(tmp_path), "--report"]
    assert exit_code(ask) == 0
    (page,) = tmp_path.glob("*/*/report.html")
    assert str(page) in capsys.readouterr().err
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert exit_code([*ask, "--no-write"]) == 2
    assert "--no-write leaves no folder" in capsys.readouterr().err


def _with_a_file(folder: Path, cells: str) -> str:
    (folder / "f.csv").write_text(f"id,level\n{cells}", encoding="utf-8")
    text = """\
horizon: 1h
product: {model: {components: [{identifier: app, type: firmware}]}}
packages: [{name: v2, component: app, target_version: "2_0", files: [{name: v2.bin, size: 10kB}]}]
plan: {packages: [v2]}
fleet: {csv: [{name: f, file: f.csv, columns: {id: id, battery: level}, module: BG95}]}
"""
    (folder / "my.yaml").write_text(text, encoding="utf-8")
    return str(folder / "my.yaml")


def test_run_warns_of_files_as_validate_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _with_a_file(tmp_path, "a,0.87\nb,0.5\n")
    assert exit_code(["validate", file]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "columns.battery" in line]
    assert "shares of 1 are meant?" in warnings[0]
    assert exit_code(["run", file, "--no-write"]) == 0
    assert warnings[0] in capsys.readouterr().err.splitlines()
    assert exit_code(["run", file, "--no-write", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_run_refuses_a_bad_file_before_it_chooses_an_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _with_a_file(tmp_path, "a,full\n")
    assert exit_code(["run", file, "--no-write", "--engine", "compiled"]) == 2
    said = capsys.readouterr().err
    assert "f.csv:2:2: level: 'full' is not a share" in said
    assert "compil" not in said
