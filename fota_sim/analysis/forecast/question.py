"""What is asked of a rollout under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fota_sim.analysis.sensitivity.parameters import Span
from fota_sim.histories.table import Histories
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked


@dataclass(frozen=True)
class Question:
    """What is asked of a rollout under way."""

    scenario: Scenario
    so_far: Histories
    now_s: float | None = None
    """Since 1970; None: when the log was exported."""
    plan: str | None = None
    """Of several the one that the log is of; None: the only one. The others go on as the scenario says."""
    unknowns: Sequence[Span] = ()
    """Ranges of the user's own."""
    assumptions: bool = True
    """Whether the scenario's assumptions are unknown as well."""
    deadline_ms: int | None = None
    """Since activation; None: the plan's end, or that of the run."""
    decides: bool = True
    """Whether what may be done now is asked too; otherwise only how it goes on as planned."""
    pause_ms: int = 6 * 3_600_000
    wait_ms: int = 3_600_000
    price: float | None = None
    """Of a failure, in upgrades; None: the one at which stopping and going on are worth the same."""
    acceptable: float | None = None
    """Failure rate that evidence is against."""
    watch_ms: int | None = None
    """How long a device is watched before it counts as evidence."""
    members: tuple[int, int] | None = None
    """Drawn in a round, and played on; None: by the size of the fleet."""
    workers: int = 1
    seed: int = 1

    @property
    def plan_name(self) -> str:
        """The plan, as ``Scenario.of_plan`` takes it; raises FotaSimError."""
        return plan_asked(self.scenario, self.plan, "a log is of")

    @property
    def one(self) -> Scenario:
        """The scenario with this plan only."""
        return self.scenario.of_plan(self.plan_name)
