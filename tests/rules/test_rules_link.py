"""Against the reference calculation that the built-in radios come from: a module that stores 99 kB/s."""

import math

import pytest
from rules_world import RADIOS, radio

from fota_sim.rules.link import (
    chunk_failure,
    chunk_s,
    chunks_of,
    rate_bps,
    segment_end_B,
    segments_of,
)
from fota_sim.rules.rows import CHUNK_B, CONNECT_DELAY, DELAY_A, RECOVERY_S

FLASH_BPS = 99_000.0

RATES_KBPS = {"lte-cat1": (505, 0, 0), "lte-m": (300, 160, 85), "nb-iot": (22, 8, 6)}


@pytest.mark.parametrize("name", RATES_KBPS)
def test_rates_at_weak_signal_are_those_of_the_reference(name):
    row = radio(name)
    assert tuple(round(rate_bps(row, level) / 1000.0) for level in (-100.0, -110.0, -113.0)) == RATES_KBPS[name]


@pytest.mark.parametrize(
    ("name", "level", "share"), [("lte-m", -113, 0.077), ("nb-iot", -113, 0.013), ("lte-cat1", -100, 0.16)]
)
def test_chunks_fail_at_weak_signal_as_often_as_in_the_reference(name, level, share):
    assert chunk_failure(radio(name), float(level)) == pytest.approx(share, abs=0.0005 if share < 0.1 else 0.005)


MINUTE = 60.0
TIMES = [
    # radio, bytes, chunk bytes, dBm, seconds with connecting
    ("wifi", 500_000, 4096, -60, 9),
    ("lte-cat1", 500_000, 4096, -85, 12),
    ("lte-cat1", 500_000, 4096, -100, 202),
    ("lte-cat1", 5_000_000, 4096, -60, 61),
    ("lte-cat1", 5_000_000, 4096, -100, 32 * MINUTE),
    ("lte-m", 22_536, 4096, -113, 19),
    ("lte-m", 500_000, 4096, -85, 26),
    ("lte-m", 500_000, 4096, -110, 66),
    ("lte-m", 500_000, 4096, -113, 186),
    ("lte-m", 5_000_000, 4096, -113, 29 * MINUTE),
    ("nb-iot", 22_536, 512, -85, 63),
    ("nb-iot", 22_536, 512, -110, 143),
    ("nb-iot", 500_000, 512, -85, 19 * MINUTE),
    ("nb-iot", 500_000, 512, -110, 48 * MINUTE),
    ("nb-iot", 500_000, 512, -113, 52 * MINUTE),
    ("nb-iot", 5_000_000, 512, -100, 3.1 * 60 * MINUTE),
    ("nb-iot", 500_000, 1024, -85, 11 * MINUTE),
]


@pytest.mark.parametrize(("name", "size_B", "chunk_B", "level", "seconds"), TIMES)
def test_a_download_takes_as_long_as_in_the_reference(name, size_B, chunk_B, level, seconds):
    row = radio(name, CHUNK_B=chunk_B)
    one_s = chunk_s(row, float(level), float(chunk_B), rate_bps(row, float(level)), FLASH_BPS)
    p = chunk_failure(row, float(level))
    failures_per_chunk = p / (1.0 - p)
    failures = math.ceil(size_B / chunk_B) * failures_per_chunk
    total_s = row[CONNECT_DELAY + DELAY_A] + size_B / chunk_B * one_s + failures * (one_s / 2 + row[RECOVERY_S])
    assert total_s == pytest.approx(seconds, rel=0.05, abs=1.0)


def test_there_is_no_link_below_the_sensitivity():
    assert rate_bps(radio("wifi"), -100.0) == 0.0
    assert rate_bps(radio("nb-iot"), -129.5) == 0.0


@pytest.mark.parametrize("name", RADIOS)
def test_a_stronger_signal_is_never_slower_and_fails_no_more(name):
    row = radio(name)
    levels = [level / 4.0 for level in range(-4 * 130, -4 * 40)]
    rates = [rate_bps(row, level) for level in levels]
    failures = [chunk_failure(row, level) for level in levels]
    assert rates == sorted(rates)
    assert failures == sorted(failures, reverse=True)


@pytest.mark.parametrize("name", RADIOS)
@pytest.mark.parametrize("size_B", [1, 511, 512, 513, 4096, 60_000, 131_072, 131_073, 5_000_000])
@pytest.mark.parametrize("level_dBm", [-60.0, -110.0])
def test_segments_cover_a_file_without_gap_or_overlap_in_whole_chunks(name, size_B, level_dBm):
    row = radio(name)
    segments = segments_of(row, level_dBm, size_B, math.inf, 99_000.0)
    ends = [segment_end_B(row, size_B, i, segments) for i in range(segments)]
    assert ends[-1] == size_B
    assert all(low < high for low, high in zip([0, *ends], ends, strict=False))
    assert all(end % row[CHUNK_B] == 0 for end in ends[:-1])
    assert 1 <= len(ends) <= min(32, chunks_of(row, size_B))


def test_a_slow_download_has_more_segments_than_a_quick_one_and_none_shorter_than_the_segment_time():
    row = radio("nb-iot", SEGMENT_S=5.0)
    assert segments_of(row, -90.0, 512, math.inf, 99_000.0) == 1
    assert segments_of(row, -90.0, 5120, math.inf, 99_000.0) == 3  # 10 blocks of 1.19 s
    assert segments_of(row, -90.0, 300_000, math.inf, 99_000.0) == 32
    assert segments_of(row, -130.0, 300_000, math.inf, 99_000.0) == 1  # no link
