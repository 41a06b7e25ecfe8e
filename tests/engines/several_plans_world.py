"""A fleet of two products with several plans, and the same plans alone."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

ENGINES = {"reference": reference, "compiled": compiled}
Data = dict[str, Any]

METER, TRACKER = "Meter", "Tracker"

TWO: Data = {
    "name": "two",
    "horizon": "3d",
    "product": {
        "name": METER,
        "pk": "p11",
        "model": {"name": "m1", "device_model": "Sensor", "components": [{"identifier": "app", "type": "firmware"}]},
    },
    "products": [
        {
            "name": TRACKER,
            "pk": "p22",
            "model": {
                "name": "m2",
                "device_model": "T2",
                "components": [{"identifier": "fw", "type": "firmware"}, {"identifier": "stm", "type": "mcu"}],
            },
        }
    ],
    "packages": [
        {"name": "p", "component": "app", "target_version": "2", "files": [{"name": "a.bin", "size": "120kB"}]},
        {"name": "q", "component": "fw", "target_version": "2", "files": [{"name": "b.bin", "size": "300kB"}]},
        {"name": "r", "component": "stm", "target_version": "9", "files": [{"name": "c.bin", "size": "20kB"}]},
    ],
    "plans": {
        "first": {
            "packages": ["p"],
            "whitelist": {"where": 'site == "north"'},
            "rollout": {"waves": [{"share": "20%"}, {"opens": {"after": "6h"}}], "concurrency": {"devices": 9}},
        },
        "trackers": {
            "product": TRACKER,
            "packages": ["q", "r"],
            "operator": [{"at": "5h", "do": "suspend"}, {"at": "12h", "do": "resume"}],
        },
        "rest": {"packages": ["p"], "starts": "6h", "mode": "manual", "strategy": {"min_battery": "10%"}},
    },
    "network": {"server": {"connections": None}, "cells": {"enforce": False}},
    "fleet": {
        "groups": [
            {
                "name": "meters",
                "count": 24,
                "module": "BC66",
                "mains": "100%",
                "attributes": {"site": {"north": "40%", "south": "60%"}},
            },
            {"name": "trackers", "count": 14, "product": TRACKER, "module": "EC200U", "mcu": {"stm": "8"}},
        ]
    },
}
"""Three plans whose devices share nothing."""


def two(**changes: Any) -> Data:
    """The scenario with top-level fields replaced."""
    return {**copy.deepcopy(TWO), **changes}


def alone(data: Data, plan: str, among: Mapping[str, str]) -> Data:
    """The scenario with one of its plans as the only one, for the devices that it has ``among`` all (plan by id)."""
    own = copy.deepcopy(data)
    told = own.pop("plans")[plan]
    products = {each["name"]: each for each in (own["product"], *own["products"])}
    own["product"] = products.pop(told.pop("product", METER))
    own["products"] = list(products.values())
    for group in own["fleet"]["groups"]:
        group.setdefault("product", METER)
    told["whitelist"] = {"ids": [name for name, of in among.items() if of == plan]}
    own["plan"] = told
    return own


def scenario_of(data: Data, *overrides: str) -> Scenario:
    """The scenario, checked."""
    return parse_scenario(json.dumps(data), overrides=overrides)


def play(data: Data, engine: str = "reference", *overrides: str) -> RunRecord:
    """Its first replication."""
    return ENGINES[engine](scenario_of(data, *overrides), 0)


def rows_by_id(record: RunRecord, without: tuple[str, ...] = ("device", "plan")) -> dict[str, dict[str, Any]]:
    """What became of each device."""
    columns = {name: record.column(name) for name in record.devices if name not in without}
    ids = record.column("id").tolist()
    return {name: {key: repr(column[k]) for key, column in columns.items()} for k, name in enumerate(ids)}


def plan_by_id(record: RunRecord) -> dict[str, str]:
    """The plan of each device."""
    return dict(zip(record.column("id").tolist(), record.column("plan").tolist(), strict=True))
