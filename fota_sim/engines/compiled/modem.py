"""The module in the field: power, connection, restart, and what ends a device."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled import body, ota, platform, story
from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled.fetch import stop_fetch
from fota_sim.engines.compiled.line import put, tell
from fota_sim.engines.compiled.memory import component_at, module_row, part_at, radio_row
from fota_sim.engines.compiled.queue import begin, schedule
from fota_sim.rules import codes, rows, streams, upgrade
from fota_sim.rules import ota as states
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.connection import REOPEN_S, connect
from fota_sim.rules.delay import delay_s, to_ms

OFF, MANUAL, AUTOMATIC = 0, 1, 2
"""Modes of AT+QIOTREG."""


# Power


@part_of_rule
def switch_on(w: Any, live: Any, now_ms: int) -> None:
    """The module gets power: the saved upgrade goes on, and registration mode 2 connects."""
    if live.powered:
        return
    live.powered = True
    body.rests(w, live, now_ms, module_row(w, live.module)[rows.I_IDLE_MA])
    ota.boot(w, live, now_ms)
    if live.mode == MANUAL:
        live.mode = OFF
    elif live.mode == AUTOMATIC:
        begin(w, live, now_ms, e.CONNECT_BEGINS, live.run, 0)


@part_of_rule
def switch_off(w: Any, live: Any, now_ms: int) -> None:
    """The module loses power: what it was doing ends here."""
    if not live.powered:
        return
    live.powered = False
    live.run += 1
    stop_fetch(w, live, now_ms)
    live.online = False
    ota.shut_down(w, live, now_ms)
    live.waiting_state = states.NO_PLAN
    live.writing = False
    body.rests(w, live, now_ms, module_row(w, live.module)[rows.I_SLEEP_MA])


@part_of_rule
def die(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The device is gone for good."""
    switch_off(w, live, now_ms)
    live.reachable = False
    if live.lost == codes.NO_CAUSE:
        live.lost = cause


@part_of_rule
def brick(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The device is dead; the platform hears nothing of it."""
    switch_off(w, live, now_ms)
    if not live.bricked:
        story.attempt_failed(w, live, cause)
        live.failure = cause
        live.bricked = True
        live.finished_ms = now_ms
    live.reachable = False


@part_of_rule
def restart(w: Any, live: Any, now_ms: int) -> None:
    """Go down, boot, come up again."""
    switch_off(w, live, now_ms)
    schedule(w, live, now_ms + boot_ms(w, live), e.RESTART_ENDS, live.run, 0)


@part_of_rule
def boot_ms(w: Any, live: Any) -> int:
    """How long the module takes to start up this time."""
    u = body.draw(w, live, streams.REBOOT, live.reboots)
    live.reboots += 1
    return to_ms(delay_s(module_row(w, live.module), rows.REBOOT_DELAY, u))


@part_of_rule
def rest(w: Any, live: Any, now_ms: int) -> None:
    """The host has nothing more to do, and the module is switched off."""
    if live.powered:
        switch_off(w, live, now_ms)
    else:
        live.run += 1  # it was starting up


@part_of_rule
def restart_ends(w: Any, live: Any, now_ms: int, run: int) -> None:
    """Up again; the host sees it on the module's status pin."""
    if run == live.run and live.reachable:
        live.resumes = True
        switch_on(w, live, now_ms)
        put(w, live, now_ms, e.BOOTED, 0, 0)


# Connection


@part_of_rule
def connect_begins(w: Any, live: Any, now_ms: int, run: int) -> None:
    """Try to register and subscribe. Also of a run that is over: its end will find out."""
    if not live.reachable:
        return
    u_delay, u_tries = body.draw_pair(w, live, streams.CONNECT, live.connections)
    live.connections += 1
    rssi_dBm = body.rssi_dBm(w, live, now_ms)
    seconds, connected = connect(radio_row(w, live.radio), rssi_dBm, live.resumes, u_delay, u_tries)
    module = module_row(w, live.module)
    body.rests(w, live, now_ms, module[rows.I_IDLE_MA] + module[rows.I_RECEIVE_MA])
    schedule(w, live, now_ms + to_ms(seconds), e.CONNECT_ENDS, run, 1 if connected else 0)


@part_of_rule
def connect_ends(w: Any, live: Any, now_ms: int, run: int, connected: bool) -> None:
    """Registered and subscribed: say so, report versions, then the status that waits; or try again later."""
    if run != live.run:
        return
    body.rests(w, live, now_ms, module_row(w, live.module)[rows.I_IDLE_MA])
    if not connected:
        tell(w, live, now_ms, e.URC_LOST, e.LOST, 0, 0)
        schedule(w, live, now_ms + to_ms(REOPEN_S), e.CONNECT_AGAIN, run, 0)
        return
    live.resumes = True
    live.online = True
    tell(w, live, now_ms, e.URC_REGISTERED, e.REGISTERED_URC, 0, 0)
    tell(w, live, now_ms, e.URC_SUBSCRIBED, e.SUBSCRIBED, 0, 0)
    platform.reported(w, live, now_ms)
    if live.waiting_state != states.NO_PLAN:
        state = live.waiting_state
        live.waiting_state = states.NO_PLAN
        ota.report_status(w, live, now_ms, state, live.waiting_component, now_ms)


# Upgrade


@part_of_rule
def address_arrives(w: Any, live: Any, now_ms: int, component: int, sha256: int) -> None:
    """A download address arrives from the platform; the module takes a while to act on it."""
    if not live.online:
        live.url_due = True
        return
    u = body.draw(w, live, streams.URL_TO_START, live.attempts)
    acts_s = delay_s(module_row(w, live.module), rows.URL_DELAY, u)
    schedule(w, live, now_ms + to_ms(acts_s), e.ADDRESS_ACTS, 2 * component + sha256, live.run)


@part_of_rule
def address_acts(w: Any, live: Any, now_ms: int, component: int, sha256: int, run: int) -> None:
    """The module acts on a download address, if it still runs."""
    if run == live.run and live.powered and ota.address_arrives(w, live, now_ms, component, sha256):
        live.component = component
        live.truncated = False


@part_of_rule
def installed(w: Any, live: Any, now_ms: int, component: int, effect: int, was_on_target: bool) -> None:
    """The device truly runs the component's target version from now on; or did before, and it was for nothing."""
    c = component_at(w, component)
    story.attempt_succeeded(w, live, c.size_B)
    live.rolled_back = False
    if was_on_target:
        return
    live.to_install -= 1
    if live.to_install == 0:
        live.upgraded_ms = now_ms
    if effect == upgrade.DIES_LATER:
        after_s = part_at(w, live.first_part + c.part).dies_after_s
        schedule(w, live, now_ms + to_ms(after_s), e.DIES_LATER, 0, 0)
