"""A scenario for the plan linter, and what it says of one."""

from __future__ import annotations

import copy
import json
from typing import Any

from fota_sim.scenario.lint import facts_of, lint, warnings
from fota_sim.scenario.loader import load_located

Entry = dict[str, Any]
SHARES = {"waves": [{"share": "10%"}, {"share": "40%"}, {}]}
DAILY = {"pattern": "daily", "hours": "08:00-18:00"}
MAINTENANCE = {"hours": "22:00-04:00"}
WAKES = {"pattern": "wake", "every": "24h", "linger": "20s"}
PSM = {"t3412": "24h", "t3324": "20s"}


def world(**plan: Any) -> Entry:
    """A scenario of 400 devices about which the linter has nothing to say; ``plan`` fields are added."""
    return {
        "horizon": "7d",
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "100kB"}]}
        ],
        "plan": {"packages": ["p"], **plan},
        "fleet": {"groups": [{"name": "g", "count": 400, "module": "EC200U", "mains": "50%", "gone": "6%"}]},
    }


def rollout(**parts: Any) -> Entry:
    """The same with parts of a rollout."""
    return world(rollout=parts)


def group(scenario: Entry, **fields: Any) -> Entry:
    """The scenario with other fields of its group."""
    changed = copy.deepcopy(scenario)
    changed["fleet"]["groups"][0] |= fields
    return changed


def quiet(scenario: Entry) -> Entry:
    """The scenario with hosts that never ask."""
    scenario["hosts"] = {"quiet": {"extends": "careful", "asks": False}}
    return group(scenario, host="quiet")


QUIET = quiet(world())


def asleep(module: str = "BC66", scenario: Entry | None = None, **sleep: Any) -> Entry:
    """Devices in eDRX, or in PSM where there is a T3412, that never ask."""
    contact = {"pattern": "wake", "every": "24h"} if "t3412" in sleep else {}
    return group(scenario or quiet(world()), module=module, contact=contact | {"sleep": sleep})


def said(scenario: Entry, tmp_path: Any) -> dict[str, str]:
    """What the linter says of it, by path."""
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(scenario))
    loaded, document = load_located(file)
    return {each.path: each.message for each in warnings(lint(facts_of(loaded, document)), document)}
