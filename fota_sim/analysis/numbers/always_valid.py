"""Evidence about a failure rate that may be looked at at any time: an e-value, and a confidence sequence.

A test that is looked at again and again until it says yes says yes by luck sooner or later. An e-value does not: under
the rate that it is against, the chance that it *ever* reaches 1 / alpha is at most alpha (J. Ville, 1939). The one here
is the likelihood of what was seen under a mixture of all rates, Beta(1/2, 1/2), over that under the rate itself (H.
Robbins, Ann. Math. Statist. 41, 1970; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Ann. Statist. 49, 2021). The rates
that it does not speak against so clearly are an interval that holds at all times at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaln

A, B = 0.5, 0.5
"""Of the mixture; Jeffreys' prior for a rate. What is claimed holds for any that is chosen beforehand."""
ALPHA = 0.05
_TINY = 1e-12


@dataclass(frozen=True)
class Evidence:
    """What devices whose time of observation is over say of the failure rate."""

    failed: int
    devices: int
    acceptable: float
    """The rate that it is evidence against."""
    e_value: float
    low: float
    high: float
    """Ends of the interval that holds at all times with ``1 - ALPHA``."""

    @property
    def too_high(self) -> bool:
        """Whether the rate is above what is acceptable, surely enough to stop whenever one looked."""
        return self.low > self.acceptable

    @property
    def low_enough(self) -> bool:
        """Whether it is below."""
        return self.high < self.acceptable


def log_e_value(failed: int, devices: int, rate: float) -> float:
    """The logarithm of the e-value against a rate between 0 and 1, both excluded."""
    mixture = float(betaln(A + failed, B + devices - failed) - betaln(A, B))
    return mixture - failed * math.log(rate) - (devices - failed) * math.log1p(-rate)


def confidence_sequence(failed: int, devices: int, alpha: float = ALPHA) -> tuple[float, float]:
    """The rates with an e-value below 1 / alpha: an interval that may be looked at after every device."""
    if devices == 0:
        return 0.0, 1.0
    limit, best = math.log(1 / alpha), min(max(failed / devices, _TINY), 1 - _TINY)

    def beyond(rate: float) -> float:
        return log_e_value(failed, devices, rate) - limit

    low = 0.0 if failed == 0 or beyond(_TINY) <= 0 else float(brentq(beyond, _TINY, best))
    high = 1.0 if failed == devices or beyond(1 - _TINY) <= 0 else float(brentq(beyond, best, 1 - _TINY))
    return low, high


def evidence(failed: int, devices: int, acceptable: float) -> Evidence:
    """What so many failures of so many devices say of an acceptable rate between 0 and 1, both excluded."""
    low, high = confidence_sequence(failed, devices)
    return Evidence(
        failed, devices, acceptable, math.exp(min(700.0, log_e_value(failed, devices, acceptable))), low, high
    )


def watched(
    begun_ms: NDArray[np.float64], failed_ms: NDArray[np.float64], now_ms: float, watch_ms: float
) -> tuple[int, int]:
    """Devices that began at least ``watch_ms`` ago, and how many of these failed within that time: (failed, devices).

    A success is reported sooner than what hangs until a timeout: of those that just began, more successes are known
    than failures. Counted like this both have had the same time. ``begun_ms``, ``failed_ms``: NaN for what did not
    happen.
    """
    counts = begun_ms <= now_ms - watch_ms
    with np.errstate(invalid="ignore"):
        failed = counts & (failed_ms - begun_ms <= watch_ms)
    return int(failed.sum()), int(counts.sum())
