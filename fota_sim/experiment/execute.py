"""Carrying a scenario out: all its replications, here or side by side in workers; the same records either way."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

from fota_sim.engines.choice import COMPILED, REFERENCE, device_count, load
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.crew import Crew, ThreadCrew, play_apart
from fota_sim.experiment.processes import ProcessCrew
from fota_sim.experiment.worker import Job
from fota_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is over all replications, in ms of virtual time."""

WORTH_A_WORKER = {REFERENCE: 1_000, COMPILED: 10_000}
"""Devices, over its replications, that pay for a worker: a process takes a second to start, a thread nothing."""
MOST_AT_ONCE = 10_000_000
"""Devices in play at the same time unless the user asks for more workers: what fits into 24 GiB."""


def default_workers(scenario: Scenario, engine: str) -> int:
    """A worker per core, but not more than there are replications, work and memory for."""
    devices = max(1, device_count(scenario))
    work = devices * scenario.replications // WORTH_A_WORKER[engine]
    return max(1, min(os.cpu_count() or 1, scenario.replications, work, MOST_AT_ONCE // devices))


def worker_processes(scenario: Scenario, engine: str, workers: int) -> int:
    """How many processes ``execute`` starts; the compiled engine is played by threads (docs/design.md, Workers)."""
    apart = min(workers, scenario.replications)
    return apart if apart > 1 and engine == REFERENCE else 0


def execute(
    scenario: Scenario,
    engine: str,
    workers: int = 1,
    progress: Progress | None = None,
    scratch: Path | None = None,
) -> Generator[RunRecord, None, None]:
    """Play every replication on the engine of this name; the records in order of replication.

    One worker means: in this process. ``scratch``: a folder for what is more than memory should hold; None: the
    system's for temporary files. Close the iterator when no more records are wanted: workers end with it. It holds on
    to no record. Whatever a replication raises comes when its record would, also from a worker.

    KeyboardInterrupt goes through; from workers, the records that are complete and next in order come first.
    """
    whole_ms = scenario.replications * scenario.horizon_ms
    if min(workers, scenario.replications) > 1:
        workers = min(workers, scenario.replications)
        job = Job(scenario, engine, scratch)
        processes = worker_processes(scenario, engine, workers)
        crew: Crew = ProcessCrew(job, processes) if processes else ThreadCrew(job)
        tell = (lambda done_ms: progress(done_ms, whole_ms)) if progress is not None else None
        yield from play_apart(crew, scenario.replications, workers, tell)
        return
    play = load(engine)
    for replication in range(scenario.replications):
        yield play(scenario, replication, _within(progress, replication, scenario), scratch=scratch)


def _within(progress: Progress | None, replication: int, scenario: Scenario) -> Progress | None:
    """``progress`` of all replications from that of one."""
    if progress is None:
        return None
    horizon_ms = scenario.horizon_ms
    return lambda done_ms, _: progress(replication * horizon_ms + done_ms, scenario.replications * horizon_ms)
