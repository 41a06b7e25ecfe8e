"""The host's side of a device's life: wake up, connect, ask, decide, watch, sleep.

``label`` says where its story goes on; ``host_acts`` runs from there to the next thing that takes time.
"""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import labels as at
from fota_sim.engines.compiled import line
from fota_sim.engines.compiled.alarms import set_patience
from fota_sim.engines.compiled.bound import (
    body,
    download,
    faults,
    gates,
    knowledge,
    link,
    modem,
    offers,
    platform,
    power_off,
    sleep,
)
from fota_sim.engines.compiled.line import hear
from fota_sim.engines.compiled.memory import (
    contact_at,
    delay_row_of,
    event_at,
    flag_at,
    host_at,
    module_at,
    module_row,
    part_at,
    zone_of,
)
from fota_sim.engines.compiled.queue import free_event
from fota_sim.engines.compiled.sota import update_itself
from fota_sim.engines.compiled.talk import STOP, after_command, answers, say_update, say_version, says, wait
from fota_sim.rules import battery, codes, contact, host, radio, streams
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.zone import FAR, next_in_window


@part_of_rule
def host_acts(w: Any, live: Any, now_ms: int) -> None:
    """Go on with the host's story until it waits for something."""
    if not live.reachable and live.battery_empty_ms >= 0:
        live.label = at.OVER  # it runs on the same battery
        return
    label = live.label
    while label != STOP:
        if label in (at.CONTACT, at.REGISTER, at.REGISTERED, at.LISTEN, at.HEARD, at.ASKED, at.CHECK, at.REST):
            label = _contact(w, live, now_ms, label)
        elif label in (at.CONFIRM, at.BATTERY_READ, at.SIGNAL_READ, at.ACCEPTED, at.REFUSED):
            label = _consider(w, live, now_ms, label)
        elif label == at.TAU_ENDS:
            label = _tau_ends(w, live, now_ms)
        elif label == at.OVER:
            live.label = at.OVER
            label = STOP
        else:
            label = update_itself(w, live, now_ms, label)


# A contact


@part_of_rule
def _contact(w: Any, live: Any, now_ms: int, label: int) -> int:
    if label == at.CONTACT:
        if not live.reachable:
            return at.OVER
        if live.contact_ms == live.report_ms or offers.tau(w, live, now_ms):
            return _begin_contact(w, live, now_ms)
        return _listen_after_tau(w, live, now_ms)
    if label == at.REGISTER:
        return _register(w, live, now_ms)
    if label == at.REGISTERED:
        return at.CHECK if live.from_boot else at.LISTEN
    if label == at.LISTEN:
        return _listen(w, live, now_ms)
    if label == at.HEARD:
        if now_ms >= live.ends_ms:
            return at.REST
        return _react(w, live, now_ms) if live.inbox_head != NONE else _after_silence(w, live, now_ms)
    if label == at.ASKED:
        live.asked_ms = now_ms
        return at.CHECK
    if label == at.CHECK:
        quiet = not live.busy and live.inbox_head == NONE
        return at.REST if quiet and knowledge.settled(w, live) else at.LISTEN
    return _rest(w, live, now_ms)


@part_of_rule
def _listen_after_tau(w: Any, live: Any, now_ms: int) -> int:
    """The module wakes for a periodic TAU and sleeps again, unless something comes meanwhile."""
    line.clear_inbox(w, live)
    live.listens = True
    live.waiting = True
    live.label = at.TAU_ENDS
    reports_ms = sleep.next_report_ms(w, live, live.first_ms, live.number)
    set_patience(w, live, sleep.listens_until_ms(w, live, now_ms, reports_ms))
    return STOP


@part_of_rule
def _tau_ends(w: Any, live: Any, now_ms: int) -> int:
    """It was paged, or sleeps again."""
    live.listens = False
    if live.inbox_head != NONE and live.reachable:
        return _begin_contact(w, live, now_ms)
    return _sleep(w, live, now_ms)


@part_of_rule
def _begin_contact(w: Any, live: Any, now_ms: int) -> int:
    """Power up; register, unless the module does so by itself."""
    pattern = contact_at(w, live.contact)
    zone = zone_of(w, live.zone)
    live.ends_ms = contact.contact_ends_ms(now_ms, pattern.pattern, pattern.from_min, pattern.to_min, zone)
    live.contacts += 1
    if live.first_contact_ms < 0:
        live.first_contact_ms = now_ms
    live.asked = False
    live.busy = False
    line.clear_inbox(w, live)
    modem.switch_on(w, live, now_ms)
    live.asked_ms = 0
    if host_at(w, live.host).registration_mode == link.MANUAL or live.mode == link.OFF:
        return _begin_registering(live, False)
    return at.LISTEN


