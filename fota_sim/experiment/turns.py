"""What is played at a time: a replication, or a part of one where devices share nothing (docs/design.md, Parts)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fota_sim.engines import cores
from fota_sim.engines.choice import COMPILED, REFERENCE, device_count
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sharing import shared

WORTH_A_WORKER = {REFERENCE: 1_000, COMPILED: 10_000}
"""Devices that pay for a worker: a process takes a second to start, a thread nothing."""
MOST_AT_ONCE = 10_000_000
"""Devices in play at the same time unless the user asks for more workers: what fits into 24 GiB."""
PART = {REFERENCE: 10_000, COMPILED: 100_000}
"""Devices of a part, at most: more of them take more memory and no less time (docs/performance.md, Parts)."""


class Turn(NamedTuple):
    """What one worker plays at a time."""

    replication: int
    devices: tuple[int, int] | None = None
    """Numbers of the first device and of the one behind the last; None: the whole fleet."""
    last: bool = True
    """Whether the replication is whole with it."""
    share: float = 1.0
    """Of the replication's devices."""


class Dealt(NamedTuple):
    """How a scenario's work is dealt out."""

    devices: int
    parts: int
    """Of each replication; 1: in one piece."""
    why_whole: str
    """Why a replication cannot be played in parts; empty if it can."""

    def turns(self, replications: int) -> Iterator[Turn]:
        """In order of replication and device."""
        for replication in range(replications):
            if self.parts == 1:
                yield Turn(replication)
                continue
            edges = [self.devices * k // self.parts for k in range(self.parts + 1)]
            for k in range(self.parts):
                size = edges[k + 1] - edges[k]
                yield Turn(replication, (edges[k], edges[k + 1]), k + 1 == self.parts, size / self.devices)


def why_whole(scenario: Scenario, devices: int) -> str:
    """Why a replication of so many devices cannot be played in parts; empty if it can."""
    if scenario.keep.events:
        return "its events are one log, in the order of time over all devices (keep.events is true)"
    return shared(scenario, devices)


def default_workers(scenario: Scenario, engine: str) -> int:
    """A worker per core, but not more than there are turns, work and memory for."""
    devices = max(1, device_count(scenario))
    whole = bool(why_whole(scenario, devices))
    turns = scenario.replications * (1 if whole else max(1, devices // WORTH_A_WORKER[engine]))
    work = devices * scenario.replications // WORTH_A_WORKER[engine]
    at_once = devices if whole else min(devices, PART[engine])
    return max(1, min(cores.cores(), turns, work, MOST_AT_ONCE // at_once))
