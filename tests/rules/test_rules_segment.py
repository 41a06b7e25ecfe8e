"""A segment against the law of its chunks: each fails with p, m failures in a row break the download off.

What is known in closed form is computed here; the long form at the end plays every chunk instead (`pytest -m long`).
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_download import downloads
from rules_world import plain_radio, radio
from scipy import stats

from fota_sim.rules.link import chunk_failure, chunk_s, rate_bps, round_trip_s, segment_end_B, segments_of
from fota_sim.rules.radio import coverage_level
from fota_sim.rules.rows import CHUNK_ATTEMPTS, CHUNK_B, RECOVERY_S
from fota_sim.rules.segment import played, segment

FAST = 1e9
"""Bytes per second of a flash that nothing waits for."""
HERE = -60.0


def _radio(p: float, attempts: int, **positions: float):
    """Chunks of 1,000 B take 1 s and fail with ``p``; a failure costs half of it and 10 s."""
    values = {"CHUNK_B": 1000.0, "P_FLOOR": p, "CHUNK_ATTEMPTS": attempts, "RECOVERY_S": 10.0, **positions}
    return plain_radio({-130.0: 8000.0}, **values)


def _play(row, chunks: float, u_break: float, u_count: float, trip_s: float = 0.0):
    return segment(row, HERE, int(1000 * chunks), math.inf, FAST, trip_s, u_break, u_count)


@pytest.mark.parametrize(
    ("u_break", "whole"),
    [
        (0.99, 0),
        (0.751, 0),
        (0.749, 1),  # g chunks are whole with u in ((3/4)^(g+1), (3/4)^g]
        (0.5, 2),
        (0.3165, 3),
        (0.3164, 4),  # (3/4)^4 is 0.31640625
        (1e-9, 4),
    ],
)
def test_with_q_a_quarter_a_segment_of_four_chunks_breaks_after_as_many_as_a_geometric_law_says(u_break, whole):
    """p = 1/2 and two attempts; a break costs these two failures, and half a chunk's bytes for each."""
    seconds, on_air_s, sent_B, broken = _play(_radio(0.5, 2), 4, u_break, 1e-9)
    assert broken == (whole < 4)
    failures = 2 if broken else 0
    assert seconds == whole + failures * (0.5 + 10.0)
    assert sent_B == 1000 * whole + 500 * failures
    assert on_air_s == min(seconds, 8.0 * sent_B / 8000.0)


@given(st.floats(1e-6, 0.999), st.integers(1, 4), st.integers(1, 600), st.floats(1e-15, 1.0, exclude_max=True))
def test_a_segment_breaks_exactly_where_the_logarithms_say(p, attempts, chunks, u):
    """Also where it is seen without any logarithm that it does not."""
    q = p**attempts
    logarithms = math.log(u) / math.log1p(-q)
    if abs(logarithms - chunks) > 1e-6 * chunks:
        assert _play(_radio(p, attempts), chunks, u, 0.5)[3] == (logarithms < chunks)


@pytest.mark.parametrize(
    ("u_count", "failures"), [(0.01, 0), (0.5714, 0), (0.5715, 1), (0.857, 1), (0.8572, 2), (0.9999, 2)]
)
def test_one_chunk_of_three_attempts_that_succeeds_failed_4_to_2_to_1(u_count, failures):
    """With p = 1/2: 4/7 never, 2/7 once, 1/7 twice."""
    seconds, _, sent_B, broken = _play(_radio(0.5, 3), 1, 1e-9, u_count)
    assert (seconds, sent_B, broken) == (1.0 + failures * 10.5, 1000 + 500 * failures, False)


def test_a_chunk_that_may_fail_once_at_most_never_failed_if_it_succeeded():
    assert _play(_radio(0.5, 1), 1, 1e-9, 0.9999)[0] == 1.0


@pytest.mark.parametrize(("attempts", "mean"), [(1, 0.0), (2, 1 / 3), (3, 4 / 7), (4, 11 / 15)])
@pytest.mark.parametrize("u_count", [0.01, 0.3, 0.5, 0.9, 0.999])
def test_several_chunks_failed_as_often_as_a_poisson_law_of_their_mean_says(attempts, mean, u_count):
    """With p = 1/2, a chunk that succeeds within m attempts failed (sum of k 2^-k) / (sum of 2^-k) times."""
    failures = stats.poisson.ppf(u_count, 40 * mean) if mean else 0
    seconds, _, sent_B, broken = _play(_radio(0.5, attempts), 40, 1e-15, u_count)
    assert (seconds, sent_B, broken) == (40.0 + failures * 10.5, 40_000 + 500 * failures, False)


