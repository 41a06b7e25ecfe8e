"""What a comparison found: how much was compared, and every place where two records part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple


class Said(NamedTuple):
    """One line of a story: when, who, what. ``at_ms`` counts from the plan's activation."""

    at_ms: int
    actor: str
    text: str


@dataclass(frozen=True)
class Split:
    """Where two tellings of one story part."""

    at_ms: int
    """The earlier time of the two first unlike lines."""
    before: tuple[Said, ...]
    """The last lines that both tell."""
    first: tuple[Said, ...]
    """The next lines of the first telling; empty: nothing more."""
    second: tuple[Said, ...]
    """The next lines of the second telling; empty: nothing more."""


class ColumnDifference(NamedTuple):
    """One value of the device table that differs."""

    name: str
    first: Any
    second: Any


class DownloadDifference(NamedTuple):
    """The first download of a device that differs, as (start_ms, end_ms, bytes sent, bytes wasted) or None."""

    number: int
    """Which of the device's downloads, from 0."""
    first: tuple[int, ...] | None
    second: tuple[int, ...] | None


@dataclass(frozen=True)
class DeviceDifference:
    """All that differs of one device; at least one of the parts is there."""

    at_ms: int
    """The earliest time at which its two stories are known to part; the horizon where no difference has a time."""
    device: int
    """Its number."""
    id: str
    story: Split | None = None
    """In the event log."""
    columns: tuple[ColumnDifference, ...] = ()
    """In the device table, in table order."""
    download: DownloadDifference | None = None
    dialogue: Split | None = None
    """In the kept transcript."""
    platform_log: Split | None = None
    """In the kept log of the platform."""


@dataclass(frozen=True)
class Differences:
    """What two records of one replication have in common, and what not. False if they are equal."""

    devices: int
    """How many were compared, and so on for the others."""
    columns: int
    downloads: int
    events: int
    dialogues: int
    """Kept transcripts and platform logs."""
    forms: tuple[str, ...] = ()
    """What keeps the records from being compared in full, each as a sentence."""
    plan: Split | None = None
    """In the plan's log."""
    differing: int = 0
    """How many devices differ."""
    details: tuple[DeviceDifference, ...] = ()
    """The earliest of them in the order of (at_ms, device), so that a root comes before what it caused."""

    def __bool__(self) -> bool:
        return bool(self.forms or self.plan or self.differing)

    def only(self, ids: Sequence[str]) -> Differences:
        """The same with the details of these devices only; of all, if none is named."""
        if not ids:
            return self
        return replace(self, details=tuple(detail for detail in self.details if detail.id in ids))

    @property
    def root(self) -> DeviceDifference | Split | None:
        """The earliest difference: of a device, or of the plan, which precedes all devices at the same time."""
        earliest = self.details[0] if self.details else None
        if self.plan is not None and (earliest is None or self.plan.at_ms <= earliest.at_ms):
            return self.plan
        return earliest