@part_of_rule
def _begin_registering(live: Any, from_boot: bool) -> int:
    live.from_boot = from_boot
    live.step = 0
    return at.REGISTER


@part_of_rule
def _register(w: Any, live: Any, now_ms: int) -> int:
    """Say the version of each MCU, then register."""
    while live.step < w.module_part:
        part = live.step
        live.step += 1
        version = part_at(w, live.first_part + part).running
        if version != NONE:
            say_version(w, live, now_ms, part, version)
            return after_command(w, live, now_ms, at.REGISTER)
    mode = host_at(w, live.host).registration_mode
    if says(w, live, now_ms, e.SAY_REGISTER, mode, 0):
        live.ok = w.can_register
        answers(w, live, now_ms, live.ok)
        if live.ok:
            link.register(w, live, now_ms, mode)
    return after_command(w, live, now_ms, at.REGISTERED)


@part_of_rule
def _listen(w: Any, live: Any, now_ms: int) -> int:
    """The next URC, now or when it comes, or the end of patience."""
    if not live.reachable or now_ms >= live.ends_ms:
        return at.REST
    if live.inbox_head != NONE:
        return at.HEARD
    settings = host_at(w, live.host)
    pattern = contact_at(w, live.contact)
    until_ms = host.waits_until_ms(
        now_ms,
        live.busy,
        live.online,
        pattern.pattern == contact.WAKE,
        settings.asks,
        live.heard_ms,
        live.asked_ms,
        settings.patience_ms,
        pattern.linger_ms,
        pattern.request_every_ms,
    )
    live.waiting = True
    live.label = at.HEARD
    set_patience(w, live, min(live.ends_ms, until_ms))
    return STOP


@part_of_rule
def _after_silence(w: Any, live: Any, now_ms: int) -> int:
    """Nothing came in time."""
    settings = host_at(w, live.host)
    live.heard_ms = max(live.heard_ms, download.last_said_ms(w, live, now_ms))
    wakes = contact_at(w, live.contact).pattern == contact.WAKE
    todo = host.after_silence(now_ms, live.busy, live.online, wakes, settings.asks, live.heard_ms, settings.patience_ms)
    if todo == host.SLEEP:
        return at.REST
    if todo == host.GIVE_UP_UPGRADE:
        live.busy = False
    elif todo == host.ASK:
        return _ask(w, live, now_ms)
    elif todo == host.WAIT_ON:
        live.asked_ms = now_ms
    return at.CHECK


@part_of_rule
def _ask(w: Any, live: Any, now_ms: int) -> int:
    """Request a plan."""
    live.asked = True
    sha256 = host_at(w, live.host).sha256
    if says(w, live, now_ms, e.SAY_REQUEST, 1 if sha256 else 0, 0):
        live.ok = live.online
        if live.ok:
            live.wants_sha256 = sha256
        answers(w, live, now_ms, live.ok)
        if live.ok:
            platform.requested(w, live, now_ms, sha256)
    return after_command(w, live, now_ms, at.ASKED)


@part_of_rule
def _react(w: Any, live: Any, now_ms: int) -> int:
    """Do what the next URC calls for."""
    row = line.take(w, live)
    urc = event_at(w, row).kind
    a = event_at(w, row).a
    b = event_at(w, row).b
    free_event(w, row)
    if urc == e.BOOTED:
        if live.mode == link.OFF:
            return _begin_registering(live, True)
    elif urc == e.SUBSCRIBED:
        if not live.asked and host_at(w, live.host).asks and live.online:
            return _ask(w, live, now_ms)
    elif urc == e.PLAN_OFFERED:
        return _weigh(w, live, now_ms)  # no upgrade runs, or its module would drop the plan
    elif urc == e.STARTS:
        live.busy = True  # also of an address that came again without a new offer
    elif urc == e.PIECE:
        live.read_component = a
        live.read_B = b >> e.EXTENT_BITS
        live.until_B = live.read_B + (b & e.EXTENT)
        if live.read_B == 0:
            faults.file_begins(live)
        return at.READ
    elif urc == e.SUCCESS:
        live.busy = False
    elif urc == e.FAILED:
        live.busy = not knowledge.settled(w, live)
    return at.CHECK


@part_of_rule
def _rest(w: Any, live: Any, now_ms: int) -> int:
    """The contact is over."""
    if contact_at(w, live.contact).pattern != contact.ALWAYS:
        power_off.switched_off(w, live, now_ms)
    return _sleep(w, live, now_ms)


