import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_world import zone

from fota_sim.rules.plan import hold_until_ms
from fota_sim.rules.zone import FAR, MINUTE_MS, in_window, local_ms, next_in_window, next_push_tick

HOUR_MS = 60 * MINUTE_MS
GRID_MS = 600_000
MONDAY = zone("UTC", "2026-01-05T10:00:00")
SPRING = zone("Europe/Berlin", "2026-03-29T00:00:00")  # 02:00 becomes 03:00, two hours in
AUTUMN = zone("Europe/Berlin", "2026-10-25T00:00:00")  # 03:00 becomes 02:00, three hours in
STEADY = [MONDAY, zone("Asia/Kathmandu", "2026-06-01T13:07:21"), zone("America/New_York", "2026-06-01T23:59:59")]


def _at(zone_table, hours: float) -> float:
    """The local hours since midnight, ``hours`` after activation."""
    return local_ms(zone_table, round(hours * HOUR_MS)) / HOUR_MS


def test_spring_skips_an_hour_and_autumn_repeats_one():
    assert [_at(SPRING, h) for h in (1.5, 2.0, 3.0)] == [1.5, 3.0, 4.0]
    assert [_at(AUTUMN, h) for h in (2.5, 3.0, 3.5, 4.0)] == [2.5, 2.0, 2.5, 3.0]


def test_a_window_in_the_hour_that_spring_skips_opens_the_day_after():
    assert next_in_window(SPRING, 0, 120, 180) == 25 * HOUR_MS


def test_a_window_in_the_hour_that_autumn_repeats_is_open_for_both():
    assert next_in_window(AUTUMN, 0, 120, 180) == 2 * HOUR_MS
    assert in_window(AUTUMN, 4 * HOUR_MS - 1, 120, 180)
    assert not in_window(AUTUMN, 4 * HOUR_MS, 120, 180)


def test_a_window_after_the_autumn_change_opens_by_the_new_clock():
    assert next_in_window(AUTUMN, 0, 240, 300) == 5 * HOUR_MS


@pytest.mark.parametrize(("from_min", "to_min", "opens_h"), [(240, 300, 3), (180, 300, 2)])
def test_a_window_after_the_spring_change_opens_by_the_new_clock(from_min, to_min, opens_h):
    assert next_in_window(SPRING, 0, from_min, to_min) == opens_h * HOUR_MS


def test_a_window_over_midnight_holds_on_both_sides_and_excludes_its_end():
    inside = [in_window(MONDAY, h * HOUR_MS, 22 * 60, 5 * 60) for h in (11, 12, 14, 18, 19)]
    assert inside == [False, True, True, True, False]


def test_a_window_over_midnight_opens_in_the_evening():
    assert next_in_window(MONDAY, 0, 22 * 60, 5 * 60) == 12 * HOUR_MS


def test_equal_bounds_are_the_whole_day():
    assert next_in_window(MONDAY, 12_345, 300, 300) == 12_345


@given(st.sampled_from(STEADY), st.integers(0, 5 * 24 * 60), st.integers(0, 1439), st.integers(0, 1439))
def test_the_next_time_in_a_window_is_the_first(table, minutes, from_min, to_min):
    at_ms = minutes * MINUTE_MS
    found = next_in_window(table, at_ms, from_min, to_min)
    assert found >= at_ms
    assert in_window(table, found, from_min, to_min)
    assert found == at_ms or not in_window(table, found - 1, from_min, to_min)
    assert found - at_ms < 24 * HOUR_MS


def test_the_vendors_example_of_a_refused_push():
    """Offered at 10:00, refused at 10:10, effective for 50 min: the next push is at 11:00."""
    held = hold_until_ms(True, 0, 50 * MINUTE_MS)
    assert next_push_tick(MONDAY, held, 0, 0, GRID_MS) == HOUR_MS


def test_a_hold_that_ends_between_ticks_is_over_at_the_next_one():
    held = hold_until_ms(True, 0, 45 * MINUTE_MS)
    assert next_push_tick(MONDAY, held, 0, 0, GRID_MS) == 50 * MINUTE_MS


def test_a_tick_waits_for_the_push_period_and_for_the_local_grid_in_it():
    assert next_push_tick(MONDAY, 0, 22 * 60 + 5, 5 * 60, GRID_MS) == 12 * HOUR_MS + 10 * MINUTE_MS


def test_the_grid_is_that_of_local_time():
    kathmandu = zone("Asia/Kathmandu", "2026-06-01T13:07:00")
    assert next_push_tick(kathmandu, 0, 0, 0, GRID_MS) == 3 * MINUTE_MS


@given(st.sampled_from(STEADY), st.integers(0, 10**8), st.integers(0, 1439), st.integers(10, 1440))
def test_ticks_lie_on_the_grid_and_in_the_period(table, at_ms, from_min, minutes):
    to_min = (from_min + minutes) % 1440
    tick = next_push_tick(table, at_ms, from_min, to_min, GRID_MS)
    assert tick >= at_ms
    assert local_ms(table, tick) % GRID_MS == 0
    assert in_window(table, tick, from_min, to_min)


def test_a_push_period_too_short_for_a_tick_is_never_served_off_the_grid():
    tick = next_push_tick(MONDAY, 1, 10 * 60 + 1, 10 * 60 + 5, GRID_MS)
    assert tick == FAR
