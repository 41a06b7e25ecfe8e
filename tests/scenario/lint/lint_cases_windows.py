"""Cases of findings about windows: what they are of and what not, place and words."""

from lint_world import DAILY, MAINTENANCE, PSM, QUIET, WAKES, asleep, group, rollout, world

CASES = {
    "asleep_at_every_push, in PSM": (
        group(QUIET, contact=WAKES),
        asleep(**PSM),
        "fleet.groups[0].contact",
        "are ever awake at one",
    ),
    "push_in_another_zone": (
        group(world(push_period="01:00-05:00"), time_zone={"Asia/Tokyo": "100%"}),
        world(push_period="01:00-05:00"),
        "plan.push_period",
        "10:00-14:00",
    ),
    "maintenance_in_another_zone": (
        group(rollout(maintenance=MAINTENANCE | {"zone": "plan"}), time_zone={"Asia/Tokyo": "100%"}),
        group(rollout(maintenance=MAINTENANCE), time_zone={"Asia/Tokyo": "100%"}),
        "plan.rollout.maintenance.zone",
        "07:00-13:00",
    ),
    "runs_into_the_next_day, of days of the month": (
        rollout(maintenance={"hours": "22:00-04:00", "month_days": [6]}),
        rollout(maintenance={"hours": "22:00-24:00", "month_days": [6]}),
        "plan.rollout.maintenance.days",
        "what begins on the last of them runs into the next day",
    ),
    "runs_into_the_next_day": (
        rollout(maintenance=MAINTENANCE | {"days": ["mon", "tue"]}),
        rollout(maintenance={"hours": "22:00-24:00", "days": ["mon", "tue"]}),
        "plan.rollout.maintenance.days",
        "spans midnight",
    ),
    "nobody_there": (
        group(rollout(maintenance=MAINTENANCE), contact=DAILY),
        group(rollout(maintenance={"hours": "17:00-20:00"}), contact=DAILY),
        "fleet.groups[0].contact.hours",
        "never offered",
    ),
    "asleep_at_every_push": (
        group(QUIET, contact=WAKES),
        group(QUIET, contact=WAKES | {"linger": "10min"}),
        "fleet.groups[0].contact",
        "about 3.33 % of them are ever awake at one",
    ),
}