def test_the_whole_chunks_before_a_break_failed_too():
    """Two whole chunks of two attempts: a mean of 2/3, of which the 0.9 quantile is 2, and the two that broke it."""
    assert _play(_radio(0.5, 2), 4, 0.5, 0.9)[0] == 2.0 + (stats.poisson.ppf(0.9, 2 / 3) + 2) * 10.5


def test_a_chunk_that_always_fails_breaks_off_at_once():
    assert _play(_radio(1.0, 3), 4, 1e-9, 0.5) == (3 * 10.5, 1.5, 1500, True)


def test_a_short_last_chunk_takes_its_share_of_time_and_bytes():
    assert _play(_radio(0.0, 3), 1.5, 0.5, 0.5) == (1.5, 1.5, 1500, False)


def test_a_file_shorter_than_a_chunk_is_one_of_its_own_size():
    assert _play(_radio(0.0, 3), 0.5, 0.5, 0.5) == (0.5, 0.5, 500, False)
    block = _radio(0.0, 3, BLOCK_MODE=1.0)
    assert _play(block, 0.5, 0.5, 0.5, trip_s=2.0)[:3] == (pytest.approx(2.5), 0.5, 500)


def test_bytes_are_whole_bytes():
    """Half of a chunk of 333 B that failed once."""
    assert segment(_radio(0.5, 3), HERE, 333, math.inf, FAST, 0.0, 1e-9, 0.7)[2] == 333 + 166


def test_a_segment_without_failures_takes_its_chunks_time_and_bytes():
    row = radio("nb-iot", P_FLOOR=0.0)
    one_s = chunk_s(row, 512.0, rate_bps(row, -60.0), FLASH_BPS, 0.7)
    seconds, on_air_s, sent_B, broken = segment(row, -60.0, 10 * 512, math.inf, FLASH_BPS, 0.7, 0.5, 0.5)
    assert seconds == pytest.approx(10 * one_s)
    assert on_air_s == pytest.approx(10 * 512 * 8 * 1.12 / rate_bps(row, -60.0))
    assert (sent_B, broken) == (10 * 512, False)


def test_no_link_breaks_off_after_every_attempt_with_nothing_sent():
    assert segment(_radio(0.0, 3), -131.0, 4096, math.inf, FAST, 0.0, 0.5, 0.5) == (30.0, 0.0, 0, True)
    assert segment(_radio(0.0, 3), HERE, 4096, 0.0, FAST, 0.0, 0.5, 0.5) == (30.0, 0.0, 0, True)


def test_the_networks_share_slows_a_segment_down():
    row = radio("wifi", P_FLOOR=0.0)
    seconds = segment(row, -40.0, 409_600, 100_000.0, FLASH_BPS, 0.0, 0.5, 0.5)[0]
    assert seconds == pytest.approx(409_600 * 8 * 1.05 / 100_000.0)


@pytest.mark.parametrize(
    ("lasts_ms", "after_ms", "part"), [(1000, 0, 0.0), (1000, 250, 0.25), (1000, 1000, 1.0), (1, 9, 1.0)]
)
def test_a_power_cut_leaves_the_part_that_was_played(lasts_ms, after_ms, part):
    assert played(lasts_ms, after_ms) == part


# Whole files on the built-in radios.

SIZE_B = 300_000
RUNS = 4000
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


