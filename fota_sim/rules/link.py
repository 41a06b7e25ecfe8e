"""The download link: how fast a chunk goes at a given signal, and how often it fails."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.radio import coverage_level
from fota_sim.rules.rows import (
    ALPHA,
    BANDWIDTH_HZ,
    BLOCK_MODE,
    CHUNK_B,
    EFFICIENCY,
    GAP_S,
    LAW,
    LAW_MCS,
    LAW_NB_IOT,
    LAW_SHANNON,
    MARGIN_DB,
    MAX_SEGMENTS,
    NOISE_DBM,
    OVERHEAD,
    P_FLOOR,
    RATE_CAP_BPS,
    ROUND_TRIP_MOST_S,
    ROUND_TRIP_S,
    ROUND_TRIP_SIGMA,
    S50_DBM,
    SEGMENT_S,
    SHARE,
    SNR_MIN_DB,
    TABLE_BPS,
    TABLE_DBM,
    TABLE_LOG_BPS,
    TABLE_POINTS,
    TRANSPORT_BLOCK_BITS,
    WIDTH_DB,
)

_STEEPEST = 700.0  # of an exponential, before plain Python calls it an error and compiled code infinity
_CLEAREST_DB = 3000.0  # of a ratio of powers, for the same reason
_NB_IOT_NPDSCH_SHARE = 0.9  # of the carrier left after NPSS, NSSS and NPBCH; assumption


@rule
def _step_bps(radio: NDArray[np.float64], rssi_dBm: float) -> float:
    """The rate of the fastest table entry whose sensitivity plus margin the signal reaches; 0 below all."""
    best = 0.0
    for i in range(int(radio[TABLE_POINTS])):
        if rssi_dBm >= radio[TABLE_DBM + i] + radio[MARGIN_DB]:
            best = radio[TABLE_BPS + i]
    return best


@rule
def _interpolated_bps(radio: NDArray[np.float64], rssi_dBm: float) -> float:
    """The table's rate, its logarithm interpolated over dBm; flat above the last entry, 0 below the first."""
    points = int(radio[TABLE_POINTS])
    if rssi_dBm < radio[TABLE_DBM]:
        return 0.0
    for i in range(1, points):
        high_dBm = radio[TABLE_DBM + i]
        if rssi_dBm <= high_dBm:
            low_dBm = radio[TABLE_DBM + i - 1]
            low = radio[TABLE_LOG_BPS + i - 1]
            high = radio[TABLE_LOG_BPS + i]
            return math.exp(low + (high - low) * (rssi_dBm - low_dBm) / (high_dBm - low_dBm))
    return float(radio[TABLE_BPS + points - 1])


@rule
def rate_bps(radio: NDArray[np.float64], rssi_dBm: float) -> float:
    """The download rate in bit/s at ``rssi_dBm``; 0 where there is no link.

    Laws: IEEE 802.11 MCS table times an efficiency; truncated Shannon (3GPP TR 36.942 Annex A); NB-IoT physical
    rate with a scheduling gap per transport block; or the user's own table.
    """
    law = radio[LAW]
    if law == LAW_MCS:
        rate = radio[EFFICIENCY] * _step_bps(radio, rssi_dBm)
    elif law == LAW_SHANNON:
        snr_dB = rssi_dBm - radio[NOISE_DBM]
        if snr_dB < radio[SNR_MIN_DB]:
            return 0.0
        capacity = radio[BANDWIDTH_HZ] * math.log2(1.0 + math.pow(10.0, min(_CLEAREST_DB, snr_dB) / 10.0))
        rate = radio[SHARE] * radio[ALPHA] * capacity
    elif law == LAW_NB_IOT:
        physical = _interpolated_bps(radio, rssi_dBm)
        if physical <= 0.0:
            return 0.0
        block = radio[TRANSPORT_BLOCK_BITS]
        gap_s = radio[GAP_S + coverage_level(radio, rssi_dBm)]
        rate = _NB_IOT_NPDSCH_SHARE * block / (block / physical + gap_s)
    else:
        rate = _interpolated_bps(radio, rssi_dBm)
    return float(min(rate, radio[RATE_CAP_BPS]))


