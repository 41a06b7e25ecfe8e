"""Arrays of a rollout for the tests of its rules, in which only what a test says is other than nothing."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules import rollout_rows as rr

_FEWEST = 1 << 40
"""As good as no cap."""


def _put(row: NDArray[Any], values: dict[str, float]) -> NDArray[Any]:
    for name, value in values.items():
        row[getattr(rr, name)] = value
    return row


def state(**values: float) -> NDArray[np.int64]:
    """How far a rollout is: nothing opened, nobody released, no rate."""
    return _put(np.zeros(rr.STATE, dtype=np.int64), {"LAST_PACK": -1, **values})


def pace(devices: float, every_ms: float, factor: float = 1.0, cap: float = math.inf) -> NDArray[np.float64]:
    """A rate of ``devices`` in every interval."""
    row = np.zeros(rr.PACE)
    return _put(row, {"PER_INTERVAL": devices, "INTERVAL_MS": every_ms, "FACTOR": factor, "CAP": min(cap, _FEWEST)})


def waves(*sizes: int, **of_the_last: float) -> NDArray[np.int64]:
    """Waves of these sizes one after another; the last one opens under the conditions ``of_the_last``."""
    rows = np.zeros((len(sizes), rr.WAVE), dtype=np.int64)
    rows[:, rr.END] = np.cumsum(sizes)
    rows[:, rr.FIRST] = rows[:, rr.END] - sizes
    rows[:, [rr.OPENED_MS, rr.HELD_MS, rr.AT_MS, rr.AFTER_MS, rr.DEADLINE_MS]] = -1
    rows[:, rr.ON_DEADLINE] = rr.OPEN
    _put(rows[-1], of_the_last)
    return rows


def goals(number: int, success: str | None = None, quorum: str = "0") -> NDArray[np.int64]:
    """What ``number`` waves wait for: nothing, but the last one for these shares."""
    rows = np.zeros((number, rr.SHARES), dtype=np.int64)
    rows[:, rr.SUCCESS] = -1
    rows[:, [rr.SUCCESS_OF, rr.QUORUM_OF]] = 1
    if success is not None:
        of, least = Fraction(success), Fraction(quorum)
        rows[-1] = of.numerator, of.denominator, least.numerator, least.denominator
    return rows


def counts(*of_waves: dict[str, int]) -> NDArray[np.int64]:
    """What the devices of each wave did; the plan's own row is their sum. ``DEVICES_2`` is of failure kind 2."""
    rows = np.zeros((len(of_waves) + 1, rr.COUNTS), dtype=np.int64)
    for row, values in zip(rows, of_waves, strict=False):
        for name, value in values.items():
            column, _, kind = name.rpartition("_")
            row[getattr(rr, column) + int(kind) if kind.isdigit() else getattr(rr, name)] = value
    rows[-1] = rows[:-1].sum(axis=0)
    return rows


def stop(share: str | None = None, **values: int) -> NDArray[np.int64]:
    """One abort rule: no count, no share, ``>=``, all targets, devices that failed for good, the whole plan."""
    row = np.zeros(rr.STOP, dtype=np.int64)
    row[[rr.COUNT, rr.LIMIT]] = -1
    row[rr.LIMIT_OF] = 1
    if share is not None:
        row[rr.LIMIT], row[rr.LIMIT_OF] = Fraction(share).as_integer_ratio()
    return _put(row, values)[None, :]
