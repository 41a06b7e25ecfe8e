"""Wherever a time from activation goes, a date goes as well."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_world import GOOD, load, problems

from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.zones import zone_info

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "+05:45", "-11:00"]


def said(*overrides: str):
    """The scenario, from Berlin's last Saturday in March on."""
    return load(overrides=("start=2026-03-28T12:00:00", "time_zone=Europe/Berlin", "horizon=30d", *overrides))


def told(*overrides: str) -> str:
    (problem,) = problems(GOOD, overrides=("start=2026-03-28T12:00:00", "time_zone=Europe/Berlin", *overrides))
    return f"{problem.path}: {problem.message}"


WHERE = {
    "plan.starts={}": lambda scenario: scenario.plan.starts,
    "plan.ends={}": lambda scenario: scenario.plan.ends,
    "plan.rollout.waves=[{{count: 1}}, {{opens: {{at: {}}}}}]": lambda s: s.plan.rollout.waves[1].opens.at,
    "plan.operator=[{{at: {}, do: suspend}}]": lambda scenario: scenario.plan.operator[0].at,
    "horizon={}": lambda scenario: scenario.horizon,
    "fleet.groups[0].joins={}": lambda scenario: scenario.fleet.groups[0].joins.value,
}


@pytest.mark.parametrize("where", WHERE)
def test_a_date_is_so_long_after_activation(where):
    """A day and a night later an hour has been skipped: noon to noon are 23 hours."""
    for written, hours in [
        ("2026-03-29T12:00:00", 23),
        ("2026-03-30", 35),
        ("2026-03-29T12:00:00Z", 25),
        ('"2026-03-29 12:00:00+02:00"', 23),
        ("'2026-03-29T12:00:00-05:00'", 30),
    ]:
        assert WHERE[where](said(where.format(written))) == hours * 3600


@pytest.mark.parametrize("where", WHERE)
def test_a_date_before_the_activation_is_refused(where):
    message = told(where.format("2026-03-28T10:59:59Z"))
    assert "is before the activation, 2026-03-28T12:00:00 Europe/Berlin; write a later time" in message


def test_an_end_at_the_moment_of_activation_is_refused_in_the_words_of_times():
    message = told("horizon=2026-03-28T12:00:00")
    assert message == "horizon: 2026-03-28T12:00:00 is out of range; it must be above 0s after the activation"


def test_the_moment_of_activation_is_no_time_after_it():
    assert said("plan.starts=2026-03-28T12:00:00").plan.starts == 0
    assert said("plan.starts=2026-03-28T11:00:00Z").plan.starts == 0


def test_a_time_that_clocks_skip_is_refused_with_the_one_that_they_show():
    message = told("plan.starts=2026-03-29T02:30:00")
    assert (
        "does not come on the clocks of Europe/Berlin, which are put forward then; write 2026-03-29T03:30:00" in message
    )


def test_dates_of_a_distribution_are_counted_as_well():
    dates = said("fleet.groups[0].joins={uniform: ['2026-03-29T12:00:00', '2026-03-30T12:00:00']}")
    assert dates.fleet.groups[0].joins == said("fleet.groups[0].joins={uniform: [23h, 47h]}").fleet.groups[0].joins


def test_a_start_that_cannot_be_read_is_told_where_it_stands():
    found = problems(GOOD, overrides=("time_zone=Mars/Base", "plan.starts=2026-03-29"))
    assert {each.path for each in found} == {"time_zone", "plan.starts"}
    assert "mend those first" in next(each.message for each in found if each.path == "plan.starts")


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    later_s=st.integers(0, 20 * 86_400),
    offset_min=st.integers(-12 * 60, 14 * 60),
)
def test_any_moment_with_an_offset_is_the_duration_since_activation(zone, start, later_s, offset_min):
    begin = start.replace(tzinfo=zone_info(zone)).astimezone(UTC)
    if begin.astimezone(zone_info(zone)).replace(tzinfo=None) != start:
        return  # clocks skip it
    there = zone_info(f"{'-' if offset_min < 0 else '+'}{abs(offset_min) // 60:02d}:{abs(offset_min) % 60:02d}")
    moment = (begin + timedelta(seconds=later_s)).astimezone(there)
    overrides = (f"start={start.isoformat()}", f"time_zone={zone}", "horizon=30d", f"plan.starts={moment.isoformat()}")
    assert load(overrides=overrides).plan.starts == later_s


def test_a_resolved_scenario_says_durations_and_loads_to_the_same():
    scenario = said("plan.ends=2026-04-02T12:00:00")
    assert "ends: 119h" in dump_yaml(scenario)
    assert parse_scenario(dump_yaml(scenario)) == scenario
