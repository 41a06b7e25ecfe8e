"""What a line of the log says, by the plan that it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fota_sim.engines.compiled.layout import PLAN_SHIFT
from fota_sim.engines.plans import PlanParameters
from fota_sim.engines.setting.names import Names
from fota_sim.engines.words import Words

WHAT = (1 << PLAN_SHIFT) - 1
"""Of the number that a line has for what is said, the part without the plan."""


@dataclass(frozen=True)
class PlansWords:
    """What a line's numbers stand for."""

    of_plans: tuple[Words, ...]

    @classmethod
    def of(cls, plans: Sequence[PlanParameters], names: Names) -> PlansWords:
        """Those of a run."""
        return cls(tuple(Words(plan, names.versions, names.of_plan(plan).parts) for plan in plans))

    def text(self, what: int, a: int, b: int) -> str:
        """One line; ``what``: as in the log."""
        return self.of_plans[what >> PLAN_SHIFT].text(what & WHAT, a, b)
