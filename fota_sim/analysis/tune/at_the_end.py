"""Where a recommended point lies at the end of what was searched, and a scenario may say more, or less, than that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fota_sim.analysis.sensitivity.parameters import Span
from fota_sim.analysis.tune.trials import Search, turned
from fota_sim.errors import ScenarioError

NEAR = 0.05
"""A search hardly ever tries an end itself: what is no farther from it than this part of the range is at it."""


def at_the_end(what: Search, values: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The knobs of numbers at whose end the point lies, if a value beyond it can be played at all; ready for JSON.

    ``others``: the values of points that are not told apart from it. One of them away from the end says that what lies
    beyond decides nothing.
    """
    others, found = list(others), []
    for knob in what.knobs:
        if not isinstance(knob, Span):
            continue
        place = _place(knob, values[knob.path])
        lower = place < 0.5
        if not _near(place, lower) or not all(_near(_place(knob, each[knob.path]), lower) for each in others):
            continue
        try:
            turned(what, {**values, knob.path: _beyond(knob, lower)})
        except ScenarioError:
            continue  # the end of what there is
        found.append({"path": knob.path, "value": values[knob.path], "lower": lower})
    return found


def _place(knob: Span, value: Any) -> float:
    """Where a value lies in its range, from 0 to 1."""
    number = float(value) if knob.unit is None else knob.unit.parse(value)
    return (number - knob.low) / (knob.high - knob.low)


def _near(place: float, lower: bool) -> bool:
    return place <= NEAR if lower else place >= 1 - NEAR


def _beyond(knob: Span, lower: bool) -> Any:
    """A value a little beyond an end, as written."""
    step = (knob.high - knob.low) / 10
    step = max(1.0, round(step)) if knob.whole else step
    further = Span(knob.path, knob.unit, knob.low - step, knob.high + step, knob.whole, knob.base, knob.figures)
    return further.at(0 if lower else 1)
