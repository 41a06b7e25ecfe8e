"""Against the reference calculation that the built-in radios come from: a module that stores 99 kB/s."""

import math

import pytest
from rules_world import RADIOS, plain_radio, radio

from fota_sim.rules.link import (
    air_s,
    chunk_failure,
    chunk_s,
    chunks_of,
    progress_due,
    rate_bps,
    round_trip_s,
    segment_end_B,
    segments_of,
    too_slow,
)
from fota_sim.rules.rows import (
    CHUNK_B,
    CONNECT_DELAY,
    COVERAGE_EDGE_DBM,
    DELAY_A,
    LAW_MCS,
    LAW_NB_IOT,
    LAW_SHANNON,
    RECOVERY_S,
)

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
    trip_s = 0.9 if level > row[COVERAGE_EDGE_DBM] else 2.25  # the reference's, of one make of module
    one_s = chunk_s(row, float(chunk_B), rate_bps(row, float(level)), FLASH_BPS, trip_s)
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
    segments = segments_of(row, level_dBm, size_B, math.inf, 99_000.0, 1.0)
    ends = [segment_end_B(row, size_B, i, segments) for i in range(segments)]
    assert ends[-1] == size_B
    assert all(low < high for low, high in zip([0, *ends], ends, strict=False))
    assert all(end % row[CHUNK_B] == 0 for end in ends[:-1])
    assert 1 <= len(ends) <= min(32, chunks_of(row, size_B))


def test_a_slow_download_has_more_segments_than_a_quick_one_and_none_shorter_than_the_segment_time():
    row = radio("nb-iot", SEGMENT_S=5.0)
    assert segments_of(row, -90.0, 512, math.inf, 99_000.0, 0.9) == 1
    assert segments_of(row, -90.0, 5120, math.inf, 99_000.0, 0.9) == 3  # 10 blocks of 1.19 s
    assert segments_of(row, -90.0, 300_000, math.inf, 99_000.0, 0.9) == 32
    assert segments_of(row, -130.0, 300_000, math.inf, 99_000.0, 0.9) == 1  # no link


# Closed forms on a radio that does nothing but what is said (docs/model.md, Rate, Chunk and Segments).

STEPS = {-90.0: 1000.0, -80.0: 4000.0, -70.0: 9000.0}


@pytest.mark.parametrize(
    ("rssi_dBm", "bps"),
    [(-87.1, 0.0), (-87.0, 500.0), (-77.1, 500.0), (-77.0, 2000.0), (-67.0, 4500.0), (-10.0, 4500.0)],
)
def test_mcs_takes_the_fastest_rate_whose_sensitivity_and_margin_the_signal_reaches(rssi_dBm, bps):
    row = plain_radio(STEPS, LAW=LAW_MCS, EFFICIENCY=0.5, MARGIN_DB=3.0)
    assert rate_bps(row, rssi_dBm) == bps


@pytest.mark.parametrize(
    ("rssi_dBm", "bps"),
    [
        (-90.1, 0.0),
        (-90.0, 1000.0),
        (-85.0, 2000.0),  # halfway in dB is the geometric mean
        (-80.0, 4000.0),
        (-75.0, 6000.0),
        (-70.0, 9000.0),
        (-10.0, 9000.0),
    ],
)
def test_a_table_is_interpolated_in_its_logarithm_flat_above_and_nothing_below(rssi_dBm, bps):
    assert rate_bps(plain_radio(STEPS), rssi_dBm) == pytest.approx(bps, rel=1e-12)


def test_a_table_of_one_point_is_a_threshold():
    row = plain_radio({-90.0: 1000.0})
    assert [rate_bps(row, level) for level in (-90.1, -90.0, -50.0)] == [0.0, 1000.0, 1000.0]


@pytest.mark.parametrize(
    ("snr_dB", "bps"),
    [
        (0.0, 1e6),  # log2(1 + 1)
        (10.0 * math.log10(3.0), 2e6),
        (-10.0, 1e6 * math.log2(1.1)),  # the least
        (-10.1, 0.0),
    ],
)
def test_shannon_doubles_where_the_signal_is_three_times_the_noise_and_ends_at_its_least_ratio(snr_dB, bps):
    """5 MHz at half an efficiency and 40 % of the carrier; noise is -174 + 10 log10 B + 9 + 3 dBm."""
    positions = {"BANDWIDTH_HZ": 5e6, "NOISE_FIGURE_DB": 9.0, "INTERFERENCE_DB": 3.0, "SNR_MIN_DB": -10.0}
    row = plain_radio(LAW=LAW_SHANNON, ALPHA=0.5, SHARE=0.4, **positions)
    noise_dBm = -174.0 + 10.0 * math.log10(5e6) + 12.0
    assert rate_bps(row, noise_dBm + snr_dB + (1e-9 if bps else 0.0)) == pytest.approx(bps, rel=1e-8)


