"""What one replication leaves behind: plain columns, whichever engine made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids
from fota_sim.protocol.transcript import Line
from fota_sim.rules.fates import TableColumn

EVENT_COLUMNS = {
    each.name: each
    for each in (
        TableColumn("at_ms", "count", "since activation", "ms"),
        TableColumn("device", "count", "number of the device; -1: it belongs to the plan"),
        TableColumn("id", "text", "its name"),
        TableColumn("actor", "text", "who speaks: host, module or platform"),
        TableColumn("text", "text", "the line, as it was said"),
    )
}
"""Of the events table, beside the replication."""

Column: TypeAlias = NDArray[Any] | Coded | Ids | Sequence[str]
"""Texts are coded, or a sequence where every row has its own; all else is an array."""


class Events(Protocol):
    """What was said, in pieces: of 10^6 devices more than 10^8 lines. It may have to be read from disk.

    Those of the engine that is played in other processes can be pickled.
    """

    def chunks(self) -> Iterator[dict[str, Any]]:
        """Columns of shape (events,): ``at_ms``, ``device`` (number), and coded ``id``, ``actor`` and ``text``.

        Actors are host, module and platform. Pieces are in order, and rows in a piece: by (at_ms, device). May be
        called again. Raises ResultError if they cannot be read back.
        """
        ...


@dataclass(frozen=True)
class OneChunk:
    """Events that are all in memory."""

    columns: dict[str, Any]

    def chunks(self) -> Iterator[dict[str, Any]]:
        """All of them at once."""
        yield self.columns


@dataclass(frozen=True)
class RunRecord:
    """One replication of one scenario.

    devices: one column of ``devices`` rows per column of the device table, in table order.
    downloads: shape (downloads, 5), int64: device number, start and end in ms since activation, bytes sent, bytes
        wasted (sent for a download that came to nothing).
    events: None unless kept.
    transcripts: device id to the lines between host and module, of the devices asked for.
    platform_logs: device id to the platform's upgrade log, of the same devices.
    plan_log: what happened to the plan itself, in ms since activation.
    phases_s: seconds spent on ``fleet``, ``compile``, ``arrivals``, ``loop`` and ``tables``; no result.
    counters: what the engine has to say of its work (``events``, ``turns``, ``state_bytes``); no result either.
    """

    replication: int
    horizon_ms: int
    devices: dict[str, Any]
    downloads: NDArray[np.int64]
    events: Events | None = None
    transcripts: dict[str, list[Line]] = field(default_factory=dict)
    platform_logs: dict[str, list[Line]] = field(default_factory=dict)
    plan_log: list[tuple[int, str]] = field(default_factory=list)
    phases_s: dict[str, float] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def column(self, name: str) -> NDArray[Any]:
        """A column of the device table as an array, texts spelled out: handy, and large."""
        return spelled_out(self.devices[name])

    def event_columns(self) -> dict[str, NDArray[Any]]:
        """All events at once, texts spelled out; see :meth:`Events.chunks`."""
        pieces = list(self.events.chunks()) if self.events is not None else []
        return {name: np.concatenate([spelled_out(piece[name]) for piece in pieces]) for name in EVENT_COLUMNS}


def spelled_out(column: Column) -> NDArray[Any]:
    """A column as an array; texts as ``str``, None where one is missing."""
    if isinstance(column, Coded):
        return column.texts
    return column if isinstance(column, np.ndarray) else np.array(list(column), dtype=object)
