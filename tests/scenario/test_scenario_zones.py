"""Zones are named as IANA does, or as an offset from UTC."""

import json
from datetime import datetime, timedelta

import pytest
from lint_world import group, rollout, said, world
from scenario_world import changed, problems

from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.zones import known_zone, odd_zone, zone_info


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("+03:00", "+03:00"),
        ("+3:00", "+03:00"),
        ("UTC-5", "-05:00"),
        ("UTC+05:30", "+05:30"),
        ("GMT-0330", "-03:30"),
        ("+00:00", "+00:00"),
        ("-12:00", "-12:00"),
        ("+14:00", "+14:00"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("Etc/GMT-3", "Etc/GMT-3"),
    ],
)
def test_an_offset_is_a_zone_in_one_form(written, name):
    assert known_zone(written) == name
    assert known_zone(name) == name
    assert zone_info(written).utcoffset(datetime(2026, 1, 1)) == zone_info(name).utcoffset(datetime(2026, 1, 1))


def test_an_offset_is_ahead_of_utc_or_behind():
    assert zone_info("+05:30").utcoffset(None) == timedelta(hours=5, minutes=30)
    assert zone_info("UTC-5").utcoffset(None) == timedelta(hours=-5)


@pytest.mark.parametrize("written", ["+25:00", "-12:30", "+03:60", "Europe/Nowhere", "three", "-10", "+0300"])
@pytest.mark.parametrize("field", ["time_zone", "plan.time_zone"])
def test_what_no_clock_shows_is_told_what_would_do(field, written):
    old, new = (
        ("start:", "time_zone: {}\nstart:") if field == "time_zone" else ("  strategy:", "  time_zone: {}\n  strategy:")
    )
    (problem,) = problems(changed(old, new.format(f'"{written}"')))
    assert "write for example Europe/Berlin, or +03:00 in quotes" in problem.message


@pytest.mark.parametrize("written", ["+03:00", '"+03:00"', "UTC+3", "-05:00"])
def test_an_offset_needs_no_quotes_in_yaml(written):
    scenario = parse_scenario(changed("start:", f"time_zone: {written}\nstart:"))
    assert scenario.time_zone == known_zone(written.strip('"'))


def test_two_ways_to_write_an_offset_are_one_zone_of_a_group():
    data = changed("      count:", "      time_zone: {UTC+3: 30%, '+03:00': 30%, UTC: 40%}\n      count:")
    (group, *_) = parse_scenario(data).fleet.groups
    assert json.loads(json.dumps(group.time_zone)) == pytest.approx({"+03:00": 0.6, "UTC": 0.4})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("PST", "America/Los_Angeles"),
        ("CEST", "Europe/Berlin"),
    ],
)
def test_a_zone_by_another_name_is_told_by_its_own(written, meant):
    with pytest.raises(ValueError, match=f"did you mean {meant}"):
        known_zone(written)


@pytest.mark.parametrize("hours", range(1, 13))
def test_a_zone_whose_name_has_its_sign_turned_round_is_warned_of(hours):
    for sign, other in (("+", "-"), ("-", "+")):
        warned = odd_zone(f"Etc/GMT{sign}{hours}")
        assert f'write "{other}{hours:02d}:00" if that is meant, or else "{sign}{hours:02d}:00"' in warned
        assert zone_info(f"Etc/GMT{sign}{hours}").utcoffset(datetime(2026, 1, 1)) == timedelta(
            hours=hours * (1 if other == "+" else -1)
        )


def test_zones_that_say_what_they_are_are_not_warned_of():
    assert not any(map(odd_zone, ["UTC", "Europe/Berlin", "CET", "+01:00", "Etc/GMT", "Etc/GMT+0", "Etc/UTC"]))


ODD = "Etc/GMT+1"


@pytest.mark.parametrize(
    ("path", "scenario"),
    [
        ("time_zone", {**world(), "time_zone": ODD}),
        ("plan.time_zone", world(time_zone=ODD)),
        ("fleet.groups[0].time_zone", group(world(), time_zone={ODD: "50%", "UTC": "50%"})),
        ("plan.rollout.maintenance", rollout(maintenance={"hours": "01:00-05:00", "zone": ODD})),
        ("time_zone", {**world(), "time_zone": "EST"}),
    ],
)
def test_such_a_zone_is_warned_of_wherever_one_goes(path, scenario, tmp_path):
    found = [
        at for at, message in said(scenario, tmp_path).items() if "turned round" in message or "all year" in message
    ]
    assert [at for at in found if at.startswith(path)]
