"""Which engine answers, and how it is asked for an outline."""

from __future__ import annotations

from fota_sim.analysis.outline import Outline
from fota_sim.analysis.outlined import play_outlined
from fota_sim.engines.choice import AUTO, COMPILED, REFERENCE, choose, notice, refusal
from fota_sim.report.explore.player import Play, Progress
from fota_sim.scenario.model import Keep, Scenario


def engine_for(scenario: Scenario, wanted: str = AUTO) -> str:
    """The engine's name; ``auto`` is the compiled one wherever it can, for it is asked again and again.

    Raises FotaSimError for one that cannot play this.
    """
    if wanted != AUTO:
        return choose(scenario, wanted).name
    return REFERENCE if refusal(scenario, COMPILED) else COMPILED


def play_on(wanted: str) -> Play:
    """What plays a replication on the engine that the user wants."""

    def play(scenario: Scenario, replication: int, progress: Progress) -> Outline:
        bare = scenario.model_copy(update={"keep": Keep()})  # no dialogues: nobody reads them here
        return play_outlined(bare, engine_for(bare, wanted), replication, progress)

    return play


def notice_of(wanted: str) -> str:
    """What a user should know before the first replication; empty if nothing."""
    return notice(REFERENCE if wanted == REFERENCE else COMPILED)
