"""A stored result's scenario, to simulate it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fota_sim.experiment.results import Result
    from fota_sim.scenario.model import Scenario

RESOLVED = "scenario.resolved.yaml"


def stored_scenario(result: Result) -> Scenario:
    """The scenario as it was run, with the files it names looked for where they were then.

    Raises:
        ResultError: the folder is no whole result.
        ScenarioError: it cannot be run any more; a file it names may be gone.

    """
    from fota_sim.scenario.loader import check_resolved

    manifest = result.require()
    return check_resolved(result.text(RESOLVED), Path(manifest["base_dir"]) / RESOLVED)
