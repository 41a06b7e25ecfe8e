"""Status messages of the module upstream, and the one that waits for the next subscription."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, platform
from fota_sim.rules import codes, ota, plan


def report(w: Any, live: Any, now_ms: int, state: int, said_ms: int) -> None:
    """Send a status upstream, or keep it for the next subscription in place of an older one."""
    if live.online:
        report_status(w, live, now_ms, state, live.saved_component, said_ms)
    else:
        live.waiting_state = state
        live.waiting_component = live.saved_component


def report_status(w: Any, live: Any, now_ms: int, state: int, component: int, said_ms: int) -> None:
    """A status message upstream."""
    if state == ota.DOWNLOAD_ERROR and live.last_error == codes.REBOOT_IN_DOWNLOAD:
        if live.failure == codes.NO_CAUSE:
            accounts.attempt_failed(w, live, live.last_error)
    elif state == ota.UPDATE_ERROR and ota.found_by_module(live.last_error):
        accounts.attempt_failed(w, live, plan.failed_by(live.last_error, live.confirmed, plan.is_over(w.plan_state)))
    platform.status(w, live, now_ms, state, component, said_ms)