def _chunk_by_chunk(row, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Means and deviations of seconds, bytes and breaks of a file played chunk by chunk: exact.

    Over g, how many chunks are whole: (1 - q)^g q for a break, else all n. Given g, failures are g independent
    truncated geometric counts, and m more for a break.
    """
    m, chunk_B = int(row[CHUNK_ATTEMPTS]), row[CHUNK_B]
    p, n = chunk_failure(row, level), math.ceil(SIZE_B / chunk_B)
    one_s = chunk_s(row, chunk_B, rate_bps(row, level), FLASH_BPS, round_trip_s(row, coverage_level(row, level), 0.0))
    k = np.arange(m)
    weights = p**k / (p**k).sum()
    mean = (k * weights).sum()
    variance = (k * k * weights).sum() - mean**2
    g = np.arange(n + 1)
    chance = (1.0 - p**m) ** g * np.where(g < n, p**m, 1.0)
    done_B = np.minimum(SIZE_B, g * chunk_B)
    failures = g * mean + m * (g < n)
    lost = np.array([0.5 * one_s + row[RECOVERY_S], 0.5 * chunk_B, 0.0])  # seconds and bytes of a failure
    values = np.array([one_s * done_B / chunk_B, done_B, g < n]) + np.outer(lost, failures)
    means = (values * chance).sum(axis=1)
    between = ((values - means[:, None]) ** 2 * chance).sum(axis=1)
    return means, np.sqrt(between + lost**2 * variance * (g * chance).sum())


def _played(row, level: float, runs: int) -> np.ndarray:
    """Shape (runs, 3): seconds, bytes, 1 where it broke off; in the segments that the rules cut a file into."""
    random = np.random.default_rng(7)
    trip_s = round_trip_s(row, coverage_level(row, level), 0.0)
    segments = segments_of(row, level, SIZE_B, math.inf, FLASH_BPS, trip_s)
    sizes = np.diff([0, *(segment_end_B(row, SIZE_B, i, segments) for i in range(segments))]).tolist()
    told = np.zeros((runs, 3))
    for run in range(runs):
        draws = random.random((segments, 2))
        for size_B, (u_break, u_count) in zip(sizes, draws.tolist(), strict=True):
            seconds, _, sent_B, broken = segment(row, level, size_B, math.inf, FLASH_BPS, trip_s, u_break, u_count)
            told[run] += seconds, sent_B, broken
            if broken:
                break
    return told


def _deviation_error(sample: np.ndarray) -> float:
    """Standard error of a sample's standard deviation, from its fourth moment: rare failures make it large."""
    away = sample - sample.mean()
    variance = (away**2).mean()
    return float(math.sqrt(((away**4).mean() - variance**2) / len(sample)) / (2.0 * math.sqrt(variance)))


@pytest.mark.parametrize(("name", "level"), CASES)
def test_a_file_in_segments_agrees_with_chunk_by_chunk_at_a_fixed_signal(name, level):
    """Means within 4 standard errors of the exact ones; deviation within 4, and 5 %.

    5 % is what the Poisson count's spread may be off by (docs/model.md, Segments).
    """
    row = radio(name)
    means, deviations = _chunk_by_chunk(row, level)
    told = _played(row, level, RUNS)
    cut_B = np.array([0.0, 32.0, 0.0])  # bytes are cut to whole ones, once in each segment
    assert (abs(told.mean(axis=0) - means) <= 4.0 * deviations / math.sqrt(RUNS) + cut_B + 1e-9).all()
    slack = 0.05 * deviations[0] + 4.0 * _deviation_error(told[:, 0])
    assert abs(told[:, 0].std() - deviations[0]) <= slack


@pytest.mark.long
@pytest.mark.parametrize(("name", "level"), CASES)
def test_32_segments_agree_with_chunk_by_chunk_played_out(name, level):
    """The same without a closed form: mean and deviation within 4 standard errors of those of single chunks."""
    exact = downloads(radio(name, MAX_SEGMENTS=1_000_000, SEGMENT_S=0.0), level, SIZE_B, FLASH_BPS, 1, RUNS)
    coarse = downloads(radio(name, MAX_SEGMENTS=32, SEGMENT_S=0.0), level, SIZE_B, FLASH_BPS, 2, RUNS)
    # sent bytes are cut to whole bytes per segment: up to one byte for each of them
    slack = (1e-6, math.ceil(SIZE_B / radio(name)[CHUNK_B]), 0.0)
    for column in range(3):
        error = math.sqrt((exact[:, column].var() + coarse[:, column].var()) / RUNS)
        assert abs(exact[:, column].mean() - coarse[:, column].mean()) <= 4.0 * error + slack[column]
    noise = math.hypot(_deviation_error(exact[:, 0]), _deviation_error(coarse[:, 0]))
    assert coarse[:, 0].std() == pytest.approx(exact[:, 0].std(), rel=0, abs=0.05 * exact[:, 0].std() + 4.0 * noise)


@pytest.mark.long
@pytest.mark.parametrize(("name", "level"), CASES)
def test_chunk_by_chunk_played_out_has_the_moments_of_the_closed_form(name, level):
    means, deviations = _chunk_by_chunk(radio(name), level)
    told = downloads(radio(name, MAX_SEGMENTS=1_000_000, SEGMENT_S=0.0), level, SIZE_B, FLASH_BPS, 3, RUNS)
    cut_B = np.array([0.0, 600.0, 0.0])
    assert (abs(told.mean(axis=0) - means) <= 4.0 * deviations / math.sqrt(RUNS) + cut_B + 1e-9).all()
    assert abs(told[:, 0].std() - deviations[0]) <= 4.0 * _deviation_error(told[:, 0])
