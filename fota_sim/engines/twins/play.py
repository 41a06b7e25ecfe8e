"""Two engines play the same replication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins.compare import compare
from fota_sim.engines.twins.differences import Differences
from fota_sim.scenario.model import Scenario

Engine = Callable[[Scenario, int], RunRecord]
"""Plays one replication (from 0) of a scenario."""


@dataclass(frozen=True)
class Tally:
    """How much two engines agreed on."""

    replications: int = 0
    devices: int = 0
    downloads: int = 0
    events: int = 0

    def plus(self, compared: Differences) -> Tally:
        """With one more replication."""
        return Tally(
            self.replications + 1,
            self.devices + compared.devices,
            self.downloads + compared.downloads,
            self.events + compared.events,
        )

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.replications + other.replications,
            self.devices + other.devices,
            self.downloads + other.downloads,
            self.events + other.events,
        )

    def __str__(self) -> str:
        """For people."""
        runs = "1 replication" if self.replications == 1 else f"{self.replications:,} replications"
        return f"{self.devices:,} devices, {self.downloads:,} downloads, {self.events:,} events in {runs}"


def play_both(scenario: Scenario, replication: int, first: Engine, second: Engine) -> Differences:
    """What differs when both play the same replication; keep.events and keep.transcripts say how closely to look."""
    return compare(first(scenario, replication), second(scenario, replication))
