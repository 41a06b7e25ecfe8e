"""A scenario that is played in no time, and a play that does what a test tells it."""

from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np

from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.sample import Sample, Sampled
from fota_sim.analysis.run.tally import Tally
from fota_sim.report.explore.pace import Pace, Samples
from fota_sim.report.explore.source import Source, open_source
from fota_sim.scenario.model import Scenario

PATIENCE_S = 120
"""After which a test that waits for ever says so."""

TEXT = """\
# Two groups, so that proportions can be seen.
description: Who gets it?
horizon: 2d
seed: 3
replications: 5
product:
  name: Meter
  model:
    device_model: BC66
    components:
      - {identifier: BC66, type: firmware}
packages:
  - name: two
    component: BC66
    target_version: "2_0"
    files:
      - {name: two.bin, size: 90kB}
plan:
  packages: [two]
  strategy:
    min_battery: 30%   # the gate
strategies:
  plain:
  waves:
    description: Two waves
    plan:
      strategy: {min_battery: 45%}
      rollout:
        waves:
          - {share: 10%}
          - {opens: {after: 12h}}
fleet:
  groups:
    - {name: indoor, count: 30, cells: 3}
    - {name: outdoor, count: 10, cells: 1, host: lenient}
"""


def a_source(folder: Path, *overrides: str, text: str = TEXT, strategy: str | None = None) -> Source:
    """The scenario above as a file."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return open_source(path, overrides, strategy)


def times(factor: int) -> str:
    """The scenario above with so many times the devices, in so many times the cells."""
    more = TEXT
    for count, cells in ((30, 3), (10, 1)):
        more = more.replace(f"count: {count}, cells: {cells}", f"count: {factor * count}, cells: {factor * cells}")
    return more


SEVERAL = times(4)
"""160 devices, of which a quarter is a sample, as many as may be: for tests that play all replications."""
MANY = times(10)
"""400 devices, of which a tenth is a sample."""


def always_samples() -> Samples:
    """Samples of 40 devices wherever there can be one, for nothing is known of how long all of them would take."""
    return Samples(Pace(), 40)


class Parts(Samples):
    """Parts of the scenario whose seed is 100 more; none of seeds from 50 on, and none wanted where it says so."""

    def __init__(self) -> None:
        super().__init__(Pace())
        self.are_wanted = True

    def of(self, scenario: Scenario) -> Sampled | None:
        if scenario.seed >= 50:
            return None
        return Sampled(scenario.model_copy(update={"seed": scenario.seed + 100}), Sample(10, 40))

    def wanted(self, scenario: Scenario, settled: bool) -> bool:
        return self.are_wanted


def nothing_played(replication: int) -> Outline:
    """An outline of no devices."""
    return Outline(replication, {}, Tally(0, np.zeros((1, 1), int), np.zeros((1, 1), int), {}), {})


class Script:
    """Plays nothing; in every replication it waits for orders: ``progress`` or ``finish``."""

    def __init__(self) -> None:
        self.entered: Queue[tuple[int, int]] = Queue()
        """Seed and replication of each play as it begins."""
        self._orders: Queue[str] = Queue()

    def __call__(self, scenario: Scenario, replication: int, progress: Any) -> Outline:
        self.entered.put((scenario.seed, replication))
        while self._orders.get(timeout=PATIENCE_S) == "progress":
            progress(1, 2)
        return nothing_played(replication)

    def order(self, *orders: str) -> None:
        """What the play is to do next."""
        for each in orders:
            self._orders.put(each)

    def next(self) -> tuple[int, int]:
        """The play that begins next: seed and replication."""
        return self.entered.get(timeout=PATIENCE_S)
