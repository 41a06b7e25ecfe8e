import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from fota_sim.analysis.numbers.terms import Terms
from fota_sim.analysis.run.carrying_out import differing_tables, run_study
from fota_sim.analysis.run.outline import Brief, brief
from fota_sim.analysis.run.study import Study, load_study
from fota_sim.engines.record import RunRecord
from fota_sim.engines.work import WHOLE
from fota_sim.errors import ResultError
from fota_sim.experiment.transcripts import transcript_files
from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TEMPLATE = Path(__file__).parents[3] / "fota_sim" / "scenario" / "templates" / "plugs.yaml"
SOURCE = TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    overrides = ["fleet.groups[0].count=12", "replications=5", "keep.transcripts=1", "keep.events=true"]
    return parse_scenario(SOURCE, TEMPLATE, overrides)


@pytest.fixture(scope="module")
def study(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return run_study(scenario, SOURCE, tmp_path_factory.mktemp("results"), ["fota-sim", "run"])


def test_the_folder_holds_the_run_and_says_that_it_is_complete(study: Study) -> None:
    assert study.folder is not None
    names = {path.name for path in study.folder.iterdir()}
    assert names >= {
        "manifest.json",
        "scenario.yaml",
        "scenario.resolved.yaml",
        "runs.parquet",
        "timeseries.parquet",
        "devices.parquet",
        "events.parquet",
        "plan_log.txt",
        "summary.json",
        "transcripts",
    }
    assert (study.folder / "scenario.yaml").read_bytes() == SOURCE.encode()
    manifest = json.loads((study.folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["replications_done"]) == ("complete", 5)
    assert not list(study.folder.parent.glob(".*"))


def test_what_is_read_back_is_what_was_run(study: Study) -> None:
    assert study.folder is not None
    again = load_study(study.folder)
    assert again.summary == study.summary
    for name in ("devices", "timeseries", "runs"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(study, name))


def test_the_same_scenario_gives_the_same_bytes(study: Study, scenario: Scenario) -> None:
    assert study.folder is not None
    assert differing_tables(scenario, study.folder) == []


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_changes_no_byte(workers: int, study: Study, scenario: Scenario, tmp_path: Path) -> None:
    found = run_study(scenario, SOURCE, tmp_path, workers=workers).folder
    assert found is not None
    assert study.folder is not None
    for stored in sorted(path.relative_to(study.folder) for path in study.folder.rglob("*") if path.is_file()):
        if stored.name != "manifest.json":
            assert (found / stored).read_bytes() == (study.folder / stored).read_bytes(), stored


def test_the_manifest_says_who_played_and_where_the_time_went(study: Study) -> None:
    assert study.folder is not None
    manifest = json.loads((study.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["engine"] == study.summary["engine"] == "reference"
    assert manifest["workers"] == 1
    assert manifest["phases_s"].keys() >= {"measure", "tables", "write"}


def test_frames_come_from_memory_or_from_the_folder_and_are_made_once(study: Study, scenario: Scenario) -> None:
    unwritten = run_study(scenario, SOURCE, None)
    for name in ("devices", "timeseries", "runs"):
        pd.testing.assert_frame_equal(getattr(unwritten, name), getattr(study, name))
    assert unwritten.devices is unwritten.devices


def test_tables_that_nobody_kept_are_a_clear_error(scenario: Scenario) -> None:
    study = run_study(scenario, SOURCE, None, keep_tables=False)
    assert study.summary["replications"] == 5
    with pytest.raises(ResultError, match="was not kept"):
        _ = study.devices


def test_a_run_does_not_load_pandas(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fota_sim.analysis.run.study import load_study\n"
        "from fota_sim.cli.main import exit_code\n"
        f"command = ['run', {str(TEMPLATE)!r}, '--set', 'replications=1', '--set', 'fleet.groups[0].count=3']\n"
        f"assert exit_code([*command, '--set', 'keep.events=true', '--quiet', '--out', {str(tmp_path)!r}]) == 0\n"
        "print('pandas' in sys.modules, file=sys.stderr)\n"
        f"study = load_study(next(Path({str(tmp_path)!r}).glob('*/*')))\n"
        "print(len(study.devices), 'pandas' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr.split()[-3:] == ["False", "3", "True"]


def test_another_seed_shows_as_a_difference(study: Study, scenario: Scenario) -> None:
    assert study.folder is not None
    luckier = parse_scenario(
        SOURCE, TEMPLATE, ["fleet.groups[0].count=12", "replications=5", "keep.events=true", "seed=99"]
    )
    assert "devices.parquet" in differing_tables(luckier, study.folder)


def test_the_tables_of_the_summary_add_up_to_the_fleet(study: Study) -> None:
    summary = study.summary
    assert summary["schema_version"] == 1
    assert [row["outcome"] for row in summary["outcomes"]] == list(OUTCOMES)
    for table in ("outcomes", "causes", "beliefs"):
        assert sum(row["count"] for row in summary[table]) == len(study.devices)
    for row in summary["groups"]:
        assert sum(row["outcomes"].values()) == row["devices"]


def test_causes_have_the_interval_of_their_share_or_say_why_not(study: Study) -> None:
    for row in study.summary["causes"]:
        if row["interval"] is None:
            assert row["interval_note"]
        else:
            low, high = row["interval"]
            assert 0 <= low <= row["share"] <= high <= 1


def test_logs_follow_the_change_to_summer_time(tmp_path: Path) -> None:
    overrides = ["fleet.groups[0].count=1", "start=2026-03-28T20:00:00", "time_zone=Europe/Berlin", "horizon=12h"]
    changed = parse_scenario(SOURCE, TEMPLATE, [*overrides, "plan.operator=[{at: 10h, do: suspend}]"])
    folder = run_study(changed, SOURCE, tmp_path).folder
    assert folder is not None
    assert "07:00:00.000 operator: suspend" in (folder / "plan_log.txt").read_text(encoding="utf-8")


def test_a_metric_is_the_mean_of_the_replications(study: Study) -> None:
    metric = study.summary["metrics"]["success_of_fleet"]
    assert metric["value"] == pytest.approx(study.runs["success_of_fleet"].mean())
    assert metric["replications"] == 5
    assert metric["denominator"] == 60


def test_a_run_without_a_results_root_writes_nothing(scenario: Scenario, tmp_path: Path) -> None:
    assert run_study(scenario, SOURCE, None).folder is None
    assert not list(tmp_path.iterdir())


def test_an_interrupt_leaves_nothing_behind(scenario: Scenario, tmp_path: Path) -> None:
    def press_ctrl_c(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(scenario, SOURCE, tmp_path, progress=press_ctrl_c)
    assert not list(tmp_path.rglob("*"))


def test_an_interrupt_keeps_the_replications_that_are_complete(scenario: Scenario, tmp_path: Path) -> None:
    def press_ctrl_c(done: int, total: int) -> None:
        if done > 2 * WHOLE:
            raise KeyboardInterrupt

    study = run_study(scenario, SOURCE, tmp_path, progress=press_ctrl_c)
    assert study.interrupted
    assert study.summary["replications"] == 2
    assert study.folder is not None
    assert load_study(study.folder).devices.replication.nunique() == 2


def test_an_interrupt_while_a_replication_is_written_lets_it_be_written(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_press(record: RunRecord, start: datetime, name: str) -> Iterator[tuple[str, str]]:
        if record.replication == 2:
            signal.raise_signal(signal.SIGINT)
        return transcript_files(record, start, name)

    monkeypatch.setattr("fota_sim.analysis.run.texts.transcript_files", write_and_press)
    study = run_study(scenario, SOURCE, tmp_path)
    assert study.interrupted
    assert study.summary["replications"] == 3
    assert study.devices.replication.nunique() == 3


def test_progress_of_all_replications_goes_up_to_its_end(scenario: Scenario) -> None:
    told: list[tuple[int, int]] = []
    run_study(scenario, SOURCE, None, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] == 5 * WHOLE


def test_a_results_root_that_is_a_file_is_a_clear_error(scenario: Scenario, tmp_path: Path) -> None:
    root = tmp_path / "results"
    root.write_text("", encoding="utf-8")
    with pytest.raises(ResultError, match="cannot be written"):
        run_study(scenario, SOURCE, root)


@pytest.mark.parametrize("replications", [1, 3])
def test_a_disk_that_is_full_while_devices_are_written_is_said_and_nothing_is_left(
    replications: int, scenario: Scenario, tmp_path: Path
) -> None:
    larger = parse_scenario(SOURCE, TEMPLATE, ["fleet.groups[0].count=400", f"replications={replications}"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # less than the devices, more than what comes before
    try:
        with pytest.raises(
            ResultError, match=r"devices\.parquet cannot be written: File too large; make room.*Nothing was kept"
        ):
            run_study(larger, SOURCE, tmp_path / "results")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_the_first_replication_is_counted_and_written_leaves_nothing(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count_and_press(record: RunRecord, terms: Terms, heard: Callable[[], None]) -> Brief:
        signal.raise_signal(signal.SIGINT)
        return brief(record, terms, heard)

    monkeypatch.setattr("fota_sim.analysis.run.examination.brief", count_and_press)
    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        run_study(scenario, SOURCE, tmp_path / "results")
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_folder_that_is_no_result_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=os.path.basename(tmp_path)):
        load_study(tmp_path)
