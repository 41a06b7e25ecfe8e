"""The operator's actions and the plan's end: they concern many devices at once, between two stretches of the loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled.bound import operator
from fota_sim.engines.compiled.memory import loop_of
from fota_sim.engines.compiled.room import NOTHING, short_of
from fota_sim.rules.compiled import rule


@rule
def act_on(w: Any, action: int, devices: NDArray[np.int64], begin: int, now_ms: int, expired: int) -> int:
    """Do something to devices of ``w``'s plan from the ``begin``-th on; the position of the first without room.

    ``expired``: the status of a device whose plan ended before it began. Raises nothing; ``short_of`` says
    which array has to grow.
    """
    loop = loop_of(w)
    for position in range(begin, devices.shape[0]):
        loop.short_of = short_of(w)
        if loop.short_of != NOTHING:
            return position
        operator.act_on(w, devices[position], action, now_ms, expired)
    return devices.shape[0]
