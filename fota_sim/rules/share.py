"""Shares, exactly: which fraction a share's number stands for, and how k of n compares with it.

A share is written in decimals and held as a float, and 0.07 times 100 is more than 7. So the float is never multiplied:
it is turned back into the fraction that was meant, once, and counts are compared with that in integers. No numba here,
so that what reads scenarios can use it and still start fast; rules/rollout.py compiles :func:`compare`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

_SIMPLE = 10**6
"""Fractions with denominators up to here lie at least 1e-12 apart, so at most one of them reads as a given float."""
_FINEST = 10**18
"""The largest denominator; below 2**60, which :func:`compare` needs. A float from 0.1 on has no more decimals."""
_LIMB = 30  # bits; see compare
_LOW = (1 << _LIMB) - 1


@lru_cache(maxsize=1024)
def exact(share: float) -> Fraction:
    """The fraction that a share stands for: 7/100 for 0.07, 1/3 for 1/3, and else its shortest decimal.

    ``share`` is 0 or more. The denominator is at most 10**18: more decimals than that are rounded.
    """
    simple = Fraction(share).limit_denominator(_SIMPLE)
    return simple if float(simple) == share else Fraction(repr(float(share))).limit_denominator(_FINEST)


def rounded_up(share: float, whole: int) -> int:
    """The smallest number that is at least this share of ``whole``."""
    fraction = exact(share)
    return -(-whole * fraction.numerator // fraction.denominator)


def nearest(share: float, whole: int) -> int:
    """The number next to this share of ``whole``; of two that are as near the larger one."""
    return int(exact(share) * whole + Fraction(1, 2))


def rounded_down(share: float, whole: int) -> int:
    """The largest number that is at most this share of ``whole``."""
    fraction = exact(share)
    return whole * fraction.numerator // fraction.denominator


def compare(part: int, whole: int, numerator: int, denominator: int) -> int:
    """Above, at or below 0 as ``part`` of ``whole`` is more than, exactly or less than numerator/denominator.

    All are 0 or more, ``part`` and ``whole`` below 2**31 and the others at most 10**18. Their products do not fit a
    machine word, so they are taken in two limbs of 30 bits: no step exceeds 2**62.
    """
    low = part * (denominator & _LOW) - whole * (numerator & _LOW)
    high = part * (denominator >> _LIMB) - whole * (numerator >> _LIMB) + (low >> _LIMB)
    return high if high != 0 else low & _LOW
