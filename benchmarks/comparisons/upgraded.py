"""Shares of upgraded devices by group, by which a reader sees that rivals do the same work."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.record import RunRecord
from fota_sim.rules import codes
from fota_sim.rules.labels import OUTCOMES


def by_group(outcome: NDArray[Any], group: NDArray[Any], groups: int) -> NDArray[np.int64]:
    """Devices by group and outcome; shape (groups, outcomes)."""
    counts = np.zeros((groups, len(OUTCOMES)), dtype=np.int64)
    np.add.at(counts, (group, outcome), 1)
    return counts


def of_record(record: RunRecord) -> NDArray[np.int64]:
    """The same of an engine's record."""
    outcome, group = record.devices["outcome"], record.devices["group"]
    place = np.array([OUTCOMES.index(name) for name in outcome.names])
    return by_group(place[outcome.codes], group.codes, len(group.names))


def shares(counts: NDArray[np.int64]) -> str:
    """Share of upgraded devices in each group."""
    return ", ".join(f"{row[codes.UPGRADED] / row.sum():.2%}" for row in counts)
