from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from fota_sim.engines.choice import load
from fota_sim.experiment.tables import device_tables
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.templates import TEMPLATES


@pytest.fixture(scope="session")
def rollout() -> tuple[Scenario, pa.Table]:
    """A small rollout in which much goes wrong, and its device table."""
    scenario = parse_scenario(
        TEMPLATES[0].text,
        Path("my.yaml"),
        [
            *("fleet.groups.meters.count=160", "fleet.groups.meters.module=EC200U", "fleet.groups.meters.radio=nb-iot"),
            *("fleet.groups.meters.mains=0%", "modules={EC200U: {extends: EC200U, verify_failure: 15%}}"),
            "radios={nb-iot: {extends: nb-iot, s50: -108dBm}}",
            "packages[0].defects=[{effect: boot_failure, probability: 12%}]",
        ],
    )
    tables = device_tables(load("reference")(scenario, 0))
    return scenario, pa.concat_tables(tables, promote_options="default")
