"""Devices that the plan is not for, of a log that lists none of them: whom it does not name are they, and no others.

Beforehand devices of a group are alike, so a simulated rollout has those that a list keeps out anywhere. A log without
a word for them names none; what is missing beside them is missing by luck. If they were anywhere, they would be as many
among those that the log does not name as among all, and forecasts too high by those that are too few.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def exchanged(
    apart: NDArray[np.bool_], unnamed: NDArray[np.bool_], group: NDArray[np.int32], drawn: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """For each device the one whose luck it gets, so that as few as can be are both named and ``apart``.

    ``apart``: the plan is not for it, in this simulated rollout; ``unnamed``: the log does not name it; ``drawn``: what
    it is was drawn, and does not stand in a table. Only such devices of one group are exchanged. All of shape
    (devices,).
    """
    chosen: NDArray[np.intp] = np.arange(len(apart))
    out, free = drawn & apart & ~unnamed, drawn & ~apart & unnamed
    for one in np.unique(group[out]):
        mine, theirs = np.flatnonzero(out & (group == one)), np.flatnonzero(free & (group == one))
        count = min(len(mine), len(theirs))
        chosen[mine[:count]], chosen[theirs[:count]] = theirs[:count], mine[:count]
    return chosen
