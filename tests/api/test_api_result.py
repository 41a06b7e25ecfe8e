"""What a run found, in frames: words as categories, times as durations and clock times, and what was said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

import fota_sim as fs
from fota_sim.cli.main import exit_code
from fota_sim.rules.labels import CAUSES, OUTCOMES


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two results, one of which kept events."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def played(desk: Path) -> fs.Result:
    scenario = fs.template("meters")
    scenario.update(
        {
            "fleet.groups.meters.count": 25,
            "replications": 2,
            "keep.transcripts": 1,
            "start": "2026-03-28T08:00:00",
            "plan.push_period": "03:00-05:00",
        }
    )
    fs.run(scenario, out=desk / "results", seed=4)
    return fs.run(scenario, overrides={"keep.events": True}, out=desk / "results")


def test_words_are_categories_that_every_result_has(played: fs.Result) -> None:
    devices = played.devices
    words = [name for name in devices if devices[name].dtype == "category"]
    assert {"group", "module", "radio", "outcome", "cause", "belief", "firmware_start", "cell"} <= set(words)
    assert devices["outcome"].cat.categories.tolist() == list(OUTCOMES)
    assert devices["cause"].cat.categories.tolist() == list(CAUSES)
    assert devices["firmware_start"].cat.categories.tolist() == sorted(set(devices["firmware_start"].dropna()))
    stored = played.study.devices
    assert [devices[name].astype("str").tolist() for name in words] == [
        stored[name].astype("str").tolist() for name in words
    ]


def test_two_results_can_be_compared_word_by_word(played: fs.Result, desk: Path) -> None:
    other = fs.open(fs.results(desk / "results")["result"].iloc[0], root=desk / "results")
    same = played.devices["outcome"] == other.devices["outcome"]
    assert 0 < same.sum() < len(same)


def test_times_become_durations_and_clock_times_across_a_change_of_clocks(played: fs.Result) -> None:
    devices = played.devices
    since, clock = played.timedeltas(devices), played.timestamps(devices)
    names = [name for name in devices if name.endswith("_ms")]
    assert len(names) > 5
    assert not [name for name in (*since, *clock) if name.endswith("_ms")]
    start = pd.Timestamp("2026-03-28T08:00", tz="Europe/Berlin")
    for name in names:
        short = name.removesuffix("_ms")
        known = devices[name].notna() & (devices[name] >= 0)
        assert (since[short].notna() == known).all()
        for at_ms, duration, time in zip(devices[name][known], since[short][known], clock[short][known], strict=True):
            assert duration == pd.Timedelta(milliseconds=int(at_ms))
            assert time == start + duration
    assert {str(each.tz) for each in clock["first_contact"].dropna()} == {"Europe/Berlin"}
    summer = clock["upgraded"].dropna()
    assert {each.utcoffset() for each in summer} == {timedelta(hours=2)}  # an hour more than at the start


def test_events_are_a_frame_where_they_were_kept(played: fs.Result, desk: Path) -> None:
    events = played.events
    assert events["actor"].cat.categories.tolist() == ["host", "module", "platform"]
    assert (events["text"] == "AT+QIOTREG=1").sum() > 0
    other = fs.open(fs.results(desk / "results")["result"].iloc[0], root=desk / "results")
    with pytest.raises(fs.ResultError, match=r"no events were kept; run it with keep\.events=true"):
        _ = other.events


def test_downloads_are_those_of_the_devices(played: fs.Result) -> None:
    downloads, devices = played.downloads, played.devices
    assert list(downloads) == ["replication", "device", "start_ms", "end_ms", "sent_B", "wasted_B"]
    by = downloads.groupby(["replication", "device"])[["sent_B", "wasted_B"]].sum()
    told = devices.set_index(["replication", "device"])[["bytes_sent", "bytes_wasted"]]
    told = told[told["bytes_sent"] > 0]
    assert len(by) == len(told) > 10
    assert by.to_numpy().tolist() == told.sort_index().to_numpy().tolist()


def test_a_transcript_is_the_one_of_the_command_line(
    played: fs.Result, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert played.folder is not None
    for device in (0, "meters-17"):
        for platform in (False, True):
            words = ["transcript", str(played.folder), "--device", str(device), "--quiet"]
            assert exit_code([*words, *(["--platform"] if platform else [])]) == 0
            assert played.transcript(device, platform=platform).rstrip("\n") == capsys.readouterr().out.rstrip("\n")
    with pytest.raises(fs.ResultError, match="has no device 'meters-x'; did you mean meters-"):
        played.transcript("meters-x")


def test_a_result_in_memory_says_the_same(played: fs.Result) -> None:
    again = fs.run(played.study.scenario.model_dump(mode="json", by_alias=True) | {"strategies": {}})
    assert again.folder is None
    assert again.devices.equals(played.devices)
    assert again.transcript(17) == played.transcript(17)
    assert again.downloads.equals(played.downloads)
    assert again.plan_log.equals(played.plan_log)


def test_results_are_listed_as_on_the_command_line(
    played: fs.Result, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = fs.results(desk / "results")
    assert exit_code(["list", "--out", str(desk / "results")]) == 0
    said = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in said] == found["result"].tolist()
    assert found["seed"].tolist() == [4, 1]
    assert str(found["started"].dtype).startswith("datetime64")
    latest = fs.open(root=desk / "results")
    assert latest.folder == played.folder
    assert latest.summary == played.summary
    assert fs.open("meters", root=desk / "results").folder == played.folder


def test_an_error_is_of_one_kind_with_its_problems(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(fs.FotaSimError) as missing:
        fs.open("nothing", root=desk / "results")
    assert [each.message for each in missing.value.problems] == [str(missing.value)]
    assert exit_code(["show", "nothing", "--out", str(desk / "results")]) == 2
    assert capsys.readouterr().err == f"{missing.value}\n"
    (desk / "bad.yaml").write_text("plan: {strategy: {retries: 9}}\nhorizon: 7\n", encoding="utf-8")
    with pytest.raises(fs.FotaSimError) as wrong:
        fs.run(desk / "bad.yaml")
    assert len(wrong.value.problems) > 3
    assert exit_code(["run", str(desk / "bad.yaml")]) == 2
    assert capsys.readouterr().err.splitlines()[:-1] == str(wrong.value).splitlines()


@pytest.mark.parametrize(
    ("message", "what", "remedy"),
    [
        ("unknown key 'a; b'; did you mean 'ab'?", "unknown key 'a; b'", "did you mean 'ab'?"),
        ("is empty", "is empty", ""),
        ('the file\'s end is missing; write "x; y"', "the file's end is missing", 'write "x; y"'),
    ],
)
def test_a_problem_says_what_is_wrong_and_what_would_do(message: str, what: str, remedy: str) -> None:
    problem = fs.Problem("my.yaml", 3, 5, "plan.x", message)
    assert (problem.where, problem.what, problem.remedy) == ("my.yaml:3:5: plan.x", what, remedy)


def test_a_run_with_rules_of_ones_own_is_not_played_again_without_them() -> None:
    found = fs.run(fs.template("single"), rules={"link.chunk_failure": never})
    with pytest.raises(fs.ResultError, match=r"link\.chunk_failure"):
        _ = found.downloads


def never(radio: object, rssi_dBm: float) -> float:
    return 0.001


def test_of_several_plans_one_is_a_result_of_its_own(tmp_path: Path) -> None:
    scenario = fs.load(Path(__file__).parents[2] / "scenarios" / "two_products.yaml")
    fewer = {
        "fleet.groups.meters.count": 30,
        "fleet.groups.gateways.count": 10,
        "packages.gateway-3.files[0].size": "200kB",
        "keep.events": True,
    }
    r = fs.run(scenario, overrides=fewer, replications=2, out=tmp_path, engine="reference")
    plans = {name: r.of_plan(name) for name in ("pilot", "meters", "gateways")}
    for name, one in plans.items():
        own = r.devices[r.devices["plan"] == name]
        assert one.devices["device"].tolist() == own["device"].tolist()
        assert one.runs["devices"].sum() == len(own)
        assert not one.plan_log.empty
        assert set(one.plan_log["text"]) < {text.removeprefix(f"{name}: ") for text in r.plan_log["text"]}
        assert set(zip(one.events["replication"], one.events["device"], strict=True)) <= set(
            zip(own["replication"], own["device"], strict=True)
        )
        assert one.folder == r.folder
        assert one.whole is r is one.of_plan("pilot").whole
    cells = ["devices", "offered", "started", "upgraded"]
    together = sum(one.study.battery_signal[cells].sum() for one in plans.values())
    assert together.tolist() == r.study.battery_signal[cells].sum().tolist()
    assert len(plans["gateways"].devices) == 20
    assert plans["gateways"].plot("battery_signal").axes
    assert "targeted devices are upgraded" in repr(plans["gateways"])
    assert len(plans["meters"].downloads) < len(r.downloads)
    with pytest.raises(fs.FotaSimError, match="has no plan 'gatways'; did you mean 'gateways'"):
        r.of_plan("gatways")


def test_of_one_plan_the_result_is_all_of_it() -> None:
    scenario = fs.template("plugs")
    scenario["fleet.groups.plugs.count"] = 5
    r = fs.run(scenario, replications=1, engine="reference")
    name = r.study.scenario.plan.name
    assert r.of_plan(name) is r
    with pytest.raises(fs.FotaSimError, match=f"but one that is called {name!r}"):
        r.of_plan("meters")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rate": 0.5, "confidence": 95}, "confidence is 95; it must be above 0 and below 1"),
        ({"rate": 0}, "rate is 0; it must be above 0 and below 1"),
        ({"rate": 0.1, "background": -0.1}, "background is -0.1; it must be at least 0 and below 1"),
        ({"rate": 0.1, "fleet": 0}, "fleet is 0; it must be at least 1"),
    ],
)
def test_a_canary_of_what_cannot_be_is_refused_as_on_the_command_line(asked: dict[str, float], said: str) -> None:
    with pytest.raises(fs.FotaSimError, match=said):
        fs.canary(**asked)  # type: ignore[arg-type]
