"""Timers of PSM and eDRX that devices have for themselves, as a number each: most have none, so four bytes a device."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fota_sim.scenario.sleep import TIMERS, VALUES, Timer

_PLACES = 256
_RADIX: dict[Timer, int] = {timer: _PLACES**k for k, timer in enumerate(TIMERS)}
assert all(len(VALUES[timer]) < _PLACES for timer in TIMERS)


def numbers_of(given: Mapping[str, NDArray[np.float64]], count: int) -> NDArray[np.int32]:
    """Which timers devices have for themselves, 0: none; shape (devices,).

    ``given``: columns by timer, of values in ``scenario.sleep.VALUES``, NaN: that of its source.
    """
    numbers = np.zeros(count, dtype=np.int32)
    for timer, radix in _RADIX.items():
        if timer in given:
            own = ~np.isnan(given[timer])
            places = np.searchsorted(VALUES[timer], given[timer][own])
            numbers[own] += (radix * (1 + places)).astype(np.int32)
    return numbers


def timers_of(number: int) -> dict[str, float]:
    """What a number stands for, in s by timer."""
    places = {timer: number // radix % _PLACES for timer, radix in _RADIX.items()}
    return {timer: VALUES[timer][place - 1] for timer, place in places.items() if place}
