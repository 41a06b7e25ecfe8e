"""Numbers for names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.plans import PlanParameters
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet


@dataclass(frozen=True, eq=False)
class Names:
    """Numbers for names: versions, and the components that devices have."""

    versions: tuple[str, ...]
    parts: tuple[str, ...]
    """Components by name: those of MCUs in the order in which hosts say them, the module's own, the plan's others."""
    module_part: int

    def of_plan(self, plan: PlanParameters) -> Names:
        """The names as the plan has them: the module's own component is called as in its product."""
        if self.parts[self.module_part] == plan.module_component:
            return self
        own = [*self.parts]
        own[self.module_part] = plan.module_component
        return replace(self, parts=tuple(own))


def names_of(parameters: Parameters, fleet: Fleet) -> Names:
    """Every version that a device can run or report, and every component it can have."""
    components = [component for plan in parameters.plans for component in plan.components]
    own = {plan.module_component for plan in parameters.plans}
    mcus = list(fleet.mcu)
    others = [c.identifier for c in components if c.identifier not in own]
    parts = dict.fromkeys([*mcus, parameters.plans[0].module_component, *others])
    versions: dict[str, None] = dict.fromkeys(coded(fleet.firmware).names)
    for column in fleet.mcu.values():
        versions |= dict.fromkeys(coded(column).names)
    for component in components:
        versions |= dict.fromkeys((component.target_version, component.wrong_version))
    return Names(tuple(versions), tuple(parts), len(mcus))


def coded(column: Any) -> Coded:
    """A column of texts as numbers and names."""
    return column if isinstance(column, Coded) else Coded.of(column)


def numbers(column: Any, names: tuple[str, ...], absent: str | None = None) -> NDArray[np.int32]:
    """A column of texts as positions in ``names``; NONE for missing ones and for ``absent``."""
    column = coded(column)
    position = {name: i for i, name in enumerate(names)}
    table = [NONE if name == absent else position[name] for name in column.names]
    found: NDArray[np.int32] = np.array([*table, NONE], dtype=np.int32)[column.codes]
    return found
