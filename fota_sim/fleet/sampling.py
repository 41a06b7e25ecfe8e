"""From one uniform draw per device to one value: distributions, correlated scores, shares.

Values grow with the uniform (within a mixture: within the chosen part), so correlated uniforms give
correlated values, and a changed parameter moves every device a little instead of dealing anew. Truncation is
exact: the uniform is mapped through the distribution function between the bounds; nothing is drawn twice or
clipped into place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fota_sim.fleet.laws import Choose, Floats, draw, mass
from fota_sim.scenario.distribution import Distribution

_BELOW_ONE = math.nextafter(1.0, 0.0)
_ABOVE_ZERO = 2.0**-54  # half of the smallest step of a draw


def quantile(distribution: Distribution, u: Floats, choose: Choose) -> Floats:
    """The value that a share ``u`` of the distribution lies below, for each uniform in ``u``; same shape.

    Raises ValueError if the truncation (``min``, ``max``) leaves nothing to draw.
    """
    return draw(distribution, u, choose, -math.inf, math.inf)


def cumulative(distribution: Distribution, values: Floats, u: Floats) -> Floats:
    """The share of the distribution below each value, plus a share ``u`` of what lies exactly on it; same shape.

    With ``u`` from draws of their own, values drawn from the distribution thus become uniform even where it
    has steps (the distributional transform; L. Rüschendorf, J. Statist. Plann. Inference 139, 2009).
    """
    infinite = np.full(values.shape, math.inf)
    below = 1.0 - mass(distribution, values, infinite)
    return below + u * (mass(distribution, -infinite, values) - below)


def normal_scores(u: Floats) -> Floats:
    """Standard normal values whose distribution function is ``u``; same shape."""
    scores: Floats = ndtri(u)
    return scores


def scores_of_values(distribution: Distribution, values: Floats, u: Floats) -> Floats:
    """Normal scores of values by their place in the distribution, ties spread by draws ``u``; same shape."""
    return normal_scores(np.clip(cumulative(distribution, values, u), _ABOVE_ZERO, _BELOW_ONE))


def correlated(u: Floats, scores: Floats, correlation: float) -> Floats:
    """Uniforms whose normal scores correlate with ``scores`` (Gaussian copula); shape of ``u``.

    ``correlation`` is that of the normal scores, -1..1; the rank correlation is 6/pi * asin(correlation / 2).
    Zero leaves ``u`` as it is.
    """
    if correlation == 0.0:
        return u
    own = math.sqrt(1.0 - correlation * correlation)
    mixed = ndtr(correlation * scores + own * ndtri(u))
    return np.clip(mixed, _ABOVE_ZERO, _BELOW_ONE)


def shares_index(shares: Mapping[str, float], u: Floats) -> NDArray[np.int32]:
    """For each uniform the position of the name it falls to, names taking their shares of 0..1 in order."""
    edges = np.cumsum(np.fromiter(shares.values(), dtype=np.float64))
    found = np.searchsorted(edges, u * edges[-1], side="right")
    index: NDArray[np.int32] = np.minimum(found, len(edges) - 1).astype(np.int32)
    return index
