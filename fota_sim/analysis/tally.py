"""Who ended how, counted: the small thing that the summary keeps of each replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.metrics import Devices
from fota_sim.fleet.coded import Coded
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES

Counts = NDArray[np.int64]


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


def tally(devices: Devices) -> Tally:
    """The counts of one replication's device table."""
    outcome = _positions(devices["outcome"], OUTCOMES)
    group: Coded = devices["group"]
    by_group = _pairs(group.codes, outcome, (len(group.names), len(OUTCOMES)))
    return Tally(
        len(outcome),
        _pairs(outcome, _positions(devices["cause"], CAUSES), (len(OUTCOMES), len(CAUSES))),
        _pairs(_positions(devices["belief"], BELIEFS), outcome, (len(BELIEFS), len(OUTCOMES))),
        {name: counts for name, counts in zip(group.names, by_group, strict=True) if counts.any()},
    )


def total(tallies: Sequence[Tally]) -> Tally:
    """All replications together; at least one."""
    groups: dict[str, Counts] = {}
    for each in tallies:
        for name, counts in each.groups.items():
            groups[name] = groups[name] + counts if name in groups else counts
    return Tally(
        sum(each.devices for each in tallies),
        np.sum([each.causes for each in tallies], axis=0),
        np.sum([each.beliefs for each in tallies], axis=0),
        groups,
    )


def _positions(column: Coded, labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Codes of a column as positions in ``labels``, whatever order its own names have."""
    return np.array([labels.index(name) for name in column.names], dtype=np.int64)[column.codes]


def _pairs(first: NDArray[np.integer], second: NDArray[np.integer], shape: tuple[int, int]) -> Counts:
    """How many rows have each pair of codes."""
    cells = first.astype(np.int64) * shape[1] + second
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)
