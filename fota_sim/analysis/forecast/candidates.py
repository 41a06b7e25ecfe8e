"""The devices that a log can be of: the fleet, or those that one of several plans may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import FotaSimError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.membership import membership, taken_by
from fota_sim.histories.table import Histories
from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.model import Scenario

MOST_STRANGERS = 0.1
"""Of the log's devices, that may be none of these."""


@dataclass(frozen=True)
class Candidates:
    """Devices by name."""

    ids: Ids | Sequence[str]
    places: NDArray[np.intp] | None
    """Of these in the fleet, ascending; None: they are the fleet."""
    meant: int
    """How many of them the plan takes, in the first replication where that hangs on luck."""
    fleet: int
    """Devices of the whole fleet."""
    plan: str
    """Of several the one that takes them; empty where there is one."""

    @property
    def fixed(self) -> bool:
        """Whether the plan takes all of them, in every replication."""
        return self.meant == len(self.ids)

    def check(self, histories: Histories, strangers: int) -> None:
        """Raise FotaSimError if too many devices of the log are none of these; ``strangers``: how many."""
        if strangers <= MOST_STRANGERS * max(1, len(histories)):
            return
        known = set(self.ids)
        first = next(name for name in histories.frame["device"] if name not in known)
        whose, ours, also = "the scenario's fleet", "the fleet's", ""
        if self.places is not None:
            whose, ours, also = f"those that plan {self.plan} takes", "those", ", or say by --plan whose log it is"
        raise FotaSimError(
            f"{strangers:,} of {number_of(len(histories), 'device')} in the log are none of {whose}, such as "
            f"{quoted(str(first))}; {ours} are called as {quoted(str(next(iter(self.ids))))}. Give the fleet from a "
            f"file with the log's names (fota-sim fleet inspect){also}"
        )


def candidates(scenario: Scenario, plan: str) -> Candidates:
    """Whom a log of the plan may be of. Raises ScenarioError for what only the fleet shows.

    Where a list of the plan asks for something that is drawn anew in each replication, these are all devices of the
    groups that it takes some of: which ones it took in the real rollout, only the log says.
    """
    fleet = build_fleet(scenario, 0)
    if len(scenario.plans) < 2:
        return Candidates(fleet.ids, None, fleet.n, fleet.n, "")
    members = membership(scenario, plan)
    may = members.always
    if not members.fixed:
        may = np.isin(fleet.group, [k for k, name in enumerate(fleet.group_names) if name in members.groups])
    places = np.flatnonzero(may)
    meant = int(taken_by(fleet, scenario, plan).sum())
    return Candidates([fleet.ids[place] for place in places.tolist()], places, meant, fleet.n, plan)
