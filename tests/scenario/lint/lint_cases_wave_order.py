"""Cases of findings about the order of waves: what they are of and what not, place and words."""

from lint_world import rollout

CASES = {
    "opens_before_its_turn": (
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"at": "3d"}}, {"opens": {"at": "1d"}}]),
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"at": "1d"}}, {"opens": {"at": "3d"}}]),
        "plan.rollout.waves[2].opens.at",
        "1 d is before wave 2 can open (3 d)",
    ),
    "opens_before_its_turn, by what others wait": (
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"after": "1d"}}, {}, {"opens": {"at": "1d"}}]),
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"after": "1d"}}, {}, {"opens": {"at": "25h"}}]),
        "plan.rollout.waves[3].opens.at",
        "1 d is no later than wave 2 can open",
    ),
    "deadline_comes_first": (
        rollout(waves=[{"count": 9}, {"opens": {"after": "2h", "deadline": "1h", "on_deadline": "cancel"}}]),
        rollout(waves=[{"count": 9}, {"opens": {"after": "2h", "deadline": "2h", "on_deadline": "cancel"}}]),
        "plan.rollout.waves[1].opens.deadline",
        "1 h is over before after (2 h) can be, so it always cancels the rollout",
    ),
    "deadline_comes_first, of a hold": (
        rollout(waves=[{"count": 9}, {"opens": {"success": "50%", "hold": "1d", "deadline": "1h"}}]),
        rollout(waves=[{"count": 9}, {"opens": {"success": "50%", "hold": "1h", "deadline": "1d"}}]),
        "plan.rollout.waves[1].opens.deadline",
        "before hold (1 d) can be, so it always opens the wave",
    ),
    "asks_for_nothing": (
        rollout(waves=[{"count": 9}, {"opens": {"success": "0%"}}]),
        rollout(waves=[{"count": 9}, {"opens": {"success": "0%", "share_of": "finished"}}]),
        "plan.rollout.waves[1].opens.success",
        "this wave waits for nobody",
    ),
    "adds_to_those_before": (
        rollout(waves=[{"count": 10}, {"share": "5%"}, {"share": "25%"}, {"share": "100%"}]),
        rollout(waves=[{"count": 10}, {"share": "5%"}, {"share": "25%"}, {"share": "70%"}]),
        "plan.rollout.waves",
        "write up_to: 5%, up_to: 25%, up_to: 100%, which include the waves before",
    ),
    "adds_to_those_before, of shares alone": (
        rollout(waves=[{"share": "10%"}, {"share": "30%"}, {"share": "100%"}]),
        rollout(waves=[{"share": "10%"}, {"share": "30%"}, {"share": "100%", "share_of": "rest"}]),
        "plan.rollout.waves",
        "write up_to: 10%, up_to: 30%, up_to: 100%, which",
    ),
}
