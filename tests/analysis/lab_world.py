"""A small scenario for the strategy lab: forty boards, one in four of which the new firmware breaks."""

from __future__ import annotations

from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

LAB = """\
name: lab
start: 2026-01-05T08:00:00
horizon: 12h
product:
  model:
    components:
      - {identifier: app, type: firmware}
packages:
  - name: app-2
    component: app
    target_version: "2_0"
    files:
      - {name: app-2.bin, size: 60kB}
    defects:
      - {where: hardware == "B", effect: dies_later, probability: 50%, after: 6h}
plan:
  packages: [app-2]
  strategy: {min_battery: 30%}
fleet:
  groups:
    - name: boards
      count: 40
      module: EC200U
      host: careful
      hardware: {A: 50%, B: 50%}
      mains: 0%
      battery_level: {uniform: [5%, 100%]}
      contact: {pattern: always, spread: 2h}
"""


def lab(*overrides: str) -> Scenario:
    return parse_scenario(LAB, "lab.yaml", overrides)
