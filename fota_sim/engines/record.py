"""What one replication leaves behind: plain arrays, whichever engine made them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.protocol.transcript import Line

NEVER = -1
"""Stands in time columns for something that did not happen."""


@dataclass(frozen=True)
class RunRecord:
    """One replication of one scenario.

    devices: one array of shape (devices,) per column of the device table, in table order.
    downloads: shape (downloads, 5), int64: device number, start and end in ms since activation, bytes sent, bytes
        wasted (sent for a download that came to nothing).
    events: None unless kept; else arrays of shape (events,): ``at_ms``, ``device`` (number, -1 for the plan), ``id``,
        ``actor`` (host, module, platform), ``text``; ordered by (at_ms, device).
    transcripts: device id to the lines between host and module, of the devices asked for.
    platform_logs: device id to the platform's upgrade log, of the same devices.
    plan_log: what happened to the plan itself, in ms since activation.
    """

    replication: int
    horizon_ms: int
    devices: dict[str, Any]
    downloads: NDArray[np.int64]
    events: dict[str, Any] | None = None
    transcripts: dict[str, list[Line]] = field(default_factory=dict)
    platform_logs: dict[str, list[Line]] = field(default_factory=dict)
    plan_log: list[tuple[int, str]] = field(default_factory=list)
