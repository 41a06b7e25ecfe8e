"""The explorer in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fota_sim.report.explore.cell import Cell


def explore(
    scenario: str | Path = "meters", *, overrides: Sequence[str] = (), strategy: str | None = None, engine: str = "auto"
) -> Cell:
    """The page of ``fota-sim explore`` in a notebook: a scenario's file, or the name of a template.

    It begins with its first numbers in it. Raises ScenarioError with every mistake at once, FotaSimError if there is
    neither file nor template.
    """
    from fota_sim.report.explore.cell import Cell
    from fota_sim.report.explore.source import open_source

    return Cell(open_source(scenario, overrides, strategy), engine)
