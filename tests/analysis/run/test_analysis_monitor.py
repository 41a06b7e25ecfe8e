"""Where each device stands at a chosen time of a run, and which devices are meant."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.monitor import WORDS, Monitor, devices_at, monitor
from fota_sim.analysis.run.picking import Picked, known_words
from fota_sim.analysis.run.study import Study
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import ResultError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TEXT = """
product: {model: {components: [{identifier: app}, {identifier: MCU, type: mcu}]}}
packages:
  - {name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}
  - {name: mcu, component: MCU, target_version: "2_0", files: [{name: b.bin, size: 30kB}]}
plan:
  packages: [two, mcu]
  strategy: {min_battery: 20%}
  operator: [{at: 30h, do: retry, devices: {where: 'group == "trackers"'}}]
horizon: 2d
fleet:
  groups:
    - {name: meters, count: 12, module: BC66, rssi: -116dBm, contact: {pattern: wake, every: 6h, jitter: 10min},
       mcu: {MCU: "1_0"}}
    - {name: trackers, count: 12, module: BG95, host: lenient, rssi: {uniform: [-117dBm, -105dBm]},
       mcu: {MCU: {"1_0": 50%, "2_0": 50%}}}
"""
SCENARIO = parse_scenario(TEXT, "scenario.yaml")
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study(SCENARIO, "reference", None)


def at(study: Study, at_ms: int, words: str = "2025", scenario: Scenario = SCENARIO) -> Monitor:
    return monitor(
        scenario, at_ms, devices_at(scenario, 0, at_ms, run_replication), study.table("devices.parquet"), words
    )


def test_at_the_horizon_it_is_what_the_run_left(study: Study) -> None:
    seen = at(study, SCENARIO.horizon_ms)
    assert seen.devices.equals(study.table("devices.parquet"))
    beliefs = Counter[str]()
    for row in study.summary["beliefs"]:
        beliefs[row["belief"]] += row["count"]
    counts = seen.counts("2025")
    assert sum(counts.values()) == study.summary["devices"]
    assert counts["Upgrade Succeeded"] == beliefs["Upgraded"]
    assert counts["Upgrade Failed"] + counts["Expired Upgrade Plan"] == beliefs["Upgrade Failed"]
    assert counts["No Update Required"] == beliefs["No Update Required"]


@settings(max_examples=8)
@given(st.lists(st.floats(0.0001, 1), min_size=2, max_size=2))
def test_success_and_milestones_only_grow(study: Study, shares: list[float]) -> None:
    first, second = (at(study, max(1, round(share * SCENARIO.horizon_ms))) for share in sorted(shares))
    assert not np.any((first.status == "Upgrade Succeeded") & (second.status != "Upgrade Succeeded"))
    for name in ("first_contact_ms", "first_offer_ms", "download_start_ms"):
        before = first.devices[name].drop_null().to_pylist()
        assert all(at_ms < first.at_ms for at_ms in before), name
        assert first.devices[name].is_valid().to_numpy().sum() <= second.devices[name].is_valid().to_numpy().sum()
    for name in ("attempts", "offers", "bytes_sent"):
        assert np.all(first.devices[name].to_numpy() <= second.devices[name].to_numpy()), name


@settings(max_examples=5)
@given(st.floats(0.0001, 1))
def test_the_words_of_both_years_are_about_the_same_devices(study: Study, share: float) -> None:
    at_ms = max(1, round(share * SCENARIO.horizon_ms))
    new, old = at(study, at_ms, "2025"), at(study, at_ms, "2022")
    counts = old.counts("2022")
    assert list(counts) == ["Start", "Confirm", "Download", "Upgrading", "Success", "Fail"]
    assert sum(counts.values()) == len(new.status) == 24
    assert counts["Success"] == new.counts("2025")["Upgrade Succeeded"] + new.counts("2025")["No Update Required"]
    assert np.array_equal(np.isnan(new.percent), np.isnan(old.percent))


def test_percent_says_how_far_a_download_and_the_writing_are(study: Study) -> None:
    plug = parse_scenario(
        """
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 600kB}]}]
plan: {packages: [two], push: false}
horizon: 2h
fleet:
  groups:
    - {name: plug, count: 1, module: EC200U, host: careless, rssi: -80dBm, mains: 100%, gone: 0%, churn: 0%,
       contact: {spread: 0s}}
