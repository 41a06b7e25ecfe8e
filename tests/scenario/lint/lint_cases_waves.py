"""Cases of findings about waves: what they are of and what not, place and words."""

from lint_world import SHARES, group, rollout

CASES = {
    "more_than_everybody": (
        rollout(waves=[{"share": "70%"}, {"share": "70%"}]),
        rollout(waves=[{"share": "70%"}, {"share": "70%", "share_of": "rest"}, {}]),
        "plan.rollout.waves",
        "140 %",
    ),
    "somebody_in_none": (
        rollout(waves=[{"share": "10%"}, {"count": 60}]),
        rollout(**SHARES),
        "plan.rollout.waves",
        "300 of 400",
    ),
    "nobody_left": (
        rollout(waves=[{}, {"share": "10%"}]),
        rollout(**SHARES),
        "plan.rollout.waves[1]",
        "wave 1 takes everybody",
    ),
    "nobody_left, by count": (
        rollout(waves=[{"count": 400}, {"count": 1}]),
        rollout(waves=[{"count": 399}, {"count": 1}]),
        "plan.rollout.waves[1]",
        "no targets",
    ),
    "nobody_left, by shares in all": (
        rollout(waves=[{"share": "20%"}, {"up_to": "20%"}, {"up_to": "100%"}]),
        rollout(waves=[{"share": "20%"}, {"up_to": "21%"}, {"up_to": "100%"}]),
        "plan.rollout.waves[1]",
        "up_to counts those of the waves before it",
    ),
    "nobody_left, by groups": (
        rollout(waves=[{"count": 398}, {"groups": 3, "opens": {"after": "0s"}}]),
        rollout(waves=[{"count": 398}, {"groups": 2, "opens": {"after": "0s"}}]),
        "plan.rollout.waves[1].groups",
        "more groups than the 2 devices that are left for them: 1 of them have none",
    ),
    "too_many": (
        group(rollout(waves=[{"groups_of": 1, "opens": {"after": "0s"}}]), count=1001),
        group(rollout(waves=[{"groups_of": 2, "opens": {"after": "0s"}}]), count=1001),
        "plan.rollout.waves[0].groups_of",
        "write groups_of: 2 or more. A run refuses it",
    ),
    "never_opens, by groups": (
        rollout(waves=[{"groups": 5, "opens": {"after": "2d"}}]),
        rollout(waves=[{"groups": 4, "opens": {"after": "2d"}}]),
        "plan.rollout.waves[0].opens",
        "opens its last group 8 d",
    ),
    "waits_for_the_gone, by groups": (
        rollout(waves=[{"groups": 2, "opens": {"success": "95%"}}]),
        rollout(waves=[{"groups": 2, "opens": {"success": "94%"}}]),
        "plan.rollout.waves[0].opens.success",
        "6 % of the fleet is gone",
    ),
    "never_opens": (
        rollout(waves=[{"count": 10}, {"opens": {"after": "4d"}, "count": 10}, {"opens": {"after": "4d"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "4d"}}]),
        "plan.rollout.waves[2].opens",
        "8 d",
    ),
    "never_opens, by a hold": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "50%", "hold": "7d", "deadline": "8d"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "1d", "hold": "7d"}}]),
        "plan.rollout.waves[1].opens",
        "opens 7 d after activation at the earliest",
    ),
    "more_than_everybody, by little": (
        rollout(waves=[{"share": "50.0001%"}, {"share": "50%"}]),
        rollout(waves=[{"share": "50%"}, {"share": "50%"}]),
        "plan.rollout.waves",
        "add up to 100.0001 % of the targets",
    ),
    "waits_for_the_gone": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "94%"}}]),
        "plan.rollout.waves[1].opens.success",
        "6 % of the fleet is gone",
    ),
    "waits_for_the_gone, by saying nothing": (
        rollout(waves=[{"count": 10}, {}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "0s"}}]),
        "plan.rollout.waves[1].opens",
        "when the wave before it is over",
    ),
    "waits_for_the_gone, in decimals": (
        group(rollout(waves=[{"count": 10}, {"opens": {"success": "93.1%"}}]), gone="7%"),
        group(rollout(waves=[{"count": 10}, {"opens": {"success": "93%"}}]), gone="7%"),
        "plan.rollout.waves[1].opens.success",
        "7 % of the fleet is gone",
    ),
    "waits_for_the_gone, with a deadline": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%", "deadline": "1d"}}]),
        "plan.rollout.waves[1].opens.success",
        "deadline",
    ),
    "waits_for_the_gone, of who is left": (
        rollout(waves=[{"count": 399}, {}]),
        rollout(waves=[{"count": 400}, {}]),
        "plan.rollout.waves[1].opens",
        "when the wave before it is over",
    ),
    "waits_for_the_gone, in one group": (
        rollout(waves=[{"groups_of": 399}]),
        rollout(waves=[{"groups_of": 400}]),
        "plan.rollout.waves[0].opens",
        "when the wave before it is over",
    ),
    "waits_for_the_gone, for a quorum": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "50%", "share_of": "finished", "quorum": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "50%", "share_of": "finished", "quorum": "90%"}}]),
        "plan.rollout.waves[1].opens.quorum",
        "95 % of the wave before it have finished",
    ),
    "holds_nothing": (
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "hold": "1d"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "quorum": "50%", "hold": "1d"}}]),
        "plan.rollout.waves[1].opens.hold",
        "neither is given",
    ),
    "nobody_opens": (
        rollout(waves=[{"count": 10}, {"opens": {"by_operator": True}}]),
        rollout(waves=[{"count": 10}, {"opens": {"by_operator": True, "deadline": "1d"}}]),
        "plan.rollout.waves[1].opens.by_operator",
        "and does not",
    ),
    "nobody_opens, the first": (
        rollout(waves=[{"opens": {"by_operator": True}}]),
        rollout(waves=[{"opens": {"by_operator": False}}]),
        "plan.rollout.waves[0].opens.by_operator",
        "stays closed",
    ),
}
