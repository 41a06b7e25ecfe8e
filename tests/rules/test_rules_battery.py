import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_world import MODULES, RADIOS, module, radio

from fota_sim.rules import battery
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.rules.zone import FAR

LI_ION, LI_SOCL2 = CHEMISTRIES.index("li-ion"), CHEMISTRIES.index("li-socl2")
chemistries = st.integers(0, len(CHEMISTRIES) - 1)
charges = st.floats(0.0, 1.0)


def test_the_open_circuit_voltage_meets_its_table():
    assert battery.open_circuit_V(LI_ION, 1.0) == 4.20
    assert battery.open_circuit_V(LI_ION, 0.3) == pytest.approx(3.77)
    assert battery.open_circuit_V(LI_ION, 0.15) == pytest.approx((3.68 + 3.74) / 2)
    assert battery.open_circuit_V(LI_ION, 0.0) == 3.00


def test_a_primary_cell_is_flat_down_to_its_cliff():
    assert battery.open_circuit_V(LI_SOCL2, 0.2) == battery.open_circuit_V(LI_SOCL2, 1.0) == 3.60
    assert battery.open_circuit_V(LI_SOCL2, 0.05) == pytest.approx(3.0)


@given(chemistries, charges, charges)
def test_more_charge_is_never_less_voltage(chemistry, a, b):
    assert battery.open_circuit_V(chemistry, min(a, b)) <= battery.open_circuit_V(chemistry, max(a, b)) + 1e-12


def test_cold_triples_the_resistance_and_takes_capacity_from_lithium_ion_only():
    assert battery.cold_resistance(0.2, -20.0) == pytest.approx(0.6)
    assert battery.cold_resistance(0.2, 35.0) == 0.2
    assert battery.usable_capacity_mAh(LI_ION, 1000.0, 0.0) == pytest.approx(850.0)
    assert battery.usable_capacity_mAh(LI_ION, 1000.0, -20.0) == pytest.approx(650.0)
    assert battery.usable_capacity_mAh(LI_ION, 1000.0, -90.0) == 500.0
    assert battery.usable_capacity_mAh(LI_SOCL2, 1000.0, -20.0) == 1000.0


@pytest.mark.parametrize(("charge", "volts", "resets"), [(0.30, 3.62, False), (0.10, 3.53, False), (0.05, 3.30, True)])
def test_a_cold_cell_browns_an_lte_module_out_at_5_percent_but_not_at_10(charge, volts, resets):
    """600 mA through 0.25 ohm, the electrical limit behind a battery gate; the module needs 3.4 V."""
    loaded = battery.loaded_V(LI_ION, charge, 600.0, 0.25, 20.0)
    assert loaded == pytest.approx(volts, abs=0.005)
    assert battery.browns_out(module("EC200U", V_MIN=3.4), loaded) == resets


@pytest.mark.parametrize(("radio_name", "module_name"), list(zip(RADIOS, MODULES, strict=True)))
def test_transmitting_takes_most_at_weak_signal(radio_name, module_name):
    row = module(module_name, I_TRANSMIT_0_MA=100.0, I_TRANSMIT_23_MA=400.0)
    currents = [battery.transmit_mA(radio(radio_name), row, float(level)) for level in range(-120, -30, 5)]
    assert currents == sorted(currents, reverse=True)
    assert currents[0] == 400.0
    assert currents[-1] >= 100.0


def test_a_download_draws_for_receiving_and_acknowledging_on_the_air_and_little_between():
    row = module("BG95", I_RECEIVE_MA=70.0, I_GAP_MA=40.0, I_TRANSMIT_23_MA=210.0, TRANSMIT_DUTY=0.15)
    peak_mA = battery.transmit_mA(radio("lte-m"), row, -110.0)  # at full power
    on_air_mA, between_mA = 0.85 * 70.0 + 0.15 * 210.0, 0.95 * 40.0 + 0.05 * 210.0
    assert battery.download_mA(row, peak_mA, 10.0, 10.0, 10_000) == pytest.approx(on_air_mA)
    assert battery.download_mA(row, peak_mA, 10.0, 0.0, 10_000) == pytest.approx(between_mA)
    assert battery.download_mA(row, peak_mA, 10.0, 4.0, 10_000) == pytest.approx(0.4 * on_air_mA + 0.6 * between_mA)


def test_a_piece_of_a_millisecond_takes_what_its_unrounded_time_takes():
    row = module("BG95", I_RECEIVE_MA=100.0, TRANSMIT_DUTY=0.0)
    assert battery.download_mA(row, 200.0, 0.0004, 0.0004, 1) == pytest.approx(40.0)


currents = st.floats(0.0, 1e4)
amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e12))
durations = st.integers(1, 10**10)


@given(amounts, currents, durations)
def test_what_is_left_and_what_was_taken_are_what_there_was(left_uC, drain_mA, elapsed_ms):
    after_uC, lasted_ms = battery.left_after(left_uC, drain_mA, elapsed_ms)
    assert 0.0 <= after_uC <= left_uC
    assert 0.0 <= lasted_ms <= elapsed_ms
    assert after_uC + drain_mA * lasted_ms == pytest.approx(left_uC, rel=1e-12)
    assert lasted_ms == elapsed_ms or after_uC == 0.0


@given(st.integers(0, 10**12), amounts, currents)
def test_a_battery_is_empty_in_the_first_millisecond_that_it_does_not_live_through(now_ms, left_uC, drain_mA):
    empty_ms = battery.empty_at_ms(now_ms, left_uC, drain_mA)
    assert empty_ms >= now_ms
    if left_uC == 0.0:
        assert empty_ms == now_ms
    elif empty_ms < FAR:
        lasts_ms = Fraction(left_uC) / Fraction(drain_mA)
        assert abs(lasts_ms - Fraction(left_uC / drain_mA)) <= Fraction(lasts_ms) / 2**52
        assert empty_ms - now_ms == math.ceil(left_uC / drain_mA)
    else:
        assert drain_mA * 1e15 <= left_uC


@pytest.mark.parametrize(("left_uC", "after_ms"), [(1000.0, 500), (1001.0, 501), (999.0, 500), (0.5, 1), (0.0, 0)])
def test_two_milliamperes_empty_a_battery_to_the_millisecond(left_uC, after_ms):
    assert battery.empty_at_ms(7, left_uC, 2.0) == 7 + after_ms


def test_a_battery_from_which_nothing_flows_is_never_empty():
    assert battery.empty_at_ms(5, 1.0, 0.0) == FAR


def test_an_hour_at_a_tenth_of_the_capacity_takes_a_tenth_of_the_charge():
    left_uC, lasted_ms = battery.left_after(battery.charge_uC(0.5, 1000.0), 100.0, 3_600_000)
    assert left_uC == pytest.approx(battery.charge_uC(0.4, 1000.0))
    assert battery.charge_mAh(100.0 * lasted_ms) == pytest.approx(100.0)


def test_a_year_of_self_discharge_takes_the_yearly_share():
    year_ms = 31_557_600_000
    left_uC, _ = battery.left_after(battery.charge_uC(1.0, 8500.0), battery.self_discharge_mA(0.01, 8500.0), year_ms)
    assert left_uC == pytest.approx(battery.charge_uC(0.99, 8500.0))


def test_an_ampere_second_at_the_supply_voltage_is_so_many_joules():
    assert battery.energy_J(module("EC200U", SUPPLY_V=3.8), 1e6) == pytest.approx(3.8)
