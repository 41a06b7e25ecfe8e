"""How long something takes: a delay row and one uniform draw make seconds."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.draws import normal_quantile
from fota_sim.rules.rows import (
    DELAY_A,
    DELAY_B,
    DELAY_CONSTANT,
    DELAY_KIND,
    DELAY_MAX_S,
    DELAY_MIN_S,
    DELAY_NORMAL,
    DELAY_UNIFORM,
)

_STEEPEST = 700.0  # of an exponential, before plain Python calls it an error and compiled code infinity
_LONGEST_S = 1e12  # of a duration, some 30,000 years: in ms it is far below zone.FAR, and no run lasts as long


@rule
def delay_s(row: NDArray[np.float64], start: int, u: float) -> float:
    """The ``u`` quantile of the delay written at ``row[start:]``, in seconds, clipped to its minimum and maximum.

    Constant a; uniform a to b; normal mean a, deviation b; lognormal median a, log-deviation b.
    """
    kind = row[start + DELAY_KIND]
    a = row[start + DELAY_A]
    b = row[start + DELAY_B]
    if kind == DELAY_CONSTANT:
        return float(a)
    if kind == DELAY_UNIFORM:
        value = a + (b - a) * u
    elif kind == DELAY_NORMAL:
        value = a + b * normal_quantile(u)
    else:
        value = a * math.exp(min(_STEEPEST, b * normal_quantile(u)))
    return float(max(row[start + DELAY_MIN_S], min(row[start + DELAY_MAX_S], value)))


@rule
def to_ms(seconds: float) -> int:
    """Seconds as whole milliseconds, half up, at least 1: the one place where a duration becomes virtual time."""
    return max(1, math.floor(min(seconds, _LONGEST_S) * 1000.0 + 0.5))
