"""What ends when the host switches its module off, because it has nothing more to do or waits no longer."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, body, flashing, modem
from fota_sim.rules import codes, upgrade


def switched_off(w: Any, live: Any, now_ms: int) -> None:
    """The host switches the module off. In the middle of writing new firmware it is a power loss like any other."""
    body.settle(w, live, now_ms)  # what writing took until now is of this attempt
    came_to = flashing.after_power_loss(w, live) if live.writing else upgrade.RESUMED
    if came_to == upgrade.BRICKED:
        modem.brick(w, live, now_ms, codes.POWER_LOST)
        return
    if came_to == upgrade.RESTORED:
        accounts.fell_back(w, live, codes.POWER_LOST)
    elif came_to == upgrade.OLD_KEPT:
        accounts.attempt_failed(w, live, codes.POWER_LOST)
    elif live.writing:
        live.unfinished = True
    if live.powered:
        modem.switch_off(w, live, now_ms)
    else:
        live.run += 1  # it was starting up
