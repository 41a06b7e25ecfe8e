"""Parameter rows for the tests of the rules, made from the built-in radios and modules."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.parameters import module_row, radio_row
from fota_sim.engines.zones import zone_table
from fota_sim.rules.zone import DAY_MS
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

_BARE = """
name: bare
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two]}
fleet: {groups: [{name: plugs, count: 1, module: FC41D}]}
"""
RADIOS = ("wifi", "lte-cat1", "lte-m", "nb-iot")
MODULES = ("FC41D", "EC200U", "BG95", "BC66")


@cache
def _scenario() -> Scenario:
    return parse_scenario(_BARE)


def radio(name: str, **positions: float) -> NDArray[np.float64]:
    """A built-in radio's row; ``positions`` are names of :mod:`fota_sim.rules.rows` and values to put there."""
    return _changed(radio_row(name, _scenario().radios[name]), positions)


def module(name: str, **positions: float) -> NDArray[np.float64]:
    """The same for a built-in module."""
    return _changed(module_row(name, _scenario().modules[name]), positions)


def _changed(row: NDArray[np.float64], positions: dict[str, float]) -> NDArray[np.float64]:
    from fota_sim.rules import rows

    for position, value in positions.items():
        row[getattr(rows, position)] = value
    return row


def zone(name: str, start: str, days: int = 7) -> NDArray[np.int64]:
    """The offsets of zone ``name`` from local time ``start``, an ISO date and time."""
    return zone_table(name, datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(name)), days * DAY_MS)
