"""The host at the serial line: commands and their answers, and waiting."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.engines.compiled.bound import ota
from fota_sim.engines.compiled.line import hear
from fota_sim.engines.compiled.memory import (
    flag_at,
    host_at,
    part_at,
)
from fota_sim.engines.compiled.notes import note
from fota_sim.engines.compiled.queue import schedule
from fota_sim.rules.compiled import part_of_rule

STOP = -1
"""In place of a label: the host waits, and its story goes on later."""


@part_of_rule
def wait(w: Any, live: Any, at_ms: int, label: int) -> int:
    """Go on at ``label`` then."""
    live.label = label
    schedule(w, live, at_ms, e.HOST_ACTS, 0, 0)
    return STOP


@part_of_rule
def says(w: Any, live: Any, now_ms: int, what: int, a: int, b: int) -> bool:
    """Send one AT command; whether the module hears it. One that is off, or is being rewritten, says nothing."""
    note(w, live, now_ms, what, a, b)
    live.ok = False
    hears = live.powered and live.flash == ota.IDLE
    if hears:
        hear(w, live, now_ms, what + e.ECHO, a, b)
    return bool(hears)


@part_of_rule
def answers(w: Any, live: Any, now_ms: int, ok: bool) -> None:
    """OK or ERROR."""
    hear(w, live, now_ms, e.OK if ok else e.ERROR, 0, 0)


@part_of_rule
def after_command(w: Any, live: Any, now_ms: int, label: int) -> int:
    """Go on at ``label`` when the command and its answer are over the line."""
    return wait(w, live, now_ms + host_at(w, live.host).command_ms, label)


@part_of_rule
def say_update(w: Any, live: Any, now_ms: int, action: int) -> None:
    """AT+QIOTUPDATE."""
    if says(w, live, now_ms, e.SAY_UPDATE, action, 0):
        live.ok = ota.allows(w, live, action)
        answers(w, live, now_ms, live.ok)
        if live.ok:
            ota.act(w, live, now_ms, action)


@part_of_rule
def say_version(w: Any, live: Any, now_ms: int, part: int, version: int) -> None:
    """AT+QIOTMCUVER."""
    if says(w, live, now_ms, e.SAY_MCU_VERSION, part, version):
        live.ok = flag_at(w.sayable_at, part * w.versions + version)
        answers(w, live, now_ms, live.ok)
        if live.ok:
            part_at(w, live.first_part + part).told = version
            ota.mcu_version_set(w, live, now_ms, part, version)
