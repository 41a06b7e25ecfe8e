"""Sweeps that work on every fleet, in several finenesses: a large fleet gets fewer points, so nobody waits long.

Which grid a fleet gets is a rule of the scenario alone, so that the answer is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from fota_sim.analysis.run.replications import affordable_variants
from fota_sim.analysis.sweep.axes import Axis, axis
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import in_every_plan

Grid = tuple[Axis, ...]


def _battery_signal(battery: str, signal: str) -> Grid:
    return axis("plan.strategy.min_battery", battery), axis("plan.strategy.min_signal", signal)


READY: Mapping[str, Sequence[Grid]] = {
    "battery-signal": (
        _battery_signal("0%,10%,20%,30%,40%,50%", "-113dBm..-89dBm/7"),
        _battery_signal("0%,10%,20%,30%,50%", "-113dBm,-109dBm,-101dBm,-89dBm"),
        _battery_signal("0%,10%,30%", "-113dBm,-109dBm,-97dBm"),
    )
}
"""The finest grid first. Steps of 4 dB are two of AT+CSQ; -113 dBm is its floor and lets everybody pass. Coarser grids
keep the default minimum of 30 % and what is near the weakest, where a small step decides about failures."""


def ready_axes(scenario: Scenario, name: str = next(iter(READY)), *, sampled: bool = False) -> Grid:
    """The finest grid whose points can be played as often as an interval needs, or else the coarsest.

    Where there are several plans, the same values hold in all of them.

    ``sampled``: points are taken from the axes at random, so that their number does not hang on the values.
    """
    if sampled:
        return _of_plans(READY[name][0], scenario)
    most = affordable_variants(scenario)
    fits = (grid for grid in READY[name] if prod(len(each.values) for each in grid) <= most)
    return _of_plans(next(fits, READY[name][-1]), scenario)


def _of_plans(grid: Grid, scenario: Scenario) -> Grid:
    """The axes turn the plan, or every one of several."""
    return tuple(replace(each, path=in_every_plan(each.path, scenario)) for each in grid)
