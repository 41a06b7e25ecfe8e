"""A download played segment by segment at a signal that holds still, fast enough for thousands of runs."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import COMPILED
from fota_sim.rules.draws import uniform_pair
from fota_sim.rules.link import round_trip_s, segment_end_B, segments_of
from fota_sim.rules.radio import coverage_level
from fota_sim.rules.segment import segment


def _downloads(
    radio: NDArray[np.float64], rssi_dBm: float, size_B: int, flash_Bps: float, seed: int, out: NDArray[np.float64]
) -> None:
    trip_s = round_trip_s(radio, coverage_level(radio, rssi_dBm), 0.0)
    for run in range(out.shape[0]):
        at_B = 0
        segments = segments_of(radio, rssi_dBm, size_B, np.inf, flash_Bps, trip_s)
        for index in range(segments):
            end_B = segment_end_B(radio, size_B, index, segments)
            u_break, u_count = uniform_pair(seed, 0, np.uint64(run), 41, index)
            seconds, _, sent_B, broken = segment(
                radio, rssi_dBm, end_B - at_B, np.inf, flash_Bps, trip_s, u_break, u_count
            )
            at_B = end_B
            out[run, 0] += seconds
            out[run, 1] += sent_B
            if broken:
                out[run, 2] = 1.0
                break


_fast = numba.njit(_downloads) if COMPILED else _downloads


def downloads(
    radio: NDArray[np.float64], rssi_dBm: float, size_B: int, flash_Bps: float, seed: int, runs: int
) -> NDArray[np.float64]:
    """Shape (runs, 3): seconds, bytes over the air, 1 where the download broke off."""
    out = np.zeros((runs, 3))
    _fast(radio, rssi_dBm, size_B, flash_Bps, seed, out)
    return out
