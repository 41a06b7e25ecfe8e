"""Carrying a scenario out: all its replications, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fota_sim.engines.record import RunRecord

if TYPE_CHECKING:
    from fota_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is over all replications, in ms of virtual time."""


def execute(
    scenario: Scenario,
    progress: Progress | None = None,
    keep: frozenset[str] = frozenset(),
    *,
    keep_complete: bool = False,
) -> list[RunRecord]:
    """Run every replication; one record each, in order.

    ``keep`` names devices whose dialogues are wanted in addition to those of ``scenario.keep``.
    KeyboardInterrupt goes through, unless ``keep_complete`` is True and a replication is complete: then the
    complete ones come back, fewer than the scenario asks for.
    """
    from fota_sim.engines.reference.run import run_replication

    records: list[RunRecord] = []
    for replication in range(scenario.replications):
        try:
            report = _within(progress, replication, scenario.replications)
            records.append(run_replication(scenario, replication, report, keep))
        except KeyboardInterrupt:
            if keep_complete and records:
                return records
            raise
    return records


def _within(progress: Progress | None, replication: int, replications: int) -> Progress | None:
    """``progress`` of all replications from that of one."""
    if progress is None:
        return None
    return lambda done, total: progress(replication * total + done, replications * total)
