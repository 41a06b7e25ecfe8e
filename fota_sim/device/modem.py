"""The module in the field: power, connection, restart, and what ends a device."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, body, link, ota, sleep
from fota_sim.device import events as e
from fota_sim.device.fetch import stop_fetch
from fota_sim.device.port import component_at, module_row, part_at, powers_down, powers_up, schedule, sees_boot
from fota_sim.rules import codes, rows, streams, upgrade
from fota_sim.rules.delay import delay_s, to_ms

# Power


def switch_on(w: Any, live: Any, now_ms: int) -> None:
    """The module gets power: the saved upgrade goes on, and registration mode 2 connects.

    Where writing was interrupted, the boot loader begins it again before anything else runs.
    """
    if live.powered:
        return
    live.powered = True
    powers_up(w, live)
    body.rests(w, live, now_ms, sleep.idle_mA(w, live))
    if live.unfinished:
        ota.writes_again(live)
        schedule(w, live, now_ms + boot_ms(w, live), e.FLASH_AGAIN, live.run, 0)
        return
    ota.boot(w, live, now_ms)
    link.boot(w, live, now_ms)


def switch_off(w: Any, live: Any, now_ms: int) -> None:
    """The module loses power: what it was doing ends here."""
    if not live.powered:
        return
    live.powered = False
    live.run += 1
    powers_down(w, live)
    stop_fetch(w, live, now_ms)
    ota.shut_down(w, live, now_ms)
    link.shut_down(live)
    live.writing = False
    body.rests(w, live, now_ms, sleep.asleep_mA(w, live))


def die(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The device is gone for good."""
    switch_off(w, live, now_ms)
    accounts.came_to_nothing(w, live)
    live.reachable = False
    if live.lost == codes.NO_CAUSE:
        live.lost = cause


def brick(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The device is dead; the platform hears nothing of it."""
    switch_off(w, live, now_ms)
    if not live.bricked:
        accounts.attempt_failed(w, live, cause)
        live.failure = cause
        live.bricked = True
        live.finished_ms = now_ms
    live.reachable = False


def restart(w: Any, live: Any, now_ms: int) -> None:
    """Go down, boot, come up again."""
    switch_off(w, live, now_ms)
    schedule(w, live, now_ms + boot_ms(w, live), e.RESTART_ENDS, live.run, 0)


def boot_ms(w: Any, live: Any) -> int:
    """How long the module takes to start up this time."""
    u = body.draw(w, live, streams.REBOOT, live.reboots)
    live.reboots += 1
    return to_ms(delay_s(module_row(w, live.module), rows.REBOOT_DELAY, u))


def restart_ends(w: Any, live: Any, now_ms: int, run: int) -> None:
    """Up again; the host sees it on the module's status pin."""
    if run == live.run and live.reachable:
        live.resumes = True
        switch_on(w, live, now_ms)
        sees_boot(w, live, now_ms)


# Upgrade


def address_arrives(w: Any, live: Any, now_ms: int, component: int, sha256: int) -> None:
    """A download address arrives from the platform; the module takes a while to act on it."""
    if not sleep.is_there(live, now_ms):
        live.url_due = True
        return
    live.talked_ms = now_ms
    u = body.draw(w, live, streams.URL_TO_START, live.attempts)
    acts_s = delay_s(module_row(w, live.module), rows.URL_DELAY, u)
    schedule(w, live, now_ms + to_ms(acts_s), e.ADDRESS_ACTS, 2 * component + sha256, live.run)


def address_acts(w: Any, live: Any, now_ms: int, component: int, sha256: int, run: int) -> None:
    """The module acts on a download address, if it still runs."""
    if run == live.run and live.powered and ota.address_arrives(w, live, now_ms, component, sha256):
        live.component = component
        live.truncated = False


def installed(w: Any, live: Any, now_ms: int, component: int, effect: int, was_on_target: bool) -> None:
    """The device truly runs the component's target version from now on; or did before, and it was for nothing."""
    c = component_at(w, component)
    accounts.attempt_succeeded(w, live, c.size_B)
    live.rolled_back = False
    if was_on_target:
        return
    live.to_install -= 1
    if live.to_install == 0:
        live.upgraded_ms = now_ms
    if effect == upgrade.DIES_LATER:
        after_s = part_at(w, live.first_part + c.part).dies_after_s
        schedule(w, live, now_ms + to_ms(after_s), e.DIES_LATER, 0, 0)
