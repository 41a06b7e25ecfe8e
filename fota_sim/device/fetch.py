"""Beginning and dropping the fetch of a file."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, body
from fota_sim.device.events import FETCH_BEGINS
from fota_sim.device.fields import NONE
from fota_sim.device.network import leave
from fota_sim.device.port import begin, row_at
from fota_sim.rules.segment import played


def start_fetch(w: Any, live: Any, now_ms: int, start_B: int, length_B: int) -> None:
    """Fetch ``length_B`` bytes of the module's component from offset ``start_B``."""
    live.at_B = start_B
    live.end_B = start_B + length_B
    begin(w, live, now_ms, FETCH_BEGINS, live.fetch, 0)


def end_segment(w: Any, live: Any, now_ms: int) -> None:
    """What the segment that is played, if there is one, came to by now; it may be at its end or be broken off."""
    if live.segment_ms == NONE:
        return
    played_ms = now_ms - live.segment_ms
    live.segment_ms = NONE
    body.settle(w, live, now_ms)
    sent_B = live.sent_B
    if played_ms < live.lasts_ms:
        sent_B = int(sent_B * played(live.lasts_ms, played_ms))
    accounts.sent(w, live, sent_B)


def end_fetch(w: Any, live: Any, now_ms: int) -> None:
    """Give back what the download holds, or its place in line."""
    if live.running:
        end_segment(w, live, now_ms)
        body.works(w, live, now_ms, 0.0)
        row_at(w, live.row).end_ms = now_ms
        live.running = False
    if live.held > 0 or live.in_line:
        leave(w, live, now_ms)


def stop_fetch(w: Any, live: Any, now_ms: int) -> None:
    """Drop the download, if one runs: its events to come are void."""
    live.fetch += 1
    end_fetch(w, live, now_ms)
