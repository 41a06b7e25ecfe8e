"""A stored result's scenario, to simulate it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fota_sim.errors import ResultError

if TYPE_CHECKING:
    from fota_sim.scenario.model import Scenario

RESOLVED = "scenario.resolved.yaml"


def stored_scenario(folder: Path) -> Scenario:
    """The scenario as it was run, with the files it names looked for where they were then.

    Raises:
        ResultError: the folder holds none.
        ScenarioError: it cannot be run any more; a file it names may be gone.

    """
    from fota_sim.experiment.folder import read_manifest
    from fota_sim.scenario.loader import parse_scenario

    place = folder / RESOLVED
    try:
        text = place.read_text(encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{place} cannot be read: {error.strerror}; run the scenario again") from error
    return parse_scenario(text, Path(read_manifest(folder).get("base_dir", folder)) / RESOLVED)
