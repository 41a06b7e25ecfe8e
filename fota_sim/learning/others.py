"""Which of the other plans have what the log of one plan taught: devices share groups, radios, modules and packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.membership import taken_by
from fota_sim.learning.learned import Learned
from fota_sim.scenario.model import Scenario


def others_with(scenario: Scenario, plan: str, learned: Sequence[Learned]) -> dict[str, list[str]]:
    """For each thing that was learnt, by its key, the other plans that it holds for too; nothing where it is for none.

    Raises ScenarioError for what only the fleet shows.
    """
    owners = _owners(scenario, plan)
    found = {}
    for each in learned:
        wanted = {_owner(path) for path in each.values(each.mean)}
        if names := [name for name, own in owners.items() if wanted & own]:
            found[each.key] = names
    return found


def _owner(path: str) -> str:
    """What a field of a scenario is of: ``fleet.groups.meters``, ``radios.nb-iot``, ``packages[0]``."""
    steps = path.split(".")
    return ".".join(steps[: 3 if steps[0] == "fleet" else 1 if steps[0].startswith("packages[") else 2])


def _owners(scenario: Scenario, plan: str) -> dict[str, set[str]]:
    """What each of the other plans has, by name."""
    if len(scenario.plans) < 2:
        return {}
    fleet = build_fleet(scenario, 0)
    places = {source.name: str(key[1]) for key, source in scenario.fleet.placed()}
    found = {}
    for one in scenario.each_plan:
        if one.plan_name == plan:
            continue
        mine = taken_by(fleet, scenario, one.plan_name)
        owners = {f"packages[{scenario.packages.index(package)}]" for package in one.planned}
        owners |= {f"fleet.{places[name]}.{name}" for name in _named(fleet.group[mine], fleet.group_names)}
        for kind in ("radio", "module", "host"):
            codes, names = getattr(fleet, kind)[mine], getattr(fleet, f"{kind}_names")
            owners |= {f"{kind}s.{name}" for name in _named(codes, names)}
        found[one.plan_name] = owners
    return found


def _named(codes: NDArray[Any], names: tuple[str, ...]) -> list[str]:
    return [names[code] for code in np.unique(codes)]
