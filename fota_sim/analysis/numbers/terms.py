"""What a scenario says that numbers of a replication are made with: prices, the horizon, and what batteries are.

The engines count energy, at the nominal supply of the module. What that is in charge of a battery, and in days of its
expected life, follows from the device table and from here, device by device (docs/costs.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.experiment.exact_sum import exact_sum
from fota_sim.fleet.coded import Coded
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.metrics import told_with
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.prices import Prices

_C_PER_MAH = 3.6
_DAY_S = 86_400.0
DRAWN = ("battery_mAh", "life_days_taken", "batteries_drawn_on")
"""Sums over devices that :func:`drawn` makes; the first two of floats, exact."""


class Terms(NamedTuple):
    """All of it, small enough to travel with a job."""

    horizon_ms: int
    supply_V: Mapping[str, float]
    """Nominal, by module."""
    life_days: Mapping[tuple[str, str], float]
    """Expected of a battery, by group and chemistry; NaN where it is not known."""
    prices: Prices | None

    @property
    def told(self) -> tuple[str, ...]:
        """The metrics that there are."""
        return told_with(() if self.prices is None else self.prices.priced)

    @property
    def currency(self) -> str:
        """What costs are in; empty without prices."""
        return "" if self.prices is None else self.prices.currency


def terms_of(scenario: Scenario) -> Terms:
    """Those of a scenario."""
    lives_s = {(each.name, name): each.life_s(name) for each in scenario.fleet.sources for name in CHEMISTRIES}
    return Terms(
        scenario.horizon_ms,
        {name: module.supply for name, module in scenario.modules.items()},
        {who: np.nan if life_s is None else life_s / _DAY_S for who, life_s in lives_s.items()},
        scenario.prices,
    )


def drawn(devices: Mapping[str, Any], terms: Terms) -> dict[str, int]:
    """What the update took from batteries: the sums in ``DRAWN``, exact, so that those of parts add up.

    ``devices``: the columns of a device table, or of a part of one.
    """
    working = ~devices["mains"] & (devices["energy_J"] > 0)
    module: Coded = devices["module"]
    supply_V = np.array([terms.supply_V[name] for name in module.names])
    taken_mAh = devices["energy_J"][working] / supply_V[module.codes[working]] / _C_PER_MAH
    life_days = _life_days(devices, working, terms)
    known = ~np.isnan(life_days)
    spent_days = taken_mAh[known] * life_days[known] / devices["capacity_mAh"][working][known]
    return dict(zip(DRAWN, (_exact(taken_mAh), _exact(spent_days), int(known.sum())), strict=True))


def _life_days(devices: Mapping[str, Any], which: NDArray[np.bool_], terms: Terms) -> NDArray[np.float64]:
    """Of the devices in ``which``."""
    group, chemistry = devices["group"], devices["chemistry"]
    by_names = [[terms.life_days[who, what] for what in chemistry.names] for who in group.names]
    found: NDArray[np.float64] = np.array(by_names)[group.codes[which], chemistry.codes[which]]
    return found


def _exact(values: NDArray[np.float64]) -> int:
    return exact_sum(values) if len(values) else 0
