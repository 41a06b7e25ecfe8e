"""A small good scenario that the tests break in one place each."""

from __future__ import annotations

from pathlib import Path

from fota_sim.errors import Problem, ScenarioError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

GOOD = """\
horizon: 3d
start: 2026-01-05T08:00:00
product:
  model:
    components:
      - {identifier: app, type: firmware}
      - {identifier: stm, type: mcu}
packages:
  - name: app-2
    component: app
    kind: full
    target_version: "2_0"
    files:
      - {name: app-2.bin, size: 100kB}
plan:
  packages: [app-2]
  strategy: {retries: 5, min_signal: -110dBm}
fleet:
  groups:
    - name: meters
      count: 10
      module: BC66
      firmware: {"1_0": 90%, "0_9": 10%}
"""


def changed(old: str, new: str) -> str:
    """The good scenario with ``old`` (which must be in it) replaced; without ``old``, with ``new`` at its end."""
    assert not old or GOOD.count(old) == 1, old
    return GOOD.replace(old, new) if old else GOOD + new


def load(text: str = GOOD, folder: Path | None = None, overrides: tuple[str, ...] = ()) -> Scenario:
    return parse_scenario(text, (folder or Path()) / "my.yaml", overrides)


def problems(text: str = GOOD, folder: Path | None = None, overrides: tuple[str, ...] = ()) -> list[Problem]:
    """What is wrong with a scenario; nothing if nothing is."""
    try:
        load(text, folder, overrides)
    except ScenarioError as error:
        return error.problems
    return []
