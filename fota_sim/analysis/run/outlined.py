"""One replication played for its outline or its metrics: in parts if that leaves memory alone, or keeps cores busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from fota_sim.analysis.numbers.metrics import Measurement, measure
from fota_sim.analysis.numbers.terms import Terms, terms_of
from fota_sim.analysis.run.outline import PLAN_LOG, Brief, Outline, Outlining, brief
from fota_sim.analysis.run.plan_records import record_of
from fota_sim.analysis.run.stops import Stop, stops_in
from fota_sim.engines.choice import load
from fota_sim.engines.record import RunRecord
from fota_sim.engines.work import WHOLE
from fota_sim.experiment.crew import ThreadCrew, play_apart
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.turns import Turn
from fota_sim.experiment.worker import Job
from fota_sim.scenario.model import Scenario

_LOOKS_S = 0.005
"""Between two looks at progress where threads play: nearly as soon as one engine looks."""


def play_outlined(
    scenario: Scenario,
    engine: str,
    replication: int,
    progress: Callable[[int, int], None] | None = None,
    threads: int = 1,
    plan: str = "",
) -> Outline:
    """The outline of a replication; ``progress`` hears how much of its work is done, and how much there is.

    ``plan``: of several the one that is told of; empty: all of them. ``threads``: how many parts are played side by
    side; the compiled engine leaves Python alone. What ``progress`` raises ends the play. Raises ScenarioError for what
    only the fleet shows.
    """
    job = Job(scenario, engine, partial(_brief_of, plan=plan, terms=terms_of(scenario)))
    dealt = deal(Job(scenario.model_copy(update={"replications": 1}), engine), threads)  # no others keep threads busy
    turns = (turn._replace(replication=replication) for turn in dealt.turns(1))
    if min(threads, dealt.parts) > 1:
        heard = None if progress is None else partial(_heard, progress)
        played = play_apart(ThreadCrew(job), turns, threads, heard, _LOOKS_S)
    else:
        played = _one_by_one(job, turns, progress)
    outlining: Outlining | None = None
    for _, found in played:
        if outlining is None:
            outlining = Outlining(found)
        else:
            outlining.add(found)
    assert outlining is not None  # a fleet has devices
    return outlining.outline()


def _brief_of(record: RunRecord, plan: str, terms: Terms) -> Brief:
    return brief(record_of(record, plan) if plan else record, terms)


def _heard(progress: Callable[[int, int], None], done: int) -> None:
    progress(done, WHOLE)


def _one_by_one(
    job: Job, turns: Iterator[Turn], progress: Callable[[int, int], None] | None
) -> Iterator[tuple[Turn, Any]]:
    done = 0.0
    for turn in turns:

        def tell(more: int, whole: int, done: float = done, share: float = turn.share) -> None:
            if progress is not None:
                progress(round(done + share * more), whole)

        yield turn, job.play(turn, tell)
        done += turn.share * WHOLE


def play_measured(scenario: Scenario, engine: str, replication: int) -> Mapping[str, Measurement]:
    """The metrics of a replication, by name; quicker than its outline for a small fleet. Raises as that does."""
    return play_with_stops(scenario, engine, replication)[0]


def play_with_stops(scenario: Scenario, engine: str, replication: int) -> tuple[Mapping[str, Measurement], list[Stop]]:
    """The same, and where the rollout was stopped first: of several plans each."""
    if deal(Job(scenario, engine), workers=1).parts > 1:
        outline = play_outlined(scenario, engine, replication)
        return outline.measured, stops_of(outline)
    record = load(engine)(scenario, replication)
    stops = stops_in(replication, record.plan_log, scenario.plans)
    return measure(record.devices, record.downloads, terms_of(scenario)), stops


def stops_of(outline: Outline) -> list[Stop]:
    """Where the rollout of an outline was stopped first, of several plans each."""
    table = outline.tables[PLAN_LOG]
    log = list(zip(table["at_ms"].to_pylist(), table["text"].to_pylist(), strict=True))
    return stops_in(outline.replication, log, outline.plans)
