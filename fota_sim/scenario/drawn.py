"""A scenario that was fitted to a log, with the values of one draw: which replication plays with which.

The draws are dealt out like cards: a keyed shuffle by the scenario's seed, one for each replication, from the beginning
again when all are gone. So they hang on seed and replication alone, and variants that are compared have the same.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from fota_sim.scenario import units
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

_KEPT = 64
"""Scenarios of draws that are kept: each is checked anew when it is made."""


def of_replication(scenario: Scenario, replication: int) -> Scenario:
    """The scenario that replication number ``replication`` (from 0) plays: itself, unless it has draws.

    Raises ScenarioError if a draw is no value of its field.
    """
    if scenario.learnt is None or not scenario.learnt.draws:
        return scenario
    place = place_of(scenario, replication)
    known: dict[int, Scenario] = scenario._drawn
    found = known.get(place)
    if found is None:
        found = drawn(scenario, place)
        known[place] = found
        for old in list(known)[:-_KEPT]:
            known.pop(old, None)
    return found


def place_of(scenario: Scenario, replication: int) -> int:
    """Which draw a replication takes, from 0; the scenario has some."""
    assert scenario.learnt is not None
    return _shuffled(scenario.seed, scenario.learnt.count)[replication % scenario.learnt.count]


def drawn(scenario: Scenario, place: int) -> Scenario:
    """The scenario with the values of one draw, and none left to draw. Raises ScenarioError."""
    assert scenario.learnt is not None
    values: dict[str, Any] = {path: each[place] for path, each in scenario.learnt.draws.items()}
    return varied(without_draws(scenario), values)


def without_draws(scenario: Scenario) -> Scenario:
    """The scenario with the values that stand in it, and nothing to draw."""
    return scenario.model_copy(update={"learnt": None, "_drawn": {}})


def number_within(value: Any) -> float:
    """A drawn value as a number in base units; of a distribution the first number in it, NaN where none is."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        for unit in _UNITS:
            try:
                return unit.parse(value)
            except ValueError:
                continue
        return math.nan
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((number for each in inner if not math.isnan(number := number_within(each))), math.nan)


_UNITS = (units.RATIO, units.DURATION, units.SIGNAL)


@lru_cache(maxsize=8)
def _shuffled(seed: int, count: int) -> list[int]:
    from fota_sim.rules.draws import uniform
    from fota_sim.rules.streams import LEARNT

    return sorted(range(count), key=lambda place: uniform(seed, 0, 0, LEARNT, place))
