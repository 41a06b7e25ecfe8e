"""Cases of findings about minimums: what they are of and what not, place and words."""

from lint_world import group, world

CASES = {
    "nobody_confirms": (
        world(mode="manual", user_confirm_share="0%"),
        world(mode="manual", user_confirm_share="1%"),
        "plan.user_confirm_share",
        "0% of the users confirm",
    ),
    "nothing_to_compare": (
        world(preset="mender", strategy={"enforced_by": "platform"}),
        world(strategy={"enforced_by": "platform"}),
        "plan.strategy.enforced_by",
        "nothing to compare",
    ),
    "nothing_to_compare, by the host": (
        world(strategy={"telemetry_max_age": "1d"}),
        world(strategy={"telemetry_max_age": "1d", "enforced_by": "platform"}),
        "plan.strategy.telemetry_max_age",
        "platform's check",
    ),
    "nobody_compares": (
        group(world(strategy={"min_signal": "-95dBm"}), host="careless"),
        world(strategy={"min_signal": "-95dBm"}),
        "plan.strategy.min_signal",
        "no host",
    ),
    "always_full": (
        group(world(strategy={"min_battery": "40%"}), mains="100%"),
        world(strategy={"min_battery": "40%"}),
        "plan.strategy.min_battery",
        "on mains",
    ),
}
