"""Who is of which of several plans: what a scenario with a drawn fleet shows of that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.lists import would_take
from fota_sim.scenario.lint.facts import Finding, some_devices
from fota_sim.scenario.model import Scenario


def as_lines(scenario: Scenario, fleet: Fleet) -> list[str]:
    """How many devices each plan has, and how many none has."""
    takes = fleet.white & ~fleet.black
    lines = []
    for one in scenario.each_plan:
        own = int(np.count_nonzero(takes & fleet.of_plan(one.plan_number)))
        lines.append(f"plan {one.plan_name}: {some_devices(own)} of {one.product.name}")
    left = int(np.count_nonzero(~takes))
    return [*lines, f"of no plan: {some_devices(left)}"] if left else lines


def overlaps(scenario: Scenario, fleet: Fleet) -> Iterator[Finding]:
    """Devices that a plan's whitelist names and that a plan before it has already.

    A plan without a whitelist takes what is left, which is what it is written for.
    """
    every = scenario.each_plan
    for one in every:
        if one.plan.whitelist is None:
            continue
        named = would_take(fleet, one)
        earlier = {
            each.plan_name: int(np.count_nonzero(named & fleet.of_plan(each.plan_number)))
            for each in every[: one.plan_number]
        }
        taken = {name: count for name, count in earlier.items() if count}
        if taken:
            of = int(np.count_nonzero(named))
            whose = " and ".join(f"{count:,} of plan {name}" for name, count in taken.items())
            yield (
                ("plans", one.plan_name, "whitelist"),
                f"names {some_devices(of)}, of which {whose}, which comes before it; the first plan that takes a "
                "device has it. Write the one that should have them first, or narrow its list",
            )
