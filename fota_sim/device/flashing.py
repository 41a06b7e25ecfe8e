"""Writing new firmware: checks, power cuts, boot schemes, and the defects of the new image."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, body, modem, ota
from fota_sim.device.events import FLASH_AGAIN, FLASH_ENDS
from fota_sim.device.port import component_at, module_row, part_at, schedule
from fota_sim.rules import battery, codes, rows, streams, upgrade
from fota_sim.rules.delay import to_ms


def flash_begins(w: Any, live: Any, now_ms: int) -> None:
    """Check the stored image, and begin to write it."""
    module = module_row(w, live.module)
    attempt = live.flashes
    live.flashes += 1
    if body.draw(w, live, streams.STORAGE, attempt) < module[rows.P_STORAGE]:
        _flash_failed(w, live, now_ms, codes.NO_SPACE)
        return
    live.effect = upgrade.BOOT_FAILURE
    if not live.truncated:
        live.effect = part_at(w, live.first_part + component_at(w, live.component).part).effect
    bad_image = live.effect == upgrade.VERIFY_FAILURE
    if bad_image or upgrade.verify_fails(module, body.draw(w, live, streams.VERIFY, attempt)):
        _flash_failed(w, live, now_ms, codes.VERIFICATION_FAILED)
        return
    live.tries = 0
    _write(w, live, now_ms)


def flash_again(w: Any, live: Any, now_ms: int, run: int) -> None:
    """Power is back, and the module has started up."""
    if run == live.run:
        _write(w, live, now_ms)


def _write(w: Any, live: Any, now_ms: int) -> None:
    """Write the image from its start; power may fail in the middle."""
    module = module_row(w, live.module)
    c = component_at(w, live.component)
    live.tries += 1
    lasts_ms = to_ms(upgrade.apply_s(module, c.size_B, c.delta))
    cut_ms = body.cut_between(w, live, now_ms, now_ms + lasts_ms)
    live.cut_by = codes.NO_CAUSE if cut_ms == body.NO_CUT else codes.POWER_LOST
    if body.browns_out(w, live, now_ms, battery.flashing_mA(module)):
        cut_ms = now_ms + 1
        live.cut_by = codes.BROWN_OUT_IN_FLASHING
    live.writing = True
    live.unfinished = False
    body.works(w, live, now_ms, battery.flashing_mA(module))
    schedule(w, live, now_ms + lasts_ms if cut_ms == body.NO_CUT else cut_ms, FLASH_ENDS, live.run, 0)


def flash_ends(w: Any, live: Any, now_ms: int, run: int) -> None:
    """The image is written, or power failed."""
    if run != live.run:
        return
    live.writing = False
    body.works(w, live, now_ms, 0.0)
    if live.cut_by == codes.NO_CAUSE:
        _boot_new(w, live, now_ms)
        return
    came_to = after_power_loss(w, live)
    if came_to == upgrade.RESUMED:
        live.unfinished = True
        schedule(w, live, now_ms + modem.boot_ms(w, live), FLASH_AGAIN, live.run, 0)
    elif came_to == upgrade.BRICKED:
        modem.brick(w, live, now_ms, live.cut_by)
    else:
        if came_to == upgrade.RESTORED:
            accounts.fell_back(w, live, live.cut_by)
        else:
            accounts.attempt_failed(w, live, live.cut_by)
        modem.restart(w, live, now_ms)


def after_power_loss(w: Any, live: Any) -> int:
    """What a loss of power in the middle of writing leaves, by the boot scheme and the device's luck."""
    u_brick = body.draw(w, live, streams.BRICK, live.losses)
    live.losses += 1
    return upgrade.after_power_loss(module_row(w, live.module), u_brick, live.tries)


def _flash_failed(w: Any, live: Any, now_ms: int, cause: int) -> None:
    accounts.attempt_failed(w, live, cause)
    ota.flash_done(w, live, now_ms, cause)


def _boot_new(w: Any, live: Any, now_ms: int) -> None:
    """The new image is written: restart into it, and meet what is wrong with it."""
    c = component_at(w, live.component)
    ota.flash_done(w, live, now_ms, codes.NO_CAUSE)
    if live.effect == upgrade.BOOT_FAILURE:
        if upgrade.after_boot_failure(module_row(w, live.module)) == upgrade.BRICKED:
            modem.brick(w, live, now_ms, codes.DOES_NOT_BOOT)
            return
        accounts.fell_back(w, live, codes.DOES_NOT_BOOT)
        modem.restart(w, live, now_ms)
        return
    own = part_at(w, live.first_part + w.module_part)
    if live.effect == upgrade.NEVER_RECONNECTS:
        own.running = c.target
        modem.brick(w, live, now_ms, codes.NEVER_CAME_BACK)
        return
    if live.effect == upgrade.WRONG_VERSION:
        accounts.attempt_failed(w, live, codes.WRONG_VERSION)
        own.running = c.wrong
    else:
        was_on_target = own.running == c.target
        own.running = c.target
        modem.installed(w, live, now_ms, live.component, live.effect, was_on_target)
    modem.restart(w, live, now_ms)
