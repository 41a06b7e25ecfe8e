"""What a log taught a scenario: what was learnt, what was not and why, and values by path as scenarios carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fota_sim.histories.table import Histories
from fota_sim.learning.classes import Classes
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.rates import Rate
from fota_sim.learning.shares import with_defects
from fota_sim.scenario.model import Scenario

DRAWS = 200
"""Sets of parameters that a fitted scenario carries."""


@dataclass(frozen=True)
class Fit:
    """What a log taught a scenario."""

    scenario: Scenario
    """As it was before."""
    histories: Histories
    learned: tuple[Learned, ...]
    kept: tuple[Kept, ...]
    """What was not learnt, and why."""
    rates: Mapping[str, Mapping[str, list[Rate]]]
    """What was counted by class: of failures, refusals and rollbacks, by what devices are classed by."""
    classes: Classes
    engine: str
    trials: int
    """Simulated rollouts that were looked at."""
    plan: str = ""
    """Of several the one that the log is of."""
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of what was learnt, by its key, the other plans that it holds for too."""
    doubts: tuple[str, ...] = ()
    """What of the log may make wrong what was learnt: devices that are missing, hours without a word."""

    @property
    def one(self) -> Scenario:
        """The scenario with this plan only."""
        return self.scenario.of_plan(self.plan)

    @property
    def draws(self) -> dict[str, list[Any]]:
        """Values by path, as a scenario carries them."""
        found: dict[str, list[Any]] = {}
        for place in range(DRAWS):
            for each in self.learned:
                for path, value in each.at(place).items():
                    drawn = (path, value) if ".defects." not in path else (f"{path}.probability", value["probability"])
                    found.setdefault(drawn[0], []).append(drawn[1])
        return found

    def values(self) -> dict[str, Any]:
        """Values by path, in the middle of what is plausible."""
        said = {path: value for each in self.learned for path, value in each.values(each.mean).items()}
        return with_defects(self.scenario, said)
