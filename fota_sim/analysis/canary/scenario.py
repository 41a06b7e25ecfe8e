"""What a scenario says about its defects: whom they hit, and when they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fota_sim.analysis.canary.delay import Delay
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.membership import taken_by
from fota_sim.scenario.model import Scenario


@dataclass(frozen=True)
class ScenarioDefects:
    """The defects of a plan's packages among the devices of the first replication that it takes."""

    devices: int
    """Of the fleet; of several plans those that this one takes."""
    hit: float
    """Devices that are expected to have one."""
    delay: Delay | None
    """From the update to the failure, if all of them kill later and after the same time; None: at once, or mixed."""

    @property
    def rate(self) -> float:
        """The share of the devices that is expected to have one; 0 where there are none."""
        return self.hit / max(1, self.devices)


def defects_of(scenario: Scenario, plan: str = "") -> ScenarioDefects:
    """Conditions are looked up in the fleet that replication 0 draws; chances are taken as they stand.

    ``plan``: of several the one whose release it is. Raises ScenarioError if the fleet cannot be built or a condition
    names what no device has.
    """
    fleet = build_fleet(scenario, 0)
    taken = taken_by(fleet, scenario, plan)
    columns = columns_for_predicates(fleet)
    spared = np.ones(fleet.n)
    times: set[float | None] = set()
    for package in scenario.of_plan(plan).planned:
        for number, defect in enumerate(package.defects):
            hit = np.ones(fleet.n, dtype=np.bool_)
            if defect.where:
                hit = mask_of_columns(defect.where, columns, f"packages.{package.name}.defects[{number}].where")
            spared[hit] *= 1 - defect.probability
            times.add(defect.after if defect.effect == "dies_later" else None)
    one = times.pop() if len(times) == 1 else None
    hit_by_any = float(np.sum(1 - spared[taken]))
    return ScenarioDefects(int(taken.sum()), hit_by_any, None if one is None else Delay("constant", one))
