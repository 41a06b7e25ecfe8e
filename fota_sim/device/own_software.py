"""The host's own software (SOTA): what runs after the host has written it."""

from __future__ import annotations

from typing import Any

from fota_sim.device import modem
from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, part_at
from fota_sim.rules import upgrade


def flashed(w: Any, live: Any, now_ms: int, component: int, fails: bool) -> tuple[int, int]:
    """The component's part, and the version that the host reports of it; NONE if the new software hangs.

    ``fails``: whether writing did, so that the old software still runs. The module's timer sees to a host that hangs.
    """
    c = component_at(w, component)
    part = part_at(w, live.first_part + c.part)
    if live.truncated or part.effect == upgrade.BOOT_FAILURE:
        return c.part, NONE
    if fails or part.effect == upgrade.VERIFY_FAILURE:
        version = part.running
    elif part.effect == upgrade.WRONG_VERSION:
        version = c.wrong
    else:
        version = c.target
        modem.installed(w, live, now_ms, component, part.effect, part.running == version)
    part.running = version
    return c.part, version