@pytest.mark.parametrize(("rssi_dBm", "gap_s"), [(-100.0, 0.1), (-109.0, 0.1), (-115.0, 0.2), (-125.0, 0.9)])
def test_nb_iot_pays_a_gap_for_each_transport_block(rssi_dBm, gap_s):
    """680 bits at 6,800 bit/s are a tenth of a second; 90 % of the carrier carry data."""
    gaps = {"GAP_S": 0.1, "GAP_S_1": 0.2, "GAP_S_2": 0.9}
    edges = {"COVERAGE_EDGE_DBM": -109.0, "COVERAGE_EDGE_DBM_1": -121.0}
    row = plain_radio({-130.0: 6800.0}, LAW=LAW_NB_IOT, TRANSPORT_BLOCK_BITS=680.0, **gaps, **edges)
    assert rate_bps(row, rssi_dBm) == pytest.approx(0.9 * 680.0 / (0.1 + gap_s), rel=1e-12)
    assert rate_bps(row, -130.1) == 0.0


@pytest.mark.parametrize("law", range(4))
def test_no_law_goes_above_the_cap(law):
    row = plain_radio({-90.0: 1e9}, LAW=law, EFFICIENCY=1.0, ALPHA=1.0, SHARE=1.0, TRANSPORT_BLOCK_BITS=680.0)
    assert rate_bps(row, -40.0) > 700.0
    row = plain_radio(
        {-90.0: 1e9}, LAW=law, EFFICIENCY=1.0, ALPHA=1.0, SHARE=1.0, TRANSPORT_BLOCK_BITS=680.0, RATE_CAP_BPS=700.0
    )
    assert rate_bps(row, -40.0) == 700.0


def test_the_air_carries_headers_as_well():
    """1,000 bytes and 25 % of headers at 1 kbit/s."""
    assert air_s(plain_radio(OVERHEAD=0.25), 1000.0, 1000.0) == 10.0


def test_a_stream_takes_as_long_as_the_slower_of_air_and_flash():
    row = plain_radio(OVERHEAD=0.25)
    assert chunk_s(row, 1000.0, 1000.0, 200.0, 5.0) == 10.0
    assert chunk_s(row, 1000.0, 1000.0, 50.0, 5.0) == 20.0


def test_a_block_takes_air_and_a_round_trip_and_flash():
    assert chunk_s(plain_radio(BLOCK_MODE=1.0), 1000.0, 1000.0, 200.0, 2.0) == 8.0 + 2.0 + 5.0


TRIPS = {"ROUND_TRIP_S": 1.0, "ROUND_TRIP_S_1": 2.0, "ROUND_TRIP_S_2": 9.0}


@pytest.mark.parametrize(("level", "trip_s"), [(0, 1.0), (1, 2.0), (2, 9.0)])
def test_a_round_trip_without_spread_is_that_of_its_coverage_level_whatever_the_luck(level, trip_s):
    row = plain_radio(**TRIPS)
    assert [round_trip_s(row, level, z) for z in (-3.0, 0.0, 3.0)] == [trip_s] * 3


@pytest.mark.parametrize(("level", "sigma", "trip_s"), [(0, 0.5, 1.0), (1, 1.0, 2.0), (2, 2.0, 9.0)])
def test_luck_of_z_makes_a_round_trip_longer_by_z_sigma_in_its_logarithm_up_to_the_longest(level, sigma, trip_s):
    spread = {"ROUND_TRIP_SIGMA": 0.5, "ROUND_TRIP_SIGMA_1": 1.0, "ROUND_TRIP_SIGMA_2": 2.0}
    row = plain_radio(**TRIPS, **spread, ROUND_TRIP_MOST_S=40.0)
    assert round_trip_s(row, level, 0.0) == trip_s
    assert round_trip_s(row, level, -1.5) == pytest.approx(trip_s * math.exp(-1.5 * sigma), rel=1e-12)
    assert round_trip_s(row, level, 0.5) == pytest.approx(trip_s * math.exp(0.5 * sigma), rel=1e-12)
    assert round_trip_s(row, level, 8.0) == 40.0


