"""Carrying a scenario out: all its replications, here or side by side in workers; the same records either way."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from fota_sim.engines.choice import REFERENCE
from fota_sim.engines.work import WHOLE
from fota_sim.experiment.crew import Crew, ThreadCrew, play_apart
from fota_sim.experiment.processes import ProcessCrew
from fota_sim.experiment.turns import Dealt, Turn
from fota_sim.experiment.worker import Job

Progress = Callable[[int, int], None]
"""Called with how much work is done and how much there is over all replications, each of which is ``WHOLE``."""


def worker_processes(engine: str, workers: int, turns: int) -> int:
    """How many processes ``execute`` starts; the compiled engine is played by threads (docs/design.md, Workers)."""
    apart = min(workers, turns)
    return apart if apart > 1 and engine == REFERENCE else 0


def execute(
    job: Job, dealt: Dealt, workers: int = 1, progress: Progress | None = None, crew: Crew | None = None
) -> Generator[tuple[Turn, Any], None]:
    """Play every replication, or its parts; what the job makes of the records, in order of replication and device.

    One worker means: in this process. ``crew`` plays instead of threads or processes of this machine. Close the
    iterator when no more is wanted: workers end with it. It holds on to no record. Whatever a turn raises comes when
    its record would, also from a worker.

    KeyboardInterrupt goes through; from workers, what is complete and next in order comes first.
    """
    scenario = job.scenario
    whole = scenario.replications * WHOLE
    turns = scenario.replications * dealt.parts
    if crew is not None or min(workers, turns) > 1:
        workers = min(workers, turns)
        if crew is None:
            processes = worker_processes(job.engine, workers, turns)
            crew = ProcessCrew(job, processes) if processes else ThreadCrew(job)
        tell = (lambda done: progress(done, whole)) if progress is not None else None
        yield from play_apart(crew, dealt.turns(scenario.replications), workers, tell)
        return
    done = 0.0
    for turn in dealt.turns(scenario.replications):
        yield turn, job.play(turn, _within(progress, done, turn.share, whole))
        done += turn.share * WHOLE


def _within(progress: Progress | None, done: float, share: float, whole: int) -> Progress | None:
    """``progress`` of all replications from that of one turn."""
    if progress is None:
        return None
    return lambda more, _: progress(round(done + share * more), whole)
