"""What ends when a device's battery is empty."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, body, flashing, modem
from fota_sim.device.fetch import stop_fetch
from fota_sim.rules import codes, upgrade


def runs_dry(w: Any, live: Any, now_ms: int) -> None:
    """The battery is empty: whatever the device was doing ends here, and the device with it."""
    body.settle(w, live, now_ms)
    live.battery_empty_ms = now_ms
    if live.reachable:
        _ends(w, live, now_ms)
    body.goes_out(live)


def _ends(w: Any, live: Any, now_ms: int) -> None:
    """In the middle of writing new firmware it is a power loss that may brick; the device is off in any case."""
    bricks = live.writing and flashing.after_power_loss(w, live) == upgrade.BRICKED
    if live.running:
        live.download_failures += 1
    stop_fetch(w, live, now_ms)
    if bricks:
        modem.brick(w, live, now_ms, codes.BATTERY_EMPTY)
        return
    if not live.given_up:
        accounts.attempt_failed(w, live, codes.BATTERY_EMPTY)
    modem.die(w, live, now_ms, codes.BATTERY_EMPTY)
