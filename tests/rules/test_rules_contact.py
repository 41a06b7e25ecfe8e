import pytest
from rules_world import zone

from fota_sim.rules.contact import (
    ALWAYS,
    DAILY,
    WAKE,
    contact_ends_ms,
    first_contact_ms,
    first_tau_ms,
    next_tau_ms,
    next_wake_ms,
)
from fota_sim.rules.zone import FAR

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
TEN = zone("UTC", "2026-01-05T10:00:00")
"""Time 0 is ten in the morning."""
NOON_TO_TWO = (12 * 60, 14 * 60)


@pytest.mark.parametrize("pattern", [ALWAYS, WAKE])
@pytest.mark.parametrize(
    ("spread_s", "u", "joins_ms", "first_ms"),
    [
        (600.0, 1e-9, 0, 0),
        (600.0, 0.25, 0, 150_000 - 1),
        (600.0, 0.25, 1000, 151_000 - 1),
        (0.0, 0.9, 7, 7),
    ],
)
def test_a_device_comes_a_part_of_the_spread_after_it_joins(pattern, spread_s, u, joins_ms, first_ms):
    """``to_ms`` is at least 1, and the first millisecond is 0."""
    assert first_contact_ms(pattern, spread_s, *NOON_TO_TWO, TEN, joins_ms, u) == first_ms


@pytest.mark.parametrize(
    ("spread_s", "u", "joins_ms", "first_ms", "because"),
    [
        (3600.0, 0.5, 0, 2 * HOUR_MS + 30 * MINUTE_MS - 1, "half an hour after its hours open"),
        (3600.0, 0.5, 3 * HOUR_MS, 3 * HOUR_MS + 30 * MINUTE_MS - 1, "or after it joins, if they are open"),
        (3600.0, 0.5, 4 * HOUR_MS, 26 * HOUR_MS + 30 * MINUTE_MS - 1, "who joins when they close waits for tomorrow"),
        (7200.0, 0.75, 3 * HOUR_MS, 26 * HOUR_MS, "and so does who would come after they close"),
    ],
)
def test_a_daily_device_comes_in_its_hours(spread_s, u, joins_ms, first_ms, because):
    assert first_contact_ms(DAILY, spread_s, *NOON_TO_TWO, TEN, joins_ms, u) == first_ms, because


@pytest.mark.parametrize(
    ("number", "jitter_s", "u", "at_ms"),
    [
        (0, 0.0, 0.5, 5),
        (1, 0.0, 0.5, 5 + HOUR_MS),
        (3, 60.0, 0.5, 5 + 3 * HOUR_MS + 30_000 - 1),
    ],
)
def test_wakes_are_on_the_devices_own_grid_and_jitter_makes_them_late(number, jitter_s, u, at_ms):
    assert next_wake_ms(5, 3600.0, jitter_s, number, u) == at_ms


@pytest.mark.parametrize(
    ("pattern", "at_ms", "ends_ms"),
    [
        (DAILY, 2 * HOUR_MS, 4 * HOUR_MS),
        (DAILY, 4 * HOUR_MS - 1, 4 * HOUR_MS),
        (DAILY, 4 * HOUR_MS, FAR),
        (DAILY, 2 * HOUR_MS - 1, FAR),
        (ALWAYS, 3 * HOUR_MS, FAR),
        (WAKE, 3 * HOUR_MS, FAR),
    ],
)
def test_only_a_daily_contact_ends_by_the_clock_and_only_where_it_holds(pattern, at_ms, ends_ms):
    assert contact_ends_ms(at_ms, pattern, *NOON_TO_TWO, TEN) == ends_ms


def test_the_patterns_are_counted_from_0():
    assert (ALWAYS, WAKE, DAILY) == (0, 1, 2)


@pytest.mark.parametrize(
    ("now_ms", "reports_ms", "at_ms"),
    [
        (0, 24 * HOUR_MS, 10 * HOUR_MS),
        (10 * HOUR_MS - 1, 24 * HOUR_MS, 10 * HOUR_MS),
        (10 * HOUR_MS, 24 * HOUR_MS, 20 * HOUR_MS),
        (20 * HOUR_MS, 24 * HOUR_MS, FAR),
        (0, 10 * HOUR_MS, FAR),
        (0, 10 * HOUR_MS + 1, 10 * HOUR_MS),
    ],
)
def test_a_tau_comes_a_t3412_after_the_last_report_and_each_one_after_unless_a_report_is_before(
    now_ms, reports_ms, at_ms
):
    assert next_tau_ms(7, now_ms + 7, 10 * HOUR_MS, reports_ms + 7) == (at_ms if at_ms == FAR else at_ms + 7)


def test_without_psm_there_is_no_tau():
    assert next_tau_ms(0, 0, 0, FAR) == FAR


@pytest.mark.parametrize(
    ("first_ms", "every_s", "joins_ms", "at_ms"),
    [
        (5 * HOUR_MS, 86_400.0, 0, HOUR_MS),  # reported 19 h before activation, so at 9 h before, and at 1 h after
        (4 * HOUR_MS, 86_400.0, 0, 0),
        (4 * HOUR_MS - 1, 86_400.0, 0, FAR),  # the TAU was a millisecond before activation, the next is after 4 h
        (5 * HOUR_MS, 36_000.0, 0, FAR),
        (5 * HOUR_MS, 86_400.0, 1, FAR),
    ],
)
def test_before_its_first_report_a_module_keeps_to_the_report_before_activation(first_ms, every_s, joins_ms, at_ms):
    assert first_tau_ms(first_ms, every_s, 10 * HOUR_MS, joins_ms) == at_ms
