import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_world import zone

from fota_sim.rules.plan import hold_until_ms
from fota_sim.rules.zone import (
    DAY_MS,
    FAR,
    MINUTE_MS,
    in_window,
    local_ms,
    next_change_ms,
    next_in_window,
    next_offer_ms,
    next_on_grid,
    next_open,
    next_push_tick,
    window_end,
)

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


CHANGING = [
    SPRING,
    AUTUMN,
    zone("Australia/Lord_Howe", "2026-10-03T12:00:00"),  # by half an hour
    zone("Australia/Lord_Howe", "2026-04-04T12:00:00"),
    zone("Africa/Cairo", "2026-04-23T22:00:00"),  # at midnight
    zone("Africa/Cairo", "2026-10-29T22:00:00"),
    zone("America/New_York", "2026-03-07T23:59:00"),
]


@given(
    st.sampled_from(CHANGING),
    st.integers(0, 3 * 24 * 60),
    st.sampled_from([10, 20, 30, 60, 90, 120, 180, 240, 360, 420, 720, 1440]),
    st.integers(0, 23),
    st.integers(1, 24),
)
def test_a_tick_is_the_first_minute_of_the_grid_whatever_clocks_do(table, minutes, grid_min, from_h, hours):
    """Clocks change to the minute, so that every minute can be looked at."""
    window = from_h * 60, (from_h + hours) % 24 * 60
    grid_ms = grid_min * MINUTE_MS
    at_ms = minutes * MINUTE_MS
    tick = next_push_tick(table, at_ms, *window, grid_ms)
    until_ms = min(tick, at_ms + 3 * DAY_MS)
    assert not any(
        local_ms(table, t) % grid_ms == 0 and in_window(table, t, *window) for t in range(at_ms, until_ms, MINUTE_MS)
    )
    if tick < FAR:
        assert local_ms(table, tick) % grid_ms == 0
        assert in_window(table, tick, *window)


def test_a_grid_begins_anew_where_clocks_change():
    """In spring 02:00 is 03:00, in autumn 03:00 is 02:00 once more: noon comes after 11 hours, and after 13."""
    assert next_on_grid(SPRING, 1, 12 * HOUR_MS) == 11 * HOUR_MS
    assert next_on_grid(AUTUMN, 1, 12 * HOUR_MS) == 13 * HOUR_MS
    assert next_on_grid(AUTUMN, 2 * HOUR_MS + 1, 2 * HOUR_MS) == 3 * HOUR_MS
    assert next_on_grid(MONDAY, 0, 3 * HOUR_MS) == 2 * HOUR_MS
    assert next_on_grid(MONDAY, 2 * HOUR_MS, 3 * HOUR_MS) == 2 * HOUR_MS


def test_a_grid_that_moves_through_the_day_comes_to_the_period_in_the_end():
    """Every 23 hours from Monday midnight on, between one and two: the 23rd, after 22 days."""
    midnight = zone("UTC", "2026-01-05T00:00:00")
    assert next_push_tick(midnight, 1, 60, 120, 23 * HOUR_MS) == 23 * 23 * HOUR_MS


# The clock itself, hour by hour: MONDAY begins at ten o'clock.


@pytest.mark.parametrize(("at_h", "opens_h"), [(0, 0), (1.99, 0), (2, 24), (23, 24), (26, 48)])
def test_a_window_from_ten_to_noon_opens_every_day(at_h, opens_h):
    """`opens_h` is the later of the asked time and the opening."""
    at_ms = round(at_h * HOUR_MS)
    assert next_in_window(MONDAY, at_ms, 600, 720) == max(at_ms, opens_h * HOUR_MS)


@pytest.mark.parametrize(
    ("from_min", "to_min", "minutes"),
    [
        (600, 720, {600, 719}),
        (1380, 60, {1380, 1439, 0, 59}),
        (300, 300, {0, 299, 300, 600, 719, 720, 1380, 1439, 59, 60}),
    ],
)
def test_a_window_holds_its_first_minute_and_not_its_last(from_min, to_min, minutes):
    midnight = zone("UTC", "2026-01-05T00:00:00")
    asked = (0, 59, 60, 299, 300, 599, 600, 719, 720, 1379, 1380, 1439)
    inside = {minute for minute in asked if in_window(midnight, minute * MINUTE_MS, from_min, to_min)}
    assert inside == {minute for minute in asked if minute in minutes or from_min == to_min}
    assert in_window(midnight, 720 * MINUTE_MS - 1, 600, 720)


def test_the_next_change_is_the_first_that_is_still_to_come():
    change_ms = 2 * HOUR_MS
    assert next_change_ms(SPRING, 0) == change_ms
    assert next_change_ms(SPRING, change_ms - 1) == change_ms
    assert next_change_ms(SPRING, change_ms) == FAR
    two = np.array([[0, 0], [100, HOUR_MS], [200, 0]])
    assert [next_change_ms(two, at) for at in (-5, 0, 99, 100, 199, 200)] == [100, 100, 100, 200, 200, FAR]
    assert [local_ms(two, at) for at in (0, 99, 100, 199, 200)] == [0, 99, HOUR_MS + 100, HOUR_MS + 199, 200]


