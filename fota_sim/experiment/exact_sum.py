"""Sums of floats that do not depend on their order: exact, as whole multiples of the smallest float, 2**-1074.

``math.fsum`` is exact as well, but what it has so far cannot be handed on; and it takes one number at a time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1074  # 2**-1074 is the smallest positive double
_MANTISSA = 53
_LOW = 26  # bits of a mantissa that are summed apart, so that sums of 2**26 of them stay whole in a double
_MOST = 1 << 24


def exact_sum(values: NDArray[np.float64]) -> int:
    """The sum in units of 2**-1074; of sums, add. Raises ValueError for what is not finite."""
    return sum(_sum(values[first : first + _MOST]) for first in range(0, len(values), _MOST))


def as_float(units: int) -> float:
    """The double nearest to a sum; raises OverflowError if it is too large for one."""
    return units / (1 << _SMALLEST)


def _sum(values: NDArray[np.float64]) -> int:
    if not np.isfinite(values).all():
        raise ValueError("a sum of what is not finite")
    mantissas, exponents = np.frexp(values)
    whole = np.ldexp(mantissas, _MANTISSA).astype(np.int64)
    lowest = int(exponents.min())
    place = exponents - lowest
    total = 0
    for part, shift in ((whole >> _LOW, _LOW), (whole & ((1 << _LOW) - 1), 0)):
        for k, found in enumerate(np.bincount(place, weights=part).tolist()):
            total += int(found) << (shift + k)
    shift = lowest - _MANTISSA + _SMALLEST
    return total << shift if shift >= 0 else total >> -shift  # the lost bits of subnormal numbers are zeros
