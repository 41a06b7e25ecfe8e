"""The explorer in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from fota_sim.errors import FotaSimError
from fota_sim.notebook.log_options import LogOptions, reading, reads_log
from fota_sim.notebook.scenarios import draft_of, load
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.scenario.draft import as_overrides

if TYPE_CHECKING:
    from fota_sim.report.explore.cell import Cell


@reads_log
def explore(
    scenario: Source = "meters",
    *,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    strategy: str | None = None,
    plan: str | None = None,
    so_far: str | Path | Sequence[str | Path] = (),
    engine: str = "auto",
    **how: Unpack[LogOptions],
) -> Cell:
    """The page of ``fota-sim explore`` in a notebook: a scenario, or the name of a template.

    It begins with its first numbers in it. ``plan``: of several the one that is turned and shown. ``so_far``: the log
    of a rollout under way, drawn beside what is played; what it does not say itself (``platform`` to ``replication``)
    is as for :func:`fota_sim.fit`. Raises ScenarioError with every mistake at once, FotaSimError if there is neither
    file nor template, or for a log that cannot be read so.
    """
    from fota_sim.report.explore.cell import Cell
    from fota_sim.report.explore.so_far import read_so_far
    from fota_sim.report.explore.source import open_source

    if not isinstance(scenario, str | Path) and draft_of(load(scenario)).document.held:
        raise FotaSimError(
            "the explorer takes fleets from files: save the scenario first, with its fleet beside it, by "
            "scenario.save('my.yaml')"
        )
    given = scenario if isinstance(scenario, str) else source_of(scenario)
    opened = open_source(given, as_overrides(overrides), strategy_of(scenario, strategy), plan)
    paths = [Path(each) for each in ([so_far] if isinstance(so_far, str | Path) else so_far)]
    if paths:
        played = opened.scenario((), opened.strategy)
        opened = replace(opened, so_far=read_so_far(paths, played, reading(how), opened.plan))
    elif how:
        raise FotaSimError(f"{', '.join(how)}: says how a log is to be read, and there is none; give it as so_far")
    return Cell(opened, engine)