@part_of_rule
def _sleep(w: Any, live: Any, now_ms: int) -> int:
    """Sleep until the next contact, or the next TAU, if there is one."""
    pattern = contact_at(w, live.contact)
    if not live.reachable or knowledge.settled(w, live):
        return at.OVER
    if pattern.pattern == contact.WAKE:
        while live.contact_ms <= now_ms:
            reports_ms = sleep.next_report_ms(w, live, live.first_ms, live.number)
            live.contact_ms = contact.next_tau_ms(live.report_ms, now_ms, pattern.tau_ms, reports_ms)
            if live.contact_ms == FAR:
                live.number += 1
                live.report_ms = reports_ms
                live.contact_ms = reports_ms
    else:
        zone = zone_of(w, live.zone)
        live.contact_ms = next_in_window(zone, now_ms, pattern.from_min, pattern.to_min)
        live.report_ms = live.contact_ms
    return wait(w, live, max(now_ms, live.contact_ms), at.CONTACT)


# An offer


@part_of_rule
def _weigh(w: Any, live: Any, now_ms: int) -> int:
    """Take an offer in; think about it for however long this host does."""
    number = live.offers
    live.offers += 1
    if live.first_offer_ms < 0:
        live.first_offer_ms = now_ms
    if body.draw(w, live, streams.IGNORE, number) < host_at(w, live.host).ignores:
        live.refusal = codes.HOST_IGNORES
        return at.CHECK
    seconds = delay_s(delay_row_of(w, live.host), 0, body.draw(w, live, streams.CONFIRM, number))
    return wait(w, live, min(now_ms + to_ms(seconds), live.ends_ms), at.CONFIRM)


@part_of_rule
def _consider(w: Any, live: Any, now_ms: int, label: int) -> int:
    """Read battery and signal, decide, and answer."""
    settings = host_at(w, live.host)
    if label == at.CONFIRM:
        if not live.powered or now_ms >= live.ends_ms:
            return at.CHECK
        live.battery_pct = UNKNOWN
        if settings.checks_battery:
            if module_at(w, live.module).at_cbc:
                return _read_battery(w, live, now_ms)
            live.battery_pct = body.percent(w, live, now_ms)
        return at.BATTERY_READ
    if label == at.BATTERY_READ:
        live.signal_dBm = UNKNOWN
        return _read_signal(w, live, now_ms) if settings.checks_signal else at.SIGNAL_READ
    if label == at.SIGNAL_READ:
        return _decide(w, live, now_ms)
    if label == at.ACCEPTED:
        if live.ok:
            live.busy = True
            live.refusal = codes.NO_CAUSE
            if live.confirmed_ms < 0:
                live.confirmed_ms = now_ms
    elif label == at.REFUSED and live.ok:
        live.refusals += 1
        live.refusal = live.step
    line.forget_plans(w, live)
    return at.CHECK


@part_of_rule
def _read_battery(w: Any, live: Any, now_ms: int) -> int:
    """Battery level in percent, from the module."""
    if says(w, live, now_ms, e.SAY_CBC, 0, 0):
        live.battery_pct = body.percent(w, live, now_ms)
        if live.battery_pct == UNKNOWN:
            hear(w, live, now_ms, e.ERROR, 0, 0)
        else:
            module = module_row(w, live.module)
            millivolts = battery.millivolts(module, live.chemistry, body.charge(live), live.mains)
            hear(w, live, now_ms, e.CBC, live.battery_pct, millivolts)
    return after_command(w, live, now_ms, at.BATTERY_READ)


@part_of_rule
def _read_signal(w: Any, live: Any, now_ms: int) -> int:
    """Signal in dBm as the module says it, or UNKNOWN."""
    at_csq = module_at(w, live.module).at_csq
    if says(w, live, now_ms, e.SAY_CSQ if at_csq else e.SAY_WIFI, 0, 0):
        if at_csq:
            index = body.csq_reading(w, live, now_ms)
            if index != radio.CSQ_UNKNOWN:
                live.signal_dBm = radio.csq_dBm(index)
            hear(w, live, now_ms, e.CSQ, index, 0)
        elif flag_at(w.wifi_at, live.radio):
            live.signal_dBm = body.wifi_reading_dBm(w, live, now_ms)
            hear(w, live, now_ms, e.WIFI, live.signal_dBm, 0)
        else:
            hear(w, live, now_ms, e.ERROR, 0, 0)
    return after_command(w, live, now_ms, at.SIGNAL_READ)


@part_of_rule
def _decide(w: Any, live: Any, now_ms: int) -> int:
    decision = gates.host_decides(w, live, live.battery_pct, live.signal_dBm, w.min_battery_pct, w.min_signal_dBm)
    live.step = host.cause_of(decision)
    accepts = decision == host.ACCEPT
    say_update(w, live, now_ms, 1 if accepts else 0)
    return after_command(w, live, now_ms, at.ACCEPTED if accepts else at.REFUSED)
