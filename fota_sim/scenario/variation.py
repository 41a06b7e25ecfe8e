"""A checked scenario with some of its values replaced, built-in radios, modules and hosts among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.scenario.loader import with_values
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import steps_into
from fota_sim.scenario.plain_names import EVERY


def varied(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """``scenario`` with ``values`` by path as ``--set`` takes it; raises ScenarioError with everything that is wrong.

    Unlike ``--set``, which changes the file, this changes what came of it: ``modules.BC66.battery.esr`` is there
    whether or not the file speaks of it.
    """
    return with_values(scenario, values)


def in_every_plan(path: str, scenario: Scenario) -> str:
    """A path in ``plan``; where the scenario has several plans, that of every one of them."""
    kind, _, rest = path.partition(".")
    return f"plans.{EVERY}.{rest}" if scenario.plans and kind == "plan" else path


def by_names(path: str, scenario: Scenario) -> str:
    """A path as ``--set`` takes it with names in place of positions: ``fleet.groups.meters.gone`` of ``groups[0]``."""
    node: Any = scenario
    found = ""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(node, list | tuple) and step.isdigit() and int(step) < len(node):
            found, node = f"{found}{steps_into(node)[int(step)]}", node[int(step)]
            continue
        found = f"{found}.{step}" if found else step
        if isinstance(node, list | tuple):
            node = next((each for each in node if getattr(each, "name", None) == step), None)
        else:
            node = node.get(step) if isinstance(node, dict) else getattr(node, step, None)
    return found


def written(scenario: Scenario, path: str) -> Any:
    """The value at ``path`` as YAML would have it; None where nothing is said."""
    node: Any = scenario.model_dump(mode="json", by_alias=True)
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list):
            by_name = {entry.get("name"): entry for entry in node if isinstance(entry, dict)}
            node = node[int(step)] if step.isdigit() and int(step) < len(node) else by_name.get(step)
        else:
            return None
    return node
