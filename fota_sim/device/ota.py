"""The module's upgrade: what it does at each thing that can happen to it (protocol/ota.py, protocol/ota_steps.py)."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, reports
from fota_sim.device import events as e
from fota_sim.device.fetch import start_fetch, stop_fetch
from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, module_at, part_at, say, start_timer
from fota_sim.device.urcs import tell
from fota_sim.rules import codes, ota, plan

IDLE, WRITING, WRITTEN = range(3)  # the module's own flash
_QIND_BEFORE, _QIND_AFTER = 1, 2


# Power


def boot(w: Any, live: Any, now_ms: int) -> None:
    """Start up: take up what was saved."""
    on_target = live.saved_component != NONE and (
        part_at(w, live.first_part + w.module_part).running == component_at(w, live.saved_component).target
    )
    todo, cause = ota.after_boot(live.saved_state, live.saved_mcu, on_target)
    if todo == ota.UPDATE_MCU:
        _update_mcu(w, live, now_ms)
    elif todo == ota.SUCCEED:
        _succeed(w, live, now_ms)
    elif todo == ota.FAIL:
        if live.rows > 0:  # nothing was found wrong with what it downloaded: it never came to writing it
            accounts.attempt_failed(w, live, codes.POWER_LOST)
        fail(w, live, now_ms, cause)
    elif todo == ota.BREAK_OFF:
        if cause == codes.REBOOT_IN_DOWNLOAD and (live.rows > 0 or live.saved_state == ota.SUBMITTED):
            accounts.attempt_failed(w, live, cause)  # else the supply failed while it downloaded, and it is booked
        _break_off(w, live, now_ms, cause)
    else:
        _enter(live, ota.NO_PLAN)


def writes_again(live: Any) -> None:
    """Start up in the boot loader: the image is written again, and the command line is dead."""
    live.state = ota.UPDATING
    live.flash = WRITING


def shut_down(w: Any, live: Any, now_ms: int) -> None:
    """Lose power."""
    _stop(w, live, now_ms)
    live.flash = IDLE
    _reset(live)
    live.state = ota.NO_PLAN


# From the platform


def plan_arrives(w: Any, live: Any, now_ms: int, mask: int) -> None:
    """Take in a plan for the components of ``mask``, unless an upgrade is running."""
    if not live.powered or mask == 0 or not ota.takes_plan(live.state):
        return
    first = NONE
    for component in range(w.components):
        if first == NONE and mask >> component & 1:
            first = component
    _take(w, live, first)
    _enter(live, ota.PLAN_RECEIVED)
    for component in range(w.components):
        if mask >> component & 1:
            tell(w, live, now_ms, e.URC_PLAN, e.PLAN_OFFERED, component, 0)
    reports.report(w, live, now_ms, ota.PLAN_RECEIVED, now_ms)


def address_arrives(w: Any, live: Any, now_ms: int, component: int, sha256: int) -> bool:
    """Take in a download address and start to fetch; False when it is dropped, for an upgrade is running."""
    if not live.powered or not ota.takes_address(live.state):
        return False
    _stop(w, live, now_ms)
    if component != live.saved_component:
        _reset(live)
    _take(w, live, component)
    c = component_at(w, component)
    usable = (c.usable >> (2 * sha256 + (1 if live.wants_sha256 else 0)) & 1) == 1
    refused = ota.refused_address(usable, live.saved_mcu, c.size_B, module_at(w, live.module).free_flash_B)
    if refused != codes.NO_CAUSE:
        fail(w, live, now_ms, refused)
        return True
    live.info = component
    _fetch(w, live, now_ms, 0, sha256)
    return True


# From the download


def progress(w: Any, live: Any, now_ms: int, said_ms: int) -> None:
    """Bytes have come since the last time."""
    if not live.powered or not ota.is_downloading(live.state):
        return
    _enter(live, ota.DOWNLOADING)
    say(w, live, now_ms, said_ms, e.URC_DOWNLOADING, 0, 0)
    reports.report(w, live, now_ms, ota.DOWNLOADING, said_ms)


def piece_downloaded(w: Any, live: Any, now_ms: int) -> None:
    """All bytes that were asked for are there."""
    if not live.powered or not ota.is_downloading(live.state):
        return
    _enter(live, ota.DOWNLOAD_SUCCESS)
    if not live.saved_mcu:
        tell(w, live, now_ms, e.URC_DOWNLOADED, e.DOWNLOADED, 0, 0)
        reports.report(w, live, now_ms, ota.DOWNLOAD_SUCCESS, now_ms)
        _enter(live, ota.UPDATING)
        tell(w, live, now_ms, e.URC_UPDATING, e.UPDATES, 0, 0)
        start_timer(w, live, now_ms, e.FLASH_TIMER, w.flash_delay_ms)
        reports.report(w, live, now_ms, ota.UPDATING, now_ms)
    else:
        extent = live.piece_start_B << e.EXTENT_BITS | live.piece_B
        tell(w, live, now_ms, e.URC_PIECE, e.PIECE, live.saved_component, extent)
        start_timer(w, live, now_ms, e.READ_TIMER, w.read_ms)
        reports.report(w, live, now_ms, ota.DOWNLOAD_SUCCESS, now_ms)


def download_failed(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The fetch broke off. The host hears nothing of it."""
    if live.powered and ota.is_downloading(live.state):
        _break_off(w, live, now_ms, cause)


