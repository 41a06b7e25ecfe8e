"""How long a scenario expects its batteries to last, in words for what an update takes of that."""

from __future__ import annotations

from typing import Any

from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.units import LIFE

_YEAR_S = LIFE.factors["y"]


def expected_life(scenario: Scenario) -> dict[str, Any]:
    """What is known from the scenario alone.

    ``years``: every expected life of a battery of the fleet; ``text``: the same in words, empty for none; ``assumed``:
    whether any of them is the usual one of its chemistry, and nobody's own.
    """
    known = [
        (life_s / _YEAR_S, source.battery_life is None)
        for source in scenario.fleet.sources
        for chemistry in _chemistries(scenario, source)
        if (life_s := source.life_s(chemistry)) is not None
    ]
    years = sorted({life for life, _ in known})
    ends = dict.fromkeys(f"{life:.4g}" for life in (*years[:1], *years[-1:]))
    text = f"{' to '.join(ends)} year{'' if list(ends) == ['1'] else 's'}" if ends else ""
    return {"years": years, "text": text, "assumed": any(assumed for _, assumed in known)}


def _chemistries(scenario: Scenario, source: Devices) -> set[str]:
    """Of the batteries that a source may hold."""
    if "chemistry" in source.mapped:
        return {*CHEMISTRIES}
    if source.battery is not None:
        return {source.battery.chemistry}
    modules = scenario.modules if "module" in source.mapped else [source.module]
    return {scenario.modules[name].battery.chemistry for name in modules}
