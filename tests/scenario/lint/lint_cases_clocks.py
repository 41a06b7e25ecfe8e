"""Cases of findings about hours that never come: what they are of and what not, place and words."""

from lint_world import DAILY, QUIET, group, quiet, rollout, world


def _begins(start, zone, horizon="7d"):
    return world() | {"start": start, "time_zone": zone, "horizon": horizon}


def _spring(**hours):
    """Three days over the change of clocks of 2026-03-29, when 02:00 in Berlin is 03:00."""
    scenario = rollout(maintenance={"hours": "02:30-02:45"} | hours)
    return scenario | {"start": "2026-03-28T12:00:00", "time_zone": "Europe/Berlin", "horizon": "3d"}


CASES = {
    "zones_turned_round": (
        QUIET | {"time_zone": "Etc/GMT+1"},
        QUIET | {"time_zone": "-01:00"},
        "time_zone",
        "Etc/GMT+1 is 01:00 behind UTC, for names of this kind have the sign turned round",
    ),
    "start_comes_twice": (
        _begins("2026-10-25T02:30:00", "Europe/Berlin"),
        _begins("2026-10-25T03:30:00", "Europe/Berlin"),
        "start",
        "2026-10-25 02:30 comes twice on the clocks of Europe/Berlin",
    ),
    "hours_never_come": (
        _spring(days=["sun"]),
        _spring(days=["sun"], hours="01:30-02:45"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 on sun never comes in Europe/Berlin between the plan's start and its end; on 2026-03-29",
    ),
    "hours_never_come, on one day of several": (
        _spring(),
        _spring(hours="02:30-03:00", zone="plan"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 does not come on one day",
    ),
    "hours_never_come, of a list": (
        rollout(maintenance=[{"hours": "01:00-02:00"}, {"hours": "01:00-02:00", "month_days": [31]}]),
        rollout(maintenance=[{"hours": "01:00-02:00"}, {"hours": "01:00-02:00", "month_days": [8]}]),
        "plan.rollout.maintenance[1].hours",
        "01:00-02:00 on day 31 of the month never comes",
    ),
    "hours_never_come, before the end": (
        _spring(days=["fri"]),
        _spring(days=["mon"], hours="23:59-00:01"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 on fri never comes",
    ),
    "hours_never_come, of devices": (
        group(_begins("2026-03-28T12:00:00", "Europe/Berlin", "12h"), contact=DAILY | {"hours": "02:00-03:00"}),
        group(_begins("2026-03-28T12:00:00", "Europe/Berlin", "12h"), contact=DAILY | {"hours": "23:00-03:00"}),
        "fleet.groups[0].contact.hours",
        "02:00-03:00 never comes in Europe/Berlin",
    ),
    "grid_misses_period": (
        quiet(world(push_period="02:00-05:00", push_grid="6h")),
        quiet(world(push_period="02:00-07:00", push_grid="6h")),
        "plan.push_grid",
        "no such time lies in 02:00-05:00",
    ),
}
