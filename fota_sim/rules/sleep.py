"""Sleep as the network knows it: what PSM and eDRX draw, and when a module hears what is sent to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.rows import I_EDRX_MA, I_GAP_MA, I_IDLE_MA, I_RECEIVE_MA, I_SLEEP_MA, RESUME_S, ROUND_TRIP_S


@rule
def paged_mA(module: NDArray[np.float64], edrx_ms: int, window_ms: int) -> float:
    """Mean current of an idle module: as awake in paging windows, lightly asleep between; without eDRX awake."""
    if edrx_ms == 0:
        return float(module[I_IDLE_MA])
    return float(module[I_EDRX_MA] + (module[I_IDLE_MA] - module[I_EDRX_MA]) * window_ms / edrx_ms)


@rule
def listening_mA(
    module: NDArray[np.float64], inactivity_ms: int, active_ms: int, edrx_ms: int, window_ms: int
) -> float:
    """Mean current from the last word to PSM: connected until the network lets it go, then listening for T3324."""
    idle_mA = paged_mA(module, edrx_ms, window_ms)
    if inactivity_ms + active_ms == 0:
        return idle_mA
    return float((module[I_GAP_MA] * inactivity_ms + idle_mA * active_ms) / (inactivity_ms + active_ms))


@rule
def exchange_ms(radio: NDArray[np.float64]) -> float:
    """How long a periodic TAU takes: coming back to the network, and a round trip in good coverage."""
    return float((radio[RESUME_S] + radio[ROUND_TRIP_S]) * 1000.0)


@rule
def tau_ms(radio: NDArray[np.float64], inactivity_ms: int, active_ms: int) -> float:
    """How long a periodic TAU keeps a module awake: the exchange, and listening after it."""
    return float(exchange_ms(radio) + inactivity_ms + active_ms)


@rule
def tau_uC(
    radio: NDArray[np.float64],
    module: NDArray[np.float64],
    inactivity_ms: int,
    active_ms: int,
    edrx_ms: int,
    window_ms: int,
) -> float:
    """Charge of a periodic TAU in microcoulombs: the exchange, and listening after it."""
    exchange_uC = exchange_ms(radio) * (module[I_IDLE_MA] + module[I_RECEIVE_MA])
    listening_uC = listening_mA(module, inactivity_ms, active_ms, edrx_ms, window_ms) * (inactivity_ms + active_ms)
    return float(exchange_uC + listening_uC)


@rule
def asleep_mA(
    radio: NDArray[np.float64],
    module: NDArray[np.float64],
    inactivity_ms: int,
    active_ms: int,
    edrx_ms: int,
    window_ms: int,
    report_ms: int,
    taus: int,
) -> float:
    """Mean current between reports in PSM: the floor, and so many periodic TAUs spread over the time asleep.

    ``report_ms``: from one report to the next.
    """
    floor_mA = module[I_SLEEP_MA]
    if taus == 0:
        return float(floor_mA)
    awake_ms = tau_ms(radio, inactivity_ms, active_ms)
    extra_uC = tau_uC(radio, module, inactivity_ms, active_ms, edrx_ms, window_ms) - awake_ms * floor_mA
    return float(floor_mA + taus * extra_uC / max(1.0, report_ms - awake_ms))


@rule
def hears_ms(now_ms: int, talked_ms: int, inactivity_ms: int, edrx_ms: int, window_ms: int, phase_ms: int) -> int:
    """When a module that is on hears what is sent to it now.

    At once while it is connected, which it is for a while after each word, and without eDRX; else in a paging window:
    one begins ``phase_ms`` after activation, and then every cycle.
    """
    if edrx_ms == 0 or now_ms <= talked_ms + inactivity_ms:
        return now_ms
    since_ms = (now_ms - phase_ms) % edrx_ms
    return now_ms if since_ms < window_ms else now_ms + edrx_ms - since_ms
