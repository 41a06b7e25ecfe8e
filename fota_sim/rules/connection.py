"""Getting onto the network: how long registering takes, and whether it works at this signal."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.delay import delay_s
from fota_sim.rules.link import chunk_failure, rate_bps
from fota_sim.rules.rows import CONNECT_DELAY, RECOVERY_S, RESUME_S

TRIES = 6
"""Failed tries after which the module reopens the network (QuecThing SDK 2.9.0: more than six failures)."""
REOPEN_S = 1800.0
"""Pause before it does (QuecThing SDK 2.9.0: 30 min)."""


@rule
def connect(
    radio: NDArray[np.float64], rssi_dBm: float, resumes: bool, u_delay: float, u_tries: float
) -> tuple[float, bool]:
    """Seconds until registered and subscribed, or until the module gives up for now, and which of the two.

    ``resumes``: the module slept with its registration kept, so the cold start is spared. Each try fails like a
    chunk does at this signal and costs the recovery time; where there is no link at all, every try fails.
    """
    once_s = radio[RESUME_S] if resumes else delay_s(radio, CONNECT_DELAY, u_delay)
    p = chunk_failure(radio, rssi_dBm)
    if rate_bps(radio, rssi_dBm) <= 0.0 or p >= 1.0:
        failed = TRIES + 1
    else:
        failed = int(min(TRIES + 1.0, math.log(u_tries) / math.log(p)))
    if failed > TRIES:
        return float((TRIES + 1) * (once_s + radio[RECOVERY_S])), False
    return float(once_s + failed * (once_s + radio[RECOVERY_S])), True
