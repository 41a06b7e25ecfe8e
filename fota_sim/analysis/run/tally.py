"""Who ended how, counted: the small thing that the summary keeps of each replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fota_sim.analysis.numbers.counters import Counters, Counts, Devices, pairs, positions
from fota_sim.fleet.coded import Coded
from fota_sim.rules.labels import OUTCOMES


@dataclass(frozen=True)
class Tally:
    """Counts of devices, in the order of ``rules.labels``."""

    devices: int
    causes: Counts
    """Shape (outcomes, causes)."""
    beliefs: Counts
    """Shape (beliefs, outcomes)."""
    groups: dict[str, Counts]
    """Shape (outcomes,) of each group that has a device, in fleet order."""


def tally_of(counters: Counters, groups: dict[str, Counts]) -> Tally:
    """The counts of one replication; ``groups``: as the function below has them."""
    return Tally(counters.devices, counters.causes, counters.beliefs, groups)


def groups(devices: Devices) -> dict[str, Counts]:
    """Devices of each outcome, by group, of the groups that have a device, in fleet order."""
    group: Coded = devices["group"]
    by_group = pairs(group.codes, positions(devices["outcome"], OUTCOMES), (len(group.names), len(OUTCOMES)))
    return {name: counts for name, counts in zip(group.names, by_group, strict=True) if counts.any()}


def add_groups(into: dict[str, Counts], more: dict[str, Counts]) -> None:
    """Add counts by group to those that are there; new groups come behind."""
    for name, counts in more.items():
        into[name] = into[name] + counts if name in into else counts


def total(tallies: Sequence[Tally]) -> Tally:
    """All replications together; at least one."""
    groups: dict[str, Counts] = {}
    for each in tallies:
        add_groups(groups, each.groups)
    return Tally(
        sum(each.devices for each in tallies),
        np.sum([each.causes for each in tallies], axis=0),
        np.sum([each.beliefs for each in tallies], axis=0),
        groups,
    )
