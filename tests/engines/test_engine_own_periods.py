"""A device whose file gives its own period is in contact that often, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.engines.choice import load
from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

SCENARIO = """
horizon: 4d
product: {model: {components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two], strategy: {min_battery: 50%}}
fleet:
  groups:
    - {name: g, count: 2, module: BC66, contact: {pattern: wake, every: 8h}, mains: 0%, battery_level: 5%, gone: 0%,
       churn: 0%}
  csv:
    - {name: f, file: f.csv, columns: {id: id, battery: level, contact_every: every}, module: BC66, gone: 0%, churn: 0%,
       contact: {pattern: wake, every: 48h}}
keep: {events: true}
"""
FILE = "id,level,every\na,5,6h\nb,5,12h\nc,5,24h\nd,5,\ne,5,6h\n"


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_each_device_wakes_at_its_own_period_and_first_within_it(engine: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(FILE, encoding="utf-8")
    record = load(engine)(parse_scenario(SCENARIO, tmp_path / "my.yaml"), 0)
    contacts = dict(zip(record.devices["id"], record.devices["contacts"], strict=True))
    first = dict(zip(record.devices["id"], record.devices["first_contact_ms"], strict=True))
    hours = {"g-0": 8, "g-1": 8, "a": 6, "b": 12, "c": 24, "d": 48, "e": 6}
    assert {name: int(n) for name, n in contacts.items()} == {name: 96 // each for name, each in hours.items()}
    assert all(0 <= first[name] < each * 3_600_000 for name, each in hours.items())


def test_engines_agree_on_devices_with_periods_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(FILE, encoding="utf-8")
    found = play_both(parse_scenario(SCENARIO, tmp_path / "my.yaml"), 0, load("reference"), load("compiled"))
    assert not found, describe(found, "reference", "compiled")