# From the clock and the flash


def timer(w: Any, live: Any, now_ms: int, which: int) -> bool:
    """A timer ran out; whether the module now begins to write its flash."""
    if not live.powered:
        return False
    if which == e.URL_TIMER:
        fail(w, live, now_ms, codes.NO_URL)
    elif which == e.READ_TIMER:
        fail(w, live, now_ms, codes.MCU_READ_TIMEOUT)
    elif which == e.MCU_TIMER:
        fail(w, live, now_ms, codes.MCU_UPDATE_TIMEOUT)
    else:
        live.flash = WRITING
        return True
    return False


def flash_done(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """Writing and checking the image ended; well if there is no cause, and the module waits for its reboot."""
    if not live.powered or live.flash != WRITING:
        return
    if cause != codes.NO_CAUSE:
        live.flash = IDLE
        fail(w, live, now_ms, cause)
        return
    live.flash = WRITTEN
    if w.before_reboot:
        live.announced = True
        _tell_success(w, live, now_ms)
    if w.reports_before_reboot:
        reports.report(w, live, now_ms, ota.UPDATE_SUCCESS, now_ms)


# From the host


def allows(w: Any, live: Any, action: int) -> bool:
    """Whether ``AT+QIOTUPDATE=<action>`` is allowed now; nothing changes yet."""
    size_B = 0
    if live.info != NONE:
        size_B = component_at(w, live.info).size_B
    rest_B = size_B - live.piece_start_B - live.piece_B
    return ota.allows(live.state, action, live.saved_mcu, rest_B)


def act(w: Any, live: Any, now_ms: int, action: int) -> None:
    """Follow an ``AT+QIOTUPDATE=<action>`` that ``allows`` let through."""
    if action == 0:
        _enter(live, ota.NO_PLAN)
        _tell_decision(w, live, now_ms)
        reports.report(w, live, now_ms, ota.REFUSED, now_ms)
    elif action == 1 and live.state == ota.PLAN_RECEIVED:
        _reset(live)
        _enter(live, ota.SUBMITTED)
        _tell_decision(w, live, now_ms)
        start_timer(w, live, now_ms, e.URL_TIMER, w.url_ms)
        reports.report(w, live, now_ms, ota.SUBMITTED, now_ms)
    elif action == 2:
        _stop(w, live, now_ms)
        _fetch(w, live, now_ms, live.piece_start_B + live.piece_B, 0)
    elif action == 3 and live.state == ota.DOWNLOAD_SUCCESS:
        _stop(w, live, now_ms)
        _update_mcu(w, live, now_ms)


def readable_B(live: Any, start_B: int, length_B: int) -> int:
    """How many bytes ``AT+QIOTOTARD=<start>,<length>`` gives now; 0 means ERROR."""
    return ota.readable_B(live.state, start_B, length_B, live.piece_start_B, live.piece_B)


def was_read(w: Any, live: Any, now_ms: int) -> None:
    """The host read a part of the piece: the read timer starts again."""
    if live.timer_on and live.timer == e.READ_TIMER:
        start_timer(w, live, now_ms, e.READ_TIMER, w.read_ms)


def mcu_version_set(w: Any, live: Any, now_ms: int, part: int, version: int) -> None:
    """The host set an MCU's version: that ends an upgrade of this MCU, well or badly."""
    is_component = False
    on_target = False
    if live.saved_component != NONE:
        c = component_at(w, live.saved_component)
        is_component = c.part == part
        on_target = c.target == version
    todo = ota.after_mcu_version(live.state, live.saved_mcu, is_component, on_target)
    if todo == ota.SUCCEED:
        _succeed(w, live, now_ms)
    elif todo == ota.FAIL:
        if live.rejected == codes.NO_CAUSE:
            fail(w, live, now_ms, codes.MCU_UPDATE_FAILED)
        else:
            accounts.attempt_failed(w, live, live.rejected)
            fail(w, live, now_ms, live.rejected)
            live.rejected = codes.NO_CAUSE


# Steps


def _enter(live: Any, state: int) -> None:
    live.state = state
    live.saved_state = state


def _take(w: Any, live: Any, component: int) -> None:
    live.saved_component = component
    live.saved_mcu = component_at(w, component).mcu


def _reset(live: Any) -> None:
    """Be ready for a new upgrade: counters to zero, the downloaded file erased."""
    live.info = NONE
    live.piece_start_B = 0
    live.piece_B = 0
    live.failures = 0
    live.started = False


def _stop(w: Any, live: Any, now_ms: int) -> None:
    """Leave nothing running: neither the timer nor the download."""
    live.timer_on = False
    if ota.is_downloading(live.state):
        stop_fetch(w, live, now_ms)


def _tell_decision(w: Any, live: Any, now_ms: int) -> None:
    if w.announce:
        tell(w, live, now_ms, e.URC_DECIDED, e.DECIDED, 0, 0)


def _fetch(w: Any, live: Any, now_ms: int, start_B: int, sha256: int) -> None:
    """Fetch the piece from ``start_B`` on: as much as the flash holds."""
    free_B = module_at(w, live.module).free_flash_B
    live.piece_start_B = start_B
    live.piece_B = ota.piece_size_B(free_B, component_at(w, live.info).size_B, start_B)
    _enter(live, ota.DOWNLOAD_START)
    if live.started:
        say(w, live, now_ms, now_ms, e.URC_DOWNLOADING, 0, 0)
    elif live.saved_mcu:
        shown = sha256 if live.wants_sha256 else 0
        tell(w, live, now_ms, e.URC_STARTS_MCU, e.STARTS, live.saved_component, shown)
    else:
        tell(w, live, now_ms, e.URC_STARTS, e.STARTS, 0, 0)
    live.started = True
    reports.report(w, live, now_ms, ota.DOWNLOAD_START, now_ms)
    start_fetch(w, live, now_ms, start_B, live.piece_B)


def _break_off(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """End a download that failed: the platform may send the address again, unless it was one too many."""
    if ota.counts(w.refusals_count, cause):
        live.failures += 1
    if ota.one_too_many(live.failures, w.max_failures):
        fail(w, live, now_ms, cause)
        return
    live.last_error = cause
    _stop(w, live, now_ms)
    _enter(live, ota.DOWNLOAD_ERROR)
    live.state = ota.NO_PLAN  # but saved as an error: a restart reports it again
    reports.report(w, live, now_ms, ota.DOWNLOAD_ERROR, now_ms)


def _update_mcu(w: Any, live: Any, now_ms: int) -> None:
    _enter(live, ota.UPDATING)
    tell(w, live, now_ms, e.URC_UPDATING, e.UPDATES, 0, 0)
    start_timer(w, live, now_ms, e.MCU_TIMER, w.mcu_ms)
    reports.report(w, live, now_ms, ota.UPDATING, now_ms)


def _tell_success(w: Any, live: Any, now_ms: int) -> None:
    qind = 0 if live.saved_mcu else w.qind
    if qind == _QIND_BEFORE:
        say(w, live, now_ms, now_ms, e.QIND, 0, 0)
    tell(w, live, now_ms, e.URC_SUCCESS, e.SUCCESS, 0, 0)
    if qind == _QIND_AFTER:
        say(w, live, now_ms, now_ms, e.QIND, 0, 0)


def _succeed(w: Any, live: Any, now_ms: int) -> None:
    announced = _finish(w, live, now_ms)
    live.last_error = codes.NO_CAUSE
    if not announced:
        _tell_success(w, live, now_ms)
    reports.report(w, live, now_ms, ota.UPDATE_SUCCESS, now_ms)


def fail(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """End the upgrade badly. What physics did is booked already."""
    announced = _finish(w, live, now_ms)
    if ota.found_by_module(cause):
        accounts.attempt_failed(w, live, plan.failed_by(cause, live.confirmed, plan.is_over(w.plan_state)))
    live.last_error = cause
    if not announced:
        tell(w, live, now_ms, e.URC_FAILED, e.FAILED, 0, 0)
    reports.report(w, live, now_ms, ota.UPDATE_ERROR, now_ms)


def _finish(w: Any, live: Any, now_ms: int) -> bool:
    """Return to NO_PLAN; tells whether the host has heard an outcome already."""
    _stop(w, live, now_ms)
    _enter(live, ota.NO_PLAN)
    _reset(live)
    announced = live.announced
    live.announced = False
    return bool(announced)
