"""Members moved to where they agree with what was seen, in steps: a smoother with multiple data assimilation.

Among members, unknowns follow counts along a plane, and lie around it as the luck of each has it. What the plane says
of the difference between the counts that were seen and those of a member is added to the member's unknowns (Emerick and
Reynolds, Computers & Geosciences 55, 2013). The real rollout lies around the plane as members do, so what is left of
their spread is what the log leaves open. A plane that follows less than it could leaves them wider, and not wrong.

With a hundred members and thirty unknowns chance alone makes correlations of a tenth. So counts are taken apart into
components that do not hang together, and how an unknown follows each is shrunk by what chance would make of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = (7.0, 3.5, 1.75)
"""How many times the luck of what was seen is taken in each step. Their reciprocals add up to 1, so that it is used
once in all; the first steps are small, for far away the plane is another one."""
CHANCE = 2.0
"""Of a squared correlation, how many times what chance makes of it on average is taken off."""
_MOST_OWN = 0.5


@dataclass(frozen=True)
class Moved:
    """Members after a step."""

    scores: Floats
    """Of their unknowns; shape (members, unknowns)."""
    followed: Floats
    """How much of each unknown the counts tell, 0 to 1; shape (unknowns,)."""


def moved(
    scores: Floats,
    simulated: Floats,
    seen: Floats,
    *,
    luck: float,
    doubt: Floats,
    times: float,
    draws: np.random.Generator,
) -> Moved:
    """One step.

    ``scores``: unknowns on a scale on which they are normal, shape (members, unknowns); ``simulated``: counts of the
    members' rollouts, shape (members, cells), and ``seen``, shape (cells,), on a scale on which luck is the same
    everywhere. ``luck``, ``doubt``: the variance of a count by the luck of one rollout, and by the model being wrong,
    shape (cells,). A member's own luck is in its counts already. ``times``: of ``STEPS``.
    """
    more = np.sqrt((times - 1.0) * luck + times * doubt)
    blurred = simulated + more * draws.standard_normal(simulated.shape)
    middle, centre = blurred.mean(axis=0), scores.mean(axis=0)
    _, lengths, axes = np.linalg.svd(blurred - middle, full_matrices=False)
    told = lengths > 1e-9 * max(1e-300, float(lengths[0]))
    axes = axes[told].T / lengths[told]
    components, target = (blurred - middle) @ axes, (seen - middle) @ axes  # of length 1, at right angles
    along = components.T @ (scores - centre)  # shape (components, unknowns)
    squared = along**2 / np.maximum(1e-300, ((scores - centre) ** 2).sum(axis=0))
    trust = np.maximum(0.0, 1.0 - CHANCE / (len(scores) * np.maximum(1e-300, squared)))
    along *= trust
    # the plane leans to each of those that it was laid through, and not to the real rollout: as if each was left out
    own = np.minimum(_MOST_OWN, components**2 @ trust)
    left = (scores - centre - components @ along) / (1.0 - own)
    return Moved(centre + target @ along + left, (trust**2 * squared).sum(axis=0))
