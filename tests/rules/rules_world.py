"""Parameter rows for the tests of the rules, made from the built-in radios and modules."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.hardware import module_row, radio_row
from fota_sim.engines.zones import zone_table
from fota_sim.rules.radio import complete
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
    """A built-in radio's row; ``positions`` are names of :mod:`fota_sim.rules.rows` and values to put there.

    ``NAME_1`` is the place after ``NAME``, of several that belong together.
    """
    return _changed(radio_row(name, _scenario().radios[name]), positions)


def module(name: str, **positions: float) -> NDArray[np.float64]:
    """The same for a built-in module."""
    return _changed(module_row(name, _scenario().modules[name]), positions)


def plain_radio(table: dict[float, float] | None = None, **positions: float) -> NDArray[np.float64]:
    """A radio that does nothing by itself: no failures, overheads or coverage levels but those that ``positions`` say.

    Its rate is ``table``'s: dBm and bit/s, the weakest signal first.
    """
    from fota_sim.rules import rows

    points = table or {-130.0: 8000.0}
    row = np.zeros(rows.RADIO_ROW)
    row[rows.LAW] = rows.LAW_TABLE
    row[rows.RATE_CAP_BPS] = np.inf
    row[[rows.COVERAGE_EDGE_DBM, rows.COVERAGE_EDGE_DBM + 1]] = -np.inf
    row[rows.S50_DBM] = -1e9
    row[rows.WIDTH_DB] = 1.0
    row[rows.CHUNK_ATTEMPTS] = 3.0
    row[rows.BANDWIDTH_HZ] = 180_000.0
    row[rows.TABLE_POINTS] = len(points)
    row[rows.TABLE_DBM : rows.TABLE_DBM + len(points)] = list(points)
    row[rows.TABLE_BPS : rows.TABLE_BPS + len(points)] = list(points.values())
    row = _changed(row, positions)
    complete(row)
    return row


def plain_module(**positions: float) -> NDArray[np.float64]:
    """A module row that is zero but for ``positions``."""
    from fota_sim.rules import rows

    return _changed(np.zeros(rows.MODULE_ROW), positions)


def _changed(row: NDArray[np.float64], positions: dict[str, float]) -> NDArray[np.float64]:
    from fota_sim.rules import rows

    for position, value in positions.items():
        name, _, later = position.rpartition("_")
        at = getattr(rows, name) + int(later) if later.isdigit() and hasattr(rows, name) else getattr(rows, position)
        row[at] = value
    return row


def zone(name: str, start: str, days: int = 7) -> NDArray[np.int64]:
    """The offsets of zone ``name`` from local time ``start``, an ISO date and time."""
    return zone_table(name, datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(name)), days * DAY_MS)
