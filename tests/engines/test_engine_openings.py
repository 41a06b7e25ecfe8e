"""When maintenance windows are open: calendars, several windows, zones and offsets, changes of clocks."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from rollout_worlds import at_ms, group, play, world

from fota_sim.engines.openings import openings
from fota_sim.engines.zones import zone_table
from fota_sim.scenario.maintenance import Maintenance
from fota_sim.scenario.zones import zone_info

HOUR_MS = 3_600_000
both = pytest.mark.parametrize("engine", ["reference", "compiled"])


def opened(start: str, *windows: dict, zone: str = "UTC", days: int = 40) -> list[tuple[str, str]]:
    """When windows open and close, on the clocks of the zone, for a run of so many days."""
    begin = datetime.fromisoformat(start).replace(tzinfo=zone_info(zone))
    horizon_ms = days * 24 * HOUR_MS
    table = zone_table(zone, begin, horizon_ms)
    found = openings([(Maintenance.model_validate(each), table, begin.date()) for each in windows], horizon_ms)
    local = [
        [datetime.fromtimestamp(begin.timestamp() + ms / 1000, UTC).astimezone(zone_info(zone)) for ms in row]
        for row in found
        if row[0] < horizon_ms
    ]
    return [(f"{a:%d %b %H:%M}", f"{b:%d %b %H:%M}") for a, b in local]


def test_days_are_those_on_which_a_window_begins():
    """Activated on a Monday at ten."""
    week = {"hours": "22:00-04:00", "days": ["mon", "fri"]}
    assert opened("2026-01-05T10:00:00", week, days=7) == [
        ("05 Jan 22:00", "06 Jan 04:00"),
        ("09 Jan 22:00", "10 Jan 04:00"),
    ]


def test_a_window_that_began_the_evening_before_activation_is_open():
    night = {"hours": "22:00-04:00", "days": ["sun"]}
    assert opened("2026-01-05T02:00:00", night, days=2) == [("05 Jan 02:00", "05 Jan 04:00")]


def test_several_windows_are_open_where_any_is():
    windows = ({"hours": "02:00-04:00", "days": ["sun"]}, {"hours": "14:00-16:00", "days": ["wed"]})
    assert opened("2026-01-05T10:00:00", *windows, days=7) == [
        ("07 Jan 14:00", "07 Jan 16:00"),
        ("11 Jan 02:00", "11 Jan 04:00"),
    ]
    touching = ({"hours": "10:00-12:00"}, {"hours": "11:00-13:00"}, {"hours": "13:00-14:00"})
    assert opened("2026-01-05T00:00:00", *touching, days=1) == [("05 Jan 10:00", "05 Jan 14:00")]


def test_days_of_the_month_count_from_its_beginning_or_its_end():
    month = {"hours": "02:00-04:00", "month_days": [1, -1]}
    assert [a for a, _ in opened("2026-01-15T00:00:00", month, days=60)] == [
        "31 Jan 02:00",
        "01 Feb 02:00",
        "28 Feb 02:00",
        "01 Mar 02:00",
    ]


def test_the_second_tuesday_and_the_last_friday_of_a_month():
    """Of the year 2026, looked up in a calendar."""
    second = {"hours": "01:00-02:00", "days": ["tue"], "weeks": [2]}
    assert [a[:6] for a, _ in opened("2026-01-01T00:00:00", second, days=100)] == ["13 Jan", "10 Feb", "10 Mar"]
    last = {"hours": "01:00-02:00", "days": ["fri"], "weeks": [-1]}
    assert [a[:6] for a, _ in opened("2026-01-01T00:00:00", last, days=100)] == ["30 Jan", "27 Feb", "27 Mar"]


def test_months_and_days_must_all_hold():
    quarter = {"hours": "01:00-02:00", "month_days": [1], "months": ["jan", "apr"], "days": ["wed", "thu"]}
    assert [a[:6] for a, _ in opened("2026-01-01T00:00:00", quarter, days=365)] == ["01 Jan", "01 Apr"]


@pytest.mark.parametrize("field", ["weeks", "month_days"])
def test_days_are_counted_from_one(field):
    with pytest.raises(ValueError, match="there is no 0"):
        Maintenance.model_validate({field: [0]})


def test_a_leap_day_comes_in_its_year():
    assert Maintenance(month_days=[29], months=["feb"]).comes_on(date(2028, 2, 29))
    assert Maintenance(month_days=[-1]).comes_on(date(2028, 2, 29))
    assert not Maintenance(month_days=[-1]).comes_on(date(2028, 2, 28))


def test_a_whole_day_is_as_long_as_the_clocks_make_it():
    """Berlin's 25 October 2026 has 25 hours."""
    sunday = {"days": ["sun"]}
    assert opened("2026-10-24T12:00:00", sunday, zone="Europe/Berlin", days=3) == [("25 Oct 00:00", "26 Oct 00:00")]
    begin = datetime(2026, 10, 24, 12, tzinfo=zone_info("Europe/Berlin"))
    table = zone_table("Europe/Berlin", begin, 3 * 24 * HOUR_MS)
    (row, *_) = openings([(Maintenance(days=["sun"]), table, begin.date())], 3 * 24 * HOUR_MS)
    assert (row / HOUR_MS).tolist() == [12, 37]


def test_hours_that_clocks_are_put_forward_over_do_not_come():
    skipped = {"hours": "02:30-02:45"}
    assert [a[:6] for a, _ in opened("2026-03-28T12:00:00", skipped, zone="Europe/Berlin", days=3)] == [
        "30 Mar",
        "31 Mar",
    ]


@both
def test_a_device_is_offered_the_plan_in_the_next_of_several_windows(engine):
    windows = [{"hours": "02:00-04:00", "days": ["sun"]}, {"hours": "14:00-16:00", "days": ["wed"]}]
    scenario = world(1, {"maintenance": windows}) | {"start": "2026-01-05T12:00:00"}
    assert at_ms(play(scenario, engine), "first_offer_ms")[0] // HOUR_MS == 50
    scenario["start"] = "2026-01-07T16:00:00"
    assert at_ms(play(scenario, engine), "first_offer_ms")[0] // HOUR_MS == 82


@both
@pytest.mark.parametrize(("zone", "hours"), [("device", [14, 5]), ("plan", [14, 14]), ("-05:00", [19, 19])])
def test_a_window_is_told_on_the_clocks_of_the_device_the_plan_or_a_zone(engine, zone, hours):
    """Noon in UTC; 02:00 comes after 14 hours there, after 5 in Tokyo, and after 19 at five hours behind."""
    scenario = world(1, {"maintenance": {"hours": "02:00-04:00", "zone": zone}}) | {"start": "2026-01-05T12:00:00"}
    scenario["fleet"]["groups"].append(group("tokyo", 1, time_zone="UTC+9"))
    record = play(scenario, engine)
    assert (np.asarray(record.devices["first_offer_ms"]) // HOUR_MS).tolist() == hours


@both
def test_the_day_of_a_window_is_that_of_the_devices_own_calendar(engine):
    """Monday 22:00 in UTC is Tuesday in Tokyo, where Tuesday's hours are next."""
    scenario = world(1, {"maintenance": {"hours": "10:00-12:00", "days": ["tue"]}}) | {"start": "2026-01-05T22:00:00"}
    scenario["fleet"]["groups"].append(group("tokyo", 1, time_zone="Asia/Tokyo"))
    record = play(scenario, engine)
    assert (np.asarray(record.devices["first_offer_ms"]) // HOUR_MS).tolist() == [12, 3]