@pytest.mark.parametrize(
    ("table", "at_h", "window", "ends_h"),
    [
        (MONDAY, 0, (600, 720), 2),
        (MONDAY, 1.5, (600, 720), 2),
        (MONDAY, 2, (600, 720), 2),  # not open
        (MONDAY, 5, (600, 720), 5),
        (MONDAY, 13, (1320, 300), 19),  # over midnight, from the evening
        (MONDAY, 15, (1320, 300), 19),  # and from the night
        (AUTUMN, 0, (0, 240), 5),  # an hour longer
        (SPRING, 0, (0, 240), 3),  # an hour shorter
        (SPRING, 0, (0, 150), 2),  # its end is never shown by any clock: it is over when clocks change
    ],
)
def test_a_window_closes_by_the_clock(table, at_h, window, ends_h):
    assert window_end(table, round(at_h * HOUR_MS), *window) == round(ends_h * HOUR_MS)


def test_a_window_of_the_whole_day_never_closes():
    assert window_end(MONDAY, 5, 300, 300) == FAR


def test_without_a_grid_any_time_in_the_period_is_a_tick():
    assert next_push_tick(MONDAY, 12_345, 600, 720, 0) == 12_345
    assert next_push_tick(MONDAY, 3 * HOUR_MS + 1, 600, 720, 0) == 24 * HOUR_MS


@pytest.mark.parametrize(("at_ms", "tick_ms"), [(0, 0), (1, GRID_MS), (GRID_MS - 1, GRID_MS), (GRID_MS, GRID_MS)])
def test_a_tick_is_the_first_of_the_grid_and_one_that_is_now_counts(at_ms, tick_ms):
    assert next_push_tick(MONDAY, at_ms, 0, 0, GRID_MS) == tick_ms


def test_a_tick_at_the_end_of_the_period_is_too_late():
    """09:55 to 12:00, looked at from 11:51."""
    assert next_push_tick(MONDAY, 111 * MINUTE_MS, 595, 720, GRID_MS) == 24 * HOUR_MS


WINDOWS = np.array([[10, 20], [30, 31], [50, 70]])
NONE_OPEN = np.zeros((0, 2), dtype=np.int64)


@pytest.mark.parametrize(
    ("at_ms", "opens_ms"),
    [(0, 10), (9, 10), (10, 10), (19, 19), (20, 30), (30, 30), (31, 50), (69, 69), (70, FAR), (10_000, FAR)],
)
def test_a_window_is_open_from_its_beginning_and_no_longer_at_its_end(at_ms, opens_ms):
    assert next_open(WINDOWS, at_ms) == opens_ms


def test_without_a_window_nothing_is_open():
    assert next_open(NONE_OPEN, 0) == FAR


def _hours(*pairs):
    return np.array(pairs, dtype=np.int64).reshape(len(pairs), 2) * HOUR_MS


def test_an_offer_needs_a_push_tick_inside_maintenance():
    """Activated at ten; pushes from 12:00 to 14:00, windows from 13:00 to 15:00 on two days."""
    windows = _hours((3, 5), (27, 29))
    assert next_offer_ms(MONDAY, windows, 0, 720, 840, GRID_MS) == 3 * HOUR_MS
    assert next_offer_ms(MONDAY, windows, 4 * HOUR_MS, 720, 840, GRID_MS) == 27 * HOUR_MS
    assert next_offer_ms(MONDAY, windows, 3 * HOUR_MS + GRID_MS, 720, 840, GRID_MS) == 3 * HOUR_MS + GRID_MS


def test_a_tick_is_looked_for_in_each_window_until_there_is_one():
    """Windows of five minutes that begin at past the full hour hold no tick; the last does."""
    minutes = [(60 * k + 1, 60 * k + 6) for k in range(200)]
    windows = np.array([*minutes, (60 * 200 + 5, 60 * 200 + 15)], dtype=np.int64) * MINUTE_MS
    assert next_offer_ms(MONDAY, windows, 0, 0, 0, GRID_MS) == (60 * 200 + 10) * MINUTE_MS


def test_windows_that_never_meet_give_no_offer():
    assert next_offer_ms(MONDAY, _hours((4, 5), (28, 29)), 0, 720, 840, GRID_MS) == FAR
    assert next_offer_ms(MONDAY, _hours((0, 99)), 0, 601, 605, GRID_MS) == FAR  # no tick
    assert next_offer_ms(MONDAY, NONE_OPEN, 0, 0, 0, GRID_MS) == FAR


def test_a_far_time_is_past_every_run():
    """40 bits of milliseconds are what an event's key holds."""
    assert FAR >= 1 << 41
    assert (MINUTE_MS, DAY_MS) == (60 * 1000, 24 * 60 * 60 * 1000)
