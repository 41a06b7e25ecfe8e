"""A log is read in one way, whoever asks: its zone, its release, its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import fota_sim as fs
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import FotaSimError
from fota_sim.experiment.tables import device_tables
from fota_sim.histories.ends import End
from fota_sim.histories.reading import read_histories
from fota_sim.histories.results import of_devices
from fota_sim.histories.seen import seen_as
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EXECUTIONS
from fota_sim.learning.logs import read_log
from fota_sim.learning.reading import Reading
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TEXT = """
name: slow
horizon: 1d
time_zone: Asia/Kolkata
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two], rollout: {rate: {devices: 10, every: 6h}}}
fleet: {groups: [{name: meters, count: 60, module: BG95, contact: {pattern: wake, every: 2h, jitter: 10min}}]}
"""


@pytest.fixture(scope="module")
def slow() -> Scenario:
    return parse_scenario(TEXT, Path("slow.yaml"), [])


@pytest.fixture(scope="module")
def truth(slow: Scenario) -> Histories:
    return of_devices(pa.concat_tables(device_tables(run_replication(slow, 0))), slow)


def test_a_device_that_was_not_released_was_offered_nothing(truth: Histories) -> None:
    never = ~truth.offered
    assert 10 <= never.sum() <= 30  # ten each six hours, of sixty
    assert truth.frame["contact_s"][never].isna().all()
    assert set(truth.frame["ended"][never]) == {str(End.NEVER_REACHED)}


def test_a_platform_does_not_list_whom_the_rollout_had_not_reached(truth: Histories) -> None:
    listed = seen_as(EXECUTIONS, truth)
    assert len(listed) == listed.targeted == truth.offered.sum()


def test_a_log_that_is_cut_was_for_fewer_devices(truth: Histories) -> None:
    early = truth.until(truth.began_s + 7 * 3600.0)
    released = int((truth.seconds("offered_s") <= 7 * 3600.0).sum())
    assert early.offered.sum() == released
    assert early.targeted == len(early)


def test_times_without_an_offset_are_in_the_scenarios_zone_unless_somebody_says_another(
    slow: Scenario, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_text("device,status,start,end\nmeters-0,success,2026-01-05 09:00,2026-01-05 10:00\n", encoding="utf-8")
    here, there = read_log([file], slow), read_log([file], slow, Reading(time_zone="UTC"))
    assert there.began_s - here.began_s == 5.5 * 3600.0
    assert any("Asia/Kolkata" in note for note in here.left_out.notes)


def test_a_result_has_the_times_of_the_scenario_that_was_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = fs.template("meters")
    mine["fleet.groups.meters.count"] = 20
    mine["start"] = "2026-03-02T08:00:00"
    was = fs.run(mine, replications=1, out="results")
    mine["start"] = "2026-06-01T08:00:00"
    log = read_log([was.folder], parse_scenario(TEXT, Path("slow.yaml"), []))
    assert np.datetime64(int(log.began_s), "s").astype("datetime64[M]") == np.datetime64("2026-03")


def test_what_is_neither_a_file_nor_a_result_is_told(slow: Scenario, tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match="no such file or folder, and no such result"):
        read_log([tmp_path / "jobs.json"], slow)
    with pytest.raises(FotaSimError, match="there is no such file or folder"):
        read_log([tmp_path / "jobs.json"], slow, Reading(platform="hawkbit"))


def test_words_that_a_spreadsheet_does_not_have_are_not_told_apart_by_it(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    row = "a,success,2026-03-02T08:00Z,2026-03-02T09:00Z,2026-03-02T10:00Z\n"
    file.write_text("device,status,offered,start,end\n" + row, encoding="utf-8")
    assert not {End.WAITING, End.BRICKED, End.NOT_APPLICABLE} & read_histories([file]).view.ends
    file.write_text("device,status,offered,start,end\n" + row + "b,waiting,2026-03-02T08:00Z,,\n", encoding="utf-8")
    assert End.WAITING in read_histories([file]).view.ends


def test_an_execution_that_had_begun_when_the_log_is_cut_is_under_way(tmp_path: Path) -> None:
    file = tmp_path / "jobs.json"
    told = '{"execution": {"thingArn": "t/%s", "status": "SUCCEEDED", "queuedAt": 1772438400, "startedAt": %d, '
    told += '"lastUpdatedAt": 1772449200}}\n'
    file.write_text(told % ("a", 1772442000) + told % ("b", 1772448000), encoding="utf-8")
    early = read_histories([file]).until(1772445600.0)
    assert early.frame["ended"].tolist() == [str(End.UNDER_WAY), str(End.NEVER_REACHED)]
