"""``fota-sim fit`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.scenario.loader import load_scenario

SMALL = ["--trials", "24", "--engine", "compiled", "--workers", "1"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario of forty meters and a log of them as somebody keeps it in a spreadsheet."""
    folder = tmp_path_factory.mktemp("fit")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert exit_code(["new", "my.yaml"]) == 0
        text = Path("my.yaml").read_text(encoding="utf-8").replace("count: 2000", "count: 40")
        Path("my.yaml").write_text(text, encoding="utf-8")
        rows = ["IMEI,status,offered,start,end"]
        for k in range(34):
            said = f"2026-01-05T23:{k % 30:02d}:00Z,2026-01-06T00:{10 + k:02d}:00Z"
            rows.append(f"dev{k},{'Weird' if k == 3 else 'success'},2026-01-05T07:00:00Z,{said}")
        rows += [f"dev{k},offline,2026-01-05T07:00:00Z,," for k in range(34, 40)]
        Path("log.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


ARGV = ["fit", "log.csv", "--fleet", "my.yaml", "--columns", "device=IMEI", "--as-of", "2026-01-12T07:00Z", *SMALL]


def test_a_fit_says_what_was_learnt_and_leaves_a_scenario_and_a_page(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    more = ["--map", "status:Weird=failed", "-o", "fitted.yaml", "--report", "fit.html"]
    assert exit_code([*ARGV, *more]) == 0
    said = capsys.readouterr()
    assert "gone for good, meters" in said.out
    assert "6 of 40" in said.out
    assert "Not learnt, and as it was:" in said.out
    assert "the log beside the fitted simulation" in said.out
    assert "fota-sim run fitted.yaml" in said.err
    page = (desk / "fit.html").read_text(encoding="utf-8")
    assert "The log beside the simulation" in page
    assert page.count("data:image/png") >= 3
    learnt = load_scenario(desk / "fitted.yaml").learnt
    assert learnt is not None
    assert "fleet.groups.meters.gone" in learnt.draws
    assert exit_code([*ARGV, *more]) == 2  # nothing is overwritten unasked
    assert "--force" in capsys.readouterr().err
    assert exit_code(["run", "fitted.yaml", "--replications", "6", "--no-write", "--engine", "compiled"]) == 0
    assert "not knowing the parameters" in capsys.readouterr().out


def test_json_says_the_same(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(desk)
    assert exit_code([*ARGV, "--map", "status:Weird=failed", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    gone = next(each for each in found["learnt"] if each["key"] == "gone/meters")
    assert gone["n"] == 40
    assert gone["default"] == "10%"
    assert found["log"]["ended"] == {"never_reached": 6, "failed": 1, "succeeded": 33}


def test_a_word_that_is_not_known_stops_it_with_the_command_that_would_do(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    assert exit_code(ARGV) == 2
    said = capsys.readouterr().err
    assert "log.csv:5: 1 row with status 'Weird'" in said
    assert "--map status:Weird=MEANING" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--as-of", "yesterday"], "--as-of"),
        (["--time-zone", "Mars/Olympus"], "--time-zone"),
        (["--dates", "ydm"], "--dates"),
        (["--from", "wishes"], "logs are not read from"),
    ],
)
def test_what_an_option_cannot_mean_is_told(
    more: list[str], said: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    assert exit_code([*ARGV, *more]) == 2
    assert said in capsys.readouterr().err


def test_of_a_log_that_has_heard_of_nobody_nothing_is_learnt_and_nothing_is_said_to_be(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    rows = ["IMEI,status,offered,start,end", *(f"dev{k},offline,2026-01-05T07:00:00Z,," for k in range(40))]
    Path("silent.csv").write_text("\n".join(rows), encoding="utf-8")
    early = ["fit", "silent.csv", "--fleet", "my.yaml", "--columns", "device=IMEI", "--as-of", "2026-01-05T07:10Z"]
    assert exit_code([*early, "-o", "early.yaml", "--report", "early.html", *SMALL]) == 0
    said = capsys.readouterr()
    assert "Nothing was learnt: nobody has been heard of yet. The scenario is as it was." in said.out
    assert "nan" not in said.out
    assert "fota-sim run early.yaml\n" in said.err
    page = (desk / "early.html").read_text(encoding="utf-8")
    assert "teaches nothing that the scenario does not say" in page
    learnt = load_scenario(desk / "early.yaml").learnt
    assert learnt is not None
    assert learnt.draws == {}
    assert any(each.name == "gone for good, meters" and "export the log later" in each.why for each in learnt.kept)


def test_where_the_simulation_has_no_download_yet_none_is_said(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    row = "dev1,success,2026-01-05T07:00:00Z,2026-01-05T07:00:20Z,2026-01-05T07:01:00Z"
    Path("one.csv").write_text(f"IMEI,status,offered,start,end\n{row}\n", encoding="utf-8")
    early = ["fit", "one.csv", "--fleet", "my.yaml", "--columns", "device=IMEI", "--as-of", "2026-01-05T07:02Z"]
    assert exit_code([*early, "--report", "one.html", *SMALL]) == 0
    said = capsys.readouterr().out
    assert "Nothing was learnt: what each value lacks is told below." in said
    assert "20 devices or attempts that show it are needed, and the log has 1" in said
    assert "  50 % of the downloads within" in said
    assert " none " in said
    assert "nan" not in said
    assert "nan s" not in (desk / "one.html").read_text(encoding="utf-8")


def test_a_log_without_a_device_is_refused_with_what_tells_more(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    Path("header.csv").write_text("device,status,start,end\n", encoding="utf-8")
    assert exit_code(["fit", "header.csv", "--fleet", "my.yaml"]) == 2
    assert "The log names no device yet, so nothing can be told from it" in capsys.readouterr().err
