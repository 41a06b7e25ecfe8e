"""Cases of findings about prices: what they are of and what not, place and words."""

from lint_world import group, world

PRICED = {"currency": "EUR", "per_visit": 85, "per_not_upgraded": 20, "per_mAh": 0.01}


def _priced(**more):
    return world() | {"prices": PRICED | more}


CASES = {
    "visits_without_a_price": (
        _priced(per_visit=None, visit_after=["bricked"]),
        _priced(visit_after=["bricked"]),
        "prices.visit_after",
        "a visit has no price",
    ),
    "visits_of_the_healthy": (
        _priced(visit_after=["bricked", "upgraded"]),
        _priced(visit_after=["bricked", "failed"]),
        "prices.visit_after[1]",
        "needs nothing",
    ),
    "visits_of_the_healthy, cut off": (
        _priced(visit_after=["in_progress"]),
        _priced(per_visit=None, visit_after=["in_progress"]),
        "prices.visit_after[0]",
        "whoever the horizon cuts off",
    ),
    "left_behind_for_nothing": (
        _priced(per_not_upgraded=None),
        _priced(per_not_upgraded=0),
        "prices",
        "the strictest gate looks cheap; add per_not_upgraded",
    ),
    "charge_of_nobody": (
        group(_priced(), mains="100%"),
        group(_priced(), mains="90%"),
        "prices.per_mAh",
        "all devices are on mains",
    ),
}
