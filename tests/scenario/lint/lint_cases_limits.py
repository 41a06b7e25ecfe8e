"""Cases of findings about limits: what they are of and what not, place and words."""

from lint_world import SHARES, rollout, world


def _of_size(size):
    scenario = world()
    scenario["packages"][0]["files"][0]["size"] = size
    return scenario


CASES = {
    "no_slots_in_cells": (
        rollout(cell_concurrency={"devices": [0, 0, 0]}),
        rollout(cell_concurrency={"devices": [0, 1, 0]}),
        "plan.rollout.cell_concurrency.devices",
        "gives no slot to anybody",
    ),
    "rate_of_nobody": (
        world(operator=[{"at": "1h", "do": "change_rate", "rate": {"devices": 5}}]),
        world(operator=[{"at": "1h", "do": "change_rate"}], rollout={"rate": {"devices": 5}}),
        "plan.operator[0].do",
        "all are released when the plan starts",
    ),
    "abort_above_all": (
        rollout(abort=[{"share": "100%", "compare": ">"}]),
        rollout(abort=[{"share": "100%", "compare": ">="}]),
        "plan.rollout.abort[0].share",
        "> 100 % never stops the rollout. Write compare: '>='",
    ),
    "abort_above_all, of attempts": (
        rollout(abort=[{"share": "100%", "compare": ">", "share_of": "group"}]),
        rollout(abort=[{"share": "100%", "compare": ">", "share_of": "group", "counts": "attempts"}]),
        "plan.rollout.abort[0].share",
        "no more than all can fail",
    ),
    "abort_at_none": (
        rollout(abort=[{"count": 0}]),
        rollout(abort=[{"count": 0, "compare": ">"}]),
        "plan.rollout.abort[0].count",
        "at the first one, as 1 does",
    ),
    "abort_counts_more_than_all": (
        rollout(abort=[{"count": 401}]),
        rollout(abort=[{"count": 400}]),
        "plan.rollout.abort[0].count",
        "400 targets of the plan, so it never stops the rollout",
    ),
    "abort_counts_more_than_all, of attempts": (
        rollout(**SHARES, abort=[{"count": 201, "scope": "wave"}]),
        rollout(**SHARES, abort=[{"count": 201, "scope": "wave", "counts": "attempts"}]),
        "plan.rollout.abort[0].count",
        "200 targets of the largest wave",
    ),
    "abort_never_counts": (
        rollout(abort=[{"share": "5%", "minimum": 401}]),
        rollout(abort=[{"share": "5%", "minimum": 400}]),
        "plan.rollout.abort[0].minimum",
        "400 targets of the plan",
    ),
    "abort_never_counts, of a wave": (
        rollout(**SHARES, abort=[{"share": "5%", "minimum": 201, "scope": "wave"}]),
        rollout(**SHARES, abort=[{"share": "5%", "minimum": 200, "scope": "wave"}]),
        "plan.rollout.abort[0].minimum",
        "200 targets of the largest wave",
    ),
    "more_slots_than_devices": (
        rollout(concurrency={"devices": 400}),
        rollout(concurrency={"devices": 399}),
        "plan.rollout.concurrency.devices",
        "400 slots",
    ),
    "rate_too_slow": (
        rollout(rate={"devices": 2, "every": "1h"}),
        rollout(rate={"devices": 3, "every": "1h"}),
        "plan.rollout.rate",
        "8.33 d",
    ),
    "hold_outlasts_plan": (
        world(rejection_hold="24h", ends="1d"),
        world(rejection_hold="23h", ends="1d"),
        "plan.rejection_hold",
        "refusal is final",
    ),
    "packages_without_room": (
        _of_size("5MB"),
        _of_size("4MB"),
        "plan.packages[0]",
        "module EC200U has 4MB free: its devices cannot take it (no space)",
    ),
}
