"""How far a mean difference may be off through what befalls a device in few pairs, or in none that was seen.

Where strategies hardly differ, a device more or less fails in one pair of ten: then most differences are next to
nothing, one is a whole file, and how they spread says nothing of what the others might have shown. So differences are
counted in such changes, up and down apart. Each count is Poisson's, with exact limits (Garwood, "Fiducial limits for
the Poisson distribution", Biometrika 28, 1936), of counts that are not whole by the gamma law (Fay and Feuer,
"Confidence intervals for directly standardized rates", Statistics in Medicine 16, 1997); the limits of up less down
follow from those of both (Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
Medicine 27, 2008). Of a change that was not seen the upper limit is 3.7 times in all pairs together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

_HALVINGS = 50
"""Of the logarithm of a p-value; what is left is below any digit that is shown."""
_SMALLEST = 1e-16


class RareChanges(NamedTuple):
    """What makes a mean difference, counted in changes of one size."""

    up: float
    """All that makes it more, in changes; need not be whole."""
    down: float
    one_up: float
    """By how much one change up moves the mean."""
    one_down: float

    @property
    def changes(self) -> float:
        """How many there are."""
        return self.up + self.down

    def interval(self, confidence: float) -> tuple[float, float]:
        """Of the mean difference."""
        net, tail = self.up * self.one_up - self.down * self.one_down, (1 - confidence) / 2
        up = [(end - self.up) * self.one_up for end in _limits(self.up, tail)]
        down = [(end - self.down) * self.one_down for end in _limits(self.down, tail)]
        return net - math.hypot(up[0], down[1]), net + math.hypot(up[1], down[0])

    def p_value(self) -> float:
        """Two-sided, that there is no difference: 1 less the confidence of the interval that ends at zero."""
        low, high = math.log(_SMALLEST), 0.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            ends = self.interval(1 - math.exp(middle))
            low, high = (middle, high) if ends[0] < 0 < ends[1] else (low, middle)
        return math.exp(high)


def of_pairs(differences: NDArray[np.float64], size: float) -> RareChanges:
    """Those of paired differences; ``size``: what one change makes of one of them, above 0."""
    up, down = float(differences[differences > 0].sum()), -float(differences[differences < 0].sum())
    return RareChanges(up / size, down / size, size / len(differences), size / len(differences))


def of_samples(first: NDArray[np.float64], second: NDArray[np.float64], size: float) -> RareChanges:
    """Those of two samples that are not paired, second minus first: all that each has is a change."""
    up, down = float(second.sum()) / size, float(first.sum()) / size
    return RareChanges(up, down, size / len(second), size / len(first))


def size_of_a_change(values: Sequence[float], one: float | None) -> float:
    """What one of the events that a quantity is the sum of makes of it, in replications of one variant.

    At least ``one``, what a device makes of it, where that is known. What happens to many devices at once, such as an
    abort, shows in how replications differ: of a sum of a Poisson number of contributions the variance over the mean is
    the mean contribution, each weighed by its size.
    """
    mean = math.fsum(values) / len(values)
    together = float(np.var(values, ddof=1)) / mean if mean > 0 and len(values) > 1 else 0.0
    return max(together, one or 0.0)


def beyond_what_all_have(values: Sequence[float]) -> float:
    """The same of a mean to which every device contributes whatever befalls it, in replications of one variant.

    A first attempt and its energy are no luck. What is beyond the least that any replication shows is the sum of what
    befell a few: one device with six attempts, or one that sends from a cellar. 0 where they are all the same.
    """
    beyond = math.fsum(values) / len(values) - min(values)
    return float(np.var(values, ddof=1)) / beyond if beyond > 0 else 0.0


def _limits(count: float, tail: float) -> tuple[float, float]:
    """Of the mean of a Poisson number, after ``count``; the chance of each to be missed is ``tail`` at the most."""
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))
