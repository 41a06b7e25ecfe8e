"""Cases of findings about what a system does not take: what they are of and what not, place and words."""

from lint_world import world

CASES = {
    "not_taken": (
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 1001}}),
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 1000}}),
        "plan.rollout.rate.devices",
        "1,001 a minute, and AWS IoT Jobs takes 1 to 1,000",
    ),
    "not_taken, by another system": (
        world(preset="hawkbit", rollout={"waves": [{"count": 1, "opens": {"after": "0s"}}] * 501}),
        world(rollout={"waves": [{"count": 1, "opens": {"after": "0s"}}] * 501}),
        "plan.rollout.waves",
        "hawkBit takes up to 500 groups",
    ),
    "no_limit_left": (
        world(preset="aws-iot-jobs", rollout={"rate": None}),
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 50}}),
        "plan.rollout.rate",
        "at most 1,000 a minute",
    ),
}
