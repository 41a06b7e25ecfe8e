"""One segment of a download: a run of chunks at one signal level, played in one step.

Chunk by chunk, each chunk fails with probability p and is tried again, up to m times in a row; the m-th failure
breaks the download off. A segment of n chunks draws where it breaks (geometric, exact) and how many failures the
whole chunks had: exactly (truncated geometric) for n = 1, by a Poisson count of the same mean otherwise. What is
approximate is that the signal holds still within a segment, and the count's shape; docs/model.md has the error.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.draws import poisson
from fota_sim.rules.link import air_s, chunk_failure, chunk_s, rate_bps
from fota_sim.rules.rows import CHUNK_ATTEMPTS, CHUNK_B, RECOVERY_S


@rule
def _mean_failures(p: float, attempts: int) -> float:
    """Mean number of failures before success of one chunk that succeeds within ``attempts``."""
    weight = 0.0
    total = 0.0
    power = 1.0
    for k in range(attempts):
        weight = weight + power
        total = total + k * power
        power = power * p
    return total / weight


@rule
def _failures_of_one(p: float, attempts: int, u: float) -> int:
    """The ``u`` quantile of the number of failures of one chunk that succeeds within ``attempts``."""
    weight = 0.0
    power = 1.0
    for _ in range(attempts):
        weight = weight + power
        power = power * p
    total = 0.0
    power = 1.0
    for k in range(attempts):
        total = total + power
        if u * weight <= total:
            return k
        power = power * p
    return attempts - 1


@rule
def segment(
    radio: NDArray[np.float64],
    rssi_dBm: float,
    size_B: int,
    share_bps: float,
    flash_Bps: float,
    trip_s: float,
    u_break: float,
    u_count: float,
) -> tuple[float, float, int, bool]:
    """Play ``size_B`` bytes at ``rssi_dBm``, at no more than the ``share_bps`` that the network leaves this device.

    ``trip_s``: the round trip that each chunk takes in block mode.

    Returns the duration in seconds, the part of it on the air, the bytes that crossed the air (retransmissions
    included), and whether the download broke off.
    """
    attempts = int(radio[CHUNK_ATTEMPTS])
    bps = min(rate_bps(radio, rssi_dBm), share_bps)
    if bps <= 0.0:
        return attempts * radio[RECOVERY_S], 0.0, 0, True
    chunk_B = min(float(size_B), radio[CHUNK_B])
    chunks = math.ceil(size_B / chunk_B)
    one_s = chunk_s(radio, chunk_B, bps, flash_Bps, trip_s)
    p = chunk_failure(radio, rssi_dBm)
    p_break = 1.0
    for _ in range(attempts):
        p_break = p_break * p
    whole = chunks
    broken = False
    if p_break >= 1.0:
        whole = 0
        broken = True
    elif (1.0 - u_break) * (1.0 - p_break) < chunks * p_break:  # else ln u / ln(1 - p) >= chunks for certain
        before = math.log(u_break) / math.log1p(-p_break)
        if before < chunks:
            whole = int(before)
            broken = True
    if chunks == 1 and not broken:
        failures = _failures_of_one(p, attempts, u_count)
    else:
        failures = poisson(whole * _mean_failures(p, attempts), u_count)
    if broken:
        failures = failures + attempts
    # whole chunks' bytes: the last chunk of a file may be short
    done_B = float(size_B) if whole == chunks else whole * chunk_B
    duration_s = one_s * done_B / chunk_B + failures * (0.5 * one_s + radio[RECOVERY_S])
    sent_B = done_B + 0.5 * failures * chunk_B
    return duration_s, min(duration_s, air_s(radio, sent_B, bps)), int(sent_B), broken


@rule
def played(lasts_ms: int, after_ms: int) -> float:
    """The part of a segment of ``lasts_ms`` that is played when power fails ``after_ms`` into it."""
    return min(1.0, after_ms / lasts_ms)
