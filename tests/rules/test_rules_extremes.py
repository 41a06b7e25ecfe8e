"""Parameters that nobody means: plain Python does not raise, and time stays finite."""

import math

import numpy as np
import pytest
from rules_world import RADIOS, radio

from fota_sim.engines.own_rule import plain
from fota_sim.rules import rows
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.link import chunk_failure, rate_bps
from fota_sim.rules.zone import FAR

LEVELS = (-1e308, -1e4, -120.0, -60.0, 0.0, 1e4, 1e308)


@pytest.mark.parametrize("width_dB", [1e-300, 1e-3, 2.0, 1e300])
@pytest.mark.parametrize("rssi_dBm", LEVELS)
def test_a_chunk_fails_with_a_probability_above_0_at_any_level_and_slope(rssi_dBm: float, width_dB: float) -> None:
    row = radio("lte-m", WIDTH_DB=width_dB, P_FLOOR=0.0)
    p = chunk_failure(row, rssi_dBm)
    assert 0.0 < p <= 1.0
    assert p == plain(chunk_failure)(row, rssi_dBm)


@pytest.mark.parametrize("name", RADIOS)
@pytest.mark.parametrize("rssi_dBm", LEVELS)
def test_a_rate_is_at_most_the_cap_at_any_level(rssi_dBm: float, name: str) -> None:
    row = radio(name, NOISE_DBM=-1e5)
    bps = rate_bps(row, rssi_dBm)
    assert 0.0 <= bps <= row[rows.RATE_CAP_BPS]
    assert bps == plain(rate_bps)(row, rssi_dBm)


@pytest.mark.parametrize("u", [1e-16, 0.5, 1.0 - 1e-16])
@pytest.mark.parametrize("sigma", [1e-300, 1.0, 1e6, 1e300])
def test_a_lognormal_delay_stays_within_its_bounds_at_any_width(sigma: float, u: float) -> None:
    row = np.zeros(rows.DELAY_ROW)
    row[rows.DELAY_KIND], row[rows.DELAY_A], row[rows.DELAY_B] = rows.DELAY_LOGNORMAL, 60.0, sigma
    row[rows.DELAY_MIN_S], row[rows.DELAY_MAX_S] = 0.0, math.inf
    seconds = delay_s(row, 0, u)
    assert seconds >= 0.0
    assert seconds == plain(delay_s)(row, 0, u)
    assert 1 <= to_ms(seconds) < FAR


@pytest.mark.parametrize("seconds", [1e12, 1e15, 1e300, math.inf])
def test_the_longest_time_is_beyond_every_run_and_before_never(seconds: float) -> None:
    assert to_ms(seconds) == plain(to_ms)(seconds) == 10**15 < FAR
