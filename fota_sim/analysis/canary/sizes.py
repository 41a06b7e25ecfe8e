"""How many devices show a defect: exact sizes of a canary group.

Devices fail independently of each other. Without a background, one failure is proof; with one, the question is a
test of two rates. Sizes are the smallest that do, found by bisection of exact binomial or hypergeometric tails.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from fota_sim.errors import FotaSimError
from fota_sim.rules.share import exact

MOST_DEVICES = 100_000_000
"""Larger canary groups are not looked for."""


@dataclass(frozen=True)
class CanarySize:
    """A group that shows a defect: ``devices`` of them, with ``chance`` of at least ``failures`` failures."""

    devices: int
    failures: int
    chance: float


@dataclass(frozen=True)
class CanaryTest:
    """A group that tells two rates apart: act on ``failures`` or more among ``devices``."""

    devices: int
    failures: int
    false_alarm: float
    """Chance of acting at the background rate."""
    power: float
    """Chance of acting at the higher rate."""


def chance_of_failures(devices: int, failures: int, rate: float, fleet: int | None = None, shown: float = 1.0) -> float:
    """The chance that at least ``failures`` of ``devices`` fail visibly, each with probability ``rate * shown``.

    ``fleet``: the group is drawn without replacement from so many devices, of which ``defective(fleet, rate)`` have
    the defect; None: the fleet is much larger than the group. ``shown``: the share of the defects that show in
    the time they are watched.
    """
    from scipy import stats

    if fleet is None:
        return float(stats.binom.sf(failures - 1, devices, rate * shown))
    bad = defective(fleet, rate)
    if shown == 1.0:
        return float(stats.hypergeom.sf(failures - 1, fleet, bad, devices))
    import numpy as np

    hit = np.arange(failures, min(bad, devices) + 1)
    return float(np.sum(stats.hypergeom.pmf(hit, fleet, bad, devices) * stats.binom.sf(failures - 1, hit, shown)))


def defective(fleet: int, rate: float) -> int:
    """How many of ``fleet`` have a defect of this rate: rounded, and at least one."""
    share = exact(rate)
    return max(1, (2 * fleet * share.numerator + share.denominator) // (2 * share.denominator))


def canary_size(
    rate: float, confidence: float, failures: int = 1, fleet: int | None = None, shown: float = 1.0
) -> CanarySize | None:
    """The smallest group with ``confidence`` of at least ``failures`` visible failures; None if there is none.

    Arguments as in :func:`chance_of_failures`. In a finite fleet there may be none: with all its devices in the group,
    there are still too few defects, or too few of them show in time.
    """

    def chance(devices: int) -> float:
        return chance_of_failures(devices, failures, rate, fleet, shown)

    found = _smallest(lambda devices: chance(devices) >= confidence, failures, fleet or MOST_DEVICES)
    return None if found is None else CanarySize(found, failures, chance(found))


def smallest_rate(devices: int, confidence: float, failures: int = 1) -> float:
    """The smallest rate that ``devices`` show with ``confidence``: the quantile of a beta law (Clopper and Pearson)."""
    from scipy import stats

    return float(stats.beta.ppf(confidence, failures, devices - failures + 1))


def share_that_must_show(
    devices: int, rate: float, confidence: float, failures: int = 1, fleet: int | None = None
) -> float | None:
    """The share of defects that must show in time for ``devices`` to be enough; None if all of them are too few."""
    from scipy import optimize

    def lack(shown: float) -> float:
        return chance_of_failures(devices, failures, rate, fleet, shown) - confidence

    if lack(1.0) < 0:
        return None
    return float(optimize.brentq(lack, 0.0, 1.0, xtol=1e-12))


def canary_test(background: float, rate: float, alpha: float, power: float) -> CanaryTest:
    """The smallest exact binomial test of failure rate ``background`` against the higher ``rate`` (one-sided).

    The chance of a false alarm is at most ``alpha``, that of seeing the higher rate at least ``power``. For k failures
    the tail grows with the group, so k allows groups up to one size and sees from another on; the first k for
    which these overlap gives the smallest group of all.

    Raises:
        FotaSimError: the rates are so close that more than ``MOST_DEVICES`` would be needed.

    """
    from scipy import stats

    failures = _first_limit(background, rate, alpha, power)
    while True:
        enough = _smallest(_tail_reaches(rate, failures, power), failures, MOST_DEVICES)
        if enough is None:
            raise _too_close(background, rate)
        false_alarm = float(stats.binom.sf(failures - 1, enough, background))
        if false_alarm <= alpha:
            return CanaryTest(enough, failures, false_alarm, float(stats.binom.sf(failures - 1, enough, rate)))
        # the group of the answer is at least this large, and needs at least the k that keeps alpha there
        failures = max(failures + 1, int(stats.binom.isf(alpha, enough, background)) + 1)


def _first_limit(background: float, rate: float, alpha: float, power: float) -> int:
    """A number of failures to begin with: below that of the answer, by the normal approximation less a fifth.

    Small groups, for which the approximation is not to be trusted, begin with 1.
    """
    from scipy import stats

    spread = float(stats.norm.isf(alpha)) * math.sqrt(background * (1 - background))
    spread += float(stats.norm.ppf(power)) * math.sqrt(rate * (1 - rate))
    about = (spread / (rate - background)) ** 2
    if about > 2 * MOST_DEVICES:
        raise _too_close(background, rate)
    return 1 if about < 2000 else int(stats.binom.isf(alpha, int(0.8 * about), background))


def _too_close(background: float, rate: float) -> FotaSimError:
    return FotaSimError(
        f"more than {MOST_DEVICES:,} devices would be needed to tell {rate:.4%} from {background:.4%}; "
        "ask for a larger difference"
    )


def _tail_reaches(rate: float, failures: int, chance: float) -> Callable[[int], bool]:
    from scipy import stats

    return lambda devices: bool(stats.binom.sf(failures - 1, devices, rate) >= chance)


def _smallest(enough: Callable[[int], bool], lowest: int, highest: int) -> int | None:
    """The first number from ``lowest`` on for which ``enough`` holds, once it holds for all that follow."""
    step, low = 1, lowest
    if lowest > highest:
        return None
    high = lowest
    while not enough(high):
        if high == highest:
            return None
        low, high = high + 1, min(highest, high + step)
        step *= 2
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return low
