"""Which engine answers, and how it is asked for an outline."""

from __future__ import annotations

from time import perf_counter, time

from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.outline import Outline, outline
from fota_sim.analysis.run.outlined import play_outlined
from fota_sim.analysis.run.plan_records import record_of
from fota_sim.engines import cores
from fota_sim.engines.choice import AUTO, COMPILED, REFERENCE, choose, device_count, load, notice, refusal
from fota_sim.experiment.turns import why_whole
from fota_sim.fleet.kept import kept
from fota_sim.report.explore.pace import Pace
from fota_sim.report.explore.player import Play, Progress
from fota_sim.report.explore.timeline import OFF, Timeline
from fota_sim.scenario.model import Keep, Scenario

_KEPT_B = 1 << 28
"""Of devices that are drawn: some thirty replications of 40,000, or seven of 200,000."""


def engine_for(scenario: Scenario, wanted: str = AUTO) -> str:
    """The engine's name; ``auto`` is the compiled one wherever it can, for it is asked again and again.

    Raises FotaSimError for one that cannot play this.
    """
    if wanted != AUTO:
        return choose(scenario, wanted).name
    return REFERENCE if refusal(scenario, COMPILED) else COMPILED


def play_on(wanted: str, *, plan: str = "", pace: Pace | None = None, timeline: Timeline = OFF) -> Play:
    """What plays a replication on the engine that the user wants; ``pace`` learns from it.

    ``plan``: of several the one that is told of; all are played.

    Where devices share nothing, the compiled engine plays parts of a fleet on all cores. Devices that were drawn are
    kept from now on, for most of what a user changes is the plan.
    """
    kept.most_B = _KEPT_B

    def play(scenario: Scenario, replication: int, progress: Progress) -> Outline:
        bare = scenario.model_copy(update={"keep": Keep()})  # no dialogues: nobody reads them here
        began_s, began_at_s = perf_counter(), time()
        engine = engine_for(bare, wanted)
        if engine == COMPILED and not why_whole(bare, device_count(bare)):
            found = play_outlined(bare, engine, replication, progress, threads=cores.cores(), plan=plan)
            timeline.note("loop")  # and all else, side by side
        else:
            record = load(engine)(bare, replication, progress)
            timeline.note_phases(record.phases_s, began_at_s)
            found = outline(record_of(record, plan), terms_of(bare))
            timeline.note("outline")
        if pace is not None:
            pace.took(found.counted.devices if not plan else device_count(bare), perf_counter() - began_s)
        return found

    return play


def notice_of(wanted: str) -> str:
    """What a user should know before the first replication; empty if nothing."""
    return notice(REFERENCE if wanted == REFERENCE else COMPILED)
