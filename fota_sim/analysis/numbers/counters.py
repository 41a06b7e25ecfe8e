"""What the metrics of a replication are counted from: whole numbers that add up over the parts of a fleet.

So a metric is the same number however the fleet was dealt out: counts are exact, energy is summed exactly, and times
are counted and not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.terms import DRAWN, Terms, drawn
from fota_sim.experiment.exact_sum import as_float, exact_sum
from fota_sim.experiment.histogram import Histogram, histogram
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import NEVER
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES
from fota_sim.scenario.columns import DEVICE_TABLE
from fota_sim.scenario.metrics import QUANTITIES

Counts = NDArray[np.int64]
Devices = Mapping[str, Any]
"""The columns of a device table by name, as in :class:`~fota_sim.engines.record.RunRecord`."""

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

SUMMED = tuple(name for name in DEVICE_TABLE if name in QUANTITIES)
"""Columns of the device table that some metric is made of the sum of."""


_OF_FLOATS = frozenset((*(name for name in SUMMED if DEVICE_TABLE[name].kind == "number"), *DRAWN[:2]))


@dataclass(frozen=True)
class Counters:
    """Counts over devices; those of parts add up."""

    devices: int
    causes: Counts
    """Devices by outcome and cause, in the order of ``rules.labels``."""
    beliefs: Counts
    """Devices by belief and outcome."""
    started: Counts
    """Devices that were sent at least one download address, by outcome."""
    attempts: Counts
    """Download addresses sent, by outcome of the device."""
    sums: Mapping[str, int]
    """Of the columns in ``SUMMED``, and of what was drawn from batteries (terms.py), over all devices; of floats as
    experiment/exact_sum.py has it."""

    def __add__(self, other: Counters) -> Counters:
        """Those of both."""
        numbers = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name != "sums"
        }
        return Counters(**numbers, sums={name: units + other.sums[name] for name, units in self.sums.items()})

    def of(self, outcome: int, cause: int | None = None) -> int:
        """Devices with an outcome, or with one that has this cause."""
        row = self.causes[outcome]
        return int(row.sum() if cause is None else row[cause])

    def sum_of(self, name: str) -> float:
        """A sum over all devices."""
        return as_float(self.sums[name]) if name in _OF_FLOATS else float(self.sums[name])


def count(devices: Devices, terms: Terms) -> Counters:
    """The counts of a device table, or of a part of one; ``terms``: those of its scenario."""
    outcome = positions(devices["outcome"], OUTCOMES)
    cause, belief = positions(devices["cause"], CAUSES), positions(devices["belief"], BELIEFS)
    started = devices["attempts"] > 0
    return Counters(
        devices=len(outcome),
        causes=pairs(outcome, cause, (len(OUTCOMES), len(CAUSES))),
        beliefs=pairs(belief, outcome, (len(BELIEFS), len(OUTCOMES))),
        started=np.bincount(outcome[started], minlength=len(OUTCOMES)).astype(np.int64),
        attempts=_sums(devices["attempts"], outcome, len(OUTCOMES)),
        sums={name: exact_sum(devices[name]) if name in _OF_FLOATS else int(devices[name].sum()) for name in SUMMED}
        | drawn(devices, terms),
    )


def upgrades(devices: Devices) -> Histogram:
    """When the devices that ended upgraded became so, and how many in each millisecond."""
    at_ms: NDArray[np.int64] = devices["upgraded_ms"][devices["outcome"].is_one_of("upgraded")]
    return histogram(at_ms[at_ms != NEVER])


class Upgrades(NamedTuple):
    """When devices were upgraded."""

    needed: tuple[int, ...]
    """How many upgrades the times are wanted of."""
    reached_ms: Mapping[int, int]
    """When so many were upgraded; those that are reached."""
    upgraded: int
    last_ms: int
    """0 without any."""
    per_hour: Counts
    waited_ms: int
    """All their times together."""


def read_upgrades(pieces: Iterable[Histogram], needed: tuple[int, ...]) -> Upgrades:
    """From the histogram of times, in pieces of ascending times."""
    reached_ms: dict[int, int] = {}
    total, last_ms, waited_ms, per_hour = 0, 0, 0, np.zeros(1, dtype=np.int64)
    for at_ms, counts in pieces:
        if not len(at_ms):
            continue
        upto = total + np.cumsum(counts)
        for wanted in needed:
            if total < wanted <= upto[-1]:
                reached_ms[wanted] = int(at_ms[np.searchsorted(upto, wanted, side="left")])
        total, last_ms = int(upto[-1]), int(at_ms[-1])
        seconds, rest_ms = np.divmod(at_ms, 1000)  # apart: ms of 10^9 devices over ten years are more than 64 bits hold
        waited_ms += int(seconds @ counts) * 1000 + int(rest_ms @ counts)
        hours = at_ms // HOUR_MS
        per_hour = np.append(per_hour, np.zeros(max(0, int(hours[-1]) + 1 - len(per_hour)), dtype=np.int64))
        np.add.at(per_hour, hours, counts)
    return Upgrades(needed, reached_ms, total, last_ms, per_hour, waited_ms)


def _sums(values: NDArray[np.integer], codes: NDArray[np.int64], kinds: int) -> Counts:
    """The exact sum of whole numbers by code."""
    found = np.zeros(kinds, dtype=np.int64)
    np.add.at(found, codes, values.astype(np.int64))
    return found


def positions(column: Coded, labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Codes of a column as positions in ``labels``, whatever order its own names have."""
    return np.array([labels.index(name) for name in column.names], dtype=np.int64)[column.codes]


def pairs(first: NDArray[np.integer], second: NDArray[np.integer], shape: tuple[int, int]) -> Counts:
    """How many rows have each pair of codes."""
    cells = first.astype(np.int64) * shape[1] + second
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)
