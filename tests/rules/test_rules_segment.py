import math

import numpy as np
import pytest
from rules_download import downloads
from rules_world import radio

from fota_sim.rules.link import chunk_failure, chunk_s, rate_bps
from fota_sim.rules.rows import CHUNK_ATTEMPTS, CHUNK_B, RECOVERY_S
from fota_sim.rules.segment import segment

RUNS = 4000
SIZE_B = 300_000
FLASH_BPS = 99_000.0
CASES = [
    ("wifi", -60.0),
    ("wifi", -86.0),
    ("lte-cat1", -75.0),
    ("lte-cat1", -100.0),
    ("lte-m", -86.0),
    ("lte-m", -113.0),
    ("lte-m", -116.0),
    ("nb-iot", -94.0),
    ("nb-iot", -113.0),
    ("nb-iot", -118.0),
]


def _played(name: str, level: float, segments: int, seed: int) -> np.ndarray:
    return downloads(radio(name, MAX_SEGMENTS=segments), level, SIZE_B, FLASH_BPS, seed, RUNS)


def _deviation_error(sample: np.ndarray) -> float:
    """Standard error of a sample's standard deviation, from its fourth moment: rare failures make it large."""
    away = sample - sample.mean()
    variance = (away**2).mean()
    return float(math.sqrt(((away**4).mean() - variance**2) / len(sample)) / (2.0 * math.sqrt(variance)))


@pytest.mark.parametrize(("name", "level"), CASES)
def test_32_segments_agree_with_chunk_by_chunk_at_a_fixed_signal(name, level):
    """Mean seconds and bytes and the share that breaks off within 4 standard errors; deviation within 4 and 5 %.

    5 % is what the Poisson count's spread may be off by (docs/model.md, Segments).
    """
    exact = _played(name, level, 1_000_000, seed=1)
    coarse = _played(name, level, 32, seed=2)
    # sent bytes are cut to whole bytes per segment: up to one byte for each of them
    slack = (1e-6, math.ceil(SIZE_B / radio(name)[CHUNK_B]), 0.0)
    for column in range(3):
        error = math.sqrt((exact[:, column].var() + coarse[:, column].var()) / RUNS)
        assert abs(exact[:, column].mean() - coarse[:, column].mean()) <= 4.0 * error + slack[column]
    noise = math.hypot(_deviation_error(exact[:, 0]), _deviation_error(coarse[:, 0]))
    assert coarse[:, 0].std() == pytest.approx(exact[:, 0].std(), rel=0, abs=0.05 * exact[:, 0].std() + 4.0 * noise)


@pytest.mark.parametrize(("name", "level"), CASES)
def test_chunk_by_chunk_breaks_off_as_often_as_the_formula_says(name, level):
    row = radio(name)
    p_break = chunk_failure(row, level) ** row[CHUNK_ATTEMPTS]
    expected = 1.0 - (1.0 - p_break) ** math.ceil(SIZE_B / row[CHUNK_B])
    share = _played(name, level, 1_000_000, seed=3)[:, 2].mean()
    assert abs(share - expected) <= 4.0 * math.sqrt(expected * (1.0 - expected) / RUNS) + 1.0 / RUNS


def test_a_segment_without_failures_takes_its_chunks_time_and_bytes():
    row = radio("nb-iot", P_FLOOR=0.0)
    one_s = chunk_s(row, -60.0, 512.0, rate_bps(row, -60.0), FLASH_BPS)
    seconds, on_air_s, sent_B, broken = segment(row, -60.0, 10 * 512, math.inf, FLASH_BPS, 0.5, 0.5)
    assert seconds == pytest.approx(10 * one_s)
    assert 0.0 < on_air_s < seconds
    assert (sent_B, broken) == (10 * 512, False)


def test_no_link_breaks_off_after_every_attempt_with_nothing_sent():
    row = radio("wifi")
    attempts = int(row[CHUNK_ATTEMPTS])
    played = segment(row, -110.0, 4096, math.inf, FLASH_BPS, 0.5, 0.5)
    assert played == (attempts * row[RECOVERY_S], 0.0, 0, True)


def test_the_networks_share_slows_a_segment_down():
    row = radio("wifi", P_FLOOR=0.0)
    seconds = segment(row, -40.0, 409_600, 100_000.0, FLASH_BPS, 0.5, 0.5)[0]
    assert seconds == pytest.approx(409_600 * 8 * 1.05 / 100_000.0)
