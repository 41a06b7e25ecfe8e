"""What a scenario says about its defects: whom they hit, and when they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fota_sim.analysis.canary.delay import Delay
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.model import Scenario


@dataclass(frozen=True)
class ScenarioDefects:
    """The defects of a scenario's planned packages in the fleet of its first replication."""

    devices: int
    hit: float
    """Devices that are expected to have one."""
    delay: Delay | None
    """From the update to the failure, if all of them kill later and after the same time; None: at once, or mixed."""

    @property
    def rate(self) -> float:
        """The share of the fleet that is expected to have one."""
        return self.hit / self.devices


def defects_of(scenario: Scenario) -> ScenarioDefects:
    """Conditions are looked up in the fleet that replication 0 draws; chances are taken as they stand.

    Raises ScenarioError if the fleet cannot be built or a condition names what no device has.
    """
    scenario.check_one_plan("a canary")
    fleet = build_fleet(scenario, 0)
    columns = columns_for_predicates(fleet)
    spared = np.ones(fleet.n)
    times: set[float | None] = set()
    for package in scenario.planned:
        for number, defect in enumerate(package.defects):
            hit = np.ones(fleet.n, dtype=np.bool_)
            if defect.where:
                hit = mask_of_columns(defect.where, columns, f"packages.{package.name}.defects[{number}].where")
            spared[hit] *= 1 - defect.probability
            times.add(defect.after if defect.effect == "dies_later" else None)
    one = times.pop() if len(times) == 1 else None
    return ScenarioDefects(fleet.n, float(np.sum(1 - spared)), None if one is None else Delay("constant", one))
