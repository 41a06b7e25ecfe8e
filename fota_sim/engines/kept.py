"""Which devices' dialogues a run keeps."""

from __future__ import annotations

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet
from fota_sim.scenario.model import Scenario


def kept_devices(scenario: Scenario, fleet: Fleet, keep_ids: frozenset[str]) -> frozenset[int]:
    """Places, in the fleet or in this part of it, of the devices that the scenario or ``keep_ids`` names.

    Raises ScenarioError for a device that is not there.
    """
    asked = scenario.keep.transcripts
    first = range(min(asked - fleet.first, fleet.n)) if isinstance(asked, int) else ()
    named = keep_ids if isinstance(asked, int) else keep_ids.union(asked)
    everybody = fleet.everybody.ids
    numbers = {name: everybody.find(name) for name in named}
    unknown = sorted(name for name, number in numbers.items() if number is None)
    if unknown:
        message = f"no device is called {', '.join(unknown[:3])}; ids look like {everybody[0]!r}"
        raise ScenarioError([Problem("", 0, 0, "keep.transcripts", message)])
    places = (number - fleet.first for number in numbers.values() if number is not None)
    return frozenset([*first, *(place for place in places if 0 <= place < fleet.n)])
