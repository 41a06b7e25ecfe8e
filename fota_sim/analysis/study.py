"""Run a scenario from end to end, or read a run back."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from fota_sim.analysis.metrics import measure
from fota_sim.analysis.summary import build_summary, runs_table
from fota_sim.engines.record import RunRecord
from fota_sim.errors import ResultError
from fota_sim.experiment.execute import Progress, execute
from fota_sim.experiment.folder import (
    MANIFEST,
    check_writable,
    file_stem,
    folder_name,
    read_manifest,
    write_folder,
    write_json,
)
from fota_sim.experiment.manifest import build_manifest
from fota_sim.experiment.tables import devices_table, events_table, write_table
from fota_sim.experiment.timeseries import timeseries_table
from fota_sim.protocol.transcript import Line, render_platform_log, render_transcript
from fota_sim.scenario.dump import dump_yaml, scenario_hash
from fota_sim.scenario.model import Scenario

TABLES = ("devices.parquet", "timeseries.parquet", "runs.parquet")
"""What a rerun has to give again byte for byte; also ``events.parquet`` where events are kept."""


@dataclass(frozen=True)
class Study:
    """A run and what it showed. ``folder`` is None if nothing was written."""

    scenario_name: str
    summary: dict[str, Any]
    devices: pd.DataFrame
    """One row per device and replication."""
    timeseries: pd.DataFrame
    """One row per replication and time; see experiment/timeseries.py."""
    runs: pd.DataFrame
    """One row per replication, one column per metric."""
    folder: Path | None


def run_study(
    scenario: Scenario,
    source_text: str,
    results_root: Path | None,
    argv: Sequence[str] = (),
    progress: Progress | None = None,
) -> Study:
    """
    Play every replication, measure, and write the result folder.

    ``source_text``: the scenario as its author wrote it. ``results_root``: None writes nothing.

    Raises:
        ResultError: the results root cannot be written to; asked before anything is run.

    """
    if results_root is not None:
        check_writable(results_root)
    started = datetime.now(UTC)
    identity = scenario_hash(scenario)
    records = execute(scenario, progress)
    study, events = _study(scenario, identity, records)
    if results_root is None:
        return study
    manifest = build_manifest(scenario, identity, argv, started, datetime.now(UTC))

    def fill(folder: Path) -> None:
        (folder / "scenario.yaml").write_bytes(source_text.encode())
        (folder / "scenario.resolved.yaml").write_bytes(dump_yaml(scenario).encode())
        _write_tables(folder, study, events)
        _write_logs(folder, scenario, records)
        write_json(folder / "summary.json", study.summary)
        write_json(folder / MANIFEST, manifest | {"sha256": _hashes(folder)})

    folder = write_folder(results_root, scenario.name, folder_name(identity, started), fill)
    return Study(scenario.name, study.summary, study.devices, study.timeseries, study.runs, folder)


def load_study(folder: Path) -> Study:
    """
    Read a result folder back.

    Raises:
        ResultError: a file is missing or cannot be read.

    """
    read_manifest(folder)
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        devices, timeseries, runs = (pd.read_parquet(folder / name) for name in TABLES)
        return Study(summary["scenario"], summary, devices, timeseries, runs, folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(
            f"{folder}: this result cannot be read ({error}); run its scenario again"
        ) from error


def differing_tables(scenario: Scenario, folder: Path, progress: Progress | None = None) -> list[str]:
    """
    Run ``scenario`` again and name the tables that are not byte for byte those in ``folder``; writes nothing.

    Raises:
        ResultError: the folder's manifest cannot be read, or holds no hashes to compare with.

    """
    stored = read_manifest(folder).get("sha256")
    if not isinstance(stored, dict) or not stored:
        raise ResultError(f"{folder}: {MANIFEST} has no hashes of the tables to compare with")
    study, events = _study(scenario, scenario_hash(scenario), execute(scenario, progress))
    with tempfile.TemporaryDirectory() as place:
        _write_tables(Path(place), study, events)
        again = _hashes(Path(place))
    return sorted(name for name in stored.keys() | again.keys() if stored.get(name) != again.get(name))


def transcript_path(folder: Path, device_id: str, *, of_platform: bool = False) -> Path:
    """Where the dialogue of a device, or the platform's log of it, stands if it was kept."""
    suffix = ".platform.txt" if of_platform else ".txt"
    return folder / "transcripts" / (file_stem(device_id) + suffix)


def _study(
    scenario: Scenario, identity: str, records: Sequence[RunRecord]
) -> tuple[Study, pd.DataFrame | None]:
    devices = devices_table(records)
    measured = [
        measure(devices[devices["replication"] == record.replication], record.downloads, record.horizon_ms)
        for record in records
    ]
    summary = build_summary(scenario, identity, devices, measured)
    runs = runs_table(measured, [record.replication for record in records])
    study = Study(scenario.name, summary, devices, timeseries_table(records), runs, None)
    return study, events_table(records)


def _write_tables(folder: Path, study: Study, events: pd.DataFrame | None) -> None:
    for name, table in zip(TABLES, (study.devices, study.timeseries, study.runs), strict=True):
        write_table(table, folder / name)
    if events is not None:
        write_table(events, folder / "events.parquet")


def _write_logs(folder: Path, scenario: Scenario, records: Sequence[RunRecord]) -> None:
    """The plan's log of every replication; dialogues of the first one, which is the one that transcript shows."""
    parts = []
    for record in records:
        lines = [Line(at_ms, "--", text) for at_ms, text in record.plan_log]
        heading = f"replication {record.replication}, clock in {scenario.time_zone}"
        parts.append(render_platform_log(lines, scenario.start, heading))
    (folder / "plan_log.txt").write_text("".join(parts), encoding="utf-8")
    first = records[0]
    if first.transcripts or first.platform_logs:
        (folder / "transcripts").mkdir()
    _write_dialogues(first.transcripts, scenario, render_transcript, lambda who: transcript_path(folder, who))
    _write_dialogues(
        first.platform_logs,
        scenario,
        render_platform_log,
        lambda who: transcript_path(folder, who, of_platform=True),
    )


def _write_dialogues(
    dialogues: dict[str, list[Line]],
    scenario: Scenario,
    render: Callable[[list[Line], datetime, str], str],
    place: Callable[[str], Path],
) -> None:
    for device_id, lines in dialogues.items():
        heading = f"device {device_id}, replication 0, clock in {scenario.time_zone}"
        place(device_id).write_text(render(lines, scenario.start, heading), encoding="utf-8")


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every table in ``folder``, by file name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))
    }
