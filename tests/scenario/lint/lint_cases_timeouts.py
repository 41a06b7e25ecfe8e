"""Cases of findings about timeouts: what they are of and what not, place and words."""

from lint_world import group, rollout, world

CASES = {
    "shorter_than_the_answer": (
        group(rollout(timeouts={"ack": "3min"}), host="late"),
        rollout(timeouts={"ack": "3min"}),
        "plan.rollout.timeouts.ack",
        "'late'",
    ),
    "shorter_than_the_installation": (
        rollout(timeouts={"report": "90s"}),
        rollout(timeouts={"report": "30min"}),
        "plan.rollout.timeouts.report",
        "EC200U",
    ),
    "slot_of_the_silent": (
        rollout(concurrency={"devices": 50, "expires": "1ms"}),
        rollout(concurrency={"devices": 50, "expires": "30min"}),
        "plan.rollout.concurrency.expires",
        "more than 50 at a time go on",
    ),
    "slot_of_the_silent, while it thinks": (
        group(rollout(concurrency={"devices": 50, "expires": "3min", "until": "downloaded"}), host="late"),
        rollout(concurrency={"devices": 50, "expires": "3min", "until": "downloaded"}),
        "plan.rollout.concurrency.expires",
        "'late'",
    ),
    "switched_off_in_writing": (
        group(world(), contact={"pattern": "wake"}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "5s"}}},
        group(world(), contact={"pattern": "wake"}),
        "fleet.groups[0].host",
        "power is lost in the middle of writing",
    ),
    "switched_off_in_writing, in PSM": (
        group(world(), contact={"pattern": "wake", "sleep": {"t3412": "10h", "t3324": "16s"}}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "30s"}}},
        group(world(), contact={"pattern": "wake", "sleep": {"t3412": "10h", "t3324": "60s"}}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "30s"}}},
        "fleet.groups[0].host",
        "the time that it listens",
    ),
}
