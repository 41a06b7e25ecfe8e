"""``fota-sim report`` as a user meets it: which result, where to, and what it says when it cannot."""

import json
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.experiment.folder import SWEEPS

SMALL = ["--set", "fleet.groups[0].count=10", "--engine", "compiled", "--workers", "1", "--quiet"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of plugs."""
    place = tmp_path_factory.mktemp("report")
    file = str(place / "plugs.yaml")
    assert exit_code(["new", file, "--template", "plugs"]) == 0
    for seed in ("1", "2"):
        argv = ["run", file, "--out", str(place / "results"), "--seed", seed, "--replications", "5"]
        assert exit_code([*argv, *SMALL]) == 0
    return place


def test_the_latest_run_by_name_gets_its_report_beside_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["report", "latest", "--out", str(place / "results"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    path = Path(said["path"])
    assert path.name == "report.html"
    assert (path.parent / "summary.json").exists()
    assert path.stat().st_size == said["size_B"] < 2_000_000


def test_a_report_that_is_there_is_kept_without_force(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = place / "kept.html"
    output.write_text("mine", encoding="utf-8")
    argv = ["report", "latest", "--out", str(place / "results"), "--output", str(output)]
    assert exit_code(argv) == 2
    assert "--force" in capsys.readouterr().err
    assert output.read_text(encoding="utf-8") == "mine"
    assert exit_code([*argv, "--force"]) == 0
    assert output.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_two_runs_are_compared_in_one_page_here(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = [str(path) for path in sorted((place / "results" / "plugs").glob("2*"))]
    assert exit_code(["report", *runs]) == 0
    assert capsys.readouterr().out.startswith("report.html (")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Report of a comparison" in html
    assert "not paired (seeds" in html


@pytest.mark.parametrize(
    ("results", "says"),
    [
        (["nothing-here"], "no such result"),
        (["plugs.yaml"], "is a scenario and not a result; play it first with fota-sim run"),
        (["plugs", "nothing-here"], "no such result"),
        (["empty"], "manifest.json"),
        (["sweep"], "is no sweep that can be read"),
        (["plugs", "sweep"], "is no run, and only runs can be compared"),
    ],
)
def test_what_cannot_be_reported_on_is_a_sentence(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    results: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(place)
    (place / "empty").mkdir(exist_ok=True)
    (place / "sweep").mkdir(exist_ok=True)
    (place / "sweep" / "sweep.json").write_text("{", encoding="utf-8")
    assert exit_code(["report", *results, "--output", "never.html"]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "Traceback" not in said.err
    assert not (place / "never.html").exists()


@pytest.mark.parametrize(("output", "says"), [(".", "is a folder"), ("nowhere/report.html", "there is no such folder")])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_drawn(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str, says: str
) -> None:
    monkeypatch.chdir(place)
    assert exit_code(["report", "plugs", "--output", output]) == 2
    assert says in capsys.readouterr().err


def test_a_damaged_run_has_no_report(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = sorted((place / "results" / "plugs").glob("2*"))[0]
    hidden = (run / "timeseries.parquet").rename(run / "hidden.parquet")
    try:
        assert exit_code(["report", str(run), "--output", str(place / "damaged.html")]) == 2
    finally:
        hidden.rename(run / "timeseries.parquet")
    assert "timeseries.parquet" in capsys.readouterr().err


def test_a_sweep_needs_nothing_but_its_folder(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = place / "moved.yaml"
    file.write_text((place / "plugs.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    argv = ["sweep", str(file), "--axis", "plan.strategy.retries=0,2", "--out", str(place / "swept")]
    assert exit_code([*argv, "--replications", "5", *SMALL]) == 0
    file.unlink()
    folder = next((place / "swept" / "moved" / SWEEPS).glob("2*"))
    assert exit_code(["report", str(folder)]) == 0
    assert (folder / "report.html").exists()
    assert str(folder / "report.html") in capsys.readouterr().out
