"""A scenario run from end to end: played, measured, and written to its folder; or held against a result of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.examination import RUNS, Examination, Examined, examined, examined_only
from fota_sim.analysis.run.known import spread_told
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, PLAN_LOG
from fota_sim.analysis.run.precision import Sufficiency
from fota_sim.analysis.run.study import KEPT, RESOLVED, SUMMARY, Study
from fota_sim.analysis.run.texts import Texts
from fota_sim.engines.choice import AUTO, COMPILED, REFERENCE, choose
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.engines.phases import timed
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.experiment.cluster import Cluster, ClusterCrew
from fota_sim.experiment.compared import ComparedSink
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.execute import Progress, execute, worker_processes
from fota_sim.experiment.folder import ResultFolder
from fota_sim.experiment.manifest import Status, ended, new_manifest
from fota_sim.experiment.parquet import MemorySink, NoSink, Sink
from fota_sim.experiment.results import open_result
from fota_sim.experiment.turns import Dealt, default_workers
from fota_sim.experiment.worker import Job
from fota_sim.interrupt import deferred
from fota_sim.scenario.dump import dump_yaml, named_files, scenario_hash
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

_READ_BY_ANSWERS = (BATTERY_SIGNAL, PLAN_LOG, RUNS)
"""Small tables that the answer in sentences looks at."""


def run_study(
    scenario: Scenario,
    source_text: str,
    results_root: Path | None,
    argv: Sequence[str] = (),
    progress: Progress | None = None,
    *,
    engine: str = AUTO,
    workers: int | None = None,
    keep_tables: bool = True,
    spent_s: Mapping[str, float] | None = None,
    until: Sufficiency | None = None,
    own_rules: OwnRules = SHIPPED,
    parts: int | None = None,
    cluster: str | None = None,
) -> Study:
    """Play every replication, measure, and write the result folder.

    ``source_text``: the scenario as its author wrote it. ``results_root``: None writes nothing, and the tables stay
    in memory if ``keep_tables``. ``engine``: a name of engines/choice.py. ``workers``: processes to play replications
    in; 1 is this one, None lets the size decide. ``spent_s``: phases that are over already. None of them changes a
    number. ``until``: says after which replication to stop; the scenario's number is then the most, and what is
    stored is a scenario with the number that was played. ``own_rules``: functions in place of shipped rules; what
    comes out has an identity of its own and says so. ``parts``: of each replication, if its devices share nothing; None
    lets the size and the workers decide, and no number changes with it. ``cluster``: the address of a Dask scheduler
    whose workers play instead.

    An interrupt from the keyboard keeps the replications that are complete; if there are none, it goes through and
    leaves nothing. One that comes while a later replication is written lets it be written.

    Raises:
        ResultError: the results root cannot be written to; seen before anything is run.
        FotaSimError: the engine cannot play the scenario, a worker was lost, or the cluster is not to be had.

    """
    name, workers = own_rules.engine(scenario, engine), own_rules.workers(workers)
    if own_rules and cluster is not None:
        raise FotaSimError("rules of your own are played in this process only, and not on a cluster")
    if cluster is not None and scenario.keep.events and name == COMPILED:
        raise FotaSimError(
            "the compiled engine leaves events on the disk where it plays: on a cluster, keep none or take "
            f"--engine {REFERENCE}"
        )
    with nullcontext() if cluster is None else closing(Cluster(cluster)) as away:
        width = away.width if away is not None else workers or default_workers(scenario, name)
        run = _Run(scenario, name, width, progress, until, own_rules, parts, away)
        run.wants_tables = results_root is not None or keep_tables
        return _carried_out(run, source_text, results_root, argv, keep_tables, spent_s)


def _carried_out(
    run: _Run,
    source_text: str,
    results_root: Path | None,
    argv: Sequence[str],
    keep_tables: bool,
    spent_s: Mapping[str, float] | None,
) -> Study:
    scenario, name, until, own_rules = run.scenario, run.engine, run.until, run.own_rules
    if results_root is None:
        tables: dict[str, MemorySink] = {}

        def in_memory(table: str) -> Sink:
            kept = keep_tables or table in _READ_BY_ANSWERS
            return tables.setdefault(table, MemorySink()) if kept else NoSink()

        examination = Examination(in_memory, spent_s)
        interrupted = run.play(examination)
        examination.close()
        scenario = _as_played(scenario, examination, until, interrupted)
        summary = examination.summary(scenario, run.identity(scenario), name, _reached(until, run))
        summary |= run.spread(examination, interrupted)
        kept = {table: sink.table for table, sink in tables.items()}
        summary |= own_rules.told()
        return Study(scenario, summary, kept, None, interrupted, examination.phases_s, run.processes, run.dealt)
    spent_s = dict(spent_s or {})
    with timed(spent_s, "manifest"):
        resolved = dump_yaml(scenario)
        identity = run.identity(scenario, resolved)
        started = datetime.now(UTC)
        manifest = new_manifest(
            scenario.name,
            identity,
            scenario.seed,
            name,
            scenario.replications,
            argv,
            scenario.base_dir,
            named_files(scenario),
            started,
            scenario.fleet.held,
        )
    if own_rules:
        manifest["own_rules"] = own_rules.digests()
    with ResultFolder(results_root, scenario.name, identity[:8], started) as folder:
        folder.write_manifest(manifest)
        if own_rules:
            folder.write_text("own_rules.py", own_rules.source())
        folder.write_text("scenario.yaml", source_text)
        folder.write_text(RESOLVED, resolved)
        for file, held in scenario.fleet.held.items():
            folder.write_bytes(f"{KEPT}/{file}", held.content)
        start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))  # so that logs follow daylight saving
        texts = Texts(folder, start, scenario.name)
        examination = Examination(folder.table, spent_s, folder.scratch)
        run.scratch = folder.scratch if run.cluster is None else None
        interrupted = run.play(examination, texts)
        examination.close()
        texts.close()
        if until is not None and not interrupted:
            scenario = _as_played(scenario, examination, until, interrupted)
            resolved = dump_yaml(scenario)
            identity = run.identity(scenario, resolved)
            folder.identify(identity[:8])
            folder.write_text(RESOLVED, resolved)
            manifest |= {"hash": identity, "replications": scenario.replications}
        summary = examination.summary(scenario, identity, name, _reached(until, run)) | own_rules.told()
        summary |= run.spread(examination, interrupted)
        folder.write_json(SUMMARY, summary)
        status: Status = "interrupted" if interrupted else "complete"
        phases_s = examination.phases_s
        folder.write_manifest(
            ended(
                manifest,
                status,
                examination.replications,
                datetime.now(UTC),
                run.workers,
                phases_s,
                run.dealt.parts,
            )
        )
        return Study(scenario, summary, {}, folder.commit(), interrupted, phases_s, run.processes, run.dealt)


def differing_tables(
    scenario: Scenario,
    folder: Path,
    progress: Progress | None = None,
    *,
    engine: str = AUTO,
    workers: int | None = None,
) -> list[str]:
    """Run ``scenario`` again and name the tables that are not byte for byte those in ``folder``; writes nothing.

    Raises:
        ResultError: the folder is no whole result, or was played with rules of somebody's own.

    """
    result = open_result(folder)
    if own := result.require().get("own_rules"):
        raise ResultError(
            f"{result.path}: was played with rules of its author's own ({', '.join(own)}), which only Python has; "
            "own_rules.py in it has their source, for fs.run(..., rules=...)"
        )
    name = choose(scenario, engine).name
    tables: dict[str, ComparedSink] = {}

    def compared(table: str) -> Sink:
        return tables.setdefault(table, ComparedSink(result.path / table))

    examination = Examination(compared)
    run = _Run(scenario, name, default_workers(scenario, name) if workers is None else workers, progress)
    if run.play(examination):
        raise KeyboardInterrupt
    examination.close()
    names = {*tables, *(path.name for path in result.path.glob("*.parquet"))}
    return sorted(table for table in names if table not in tables or not tables[table].same)


def _as_played(scenario: Scenario, examination: Examination, until: Sufficiency | None, interrupted: bool) -> Scenario:
    """The scenario that asks for as many replications as were found to be enough."""
    if until is None or interrupted:
        return scenario
    return scenario.model_copy(update={"replications": examination.replications})


def _reached(until: Sufficiency | None, run: _Run) -> dict[str, Any] | None:
    return None if until is None else until.report(run.enough)


@dataclass
class _Run:
    """How a scenario is carried out."""

    scenario: Scenario
    engine: str
    workers: int
    progress: Progress | None
    until: Sufficiency | None = None
    own_rules: OwnRules = SHIPPED
    parts: int | None = None
    """Of each replication, if it can be played in parts; None: as many as there is work and memory for."""
    cluster: Cluster | None = None
    """Whose workers play, instead of those of this machine."""
    wants_tables: bool = True
    """Whether anybody wants the device table."""
    scratch: Path | None = None
    """A folder of this machine for what is more than memory should hold; None: the system's for temporary files."""
    enough: bool = False
    """Whether ``until`` said so."""

    @cached_property
    def job(self) -> Job:
        """What all turns have in common."""
        if not self.wants_tables:
            make = examined_only
        elif self.workers > 1 or self.cluster is not None:
            make = examined  # by who plays
        else:
            make = Examined  # counted here, while tables are written
        return Job(self.scenario, self.engine, partial(make, terms=terms_of(self.scenario)), self.scratch)

    @cached_property
    def dealt(self) -> Dealt:
        """How replications are played in parts."""
        return deal(self.job, self.workers, self.parts)

    @property
    def processes(self) -> int:
        """Processes that replications are played in beside this one."""
        if self.cluster is not None:
            return 0
        return worker_processes(self.engine, self.workers, self.scenario.replications * self.dealt.parts)

    def identity(self, scenario: Scenario, resolved: str | None = None) -> str:
        """The hash of what is played: the scenario (``resolved``: its dump), and rules that are not the shipped."""
        return self.own_rules.marked(scenario_hash(scenario, resolved))

    def spread(self, examination: Examination, interrupted: bool) -> dict[str, Any]:
        """For the summary of a fitted scenario: what of the spread is not knowing its parameters."""
        if interrupted or self.scenario.learnt is None:
            return {}
        with self.own_rules.in_force():
            found = spread_told(self.scenario, self.engine, examination.measured)
        return {} if found is None else {"learnt": found}

    def play(self, examination: Examination, texts: Texts | None = None) -> bool:
        """Examine every replication; whether Ctrl-C came before the last. With none complete it goes through."""
        crew = None if self.cluster is None else ClusterCrew(self.cluster, self.job)
        try:
            with (
                self.own_rules.in_force(),
                closing(execute(self.job, self.dealt, self.workers, self.progress, crew)) as turns,
            ):
                for turn, found in turns:
                    # the first one can be thrown away, what comes after stands in the same files
                    with deferred() if examination.replications else nullcontext():
                        whole = examination.add(found, turn.last)
                        if texts is not None:
                            texts.add(found.record, whole)
                    del found  # large, and the next one is coming
                    if whole is not None and self.until is not None and self.until.add(examination.latest):
                        self.enough = True
                        return False
        except KeyboardInterrupt:
            if not examination.replications:
                raise
        return examination.replications < self.scenario.replications
