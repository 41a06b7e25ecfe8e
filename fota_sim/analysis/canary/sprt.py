"""The sequential probability ratio test (Wald 1945) of two failure rates: exact beside Wald's approximation.

After each device the likelihood of what was seen under ``rate`` is compared with that under ``background``: at one
limit the release is stopped, at the other it is cleared. Wald's limits keep the error rates only about; the exact
figures come from dynamic programming over (seen, failed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fota_sim.analysis.canary.abort_rule import NEGLIGIBLE

_TINY_DRIFT = 1e-9
"""Below this exponent Wald's formulas are taken at their limit."""


@dataclass(frozen=True)
class Sprt:
    """A test of failure rate ``background`` (a good release) against the higher ``rate``."""

    background: float
    rate: float
    alpha: float
    """Chance of stopping a good release, as designed."""
    beta: float
    """Chance of clearing a bad one, as designed."""

    @property
    def failure_step(self) -> float:
        """What a failure adds to the logarithm of the likelihood ratio."""
        return math.log(self.rate / self.background)

    @property
    def success_step(self) -> float:
        """What a success adds; negative."""
        return math.log((1 - self.rate) / (1 - self.background))

    @property
    def upper(self) -> float:
        """Stop at this; Wald's limit."""
        return math.log((1 - self.beta) / self.alpha)

    @property
    def lower(self) -> float:
        """Clear at this; Wald's limit."""
        return math.log(self.beta / (1 - self.alpha))

    def limits(self, seen: int) -> tuple[int, int]:
        """After ``seen`` devices: cleared with so many failures or fewer, stopped with so many or more."""
        slope = self.failure_step - self.success_step
        cleared = math.floor((self.lower - seen * self.success_step) / slope)
        stopped = math.ceil((self.upper - seen * self.success_step) / slope)
        return cleared, stopped


@dataclass(frozen=True)
class Course:
    """How the test goes when devices fail with probability ``true_rate``."""

    true_rate: float
    stopped: float
    cleared: float
    undecided: float
    """Chance of neither when the last device has been seen; 0 in Wald's approximation, which sees without end."""
    devices: float
    """Mean number of devices seen."""


def exact_course(test: Sprt, true_rate: float, most: int) -> Course:
    """The exact course if at most ``most`` devices can be seen."""
    alive, lowest = np.ones(1), 0
    stopped = cleared = devices = 0.0
    for seen in range(1, most + 1):
        devices += float(alive.sum())
        grown = np.zeros(len(alive) + 1)
        grown[:-1] = alive * (1 - true_rate)
        grown[1:] += alive * true_rate
        clear_to, stop_from = test.limits(seen)
        low = min(max(0, clear_to + 1 - lowest), len(grown))
        high = max(low, min(stop_from - lowest, len(grown)))
        cleared += float(grown[:low].sum())
        stopped += float(grown[high:].sum())
        alive, lowest = grown[low:high], lowest + low
        large = np.flatnonzero(alive > NEGLIGIBLE)
        if not len(large):
            alive = np.zeros(0)
            break
        alive, lowest = alive[large[0] : large[-1] + 1], lowest + int(large[0])
    return Course(true_rate, stopped, cleared, float(alive.sum()), devices)


def wald_course(test: Sprt, true_rate: float) -> Course:
    """Wald's approximation, which takes the limits to be hit exactly."""
    up, down = test.failure_step, test.success_step
    drift = true_rate * up + (1 - true_rate) * down
    exponent = _exponent(test, true_rate)
    if abs(exponent) < _TINY_DRIFT:
        stopped = -test.lower / (test.upper - test.lower)
        square = true_rate * up * up + (1 - true_rate) * down * down
        return Course(true_rate, stopped, 1 - stopped, 0.0, -test.upper * test.lower / square)
    top, bottom = math.exp(exponent * test.upper), math.exp(exponent * test.lower)
    cleared = (top - 1) / (top - bottom)
    devices = (cleared * test.lower + (1 - cleared) * test.upper) / drift
    return Course(true_rate, 1 - cleared, cleared, 0.0, devices)


def _exponent(test: Sprt, true_rate: float) -> float:
    """The h other than 0 with p (p1/p0)^h + (1-p) (q1/q0)^h = 1; 0 where the ratio has no drift."""
    from scipy import optimize

    up, down = test.failure_step, test.success_step
    drift = true_rate * up + (1 - true_rate) * down

    def excess(h: float) -> float:
        return true_rate * math.expm1(h * up) + (1 - true_rate) * math.expm1(h * down)

    # h has the sign opposite to the drift: 1 at the background rate, -1 at the higher one
    sign = -1.0 if drift > 0 else 1.0
    near = sign * _TINY_DRIFT
    if excess(near) >= 0:
        return 0.0
    far = sign
    while excess(far) < 0:
        far *= 2
    return float(optimize.brentq(excess, min(near, far), max(near, far), xtol=1e-14))
