"""Random scenarios changed in one thing, and what two runs say of the same devices."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scenarios_strategy import scenarios

from fota_sim.engines.record import RunRecord, spelled_out
from fota_sim.engines.twins.compare import compare
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

Data = dict[str, Any]
SHARES_NOTHING: Data = {"server": {"connections": 10_000}, "cells": {"enforce": False}}


@st.composite
def random_data(draw: Any) -> Data:
    """A random whole scenario as the mapping that its text is; without files and preset, for those are elsewhere."""
    data: Data = draw(scenarios(without=("files", "plans", "preset"))).data
    return data | {"replications": 1, "keep": {"events": True, "transcripts": 2}}


def scenario_of(data: Data) -> Scenario:
    """The scenario that a mapping says."""
    return parse_scenario(json.dumps(data))


def assert_same(first: RunRecord, second: RunRecord) -> None:
    """Both left the same device table, downloads, events and dialogues, to the last bit."""
    found = compare(first, second)
    assert not found, found


def rows_by_id(record: RunRecord) -> dict[str, dict[str, Any]]:
    """What the device table says of each device, but for its number."""
    columns = {name: spelled_out(column) for name, column in record.devices.items() if name != "device"}
    return {str(name): {key: column[row] for key, column in columns.items()} for row, name in enumerate(columns["id"])}


def started(record: RunRecord) -> set[str]:
    """Ids of the devices that were sent a download address."""
    return set(np.asarray(spelled_out(record.devices["id"]))[record.devices["attempts"] > 0])
