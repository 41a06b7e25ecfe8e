"""A scenario's sources of devices, each as something that any run of its devices can be had from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.groups import group_fleet
from fota_sim.fleet.ids import Numbered
from fota_sim.fleet.table_fleet import table_fleet
from fota_sim.scenario.fleet import Devices, Group, TableFleet
from fota_sim.scenario.model import Scenario


class Source(Protocol):
    """Devices that stand one after the other in the fleet. It can be pickled, to draw a part elsewhere."""

    @property
    def n(self) -> int:
        """How many there are."""
        ...

    @property
    def ids(self) -> Sequence[Numbered | Sequence[str]]:
        """What they are called, in runs."""
        ...

    @property
    def known(self) -> Fleet | None:
        """The devices, where they are there already; None where only drawing them tells who they are."""
        ...

    @property
    def least(self) -> int:
        """Of so many devices or more that are drawn apart, names are numbered as of all that are drawn together."""
        ...

    def cut(self, first: int, end: int) -> Fleet:
        """Those from number ``first`` up to ``end``, which is excluded.

        Raises ScenarioError if a distribution cannot be drawn from, also where no device is asked for.
        """
        ...


def source_of(scenario: Scenario, devices: Devices, replication: int) -> Source:
    """The devices of one source in one replication (from 0); raises ScenarioError for a table that cannot be used."""
    if isinstance(devices, Group):
        return _Drawn(scenario, devices, replication)
    if isinstance(devices, TableFleet):
        return _Read(table_fleet(scenario, devices, replication))
    raise TypeError(f"{type(devices).__name__} is no source of devices that is known here")


@dataclass(frozen=True)
class _Drawn:
    """A group: drawn when it is asked for."""

    scenario: Scenario
    group: Group
    replication: int

    @property
    def n(self) -> int:
        return self.group.count

    @property
    def ids(self) -> Sequence[Numbered]:
        return [Numbered(self.group.name, self.group.count)]

    @property
    def known(self) -> None:
        return None

    @property
    def least(self) -> int:
        return self.group.cells  # of more cells than devices, those have numbers that are used

    def cut(self, first: int, end: int) -> Fleet:
        return group_fleet(self.scenario, self.group, self.replication, first, end)


@dataclass(frozen=True)
class _Read:
    """A table: read once, for all parts."""

    known: Fleet

    @property
    def n(self) -> int:
        return self.known.n

    @property
    def ids(self) -> Sequence[Numbered | Sequence[str]]:
        return self.known.ids.parts

    @property
    def least(self) -> int:
        return max(1, self.n)  # nothing is left to draw

    def cut(self, first: int, end: int) -> Fleet:
        return self.known.cut(first, end)
