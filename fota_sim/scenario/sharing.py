"""Do devices share anything? Where not, a fleet can be played in parts, to the same numbers (docs/design.md, Parts).

Where it is uncertain, they do. What the operator does happens at its own time, to each device alone or to all; that it
is allowed does not hang on whether any device has confirmed (rules/lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import number_of
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import Plan, rates_of


def shared(scenario: Scenario, devices: int) -> str:
    """The first thing that one of so many devices may take from another, in words; empty if there is none."""
    return next(_shared(scenario, devices), "")


def _shared(scenario: Scenario, devices: int) -> Iterator[str]:
    server = scenario.network.server
    if server.egress is not None:
        yield "downloads share the server's egress (network.server.egress is not null)"
    if server.connections is not None and server.connections < devices:
        yield (
            f"{devices:,} devices share the server's {number_of(server.connections, 'connection')} "
            "(network.server.connections is not null)"
        )
    if scenario.network.cells.enforce:
        for name in _radios(scenario):
            limits = scenario.radios[name].cell_concurrency
            if limits is not None and min(limits) < devices:
                yield f"devices share cells, which radio {name!r} limits (network.cells.enforce is true)"
    for one in scenario.each_plan:
        for field, words in _in_rollout(one.plan):
            yield f"{words} ({one.path_of(f'plan.rollout.{field}')})"


def _in_rollout(plan: Plan) -> Iterator[tuple[str, str]]:
    """What looks at many devices at once. The engines call such a rollout ordered (engines/rollout.py)."""
    rollout = plan.rollout
    looks = {
        "waves": (bool(rollout.waves), "devices wait for waves"),
        "rate": (any(rate is not None for rate in rates_of(plan)), "devices are released at a rate"),
        "concurrency": (rollout.concurrency is not None, "devices share slots"),
        "cell_concurrency": (rollout.cell_concurrency is not None, "devices share the slots of a cell"),
        "abort": (bool(rollout.abort), "an abort rule looks at all devices"),
        "sequential": (rollout.sequential is not None, "a sequential test looks at all devices"),
        "timeouts.online": (rollout.timeouts.online is not None, "devices are released one after the other"),
    }
    for field, (there, words) in looks.items():
        if there:
            yield field, words


def _radios(scenario: Scenario) -> Iterator[str]:
    """Radios that devices may have, by name; those that only a table names are among all."""
    if scenario.fleet.tables:
        yield from scenario.radios
        return
    yield from dict.fromkeys(group.radio or scenario.modules[group.module].radio for group in scenario.fleet.groups)
