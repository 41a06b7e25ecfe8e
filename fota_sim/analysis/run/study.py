"""A run and what it showed, as it was played or read back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from fota_sim.analysis.run.examination import DEVICES, PLAN_RUNS, RUNS
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, GROUP_TIMES, OF_PLANS, PLAN_LOG, TIMESERIES, Outline
from fota_sim.analysis.run.stops import SUCCESS, Stopped, stopped_by_rules
from fota_sim.analysis.run.summary import build_summary, is_of_this_version, plan_runs_table, runs_table
from fota_sim.errors import ResultError, ScenarioError
from fota_sim.experiment import parquet
from fota_sim.experiment.results import Result, open_result
from fota_sim.experiment.tables import frame
from fota_sim.experiment.turns import Dealt
from fota_sim.scenario.dump import scenario_hash
from fota_sim.scenario.loader import load_resolved
from fota_sim.scenario.metrics import told_with
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.products import PLAN

if TYPE_CHECKING:
    import pandas as pd

SUMMARY, RESOLVED = "summary.json", "scenario.resolved.yaml"
_ANOTHER_VERSION = "is of another version of fota-sim than this one; run the scenario again"
KEPT = "fleet"
"""Folder of a result with tables that no file had, such as a data frame."""


@dataclass(frozen=True)
class Study:
    """A run and what it showed. Its frames are made when they are asked for, and kept."""

    scenario: Scenario
    """As it was run."""
    summary: dict[str, Any]
    tables: Mapping[str, pa.Table]
    """Tables that are in memory, by file name; all others are in ``folder``."""
    folder: Path | None
    """None if nothing was written."""
    interrupted: bool = False
    """Whether Ctrl-C came before the last replication; the tables hold the complete ones."""
    phases_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds by what they were spent on, summed over the replications."""
    processes: int = 0
    """Other processes that played replications."""
    dealt: Dealt | None = None
    """How replications were played in parts, and why not; None for one that was read back."""

    @property
    def scenario_name(self) -> str:
        """What the scenario is called."""
        return self.scenario.name

    @cached_property
    def devices(self) -> pd.DataFrame:
        """One row per device and replication. Raises ResultError if it was not kept or cannot be read."""
        return self._frame(DEVICES)

    @cached_property
    def timeseries(self) -> pd.DataFrame:
        """One row per replication and time; see experiment/timeseries.py. Raises as ``devices`` does."""
        return self._frame(TIMESERIES)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per replication, one column per metric. Raises as ``devices`` does."""
        return self._frame(RUNS)

    @cached_property
    def group_times(self) -> pd.DataFrame:
        """When the devices of each group were upgraded; see analysis/run/group_times.py. Raises as ``devices`` does."""
        return self._frame(GROUP_TIMES)

    @cached_property
    def battery_signal(self) -> pd.DataFrame:
        """Devices by battery and signal; see analysis/run/battery_signal.py. Raises as ``devices`` does."""
        return self._frame(BATTERY_SIGNAL)

    @cached_property
    def plan_log(self) -> pd.DataFrame:
        """What happened to the plan: replication, at_ms, text. Raises as ``devices`` does."""
        return self._frame(PLAN_LOG)

    @cached_property
    def stopped(self) -> list[Stopped]:
        """In which replications the rollout stopped itself, of several plans of each. Raises as ``devices`` does."""
        runs, plans = self.table(RUNS), [row["plan"] for row in self.summary.get("plans", ())]
        successes = dict(zip(runs["replication"].to_pylist(), runs[SUCCESS].to_pylist(), strict=True))
        return stopped_by_rules(self.table(PLAN_LOG), successes, plans)

    def of_plan(self, name: str) -> Study:
        """What the run shows of one of several plans: its devices' numbers, over time too, and no device table.

        Raises KeyError if it has no plan of that name, ResultError if its tables cannot be read.
        """
        one = {each.plan_name: each for each in self.scenario.each_plan}[name]
        [told] = [row for row in self.summary["plans"] if row["plan"] == name]
        tables = {whole: self._rows_of(name, own) for whole, own in {**OF_PLANS, RUNS: PLAN_RUNS}.items()}
        return Study(one, {**self.summary, **told, "thresholds": [], "plans": []}, tables, None)

    def _rows_of(self, plan: str, table: str) -> pa.Table:
        whole = self.table(table)
        return whole.filter(pc.equal(whole[PLAN], plan)).drop_columns([PLAN])

    def table(self, name: str) -> pa.Table:
        """The table of a file's name; raises ResultError if it was not kept or cannot be read."""
        if name in self.tables:
            return self.tables[name]
        if self.folder is None:
            raise ResultError(f"{self.scenario_name}: {name} was not kept; run it with a folder for the result")
        return parquet.read(self.folder / name)

    def _frame(self, name: str) -> pd.DataFrame:
        return frame(self.table(name))


def load_study(folder: Path) -> Study:
    """Read a result folder back.

    Raises:
        ResultError: it is no whole result, or one of another version.

    """
    result = open_result(folder)
    manifest = result.require()
    with of_another_version(result):
        scenario = load_resolved(result.text(RESOLVED), Path(manifest["base_dir"]) / RESOLVED)
    return Study(scenario, stored_summary(result, told_with(scenario.priced)), {}, result.path)


def stored_summary(result: Result, metrics: Collection[str] = ()) -> dict[str, Any]:
    """The summary of a result, with these ``metrics``; raises ResultError for one of another version."""
    summary = result.json(SUMMARY)
    if not is_of_this_version(summary, metrics):
        raise ResultError(f"{result.path / SUMMARY}: {_ANOTHER_VERSION}")
    return summary


@contextmanager
def of_another_version(result: Result) -> Iterator[None]:
    """Say of a resolved scenario whose fields are not those of now that another version has written it."""
    try:
        yield
    except ScenarioError as error:
        why = f"{error.problems[0].path}: {error.problems[0].message}"
        raise ResultError(f"{result.path / RESOLVED}: {_ANOTHER_VERSION} ({why})") from None


def outlined_study(scenario: Scenario, outlines: Sequence[Outline], engine: str) -> Study:
    """A study of replications of which only outlines are left, at least one: without a device table."""
    tables = {name: pa.concat_tables([each.tables[name] for each in outlines]) for name in outlines[0].tables}
    measured = [each.measured for each in outlines]
    tables[RUNS] = runs_table(measured, [each.replication for each in outlines])
    if (plan_runs := plan_runs_table(outlines)) is not None:
        tables[PLAN_RUNS] = plan_runs
    summary = build_summary(scenario, scenario_hash(scenario), engine, outlines)
    return Study(scenario, summary, tables, None)