""",
        "scenario.yaml",
    )
    whole = run_study(plug, "reference", None)
    row = whole.table("devices.parquet").to_pylist()[0]

    def seen(at_ms: int) -> tuple[str, float]:
        found = at(whole, at_ms, "2022", plug)
        return str(found.status[0]), float(found.percent[0])

    half_ms = (row["download_start_ms"] + row["downloaded_ms"]) // 2
    status, percent = seen(half_ms)
    assert status == "Download"
    assert 30 < percent < 70
    writing_ms = row["upgraded_ms"] - row["downloaded_ms"]
    status, percent = seen(row["downloaded_ms"] + writing_ms * 3 // 4)
    assert (status, round(percent)) == ("Upgrading", 75)
    assert seen(row["first_contact_ms"] + 1)[0] == "Start"
    status, percent = seen(plug.horizon_ms)
    assert status == "Success"
    assert np.isnan(percent)


def test_percent_is_of_what_a_device_still_needs(study: Study) -> None:
    for hours in (1, 2, 7, 13):
        seen = at(study, hours * HOUR_MS)
        known = seen.percent[~np.isnan(seen.percent)]
        assert np.all((known >= 0) & (known <= 100))
        assert set(seen.status[~np.isnan(seen.percent)]) <= {"Downloading", "Download Succeeded", "Upgrading"}


def table() -> pa.Table:
    return pa.table(
        {
            "id": ["a-1", "a-12", "b-1", "b[1]"],
            "group": ["a", "a", "b", "b"],
            "outcome": ["failed", "upgraded", "failed", "refused"],
            "finished_ms": pa.array([1000, 2000, None, 3000], pa.int64()),
            "mains": [True, False, True, False],
            "rssi_mean_dBm": [-100.0, None, -90.0, -120.0],
        }
    )


@pytest.mark.parametrize(
    ("picked", "ids"),
    [
        (Picked(), ["a-1", "a-12", "b-1", "b[1]"]),
        (Picked((("outcome", ("failed", "refused")), ("group", ("b",)))), ["b-1", "b[1]"]),
        (Picked(id_pattern="a-1*"), ["a-1", "a-12"]),
        (Picked(id_pattern="?-1"), ["a-1", "b-1"]),
        (Picked(id_pattern="b[[]1]"), ["b[1]"]),
        (Picked(finished_ms=(1000.0, 2000.0)), ["a-1", "a-12"]),
        (Picked(finished_ms=(0.0, float("inf"))), ["a-1", "a-12", "b[1]"]),
        (Picked(where="rssi_mean_dBm < -95 and mains == true"), ["a-1"]),
        (Picked(where='group == "a" and not known(rssi_mean_dBm)'), ["a-12"]),
    ],
)
def test_who_is_meant(picked: Picked, ids: list[str]) -> None:
    assert table().filter(picked.mask(table()))["id"].to_pylist() == ids


@pytest.mark.parametrize(
    ("where", "said"),
    [("rsi < 3", "there is no column 'rsi'"), ("group <", "ends too early"), ("group == 2", "group")],
)
def test_a_condition_that_makes_no_sense_is_a_sentence(where: str, said: str) -> None:
    with pytest.raises(ResultError, match=said):
        Picked(where=where).mask(table())


def test_a_word_that_there_is_not_is_told_with_one_that_there_is() -> None:
    with pytest.raises(ResultError, match="there is no status 'Downloding'; did you mean 'Downloading'"):
        known_words("status", ["Downloding"], WORDS["2025"])