@pytest.mark.parametrize(
    ("above_s50", "logistic"),
    [(0.0, 1 / 2), (2.0 * math.log(3.0), 1 / 4), (-2.0 * math.log(3.0), 3 / 4), (1e9, 0.0), (-1e9, 1.0)],
)
def test_a_chunk_fails_by_a_logistic_law_above_its_floor(above_s50, logistic):
    """A floor of 10 %, and a scale of 2 dB: ln 3 scales from the middle it is a quarter or three."""
    row = plain_radio(S50_DBM=-100.0, WIDTH_DB=2.0, P_FLOOR=0.1)
    assert chunk_failure(row, -100.0 + above_s50) == pytest.approx(0.1 + 0.9 * logistic, rel=1e-12)


def test_a_signal_far_above_the_middle_fails_at_the_floor_and_does_not_overflow():
    row = plain_radio(S50_DBM=-1e9, WIDTH_DB=1e-9, P_FLOOR=0.1)
    assert chunk_failure(row, 1e9) == 0.1


@pytest.mark.parametrize(("size_B", "chunks"), [(1, 1), (511, 1), (512, 1), (513, 2), (1024, 2), (1025, 3)])
def test_a_file_is_as_many_chunks_as_hold_it(size_B, chunks):
    assert chunks_of(plain_radio(CHUNK_B=512.0), size_B) == chunks


SEGMENTS = [
    # chunks of 1 s, at most 8 segments of at least 5 s
    (1, 1),
    (5, 1),
    (6, 2),
    (10, 2),
    (11, 3),
    (40, 8),
    (41, 8),
    (1000, 8),
]


@pytest.mark.parametrize(("chunks", "segments"), SEGMENTS)
def test_a_file_is_cut_into_segments_of_five_seconds_up_to_the_radios_limit(chunks, segments):
    row = plain_radio(CHUNK_B=1000.0, MAX_SEGMENTS=8.0, SEGMENT_S=5.0)
    assert segments_of(row, -60.0, 1000 * chunks, math.inf, 1e9, 0.0) == segments


@pytest.mark.parametrize(("share_bps", "segments"), [(math.inf, 2), (8000.0, 2), (4000.0, 4), (0.0, 1)])
def test_a_slower_share_makes_more_segments_and_none_makes_one(share_bps, segments):
    row = plain_radio(CHUNK_B=1000.0, MAX_SEGMENTS=8.0, SEGMENT_S=5.0)
    assert segments_of(row, -60.0, 10_000, share_bps, 1e9, 0.0) == segments


def test_there_are_never_more_segments_than_chunks():
    row = plain_radio(CHUNK_B=1000.0, MAX_SEGMENTS=8.0, SEGMENT_S=0.1)
    assert segments_of(row, -60.0, 3000, math.inf, 1e9, 0.0) == 3


def test_segment_k_ends_at_chunk_floor_of_k_plus_1_n_over_S_and_the_last_at_the_end_of_the_file():
    """Seven chunks of which the last is half a one, in three segments."""
    row = plain_radio(CHUNK_B=1000.0)
    assert [segment_end_B(row, 6500, k, 3) for k in range(3)] == [2000, 4000, 6500]


@pytest.mark.parametrize(("patience_s", "slow"), [(0.99, True), (1.0, False), (1.01, False)])
def test_a_stream_is_too_slow_if_its_first_chunk_outlasts_the_modules_patience(patience_s, slow):
    assert too_slow(plain_radio(CHUNK_B=1000.0), -60.0, 1e9, patience_s) == slow


def test_a_stream_without_a_link_is_too_slow_and_a_block_transfer_never_is():
    assert too_slow(plain_radio(CHUNK_B=1000.0), -131.0, 1e9, 1e9)
    assert not too_slow(plain_radio(CHUNK_B=1000.0, BLOCK_MODE=1.0), -60.0, 1e9, 0.0)


@pytest.mark.parametrize(("elapsed_ms", "said"), [(0, 1), (4999, 1), (5000, 2), (9999, 2), (10_000, 3)])
def test_progress_is_said_at_once_and_for_each_interval_that_passed(elapsed_ms, said):
    assert progress_due(elapsed_ms, 5000) == said