@rule
def air_s(radio: NDArray[np.float64], size_B: float, bps: float) -> float:
    """Time on the air for ``size_B`` bytes of file with their headers at ``bps`` bit/s."""
    return float(8.0 * size_B * (1.0 + radio[OVERHEAD]) / bps)


@rule
def round_trip_s(radio: NDArray[np.float64], level: int, z: float) -> float:
    """A round trip at this coverage level: lognormal, up to a longest.

    ``z``: standard normal, the connection's luck with round trips; 0 gives the median.
    """
    sigma = radio[ROUND_TRIP_SIGMA + level]
    if sigma <= 0.0:
        return float(radio[ROUND_TRIP_S + level])
    return float(min(radio[ROUND_TRIP_MOST_S], radio[ROUND_TRIP_S + level] * math.exp(sigma * z)))


@rule
def chunk_s(radio: NDArray[np.float64], size_B: float, bps: float, flash_Bps: float, trip_s: float) -> float:
    """Time for one chunk: a stream overlaps air and flash, block mode pays air, a round trip and flash in turn."""
    flash_s = size_B / flash_Bps
    on_air_s = air_s(radio, size_B, bps)
    if radio[BLOCK_MODE] > 0.0:
        return float(on_air_s + trip_s + flash_s)
    return max(on_air_s, flash_s)


@rule
def chunk_failure(radio: NDArray[np.float64], rssi_dBm: float) -> float:
    """Probability that one chunk fails: a floor, and a logistic rise around the radio's 50 % point."""
    p0 = radio[P_FLOOR]
    above = min(_STEEPEST, (rssi_dBm - radio[S50_DBM]) / radio[WIDTH_DB])
    return float(p0 + (1.0 - p0) / (1.0 + math.exp(above)))


@rule
def chunks_of(radio: NDArray[np.float64], size_B: int) -> int:
    """How many chunks a file of ``size_B`` bytes is."""
    chunk = int(radio[CHUNK_B])
    return (size_B + chunk - 1) // chunk


@rule
def segments_of(
    radio: NDArray[np.float64],
    rssi_dBm: float,
    size_B: int,
    share_bps: float,
    flash_Bps: float,
    trip_s: float,
) -> int:
    """In how many segments a file is downloaded, judged at its start: as many as last the radio's segment time or less.

    Not more than one per chunk, nor than the radio's limit; one where there is no link.
    """
    bps = min(rate_bps(radio, rssi_dBm), share_bps)
    if bps <= 0.0:
        return 1
    chunks = chunks_of(radio, size_B)
    most = min(chunks, int(radio[MAX_SEGMENTS]))
    whole_s = chunks * chunk_s(radio, radio[CHUNK_B], bps, flash_Bps, trip_s)
    if whole_s >= most * radio[SEGMENT_S]:
        return most
    return int(max(1, math.ceil(whole_s / radio[SEGMENT_S])))


@rule
def segment_end_B(radio: NDArray[np.float64], size_B: int, segment: int, segments: int) -> int:
    """The file offset in bytes at which ``segment`` (from 0) of ``segments`` ends; whole chunks but for the last."""
    chunks = chunks_of(radio, size_B)
    chunk = (segment + 1) * chunks // segments
    return min(size_B, chunk * int(radio[CHUNK_B]))


@rule
def too_slow(radio: NDArray[np.float64], rssi_dBm: float, flash_Bps: float, patience_s: float) -> bool:
    """Whether a stream shows no progress before the module's patience ends; block mode answers per block."""
    if radio[BLOCK_MODE] > 0.0:
        return False
    bps = rate_bps(radio, rssi_dBm)
    if bps <= 0.0:
        return True
    return bool(chunk_s(radio, radio[CHUNK_B], bps, flash_Bps, 0.0) > patience_s)


@rule
def progress_heard_ms(began_ms: int, now_ms: int, interval_ms: int) -> int:
    """When a download that goes on since ``began_ms`` said its last 7,10702, whatever was written down of it so far."""
    return began_ms + (now_ms - began_ms) // interval_ms * interval_ms


@rule
def progress_due(elapsed_ms: int, interval_ms: int) -> int:
    """How many 7,10702 a download has to its name: one at the first data, one for every interval that passed."""
    return elapsed_ms // interval_ms + 1
