"""One replication played for its outline or its metrics, in this thread: in parts if that leaves memory alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from fota_sim.analysis.numbers.metrics import Measurement, measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.outline import Outline, Outlining, brief
from fota_sim.engines.choice import load
from fota_sim.engines.work import WHOLE
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.worker import Job
from fota_sim.scenario.model import Scenario


def play_outlined(
    scenario: Scenario, engine: str, replication: int, progress: Callable[[int, int], None] | None = None
) -> Outline:
    """The outline of a replication; ``progress`` hears how much of its work is done, and how much there is.

    Raises ScenarioError for what only the fleet shows.
    """
    job = Job(scenario, engine, partial(brief, terms=terms_of(scenario)))
    outlining: Outlining | None = None
    done = 0.0
    for turn in deal(job, workers=1).turns(1):
        of_turn = turn._replace(replication=replication)

        def tell(more: int, whole: int, done: float = done, share: float = turn.share) -> None:
            if progress is not None:
                progress(round(done + share * more), whole)

        found = job.play(of_turn, tell)
        if outlining is None:
            outlining = Outlining(found)
        else:
            outlining.add(found)
        done += turn.share * WHOLE
    assert outlining is not None  # a fleet has devices
    return outlining.outline()


def play_measured(scenario: Scenario, engine: str, replication: int) -> Mapping[str, Measurement]:
    """The metrics of a replication, by name; quicker than its outline for a small fleet. Raises as that does."""
    if deal(Job(scenario, engine), workers=1).parts > 1:
        return play_outlined(scenario, engine, replication).measured
    record = load(engine)(scenario, replication)
    return measure(record.devices, record.downloads, terms_of(scenario))
