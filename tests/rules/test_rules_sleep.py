import pytest
from rules_world import module, radio

from fota_sim.rules.sleep import asleep_mA, exchange_ms, hears_ms, listening_mA, paged_mA, tau_ms, tau_uC

BOARD = module("BC66", I_IDLE_MA=1.0, I_EDRX_MA=0.1, I_SLEEP_MA=0.004, I_GAP_MA=16.0, I_RECEIVE_MA=50.0)
AIR = radio("nb-iot", RESUME_S=2.0, ROUND_TRIP_S=1.0)
CYCLE_MS, WINDOW_MS = 80_000, 20_000


def test_without_edrx_an_idle_module_draws_what_it_draws_awake():
    assert paged_mA(BOARD, 0, 0) == 1.0


def test_in_edrx_it_is_awake_in_the_window_and_lightly_asleep_between():
    assert paged_mA(BOARD, CYCLE_MS, WINDOW_MS) == pytest.approx(0.25 * 1.0 + 0.75 * 0.1)


def test_listening_is_connected_first_and_then_idle():
    assert listening_mA(BOARD, 10_000, 30_000, 0, 0) == pytest.approx((16.0 + 3 * 1.0) / 4)
    assert listening_mA(BOARD, 10_000, 0, 0, 0) == 16.0
    assert listening_mA(BOARD, 0, 30_000, 0, 0) == 1.0
    assert listening_mA(BOARD, 0, 0, 0, 0) == 1.0
    paged = 0.25 * 1.0 + 0.75 * 0.1
    assert listening_mA(BOARD, 10_000, 30_000, CYCLE_MS, WINDOW_MS) == pytest.approx((16.0 + 3 * paged) / 4)


def test_an_exchange_is_coming_back_to_the_network_and_a_round_trip_in_good_coverage():
    assert exchange_ms(AIR) == 3000.0


def test_a_tau_is_an_exchange_and_the_listening_after_it():
    assert tau_ms(AIR, 10_000, 30_000) == 43_000.0
    assert tau_uC(AIR, BOARD, 10_000, 30_000, 0, 0) == pytest.approx(3000 * 51.0 + 10_000 * 16.0 + 30_000 * 1.0)


def test_between_reports_only_the_floor_flows_without_taus_and_with_them_their_charge_too():
    hour_ms, day_ms = 3_600_000, 86_400_000
    assert asleep_mA(AIR, BOARD, 10_000, 30_000, 0, 0, hour_ms, 0) == 0.004
    charge_uC, awake_ms = tau_uC(AIR, BOARD, 10_000, 30_000, 0, 0), 43_000
    asleep_ms = day_ms - awake_ms  # between two reports
    taken_uC = asleep_mA(AIR, BOARD, 10_000, 30_000, 0, 0, day_ms, 2) * asleep_ms
    assert taken_uC == pytest.approx(2 * charge_uC + (asleep_ms - 2 * awake_ms) * 0.004)


def test_listening_longer_than_it_sleeps_does_not_divide_by_nothing():
    assert asleep_mA(AIR, BOARD, 0, 100_000, 0, 0, 100_000, 1) > 0.0


@pytest.mark.parametrize(
    ("now_ms", "hears_at_ms"),
    [
        (5_000, 5_000),  # a window began at 5 s
        (24_999, 24_999),
        (25_000, 85_000),
        (84_999, 85_000),
        (85_000, 85_000),
        (4_999, 5_000),
    ],
)
def test_an_idle_module_hears_in_its_windows_only(now_ms, hears_at_ms):
    assert hears_ms(now_ms, -(10**9), 10_000, CYCLE_MS, WINDOW_MS, 5_000) == hears_at_ms


@pytest.mark.parametrize(("now_ms", "hears_at_ms"), [(40_000, 40_000), (40_001, 85_000)])
def test_a_module_that_was_spoken_to_hears_at_once_until_the_network_lets_it_go(now_ms, hears_at_ms):
    assert hears_ms(now_ms, 30_000, 10_000, CYCLE_MS, WINDOW_MS, 5_000) == hears_at_ms


def test_without_edrx_it_always_hears():
    assert hears_ms(7, -(10**9), 0, 0, 0, 0) == 7
