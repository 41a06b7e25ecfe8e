"""A fleet without luck, for tests of a rollout: every device is there at once and takes equally long."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario

ENGINES: dict[str, Callable[..., RunRecord]] = {"reference": reference, "compiled": compiled}

Entry = dict[str, Any]


def world(devices: int, rollout: Entry, **plan: Any) -> Entry:
    """A scenario in which nothing is left to chance; ``plan`` fields may be added or replaced."""
    return {
        "name": "without luck",
        "horizon": "10d",
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "100kB"}]}
        ],
        "plan": {"packages": ["p"], "push_grid": "0s", "rollout": rollout, **plan},
        "radios": {
            "line": {
                "extends": "lte-cat1",
                "law": "table",
                "table": [["-110dBm", "100kbit/s"], ["-50dBm", "100kbit/s"]],
                "rssi_sd": "0dB",
                "reading_sd": "0dB",
                "connect": "1s",
                "p_floor": "0%",
                "s50": "-200dBm",
                "gone": "0%",
                "churn": "0%",
            }
        },
        "modules": {
            "board": {
                "extends": "EC200U",
                "radio": "line",
                "reboot": "10s",
                "url_to_start": "1s",
                "verify_failure": "0%",
                "storage_failure": "0%",
                "power_cuts_mains": 0,
            }
        },
        "hosts": {"quiet": {"extends": "careful", "asks": False, "confirm_delay": "2s"}},
        "fleet": {"groups": [group("g", devices)]},
    }


def group(name: str, count: int, **fields: Any) -> Entry:
    """Devices that are always there, or what ``fields`` say."""
    return {
        "name": name,
        "count": count,
        "module": "board",
        "host": "quiet",
        "mains": "100%",
        "rssi": "-60dBm",
        "contact": {"pattern": "always", "spread": "0s"},
        **fields,
    }


def broken(share: str = "100%", effect: str = "verify_failure", where: str = "") -> Entry:
    """A defect of the new firmware."""
    return {"effect": effect, "probability": share, **({"where": where} if where else {})}


def play(scenario: Entry, engine: str = "reference", *overrides: str) -> RunRecord:
    """Its first replication."""
    return ENGINES[engine](parse_scenario(json.dumps(scenario), "scenario.yaml", overrides), 0)


def play_if_it_begins(scenario: Entry, engine: str = "reference") -> RunRecord:
    """The same of a drawn scenario; one whose plan or run is over before anything can begin is passed over."""
    try:
        return play(scenario, engine)
    except ScenarioError as error:
        assume(not any(words in str(error) for words in ("never opens before", "ends before it starts")))
        raise


def at_ms(record: RunRecord, column: str) -> Any:
    """The times of a column that happened, ascending."""
    times = np.sort(np.asarray(record.devices[column]))
    return times[times >= 0]


def ends(record: RunRecord) -> dict[tuple[str, str], int]:
    """How many devices ended with which outcome and cause."""
    pairs = zip(record.devices["outcome"], record.devices["cause"], strict=True)
    found: dict[tuple[str, str], int] = {}
    for pair in pairs:
        found[pair] = found.get(pair, 0) + 1
    return found


def logged(record: RunRecord, words: str) -> list[float]:
    """When the plan's log says something, in seconds."""
    return [at / 1000.0 for at, text in record.plan_log if words in text]
