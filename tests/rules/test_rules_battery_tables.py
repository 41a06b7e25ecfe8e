"""The battery at its tables' points, between them and past their ends (docs/sources.md, Battery and Energy)."""

import math
from itertools import pairwise

import pytest
from rules_world import plain_module, plain_radio

from fota_sim.rules import battery
from fota_sim.rules.labels import CHEMISTRIES

LI_ION, LI_PO, LI_SOCL2 = (CHEMISTRIES.index(name) for name in ("li-ion", "li-po", "li-socl2"))
OPEN_CIRCUIT_V = {
    # percent: lithium ion and polymer, Li-SOCl2
    0: (3.00, 2.00),
    5: (3.45, 3.00),
    10: (3.68, 3.35),
    20: (3.74, 3.60),
    30: (3.77, 3.60),
    40: (3.79, 3.60),
    50: (3.82, 3.60),
    60: (3.87, 3.60),
    70: (3.92, 3.60),
    80: (3.98, 3.60),
    90: (4.06, 3.60),
    100: (4.20, 3.60),
}


def test_the_rules_know_which_chemistry_keeps_its_capacity_in_the_cold():
    assert battery.LI_SOCL2 == LI_SOCL2


@pytest.mark.parametrize(("chemistry", "column"), [(LI_ION, 0), (LI_PO, 0), (LI_SOCL2, 1)])
def test_the_resting_voltage_is_its_table_and_linear_in_between(chemistry, column):
    points = [(percent / 100.0, volts[column]) for percent, volts in OPEN_CIRCUIT_V.items()]
    for charge, volts in points:
        assert battery.open_circuit_V(chemistry, charge) == pytest.approx(volts, rel=1e-12)
    for (low, low_V), (high, high_V) in pairwise(points):
        quarter = battery.open_circuit_V(chemistry, low + (high - low) / 4.0)
        assert quarter == pytest.approx(low_V + (high_V - low_V) / 4.0, rel=1e-12)


@pytest.mark.parametrize(("chemistry", "empty_V", "full_V"), [(LI_ION, 3.0, 4.2), (LI_SOCL2, 2.0, 3.6)])
def test_past_its_ends_a_table_stays_what_it_is_there(chemistry, empty_V, full_V):
    assert battery.open_circuit_V(chemistry, -0.1) == empty_V
    assert battery.open_circuit_V(chemistry, 1.1) == full_V


@pytest.mark.parametrize(
    ("temperature_C", "times"),
    [(60.0, 1.0), (20.5, 1.0), (20.0, 1.0), (19.0, 1.05), (0.0, 2.0), (-20.0, 3.0), (-40.0, 4.0)],
)
def test_resistance_grows_linearly_below_20_degrees_to_three_times_at_minus_20(temperature_C, times):
    assert battery.cold_resistance(0.2, temperature_C) == pytest.approx(0.2 * times, rel=1e-12)


@pytest.mark.parametrize(
    ("temperature_C", "share"),
    [
        (60.0, 1.0),
        (20.5, 1.0),
        (20.0, 1.0),
        (10.0, 0.925),
        (0.0, 0.85),
        (-0.5, 0.845),
        (-10.0, 0.75),
        (-20.0, 0.65),
        (-35.0, 0.5),
        (-50.0, 0.5),
    ],
)
def test_lithium_ion_keeps_85_percent_at_0_and_65_at_minus_20_and_never_less_than_half(temperature_C, share):
    for chemistry in (LI_ION, LI_PO):
        assert battery.usable_capacity_mAh(chemistry, 1000.0, temperature_C) == pytest.approx(1000.0 * share)
    assert battery.usable_capacity_mAh(LI_SOCL2, 1000.0, temperature_C) == 1000.0


@pytest.mark.parametrize(("temperature_C", "volts"), [(20.0, 4.2 - 0.1), (0.0, 4.2 - 0.2), (-20.0, 4.2 - 0.3)])
def test_500_mA_through_a_fifth_of_an_ohm_cost_a_tenth_of_a_volt_and_more_in_the_cold(temperature_C, volts):
    assert battery.loaded_V(LI_ION, 1.0, 500.0, 0.2, temperature_C) == pytest.approx(volts, rel=1e-12)


@pytest.mark.parametrize(("volts", "resets"), [(3.39, True), (3.4, False), (3.41, False)])
def test_a_module_resets_below_its_least_voltage_and_not_at_it(volts, resets):
    assert battery.browns_out(plain_module(V_MIN=3.4), volts) == resets


@pytest.mark.parametrize(
    ("power_dBm", "current_mA"),
    [(23.0, 400.0), (8.0, 100.0 + 300.0 / 10.0), (0.0, 100.0 + 300.0 * 10.0 ** (-23.0 / 15.0))],
)
def test_transmitting_takes_ten_times_less_above_its_least_for_each_15_dB(power_dBm, current_mA):
    """RSSI such that the module needs this power: 23 dBm at an RSRP of -100 dBm."""
    rssi_dBm = -100.0 + (23.0 - power_dBm) + 10.0 * math.log10(12.0)
    row = plain_module(I_TRANSMIT_0_MA=100.0, I_TRANSMIT_23_MA=400.0)
    assert battery.transmit_mA(plain_radio(), row, rssi_dBm) == pytest.approx(current_mA, rel=1e-12)


def test_flashing_takes_an_idle_processor_and_the_flash():
    assert battery.flashing_mA(plain_module(I_GAP_MA=40.0, I_FLASH_MA=15.0)) == 55.0


@pytest.mark.parametrize(
    ("charge", "percent"),
    [(0.0, 0), (0.0049, 0), (0.005, 1), (0.2949, 29), (0.295, 30), (0.3, 30), (0.9949, 99), (1.0, 100)],
)
def test_a_module_says_whole_percent_half_up_and_100_on_mains(charge, percent):
    assert battery.percent(charge, False) == percent
    assert battery.percent(charge, True) == 100


def test_a_module_says_its_resting_voltage_in_millivolts_and_its_supply_on_mains():
    row = plain_module(SUPPLY_V=3.8)
    assert battery.millivolts(row, LI_ION, 1.0, False) == 4200
    assert battery.millivolts(row, LI_ION, 0.25, False) == 3755
    assert battery.millivolts(row, LI_ION, 0.3017, False) == 3770  # 3770.34
    assert battery.millivolts(row, LI_ION, 0.3030, False) == 3771  # 3770.6
    assert battery.millivolts(row, LI_ION, 0.25, True) == 3800
