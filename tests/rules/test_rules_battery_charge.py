"""Charge in microcoulombs, which are milliampere milliseconds: what flows, what is left, and when nothing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_world import plain_module

from fota_sim.rules import battery
from fota_sim.rules.zone import FAR

HOUR_MS = 3_600_000


def test_a_milliampere_hour_is_a_milliampere_for_an_hour_of_milliseconds():
    assert battery.charge_uC(0.5, 1000.0) == 500.0 * HOUR_MS
    assert battery.charge_mAh(250.0 * HOUR_MS) == 250.0


def test_a_joule_is_a_coulomb_at_a_volt():
    """250 mAh are 900 coulombs."""
    assert battery.energy_J(plain_module(SUPPLY_V=3.8), 250.0 * HOUR_MS) == pytest.approx(900.0 * 3.8)


def test_self_discharge_takes_its_share_in_a_julian_year():
    """365.25 days of 24 hours."""
    assert battery.self_discharge_mA(0.1, 8766.0) == pytest.approx(0.1)
    assert battery.self_discharge_mA(0.01, 8500.0) * 365.25 * 24 == pytest.approx(85.0)


@pytest.mark.parametrize(("on_air_s", "mean_mA"), [(10.0, 91.0), (0.0, 48.5), (4.0, 65.5)])
def test_a_download_draws_for_receiving_and_acknowledging_on_the_air_and_little_between(on_air_s, mean_mA):
    """On the air 0.85 x 70 + 0.15 x 210 mA, between 0.95 x 40 + 0.05 x 210 mA."""
    row = plain_module(I_RECEIVE_MA=70.0, I_GAP_MA=40.0, TRANSMIT_DUTY=0.15)
    assert battery.download_mA(row, 210.0, 10.0, on_air_s, 10_000) == pytest.approx(mean_mA)


def test_what_a_piece_takes_is_spread_over_its_whole_milliseconds():
    """0.4 ms that last 1 ms, at 100 mA all the while: 40 mA."""
    row = plain_module(I_RECEIVE_MA=100.0, I_GAP_MA=100.0, TRANSMIT_DUTY=0.15)
    assert battery.download_mA(row, 100.0, 0.0004, 0.0001, 1) == pytest.approx(40.0)


@pytest.mark.parametrize(
    ("elapsed_ms", "left_uC", "lasted_ms"),
    [(0, 1000.0, 0.0), (10, 900.0, 10.0), (99, 10.0, 99.0), (100, 0.0, 100.0), (101, 0.0, 100.0), (10**9, 0.0, 100.0)],
)
def test_a_thousand_microcoulombs_feed_ten_milliamperes_for_a_hundred_milliseconds(elapsed_ms, left_uC, lasted_ms):
    assert battery.left_after(1000.0, 10.0, elapsed_ms) == (left_uC, lasted_ms)


def test_what_draws_nothing_leaves_everything():
    assert battery.left_after(1000.0, 0.0, 10**9) == (1000.0, float(10**9))
    assert battery.left_after(0.0, 0.0, 10**9) == (0.0, float(10**9))


@given(st.floats(0.0, 1e13), st.floats(1e-6, 1e3), st.integers(0, 10**10))
def test_what_was_there_is_what_is_left_and_what_flowed(left_uC, drain_mA, elapsed_ms):
    left, lasted_ms = battery.left_after(left_uC, drain_mA, elapsed_ms)
    assert 0.0 <= left <= left_uC
    assert 0.0 <= lasted_ms <= elapsed_ms
    assert left + drain_mA * lasted_ms == pytest.approx(left_uC, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("left_uC", "drain_mA", "at_ms"),
    [
        (0.0, 10.0, 7),  # nothing is left
        (-1e-9, 10.0, 7),
        (1000.0, 10.0, 107),
        (1001.0, 10.0, 108),  # it does not live through the 101st
        (1.0, 10.0, 8),  # and never through its last
        (1e-300, 10.0, 8),
        (1000.0, 0.0, FAR),
        (1000.0, 1e-12, FAR),  # 1e15 ms are 30,000 years
        (1000.0, 1.001e-12, 7 + 999_000_999_000_999),
    ],
)
def test_a_battery_is_empty_in_the_first_millisecond_that_it_does_not_live_through(left_uC, drain_mA, at_ms):
    assert battery.empty_at_ms(7, left_uC, drain_mA) == at_ms


@given(st.floats(1.0, 1e13), st.floats(0.1, 1e3))
def test_when_it_is_empty_and_what_is_left_then_agree(left_uC, drain_mA):
    at_ms = battery.empty_at_ms(0, left_uC, drain_mA)
    assert battery.left_after(left_uC, drain_mA, at_ms)[0] == pytest.approx(0.0, abs=1e-9 * left_uC)
    assert battery.left_after(left_uC, drain_mA, max(0, at_ms - 2))[0] > 0.0
