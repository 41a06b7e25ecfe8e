"""Prices of what never happens, and visits that are hardly meant."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import quoted
from fota_sim.rules import codes
from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario.lint.facts import Facts, Finding
from fota_sim.scenario.lint.gates import FLOOR_DBM

_WELL = tuple(OUTCOMES[outcome] for outcome in (codes.UPGRADED, codes.ALREADY_ON_TARGET))
_UNDER_WAY = OUTCOMES[codes.IN_PROGRESS]


def visits_without_a_price(facts: Facts) -> Iterator[Finding]:
    """Who is to be visited, where a visit has no price."""
    prices = facts.scenario.prices
    if prices is not None and prices.per_visit is None and ("prices", "visit_after") in facts.written:
        message = "names who is visited, and a visit has no price; add per_visit, or leave it out"
        yield ("prices", "visit_after"), message


def visits_of_the_healthy(facts: Facts) -> Iterator[Finding]:
    """Visits to devices that are well, or whose story is not over."""
    prices = facts.scenario.prices
    if prices is None or prices.per_visit is None:
        return
    for index, name in enumerate(prices.visit_after):
        if name in _WELL:
            message = f"somebody would go to every device that is {quoted(name)}, which needs nothing; take it out"
            yield ("prices", "visit_after", index), message
        elif name == _UNDER_WAY:
            message = f"{quoted(name)} is whoever the horizon cuts off; take it out, or set a longer horizon"
            yield ("prices", "visit_after", index), message


def left_behind_for_nothing(facts: Facts) -> Iterator[Finding]:
    """Prices, and none for a device that a gate keeps on the old version for good."""
    scenario, strategy = facts.scenario, facts.scenario.plan.strategy
    gated = strategy.min_battery > 0.0 or strategy.min_signal > FLOOR_DBM
    if scenario.prices is not None and scenario.prices.per_not_upgraded is None and gated:
        message = (
            "have none for a device that the plan's minimums leave behind, so it costs nothing after the horizon and "
            "the strictest gate looks cheap; add per_not_upgraded"
        )
        yield ("prices",), message


def charge_of_nobody(facts: Facts) -> Iterator[Finding]:
    """A price of charge in a fleet that is all on mains."""
    prices = facts.scenario.prices
    mains = facts.share(lambda devices, module, _: float(module.mains if devices.mains is None else devices.mains))
    if prices is not None and prices.per_mAh and mains == 1.0:
        yield ("prices", "per_mAh"), "is never paid, for all devices are on mains; leave it out, or lower mains"
