"""What stopping is worth against going on, and what it is worth to wait before deciding.

Worth is counted in upgraded devices; a failed or bricked device costs ``price`` of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.ahead import Ahead

Floats = NDArray[np.float64]

_DRAWS = 1000
"""Of members, for the interval of a price."""


@dataclass(frozen=True)
class Price:
    """At which price of a failure, in upgrades, stopping now and going on are worth the same."""

    value: float | None
    """None: stopping prevents no failure, and pays at no price."""
    interval: tuple[float, float] | None
    upgrades: float
    """Upgrades that stopping gives away, in the mean."""
    failures: float
    """Failures and bricks that it prevents, in the mean."""


def break_even(go_on: Sequence[Ahead], stop: Sequence[Ahead], luck: np.random.Generator) -> Price:
    """From the same members under both branches; the 90 % interval is that of the mean over other members."""
    given = np.array([one.upgraded - other.upgraded for one, other in zip(go_on, stop, strict=True)], dtype=float)
    saved = np.array([one.lost - other.lost for one, other in zip(go_on, stop, strict=True)], dtype=float)
    upgrades, failures = float(given.mean()), float(saved.mean())
    if failures <= 0:
        return Price(None, None, upgrades, failures)
    rows = luck.integers(0, len(given), (_DRAWS, len(given)))
    up, down = given[rows].mean(axis=1), saved[rows].mean(axis=1)
    ratios = np.where(down > 0, up / np.where(down > 0, down, 1), np.inf)
    low, high = np.quantile(ratios, [0.05, 0.95], method="nearest")
    return Price(upgrades / failures, (float(low), float(high)), upgrades, failures)


@dataclass(frozen=True)
class Waiting:
    """What it is worth to look once more before deciding whether to stop."""

    price: float
    now: float
    """Worth of the better of stopping and going on, decided now; in upgrades, of the rest of the rollout."""
    later: float
    """Worth of deciding after the wait by what is seen until then."""

    @property
    def value(self) -> float:
        """Positive: it is better to wait."""
        return self.later - self.now


def waiting(
    go_on: Sequence[Ahead], stop: Sequence[Ahead], stop_later: Sequence[Ahead], soon: Sequence[Ahead], price: float
) -> Waiting:
    """From the same members: decided now, or later by the upgrades and failures of the meantime.

    What a decision later is worth, given what was seen, is estimated by regression over members (M. Strong, J. Oakley,
    A. Brennan, P. Breeze, Med. Decis. Making 35, 2015).
    """
    going, stopping, late = (
        np.array([one.upgraded - price * one.lost for one in each]) for each in (go_on, stop, stop_later)
    )
    now = max(float(going.mean()), float(stopping.mean()))
    seen = np.array([[one.upgraded, one.lost] for one in soon], dtype=float)
    gain = _expected(going - late, seen)
    return Waiting(price, now, float(late.mean() + np.maximum(0.0, gain).mean()))


def _expected(values: Floats, seen: Floats) -> Floats:
    """What each member's value is expected to be by what was seen of it: a plane through all members."""
    spread = seen.std(axis=0)
    columns = [(seen[:, k] - seen[:, k].mean()) / spread[k] for k in range(seen.shape[1]) if spread[k] > 0]
    design = np.column_stack([np.ones(len(values)), *columns])
    found: Floats = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return found
