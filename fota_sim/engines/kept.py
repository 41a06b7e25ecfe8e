"""Which devices' dialogues a run keeps."""

from __future__ import annotations

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet
from fota_sim.scenario.model import Scenario


def kept_devices(scenario: Scenario, fleet: Fleet, keep_ids: frozenset[str]) -> frozenset[int]:
    """Numbers of the devices that the scenario or ``keep_ids`` names; raises ScenarioError for one that is not there."""
    wanted = set(keep_ids)
    asked = scenario.keep.transcripts
    if isinstance(asked, int):
        wanted.update(fleet.ids[:asked])
    else:
        unknown = sorted(set(asked) - set(fleet.ids))
        if unknown:
            message = f"no device is called {', '.join(unknown[:3])}; ids look like {fleet.ids[0]!r}"
            raise ScenarioError([Problem("", 0, 0, "keep.transcripts", message)])
        wanted.update(asked)
    if not wanted:
        return frozenset()
    return frozenset(number for number, name in enumerate(fleet.ids) if name in wanted)
