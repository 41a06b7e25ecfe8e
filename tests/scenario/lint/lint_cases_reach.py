"""Cases of findings about devices that are never there in time: what they are of and what not, place and words."""

from lint_world import MAINTENANCE, group, quiet, rollout, world


def _deadline(**opens):
    return [{"count": 9}, {"opens": {"deadline": "12h"} | opens}]


def _half_quiet(**plan):
    """Two groups, of which one does not ask."""
    scenario = quiet(world(**plan))
    scenario["fleet"]["groups"].append(scenario["fleet"]["groups"][0] | {"name": "h", "host": "careful"})
    return scenario


CASES = {
    "wakes_at_other_hours": (
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "24h"}),
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "23h"}),
        "fleet.groups[0].contact.every",
        "25.1 % of them are ever awake then",
    ),
    "wakes_at_other_hours, in none": (
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "24h", "spread": "1h"}),
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "6h", "spread": "1h"}),
        "fleet.groups[0].contact.every",
        "none of them are ever awake then",
    ),
    "wakes_at_other_hours, too seldom": (
        group(world(), contact={"pattern": "wake", "every": "28d"}),
        group(world(), contact={"pattern": "wake", "every": "7d"}),
        "fleet.groups[0].contact.every",
        "the plan has 7 d: about 25 % of them",
    ),
    "wakes_at_other_hours, but for pushes": (
        group(quiet(world(push_grid="0s", push_period="01:00-07:00")), contact={"pattern": "wake", "every": "24h"}),
        group(world(push_grid="0s", push_period="01:00-07:00"), contact={"pattern": "wake", "every": "24h"}),
        "fleet.groups[0].contact.every",
        "25.1 % of them are ever awake then",
    ),
    "asks_at_other_hours": (
        world(push=False, rollout={"maintenance": MAINTENANCE}),
        world(push=True, rollout={"maintenance": MAINTENANCE}),
        "fleet.groups[0].contact.request_every",
        "they ask every 1 d, and the plan is offered at 22:00-04:00: none of them ask then",
    ),
    "asks_at_other_hours, often": (
        group(world(push=False, rollout={"maintenance": MAINTENANCE}), contact={"request_every": "12h"}),
        group(world(push=False, rollout={"maintenance": MAINTENANCE}), contact={"request_every": "5h"}),
        "fleet.groups[0].contact.request_every",
        "ask more often",
    ),
    "asks_once_before_its_turn": (
        group(world(push=False, rollout={"waves": 2}), contact={"request_every": None}),
        group(world(push=False, rollout={"waves": 1}), contact={"request_every": None}),
        "fleet.groups[0].contact.request_every",
        "whose turn comes after that question",
    ),
    "never_asked_nor_pushed": (
        _half_quiet(push=False),
        _half_quiet(),
        "fleet.groups[0].host",
        "never asks, and nothing is pushed",
    ),
    "missed_while_away": (
        group(rollout(timeouts={"online": "3h"}, retry=[]), contact={"pattern": "wake", "every": "24h"}),
        group(rollout(timeouts={"online": "3h"}), contact={"pattern": "wake", "every": "12h"}),
        "plan.rollout.timeouts.online",
        "about 12.5 % of those that are released while they sleep",
    ),
    "missed_before_their_hours": (
        group(rollout(timeouts={"online": "1h"}, retry=[]), contact={"pattern": "daily", "hours": "12:00-18:00"}),
        group(rollout(timeouts={"online": "1d"}, retry=[]), contact={"pattern": "daily", "hours": "12:00-18:00"}),
        "plan.rollout.timeouts.online",
        "they are there at 12:00-18:00, which begins",
    ),
    "deadline_before_they_come": (
        group(rollout(waves=_deadline(success="90%", on_deadline="pause")), contact={"pattern": "wake"}),
        group(rollout(waves=_deadline(success="50%", on_deadline="pause")), contact={"pattern": "wake"}),
        "plan.rollout.waves[1].opens.deadline",
        "about 50 % of the devices have come, and 90 % are waited for: the deadline pauses the plan",
    ),
    "deadline_before_they_come, all of them": (
        group(rollout(waves=_deadline(on_deadline="cancel")), contact={"pattern": "wake"}),
        group(rollout(waves=_deadline(on_deadline="open")), contact={"pattern": "wake"}),
        "plan.rollout.waves[1].opens.deadline",
        "cancels the plan",
    ),
    "joins_after_the_end": (
        group(world(), joins={"uniform": ["7d", "9d"]}),
        group(world(), joins={"uniform": ["6d", "9d"]}),
        "fleet.groups[0].joins",
        "nobody joins before 7 d",
    ),
    "all_join_too_late": (
        group(rollout(late_joiners="never"), joins="1d"),
        group(rollout(late_joiners="never"), joins={"uniform": ["0s", "1d"]}),
        "plan.rollout.late_joiners",
        "nobody is offered it",
    ),
    "confirms_after_the_end": (
        world(mode="manual", ends="1d", user_confirm="1d"),
        world(mode="manual", ends="1d", user_confirm={"uniform": ["1h", "2d"]}),
        "plan.user_confirm",
        "no user confirms before 1 d",
    ),
}
