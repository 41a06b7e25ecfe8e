"""Stages of an upgrade that the platform waits for, and how long."""

from __future__ import annotations

from typing import Any

from fota_sim.device.events import STAGE_OVER, TOTAL_OVER
from fota_sim.device.port import int_at, schedule
from fota_sim.rules import codes
from fota_sim.rules import rollout_rows as rr


def enter_stage(w: Any, live: Any, now_ms: int, stage: int) -> None:
    """Wait for what ends the stage, for as long as the plan does."""
    live.stage = stage
    live.stage_number += 1
    lasts_ms = int_at(w.timeouts_at, stage)
    if lasts_ms > 0:
        schedule(w, live, now_ms + lasts_ms, STAGE_OVER, live.stage_number, stage)


_LAST = 1 << 8
"""Of a wait's end: it has let go first what else its device does in that millisecond."""


def is_over(w: Any, live: Any, now_ms: int, kind: int, number: int, stage: int) -> bool:
    """Whether a wait is over at its end: what comes in its last millisecond has come in time."""
    if stage & _LAST:
        return True
    schedule(w, live, now_ms, kind, number, stage | _LAST)
    return False


def begin_total(w: Any, live: Any, now_ms: int) -> None:
    """Wait for the end of the whole upgrade, all attempts together, or of this attempt."""
    if w.total_ms > 0 and not live.total_runs:
        live.total_runs = True
        live.total_number += 1
        schedule(w, live, now_ms + w.total_ms, TOTAL_OVER, live.total_number, 0)


def too_long(over: int) -> int:
    """The cause of a failure by waiting in a stage that is over."""
    stage = over & ~_LAST
    if stage == rr.ONLINE:
        return codes.NOT_SEEN
    if stage == rr.ACK:
        return codes.NO_ANSWER
    return codes.DOWNLOAD_TOO_LONG if stage == rr.FETCHING else codes.NO_RESULT
