"""Status messages of the module upstream, and the one that waits for the next subscription."""

from __future__ import annotations

from typing import Any

from fota_sim.device import platform


def report(w: Any, live: Any, now_ms: int, state: int, said_ms: int) -> None:
    """Send a status upstream, or keep it for the next subscription in place of an older one."""
    if live.online:
        platform.status(w, live, now_ms, state, live.saved_component, said_ms)
    else:
        live.waiting_state = state
        live.waiting_component = live.saved_component
