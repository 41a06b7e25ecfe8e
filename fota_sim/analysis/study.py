"""Run a scenario from end to end, or read a run back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from fota_sim.analysis.metrics import measure
from fota_sim.analysis.summary import build_summary, runs_table
from fota_sim.engines.record import RunRecord
from fota_sim.errors import ResultError
from fota_sim.experiment import parquet
from fota_sim.experiment.execute import Progress, execute
from fota_sim.experiment.folder import ResultFolder
from fota_sim.experiment.manifest import ended, new_manifest
from fota_sim.experiment.results import open_result
from fota_sim.experiment.tables import device_table, event_table, frame
from fota_sim.experiment.timeseries import time_series
from fota_sim.experiment.transcripts import plan_log_text, transcript_files
from fota_sim.scenario.dump import dump_yaml, named_files, scenario_hash
from fota_sim.scenario.model import Scenario

DEVICES, TIMESERIES, RUNS, EVENTS = (
    "devices.parquet",
    "timeseries.parquet",
    "runs.parquet",
    "events.parquet",
)
SUMMARY = "summary.json"
ENGINE = "reference"


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
    interrupted: bool = False
    """Whether Ctrl-C came before the last replication; the tables hold the complete ones."""


def run_study(
    scenario: Scenario,
    source_text: str,
    results_root: Path | None,
    argv: Sequence[str] = (),
    progress: Progress | None = None,
) -> Study:
    """Play every replication, measure, and write the result folder.

    ``source_text``: the scenario as its author wrote it. ``results_root``: None writes nothing. An interrupt from
    the keyboard keeps the replications that are complete; if there are none, it goes through and leaves nothing.

    Raises:
        ResultError: the results root cannot be written to; seen before anything is run.

    """
    identity = scenario_hash(scenario)
    if results_root is None:
        records = execute(scenario, progress, keep_complete=True)
        study = _study(scenario, *_examine(scenario, identity, records))
        return replace(study, interrupted=len(records) < scenario.replications)
    started = datetime.now(UTC)
    manifest = new_manifest(
        scenario.name,
        identity,
        scenario.seed,
        ENGINE,
        scenario.replications,
        argv,
        scenario.base_dir,
        named_files(scenario),
        started,
    )
    with ResultFolder(results_root, scenario.name, identity[:8], started) as folder:
        folder.write_manifest(manifest)
        folder.write_text("scenario.yaml", source_text)
        folder.write_text("scenario.resolved.yaml", dump_yaml(scenario))
        records = execute(scenario, progress, keep_complete=True)
        interrupted = len(records) < scenario.replications
        summary, tables = _examine(scenario, identity, records)
        for name, table in tables.items():
            folder.write_table(name, table)
        start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone))  # so that logs follow daylight saving
        folder.write_text("plan_log.txt", plan_log_text(records, start, scenario.name))
        for name, text in transcript_files(records, start, scenario.name):
            folder.write_text(name, text)
        folder.write_json(SUMMARY, summary)
        folder.write_manifest(
            ended(manifest, "interrupted" if interrupted else "complete", len(records), datetime.now(UTC))
        )
        return replace(_study(scenario, summary, tables), folder=folder.commit(), interrupted=interrupted)


def load_study(folder: Path) -> Study:
    """Read a result folder back.

    Raises:
        ResultError: it is no whole result, or a file in it cannot be read.

    """
    result = open_result(folder)
    manifest = result.require()
    devices, timeseries, runs = (frame(result.table(name)) for name in (DEVICES, TIMESERIES, RUNS))
    return Study(manifest["scenario"], result.json(SUMMARY), devices, timeseries, runs, result.path)


def differing_tables(scenario: Scenario, folder: Path, progress: Progress | None = None) -> list[str]:
    """Run ``scenario`` again and name the tables that are not byte for byte those in ``folder``; writes nothing.

    Raises:
        ResultError: the folder is no whole result.

    """
    result = open_result(folder)
    result.require()
    _, tables = _examine(scenario, scenario_hash(scenario), execute(scenario, progress))
    names = {*tables, *(path.name for path in result.path.glob("*.parquet"))}
    return sorted(name for name in names if not _is_stored(result.path / name, tables.get(name)))


def _examine(
    scenario: Scenario, identity: str, records: Sequence[RunRecord]
) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """The summary, and the tables by file name."""
    table = device_table(records)
    devices = frame(table)
    measured = [measure(devices[devices["replication"] == record.replication], record.downloads) for record in records]
    tables = {
        DEVICES: table,
        TIMESERIES: time_series(records),
        RUNS: runs_table(measured, [record.replication for record in records]),
    }
    events = event_table(records)
    if events is not None:
        tables[EVENTS] = events
    return build_summary(scenario, identity, devices, measured), tables


def _study(scenario: Scenario, summary: dict[str, Any], tables: dict[str, pa.Table]) -> Study:
    devices, timeseries, runs = (frame(tables[name]) for name in (DEVICES, TIMESERIES, RUNS))
    return Study(scenario.name, summary, devices, timeseries, runs, None)


def _is_stored(path: Path, table: pa.Table | None) -> bool:
    if table is None or not path.is_file():
        return False
    try:
        return path.read_bytes() == parquet.to_bytes(table)
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({error.strerror or error})") from error
