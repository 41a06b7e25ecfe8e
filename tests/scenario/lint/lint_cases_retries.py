"""Cases of findings about retries: what they are of and what not, place and words."""

from lint_world import rollout

ENDLESS = {"count": None}
CASES = {
    "without_end": (
        rollout(retry=[ENDLESS]),
        rollout(retry=[ENDLESS], budget={"attempts": 2}),
        "plan.rollout.retry[0].count",
        "without end",
    ),
    "never_boxed": (
        rollout(retry=[{"count": 1}], penalty_box={"failures": 3, "lasts": "1d"}),
        rollout(retry=[{"count": 2}], penalty_box={"failures": 3, "lasts": "1d"}),
        "plan.rollout.penalty_box.failures",
        "after 2 failures",
    ),
    "module_gives_up_first": (
        rollout(retry=[{"on": ["download"], "count": 6}]),
        rollout(retry=[{"on": ["download"], "count": 5}]),
        "plan.rollout.retry[0].count",
        "max_download_failures",
    ),
}
