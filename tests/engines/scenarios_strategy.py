"""Whole random scenarios for engines to disagree about: valid, small, and full of trouble.

A scenario is mild except for the *troubles* that were drawn for it, so that most stories come far before they meet
one. Values are round, so that ties are common. Counts are cut to what the reference engine plays in about a second.
The texts are JSON, which YAML reads: what a failing test prints can be saved and given to ``fota-sim doctor --twins``.
"""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import strategies as st
from scenarios_dice import Dice, seconds
from scenarios_fleet import ZONES, counts, group
from scenarios_hardware import BUILT_IN_HOSTS, BUILT_IN_MODULES, BUILT_IN_RADIOS, host, module, radio
from scenarios_plan import FIRMWARE, components, network, packages, plan, product, protocol

from fota_sim.errors import ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario

STARTS = (
    "2026-01-05T08:00:00",
    "2026-03-28T21:30:00",  # before clocks change in Europe
    "2026-03-29T02:30:00",  # a time that does not exist there
    "2026-10-24T22:00:00",  # before they change back
    "2026-10-25T02:30:00",  # a time that comes twice
    "2026-04-04T13:00:00",  # before they change by half an hour on Lord Howe
    "2026-03-07T23:59:59",  # before they change in America
    "2026-12-31T23:55:00",
)


@st.composite
def scenario_texts(draw: Any) -> str:
    """Scenarios that parse and whose fleets can be built, as text; a failing one shrinks."""
    return scenario_text(Dice(lambda low, high: draw(st.integers(low, high))))


def seeded_text(seed: int) -> str:
    """The scenario of this seed: of the same kind, but each independent of the others."""
    return scenario_text(Dice(random.Random(seed).randint))


def scenario_text(dice: Dice) -> str:
    """A scenario that parses and whose fleets can be built, as text."""
    horizon_s = dice.pick(86_400, 86_400, 1_500, 3_600, 21_600, 259_200, 259_200, 1_209_600)
    data: dict[str, Any] = {
        "name": "twins",
        "horizon": seconds(horizon_s),
        "seed": dice.number(0, 10_000),
        "replications": dice.pick(1, 1, 2),
        "keep": {"events": True, "transcripts": dice.pick(2, 0, 60)},
    }
    if dice.has("calendar"):
        data |= {"start": dice.pick(*STARTS), "time_zone": dice.pick("Europe/Berlin", *ZONES)}
    identifiers = components(dice)
    planned = dice.some(identifiers, low=dice.pick(len(identifiers), 1))
    data["product"] = product(identifiers)
    data["packages"] = packages(dice, identifiers)
    radios = {f"radio{k}": radio(dice) for k in range(dice.pick(1, 0, 2))}
    data["radios"] = radios
    data["modules"] = {f"module{k}": module(dice, [*BUILT_IN_RADIOS, *radios]) for k in range(dice.pick(1, 2, 0))}
    data["hosts"] = {f"host{k}": host(dice, horizon_s) for k in range(dice.pick(1, 2, 0))}
    groups = [
        group(
            dice,
            f"g{k}",
            horizon_s,
            [*data["modules"], *BUILT_IN_MODULES] if dice.once_in(2) else [*data["modules"]] or BUILT_IN_MODULES,
            [*radios, *BUILT_IN_RADIOS],
            [*data["hosts"], *BUILT_IN_HOSTS],
            [name for name in identifiers if name != FIRMWARE],
        )
        for k in range(dice.pick(1, 2, 3))
    ]
    counts(dice, groups, horizon_s)
    data["fleet"] = {"groups": groups, "redraw": dice.pick(True, False)}
    ids = [f"{entry['name']}-{k}" for entry in groups for k in range(entry["count"])]
    data["plan"] = plan(dice, planned, horizon_s, ids)
    data["network"] = network(dice)
    data["protocol"] = protocol(dice)
    _mend(data)
    return json.dumps(data, indent=1)


def _mend(data: dict[str, Any]) -> None:
    """Take back what the parts could not know to be a mistake."""
    plan, groups = data["plan"], data["fleet"]["groups"]
    asking = any(data["hosts"].get(entry["host"], {}).get("asks", True) for entry in groups)
    if not asking:
        plan["push"] = True
        plan.pop("ends", None)
        if data["horizon"] not in ("259200s", "1209600s"):
            plan.pop("push_period", None)  # it might not open before the end
    for name in plan["packages"]:
        identifier = name.removeprefix("new ")
        if identifier != FIRMWARE and not any(identifier in entry.get("mcu", {}) for entry in groups):
            groups[0].setdefault("mcu", {})[identifier] = "1_0"
    if "whitelist" in plan or "blacklist" in plan:
        scenario = parse_scenario(json.dumps(data))
        try:
            for replication in range(scenario.replications):
                build_fleet(scenario, replication)
        except ScenarioError:  # the lists leave nobody
            plan.pop("whitelist", None)
            plan.pop("blacklist", None)
