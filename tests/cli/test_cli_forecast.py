"""``forecast`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code

TEXT = """\
name: meters
question: Which minimum battery should it have?
horizon: 2d
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two]}
fleet:
  groups:
    - {name: meters, count: 120, module: BG95, contact: {pattern: wake, every: 24h, jitter: 10min}}
"""
SMALL = ["--members", "20", "--workers", "1", "--quiet"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario, and the result of a rollout by it with other luck."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "my.yaml").write_text(TEXT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        argv = ["run", "my.yaml", "--seed", "9", "--replications", "1", "--quiet", "--out", "results"]
        assert exit_code(argv) == 0
        (result,) = (each.parent for each in (folder / "results").rglob("manifest.json"))
        result.rename(folder / "pilot")
    return folder


@pytest.fixture(autouse=True)
def at_the_desk(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)


def test_it_says_what_will_be_and_leaves_a_chart_and_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["forecast", "my.yaml", "--so-far", "pilot", "--now", "10h", "--out", "ahead"]
    assert exit_code([*argv, *SMALL]) == 0
    said = capsys.readouterr().out
    asked, finding = said.splitlines()[:2]
    assert asked == "After 10 h 00 min of meters: when is it done, who fails, and what would stopping now change?"
    assert finding.startswith("Go on, unless a failure costs more than ")
    assert "In the end " in said
    assert "Which minimum" not in said  # is what the scenario asks, and nothing here answers that
    assert "to stop now" in said
    assert "go on: as planned" in said
    files = {path.name for path in Path("ahead").iterdir()}
    assert files == {"forecast.json", "scenario.yaml", "fan.png", "fan.svg"}
    kept = json.loads(Path("ahead/forecast.json").read_text(encoding="utf-8"))
    assert kept["so_far"]["succeeded"] > 10
    assert exit_code(["report", "ahead"]) == 0
    page = Path("ahead/report.html").read_text(encoding="utf-8")
    assert "Forecast of a rollout under way" in page
    assert f'<p class="question">{asked}</p>' in page.replace("\N{NO-BREAK SPACE}", " ")
    assert page.count("data:image/png") == 1
    capsys.readouterr()
    assert exit_code([*argv, *SMALL]) == 2
    assert "--force" in capsys.readouterr().err


def test_a_spreadsheet_is_a_log_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pandas as pd

    devices = pd.read_parquet("pilot/devices.parquet")
    done = devices[(devices["finished_ms"] >= 0) & (devices["finished_ms"] < 36_000_000)]
    start = pd.Timestamp("2026-01-05T08:00:00Z")
    rows = [
        f"{row.id},{'success' if row.outcome == 'upgraded' else 'failed'},{start.isoformat()},"
        f"{(start + pd.Timedelta(milliseconds=int(row.finished_ms))).isoformat()}"
        for row in done.itertuples()
    ]
    rest = [f"{name},not reached,," for name in devices["id"] if name not in set(done["id"])]
    Path("log.csv").write_text("\n".join(["device,status,start,end", *rows, *rest]) + "\n", encoding="utf-8")
    argv = [
        "forecast",
        "my.yaml",
        "--so-far",
        "log.csv",
        "--set",
        "start=2026-01-05T08:00:00",
        "--set",
        "time_zone=UTC",
    ]
    assert exit_code([*argv, "--map", "status:not reached=never_reached", "--json", *SMALL]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["so_far"]["succeeded"] == (done["outcome"] == "upgraded").sum()
    assert report["now_ms"] <= 36_000_001


def test_what_nothing_explains_ends_with_another_code(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["forecast", "my.yaml", "--so-far", "pilot", "--now", "40h", "--set", "fleet.groups[0].gone=70%"]
    assert exit_code([*argv, *SMALL]) == 4
    assert "\nThere is no forecast" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--so-far", "nowhere.csv"], "there is no such file"),
        (["--so-far", "pilot", "--now", "soon"], "--now soon"),
        (["--so-far", "pilot", "--now", "9d"], "when the run is over"),
        (["--so-far", "pilot", "--pause", "0s"], "longer than nothing"),
        (["--so-far", "pilot", "--unknown", "gone"], "--unknown gone: write path=low..high"),
        (["--so-far", "pilot", "--acceptable", "0%"], "above 0%"),
        (["--so-far", "pilot", "--time-zone", "Mars"], None),
        (["--so-far", "my.yaml"], "my.yaml"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_played(
    more: list[str], said: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if said is None:
        Path("two.csv").write_text("device,status,start\nmeters-0,success,2026-01-05 08:00\n", encoding="utf-8")
        more, said = ["--so-far", "two.csv", "--time-zone", "Mars"], "is no IANA time zone"
    assert exit_code(["forecast", "my.yaml", *more, *SMALL]) == 2
    assert said in capsys.readouterr().err
