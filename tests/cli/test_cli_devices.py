"""The list of tasks, and where each device stood at a time."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.scenario.metrics import OUTCOME_WORDS

SCENARIO = """
product: {project: Homes, name: Plug, model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 600kB}]}]
plan: {name: Spring, packages: [two], push: false}
start: 2026-03-29T00:30:00
time_zone: Europe/Berlin
horizon: 6h
replications: 2
fleet:
  groups:
    - {name: plugs, count: 25, module: EC200U, host: lenient, mains: 100%, rssi: -90dBm}
    - {name: weak, count: 5, module: EC200U, mains: 100%, rssi: -130dBm}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one result of thirty devices, twice."""
    folder = tmp_path_factory.mktemp("devices")
    (folder / "my.yaml").write_text(SCENARIO, encoding="utf-8")
    assert exit_code(["run", str(folder / "my.yaml"), "--out", str(folder / "results"), "--quiet"]) == 0
    return folder


@pytest.fixture
def ask(desk: Path, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """A line of ``fota-sim devices my``: what it prints."""

    def asked(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert exit_code(["devices", "my", *words, "--out", str(desk / "results"), "--quiet"]) == code
        told = capsys.readouterr()
        return told.err if code else told.out

    return asked


def test_a_list_says_whose_tasks_and_how_many_stand_where(ask) -> None:  # type: ignore[no-untyped-def]
    told = ask()
    assert told.startswith(
        "Spring of Plug (Homes): app to 2_0\n6 h 00 min after activation, 2026-03-29 07:30:00 CEST\n"
    )
    assert "... and 10 more;" in told


def test_json_and_csv_have_every_device_and_agree_with_the_summary(ask, desk: Path) -> None:  # type: ignore[no-untyped-def]
    found = json.loads(ask("--json"))
    assert (found["plan"], found["product"], found["targets"]) == ("Spring", "Plug", {"app": "2_0"})
    rows = list(csv.DictReader(io.StringIO(ask("--csv"))))
    assert [row["id"] for row in rows] == [row["id"] for row in found["devices"]]
    both = Counter(row["outcome"] for k in "01" for row in json.loads(ask("--json", "--replication", k))["devices"])
    summary = json.loads(next(desk.glob("results/*/*/summary.json")).read_text())
    assert both == {row["outcome"]: row["count"] for row in summary["outcomes"] if row["count"]}
    assert found["counts"] == {name: Counter(row["status"] for row in rows)[name] for name in found["counts"]}


def test_filters_narrow_and_must_all_hold(ask) -> None:  # type: ignore[no-untyped-def]
    everybody = json.loads(ask("--json"))["devices"]
    picked = json.loads(ask("--json", "--group", "plugs", "--id", "plugs-1*", "--outcome", "upgraded"))["devices"]
    assert [row["id"] for row in picked] == [
        row["id"] for row in everybody if row["id"].startswith("plugs-1") and row["outcome"] == "upgraded"
    ]
    early = json.loads(ask("--json", "--finished", "..10min"))["devices"]
    assert early == [row for row in everybody if row["finished_ms"] is not None and row["finished_ms"] <= 600_000]
    assert 0 < len(early) < len(everybody)


def test_an_outcome_may_be_called_as_the_summary_calls_it(ask) -> None:  # type: ignore[no-untyped-def]
    for name, words in OUTCOME_WORDS.items():
        assert ask("--json", "--outcome", words) == ask("--json", "--outcome", name)


def test_at_a_time_everybody_stands_somewhere(ask) -> None:  # type: ignore[no-untyped-def]
    counts = [json.loads(ask("--json", "--at", at, "--words", "2022"))["counts"] for at in ("1s", "5min", "5h59min")]
    assert all(sum(each.values()) == 30 for each in counts)
    assert counts[0]["Start"] == 30
    assert counts[0]["Success"] < counts[1]["Success"] < counts[2]["Success"]


def test_a_date_on_the_clocks_is_a_time_of_the_run(ask) -> None:  # type: ignore[no-untyped-def]
    by_clock = json.loads(ask("--json", "--at", "2026-03-29T04:00"))  # two and a half hours later, less one
    assert by_clock["at_ms"] == 2.5 * 3_600_000
    assert by_clock["devices"] == json.loads(ask("--json", "--at", "2h30min"))["devices"]


def test_counts_over_time_are_those_of_each_time(ask) -> None:  # type: ignore[no-untyped-def]
    rows = json.loads(ask("--json", "--every", "4min", "--at", "10min", "--group", "plugs"))
    assert [row["at_ms"] for row in rows] == [240_000, 480_000, 600_000]
    alone = json.loads(ask("--json", "--at", "8min", "--group", "plugs"))
    assert {name: rows[1][name] for name in alone["counts"]} == alone["counts"]
    assert [len(line.split(",")) for line in ask("--csv", "--every", "4min", "--at", "10min").splitlines()] == [13] * 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--outcome", "upgrade"], "did you mean 'upgraded'"),
        (["--group", "plug"], "did you mean 'plugs'"),
        (["--words", "2023"], "those of 2022 and 2025"),
        (["--at", "7h"], "is not in the run, which begins 2026-03-29 00:30 and ends 6 h 00 min later"),
        (["--at", "soon"], "--at: 'soon'"),
        (["--replication", "2"], "replications 0 to 1"),
        (["--columns", "id,caus"], "did you mean 'cause'"),
        (["--finished", "2h"], "such as 2h..6h"),
        (["--every", "1s"], "at most 200"),
        (["--every", "1h", "--columns", "id"], "leave out --columns"),
        (["--csv", "--json"], "choose one"),
        (["--where", "rssi < 3"], "there is no column 'rssi'"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, words: list[str], said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in ask(*words, code=2)


def test_nobody_is_an_answer(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("--outcome", "bricked").endswith("No device is meant by that.\n")
    assert json.loads(ask("--outcome", "bricked", "--json"))["devices"] == []


def test_devices_that_are_asked_for_are_a_share_of_all(ask) -> None:  # type: ignore[no-untyped-def]
    """All of those that have a status have it: 100.00 % would tell nothing, and was read as the whole fleet."""
    some = len(json.loads(ask("--json", "--outcome", "upgraded"))["devices"])
    told = ask("--outcome", "upgraded", "--limit", "1")
    assert 0 < some < 30
    assert f"{some} of 30 devices meet what is asked." in told
    assert "share of all" in told
    assert "100.00 %" not in told
    assert "meet what is asked" not in ask("--limit", "1")
