"""The host's own software (SOTA): read it piece by piece, flash it, and say what runs."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import labels as at
from fota_sim.engines.compiled.bound import body, faults, ota, own_software
from fota_sim.engines.compiled.line import hear
from fota_sim.engines.compiled.memory import (
    component_at,
    host_at,
)
from fota_sim.engines.compiled.notes import note
from fota_sim.engines.compiled.talk import after_command, say_update, say_version, says, wait
from fota_sim.rules import streams
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.delay import to_ms

_BITS_PER_BYTE = 10  # on a serial line: start, eight data bits, stop


@part_of_rule
def update_itself(w: Any, live: Any, now_ms: int, label: int) -> int:
    """Read a piece over the serial line; ask for the next, or flash the whole."""
    settings = host_at(w, live.host)
    if label == at.READ:
        return _read(w, live, now_ms)
    if label == at.PIECE_SERVED:
        if not live.ok:
            return at.CHECK
        faults.block_read(w, live)
        n = min(settings.read_block_B, live.until_B - live.read_B)
        live.read_B += n
        line_s = n * _BITS_PER_BYTE / settings.serial_rate
        return wait(w, live, now_ms + to_ms(line_s + settings.read_pause_s), at.READ)
    if label == at.UPDATING and not live.ok:
        return at.CHECK
    if label == at.UPDATING:
        return _begin_flashing(w, live, now_ms)
    if label == at.MCU_FLASHED:
        return _mcu_flashed(w, live, now_ms)
    return at.CHECK  # NEXT_PIECE, VERSION_SAID


@part_of_rule
def _read(w: Any, live: Any, now_ms: int) -> int:
    settings = host_at(w, live.host)
    if now_ms >= live.ends_ms:
        return at.CHECK
    if live.read_B < live.until_B:
        n = min(settings.read_block_B, live.until_B - live.read_B)
        if says(w, live, now_ms, e.SAY_READ, live.read_B, n):
            served_B = ota.readable_B(live, live.read_B, n)
            live.ok = served_B > 0
            if live.ok:
                hear(w, live, now_ms, e.DATA_FOLLOW, live.read_B, served_B)
                note(w, live, now_ms, e.DATA, live.read_B, served_B)
                hear(w, live, now_ms, e.DATA_END, 0, 0)
                ota.was_read(w, live, now_ms)
            else:
                hear(w, live, now_ms, e.ERROR, 0, 0)
        return after_command(w, live, now_ms, at.PIECE_SERVED)
    if live.until_B < component_at(w, live.read_component).size_B:
        say_update(w, live, now_ms, 2)
        return after_command(w, live, now_ms, at.NEXT_PIECE)
    if faults.reads_again(w, live):
        live.read_B = live.piece_start_B
        return at.READ
    if faults.rejects(w, live):
        part, version = faults.running(w, live)
        if version == NONE:
            return at.CHECK
        say_version(w, live, now_ms, part, version)
        return after_command(w, live, now_ms, at.VERSION_SAID)
    if settings.says_updating:
        say_update(w, live, now_ms, 3)
        return after_command(w, live, now_ms, at.UPDATING)
    return _begin_flashing(w, live, now_ms)


@part_of_rule
def _begin_flashing(w: Any, live: Any, now_ms: int) -> int:
    """Write the new software."""
    live.mcu_flashes += 1
    live.step = live.component
    size_B = component_at(w, live.read_component).size_B
    return wait(w, live, now_ms + to_ms(size_B / host_at(w, live.host).mcu_flash_Bps), at.MCU_FLASHED)


@part_of_rule
def _mcu_flashed(w: Any, live: Any, now_ms: int) -> int:
    """Report what runs now."""
    if not live.powered:
        return at.CHECK
    fails = body.draw(w, live, streams.MCU_FLASH, live.mcu_flashes - 1) < host_at(w, live.host).mcu_flash_failure
    part, version = own_software.flashed(w, live, now_ms, live.step, fails)
    if version == NONE:
        return at.CHECK
    say_version(w, live, now_ms, part, version)
    return after_command(w, live, now_ms, at.VERSION_SAID)
