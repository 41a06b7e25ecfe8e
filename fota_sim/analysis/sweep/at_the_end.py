"""Where a point that is taken lies at the end of what was swept, and a scenario may say more, or less, than that."""

from __future__ import annotations

import math
from typing import NamedTuple

from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.sweep.axes import STRATEGY, number
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.errors import ScenarioError
from fota_sim.scenario.document import parse_value
from fota_sim.scenario.variation import varied


class AtTheEnd(NamedTuple):
    """An axis at whose end a point lies."""

    path: str
    value: str
    lower: bool
    """Whether that is its lower end."""


def at_the_end(sweep: Sweep, point: Point) -> list[AtTheEnd]:
    """The axes of numbers at whose end the point lies, if a value beyond it can be played at all."""
    found = []
    for axis in sweep.plan.spec.axes:
        values = {each.labels[axis.path]: number(each.labels[axis.path]) for each in sweep.plan.points}
        known = sorted({value for value in values.values() if value is not None})
        own = values[point.labels[axis.path]]
        if axis.path == STRATEGY or len(known) < max(2, len(set(values))) or own not in (known[0], known[-1]):
            continue
        lower = own == known[0]
        (end, unit), (next_one, _) = known[:2] if lower else known[:-3:-1]
        further = (end - next_one) / 10
        if all(value.is_integer() for value, _ in known):
            further = math.copysign(max(1, round(abs(further))), further)
        beyond = f"{end + further:.15g}{unit}"
        try:
            varied(point.scenario, {axis.path: parse_value(beyond)})
        except ScenarioError:
            continue  # the end of what there is
        found.append(AtTheEnd(axis.path, point.labels[axis.path], lower))
    return found
