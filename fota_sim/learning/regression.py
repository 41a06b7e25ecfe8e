"""From trials to parameters: simulated logs say how statistics follow from parameters, and how much luck moves them.

Around the values that come closest, statistics are taken to follow parameters along a plane:

    statistics = a + B * parameters + luck

Trials give a, B and the luck, as the whole vectors of what is left over. Turned round, each piece of luck leads from
the log's statistics to parameters that could have made them: this is approximate Bayesian computation by regression
(Beaumont, Zhang and Balding 2002), forwards, so that the range from which trials were drawn leaves no trace in the
answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NO_MODEL_IS_EXACT = 0.05
"""By which the logarithm of a time may be off that nothing is learnt by, beside luck. An assumption."""
LEAST_EFFECT = 3.0
"""Standard errors by which a statistic has to follow its own parameter."""


def followed(parameters: Array, statistics: Array) -> NDArray[np.bool_]:
    """Which parameters are followed by their own statistic; both have shape (trials, parameters)."""
    coefficients, left, freedom = plane(parameters, statistics)
    variance = (left**2).sum(axis=0) / freedom
    design = _design(parameters)
    inverse = np.linalg.pinv(design.T @ design)
    own = np.diagonal(coefficients[1:])
    error = np.sqrt(np.maximum(1e-300, np.diagonal(inverse)[1:] * variance))
    spread = parameters.std(axis=0)
    # it must be seen, and must narrow the range from which trials were drawn
    found: NDArray[np.bool_] = (np.abs(own) > LEAST_EFFECT * error) & (np.abs(own) * spread > 0.5 * np.sqrt(variance))
    return found


def nearer(
    parameters: Array, statistics: Array, observed: Array, centre: Array, width: Array, deviations: float
) -> tuple[Array, Array]:
    """Where to draw trials, after some that were drawn within ``width`` of ``centre``: the same, shape (parameters,).

    The range is so many standard deviations of what luck makes of a parameter. Of those that are not followed so far
    the range is three times as wide.
    """
    whole = np.isfinite(statistics).all(axis=1)
    parameters, statistics = parameters[whole], statistics[whole]
    trials, knobs = parameters.shape
    if trials < 2 * (1 + knobs):
        return centre, width
    follows = followed(parameters, statistics)
    wider = np.where(follows, width, 3.0 * width)
    if not follows.any():
        return centre, wider
    coefficients, left, freedom = plane(parameters[:, follows], statistics[:, follows])
    back = np.linalg.pinv(coefficients[1:])
    luck = back.T @ (left.T @ left / freedom) @ back
    at = centre.copy()
    at[follows] = (observed[follows] - coefficients[0]) @ back
    wider[follows] = deviations * np.sqrt(np.diagonal(luck))
    return np.clip(at, centre - width, centre + width), wider


def posterior(parameters: Array, statistics: Array, observed: Array, count: int, luck: np.random.Generator) -> Array:
    """Parameters that could have made what was observed; shape (count, parameters).

    ``parameters``, ``statistics``: shape (trials, parameters), of many more trials than parameters; ``observed``:
    shape (parameters,). That trials are few is in it too: each draw has a plane of its own, from trials drawn again.
    """
    trials = len(parameters)
    design = _design(parameters)
    _, left, freedom = plane(parameters, statistics)
    left = (left - left.mean(axis=0)) * np.sqrt(trials / freedom)
    draws = np.empty((count, parameters.shape[1]))
    for number in range(count):
        again = luck.integers(0, trials, trials)
        found, *_ = np.linalg.lstsq(design[again], statistics[again], rcond=None)
        piece = left[luck.integers(trials)]
        draws[number] = np.linalg.lstsq(found[1:].T, observed - found[0] - piece, rcond=None)[0]
    return draws


def deviations(parameters: Array, statistics: Array, observed: Array, at: Array) -> Array:
    """How many standard deviations the log's statistics are from what trials have at a place; shape (statistics,).

    ``statistics``: shape (trials, statistics), of any number; ``at``: shape (parameters,).
    """
    coefficients, left, freedom = plane(parameters, statistics)
    luck = np.sqrt((left**2).sum(axis=0) / freedom)
    expected = coefficients[0] + at @ coefficients[1:]
    found: Array = np.abs(observed - expected) / np.sqrt(luck**2 + NO_MODEL_IS_EXACT**2)
    return found


def plane(parameters: Array, statistics: Array) -> tuple[Array, Array, int]:
    """The plane through trials by least squares, what they leave of it, and the degrees of freedom of that.

    ``parameters``, ``statistics``: shapes (trials, parameters) and (trials, statistics). The plane has a row for the
    value at zero, and one for each parameter; what is left has the shape of ``statistics``.
    """
    design = _design(parameters)
    found = np.asarray(np.linalg.lstsq(design, statistics, rcond=None)[0], np.float64)
    trials, columns = design.shape
    return found, statistics - design @ found, max(1, trials - columns)


def _design(parameters: Array) -> Array:
    return np.column_stack([np.ones(len(parameters)), parameters])
