"""How long a scenario expects its batteries to last, in words for what an update takes of that."""

from __future__ import annotations

from typing import Any

from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.module import Battery
from fota_sim.scenario.units import LIFE

_YEAR_S = LIFE.factors["y"]


def expected_life(scenario: Scenario) -> dict[str, Any]:
    """``years``: every expected life of a battery of the fleet, as known from the scenario alone; ``text``: the same in
    words; ``assumed``: whether any of them is the usual one of its chemistry, and nobody's own.
    """
    known = [
        (life_s / _YEAR_S, battery)
        for source in scenario.fleet.sources
        for battery in _batteries(scenario, source)
        for chemistry in (CHEMISTRIES if "chemistry" in source.mapped else (battery.chemistry,))
        if (life_s := battery.life_s(chemistry)) is not None
    ]
    years = sorted({life for life, _ in known})
    ends = dict.fromkeys(f"{life:.4g}" for life in (*years[:1], *years[-1:]))
    text = f"{' to '.join(ends)} year{'' if list(ends) == ['1'] else 's'}" if ends else ""
    return {"years": years, "text": text, "assumed": any(each.expected_life is None for _, each in known)}


def _batteries(scenario: Scenario, source: Devices) -> list[Battery]:
    """The batteries of a source that may hold devices without mains."""
    if source.battery is not None:
        return [source.battery]
    modules = scenario.modules if "module" in source.mapped else {source.module: scenario.modules[source.module]}
    return [each.battery for each in modules.values()]
