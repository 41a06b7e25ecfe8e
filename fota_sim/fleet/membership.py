"""Whom one plan takes of a fleet: for certain, or by what is drawn anew in each replication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.model import Scenario

LOOKED_AT = 3
"""Replications whose fleets say whether a plan always takes the same devices."""


@dataclass(frozen=True)
class Membership:
    """The devices of one plan; arrays of shape (devices,), in the order of the fleet."""

    always: NDArray[np.bool_]
    """Those that it takes in every replication that was looked at."""
    ever: NDArray[np.bool_]
    """Those that it takes in any."""
    groups: frozenset[str]
    """Names of the sources of the fleet that these are of."""

    @property
    def fixed(self) -> bool:
        """Whether it takes the same in all, as lists of ids, products and attributes in files have it."""
        return bool((self.always == self.ever).all())


def taken_by(fleet: Fleet, scenario: Scenario, plan: str) -> NDArray[np.bool_]:
    """Devices of a drawn fleet that a plan takes; all where the scenario has one plan. Shape (devices,)."""
    if len(scenario.plans) < 2:
        return np.ones(fleet.n, dtype=np.bool_)
    return fleet.white & ~fleet.black & fleet.of_plan(scenario.of_plan(plan).plan_number)


def membership(scenario: Scenario, plan: str, replications: Iterable[int] = range(LOOKED_AT)) -> Membership:
    """Whom a plan takes. Raises ScenarioError for what only the fleet shows."""
    taken: list[NDArray[np.bool_]] = []
    groups: set[str] = set()
    for replication in replications:
        fleet = build_fleet(scenario, replication)
        taken.append(taken_by(fleet, scenario, plan))
        groups.update(fleet.group_names[k] for k in np.unique(fleet.group[taken[-1]]))
        if len(scenario.plans) < 2:
            break
    return Membership(np.all(taken, axis=0), np.any(taken, axis=0), frozenset(groups))
