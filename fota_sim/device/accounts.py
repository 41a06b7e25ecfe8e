"""What happened to one device: bytes and energy of its attempts, and whether they came to anything."""

from __future__ import annotations

from typing import Any

from fota_sim.device.port import module_at, new_row, row_at


def spend(live: Any, energy_J: float) -> None:
    """Energy that the update cost; whether it was wasted shows at the attempt's end."""
    live.energy_J += energy_J
    if live.rows > 0:
        live.attempt_energy_J += energy_J
    else:
        live.energy_wasted_J += energy_J


def begin_row(w: Any, live: Any, now_ms: int) -> None:
    """One more download of this attempt."""
    number = new_row(w)
    row = row_at(w, number)
    row.who = live.who
    row.start_ms = now_ms
    row.end_ms = now_ms
    row.sent_B = 0
    row.wasted_B = 0
    row.before = live.row
    live.row = number
    live.rows += 1


def sent(w: Any, live: Any, size_B: int) -> None:
    """Bytes that crossed the air in the download that runs.

    Where the attempt is over already, for a host wrote its own software after all, they were for nothing.
    """
    row_at(w, live.row).sent_B += size_B
    live.bytes_sent += size_B
    if live.rows > 0:
        live.attempt_sent_B += size_B
    else:
        row_at(w, live.row).wasted_B += size_B
        live.bytes_wasted += size_B


def attempt_failed(w: Any, live: Any, cause: int) -> None:
    """The attempt came to nothing, and so did its bytes and its energy."""
    if not live.given_up:  # the cause that the platform gave it up for stands
        live.failure = cause
        live.rolled_back = False
    came_to_nothing(w, live)


def came_to_nothing(w: Any, live: Any) -> None:
    """Whatever the attempt that runs, if one does, has sent and taken was for nothing."""
    number = live.row
    for _ in range(live.rows):
        row = row_at(w, number)
        row.wasted_B = row.sent_B
        number = row.before
    live.bytes_wasted += live.attempt_sent_B
    live.energy_wasted_J += live.attempt_energy_J
    _next_attempt(live)


def fell_back(w: Any, live: Any, cause: int) -> None:
    """The attempt failed, and the boot scheme restored the old firmware, whatever the platform makes of it."""
    attempt_failed(w, live, cause)
    live.failure = cause
    live.rolled_back = True


def attempt_succeeded(w: Any, live: Any, size_B: int) -> None:
    """The attempt installed ``size_B`` bytes: what was sent beyond them, it sent twice.

    An MCU's file comes in pieces of what the flash holds, each a download; the last one is what is left.
    """
    number = live.row
    needed_B = size_B - (live.rows - 1) * module_at(w, live.module).free_flash_B
    for _ in range(live.rows):
        row = row_at(w, number)
        row.wasted_B = max(0, row.sent_B - needed_B)
        live.bytes_wasted += row.wasted_B
        needed_B = module_at(w, live.module).free_flash_B
        number = row.before
    _next_attempt(live)


def _next_attempt(live: Any) -> None:
    live.rows = 0
    live.attempt_sent_B = 0
    live.attempt_energy_J = 0.0
