"""What cannot be exceeded, beside what was reached."""

from __future__ import annotations

from typing import NamedTuple

from fota_sim.scenario.model import Scenario


class Limit(NamedTuple):
    """Something that cannot be exceeded, in the unit of what it limits."""

    name: str
    value: float
    whose: str = ""
    """How a sentence speaks of it, with a place for its value."""


def download_limits(scenario: Scenario) -> list[Limit]:
    """Limits on downloads at once, as the scenario has them; it may have none."""
    found: list[Limit] = []
    connections = scenario.network.server.connections
    if connections is not None:
        found.append(Limit("server connections", float(connections), "the server's {:,.0f} connections"))
    for one in scenario.each_plan:
        slots = one.plan.rollout.concurrency
        if slots is not None:
            of, whose = (f" of {one.plan_name}", f"the plan {one.plan_name}'s") if one.plan_name else ("", "the plan's")
            found.append(
                Limit(f"upgrades at a time{of}", float(slots.devices), f"{whose} {{:,.0f}} upgrades at a time")
            )
    return found
