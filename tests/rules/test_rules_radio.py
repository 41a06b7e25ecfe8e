import math

import pytest
from rules_world import plain_radio

from fota_sim.rules import radio
from fota_sim.rules.rows import NOISE_DBM, RSRP_OFFSET_DB, TABLE_LOG_BPS


def test_thermal_noise_of_one_megahertz_is_114_dBm_below_zero_and_figures_add_to_it():
    """-174 dBm/Hz + 60 dB."""
    row = plain_radio(BANDWIDTH_HZ=1e6, NOISE_FIGURE_DB=9.0, INTERFERENCE_DB=3.0)
    assert row[NOISE_DBM] == pytest.approx(-114.0 + 9.0 + 3.0, rel=1e-14)


@pytest.mark.parametrize(
    ("bandwidth_Hz", "subcarriers"),
    [(180_000.0, 12), (1_080_000.0, 72), (9_000_000.0, 600), (15_000.0, 12)],
    ids=["NB-IoT", "LTE-M", "10 MHz", "less than a resource block counts as one"],
)
def test_rsrp_is_one_of_twelve_subcarriers_a_resource_block(bandwidth_Hz, subcarriers):
    """3GPP TS 36.211: 180 kHz are 12 subcarriers; TS 36.214: RSRP is the power of one."""
    row = plain_radio(BANDWIDTH_HZ=bandwidth_Hz)
    assert row[RSRP_OFFSET_DB] == pytest.approx(10.0 * math.log10(subcarriers), rel=1e-14)


def test_the_logarithms_of_a_table_stand_beside_it():
    row = plain_radio({-120.0: 100.0, -110.0: 1000.0})
    assert row[TABLE_LOG_BPS : TABLE_LOG_BPS + 3].tolist() == [math.log(100.0), math.log(1000.0), 0.0]


def test_the_offset_of_the_signal_is_remembered_less_as_time_goes_by():
    """r = exp(-dt / tau): all of it at once, a half after tau ln 2, nothing after long."""
    half_s = 1800.0 * math.log(2.0)
    assert radio.shadowing_dB(4.0, 0.0, 2.0, 1800.0, 1.5) == 4.0
    assert radio.shadowing_dB(4.0, half_s, 2.0, 1800.0, 0.0) == pytest.approx(2.0)
    assert radio.shadowing_dB(4.0, half_s, 2.0, 1800.0, 1.5) == pytest.approx(2.0 + math.sqrt(0.75) * 2.0 * 1.5)
    assert radio.shadowing_dB(4.0, 1e9, 2.0, 1800.0, 1.5) == pytest.approx(2.0 * 1.5)


@pytest.mark.parametrize(
    ("rssi_dBm", "index"),
    [
        (-200.0, 0),
        (-113.0, 0),
        (-112.1, 0),
        (-112.0, 1),  # halfway goes up
        (-111.0, 1),
        (-110.1, 1),
        (-110.0, 2),
        (-53.0, 30),
        (-52.0, 31),
        (-51.0, 31),
        (0.0, 31),
    ],
)
def test_csq_answers_in_steps_of_2_dB_from_113_below_to_51_below(rssi_dBm, index):
    """3GPP TS 27.007, AT+CSQ."""
    assert radio.csq(rssi_dBm, 0.0) == index


def test_a_misread_signal_is_read_as_if_it_were_another():
    assert radio.csq(-100.0, 4.0) == radio.csq(-96.0, 0.0) == 9
    assert radio.csq(-100.0, -4.0) == radio.csq(-104.0, 0.0) == 5


def test_an_index_of_csq_stands_for_the_dBm_of_the_standard():
    assert [radio.csq_dBm(index) for index in (0, 1, 2, 30, 31)] == [-113, -111, -109, -53, -51]
    assert radio.csq_dBm(0) == radio.CSQ_FLOOR_DBM
    assert radio.csq_dBm(31) == radio.CSQ_CEILING_DBM
    assert radio.CSQ_UNKNOWN == 99


@pytest.mark.parametrize(
    ("rssi_dBm", "error_dB", "said"),
    [(-60.0, 0.0, -60), (-60.5, 0.0, -60), (-60.6, 0.0, -61), (-60.0, 1.4, -59), (-60.0, -1.4, -61)],
)
def test_wifi_is_read_to_one_dB_half_up(rssi_dBm, error_dB, said):
    assert radio.whole_dBm(rssi_dBm, error_dB) == said


@pytest.mark.parametrize(
    ("rssi_dBm", "level"), [(-90.0, 0), (-109.0, 0), (-109.1, 1), (-121.0, 1), (-121.1, 2), (-200.0, 2)]
)
def test_coverage_gets_worse_below_each_edge_and_not_at_it(rssi_dBm, level):
    row = plain_radio(COVERAGE_EDGE_DBM=-109.0, COVERAGE_EDGE_DBM_1=-121.0)
    assert radio.coverage_level(row, rssi_dBm) == level


def test_a_radio_without_edges_has_one_level():
    assert radio.coverage_level(plain_radio(), -200.0) == 0


@pytest.mark.parametrize(
    ("rsrp_dBm", "power_dBm"),
    [(-130.0, 23.0), (-100.0, 23.0), (-99.0, 22.0), (-90.0, 13.0), (-77.0, 0.0), (-60.0, 0.0)],
)
def test_a_module_shouts_up_to_an_rsrp_of_100_below_and_then_less_dB_by_dB(rsrp_dBm, power_dBm):
    """D. Robinson's measurements: 23 dBm at most; not below 0 is an assumption."""
    row = plain_radio(RSRP_OFFSET_DB=0.0, BANDWIDTH_HZ=180_000.0)
    rssi_dBm = rsrp_dBm + 10.0 * math.log10(12.0)
    assert radio.transmit_power_dBm(row, rssi_dBm) == pytest.approx(power_dBm, abs=1e-12)
