"""The event loop: devices arrive, play what is theirs alone straight on, and wait for their turn at what they share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled import body, download, flashing, host, line, modem, ota, platform
from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled.alarms import patience_ends, timer_rings
from fota_sim.engines.compiled.layout import NONE, Arrivals, World
from fota_sim.engines.compiled.queue import (
    DEVICE_BITS,
    FIRST,
    NO_KEY,
    begin,
    free_event,
    insert,
    key_of,
    pop,
    push,
    schedule,
)
from fota_sim.rules import codes, lifecycle, plan
from fota_sim.rules.battery import usable_capacity_mAh
from fota_sim.rules.compiled import rule
from fota_sim.rules.contact import first_contact_ms
from fota_sim.rules.draws import uniform
from fota_sim.rules.outcome import outcome, phase
from fota_sim.rules.streams import CONTACT_FIRST

_DEVICE = (1 << DEVICE_BITS) - 1

RESERVE = 512
"""Rows that must be free in each array before a device plays an event; no event takes more."""


@rule
def advance(w: World, f: Arrivals, turns: int) -> bool:
    """Play up to ``turns`` turns of devices before ``s[UNTIL_MS]``; whether that time is reached.

    False as well when an array has to grow: ``s[SHORT_OF]`` says which.
    """
    until_key = key_of(w.s[e.UNTIL_MS], 0)
    for _ in range(turns):
        w.s[e.SHORT_OF] = short_of(w)
        if w.s[e.SHORT_OF] != e.NOTHING:
            return False
        waiting = w.heap[0] if w.s[e.HEAP_SIZE] > 0 else NO_KEY
        arriving = _next_arrival(w, f)
        if min(waiting, arriving) >= until_key:
            return True
        if arriving < waiting:
            w.s[e.ARRIVED] += 1
            live = bring_to_life(w, f, arriving & _DEVICE)
            _first_contact(w, live, arriving >> DEVICE_BITS)
        else:
            slot = w.slots[pop(w) & _DEVICE]
            if slot == NONE:
                continue
            live = w.lives[slot]
        _take_turn(w, f, live)
    return False


@rule
def _next_arrival(w: World, f: Arrivals) -> int:
    number = w.s[e.ARRIVED]
    return f.arrivals[number] if number < f.arrivals.shape[0] else NO_KEY


@rule
def short_of(w: World) -> int:
    """Which array has no room for what one device may do now; NOTHING if all have."""
    s = w.s
    if s[e.EVENTS_USED] + RESERVE > w.events.shape[0]:
        return e.EVENTS
    if s[e.FREE_LIVE] == NONE and s[e.LIVES_USED] >= w.lives.shape[0]:
        return e.LIVES
    if s[e.ROWS_USED] + RESERVE > w.rows.shape[0]:
        return e.ROWS
    if s[e.LINES_USED] + RESERVE > w.lines.shape[0]:
        return e.LINES
    if s[e.HEAP_SIZE] + RESERVE > w.heap.shape[0]:
        return e.HEAP
    return e.NOTHING


@rule
def _take_turn(w: World, f: Arrivals, live: Any) -> None:
    """Play the device's events until one has to wait for others, or the stretch ends; at its own end, finish it."""
    horizon_ms = w.plan[0].horizon_ms
    until_ms = w.s[e.UNTIL_MS]
    w.s[e.HANDLED_QUEUE] += 1
    while live.head != NONE:
        row = live.head
        event = w.events[row]
        now_ms = event.at_ms
        if now_ms >= until_ms:
            break
        key = key_of(now_ms, live.device)
        if _is_shared(live, event.kind) and not _is_first(w, f, key):
            push(w, key)
            return
        if short_of(w) not in (e.NOTHING, e.LIVES):
            push(w, key)
            return
        live.head = event.next
        kind = event.kind
        order = event.order
        a = event.a
        b = event.b
        free_event(w, row)
        w.s[e.HANDLED] += 1
        if kind == e.SEGMENT_ENDS:
            if not download.is_void(live, a):
                download.segment_ends(w, live, now_ms)
                if download.is_alone(w, live) or _is_first(w, f, key):
                    download.after_segment(w, live, now_ms)
                else:
                    insert(w, live, now_ms, FIRST, e.FETCH_GOES_ON, a, 0)
        else:
            _play(w, live, now_ms, kind, order, a, b)
    if live.head != NONE and w.events[live.head].at_ms < horizon_ms:
        push(w, key_of(w.events[live.head].at_ms, live.device))
    elif not w.plan[0].keeps_all:
        finish(w, f, live)


@rule
def _is_shared(live: Any, kind: int) -> bool:
    """Whether an event may touch what devices share, and so has to wait until it is the first of all."""
    if not live.coupled:
        return False
    if live.held > 0 or live.in_line:
        return kind != e.SEGMENT_ENDS
    return kind == e.FETCH_GOES_ON or kind == e.FETCH_TURN


@rule
def _is_first(w: World, f: Arrivals, key: int) -> bool:
    """Whether no device has an event to play before ``key``."""
    return (w.s[e.HEAP_SIZE] == 0 or key <= w.heap[0]) and key <= _next_arrival(w, f)


@rule
def _play(w: World, live: Any, now_ms: int, kind: int, order: int, a: int, b: int) -> None:
    """One event of a device."""
    if kind == e.HOST_ACTS:
        host.host_acts(w, live, now_ms)
    elif kind == e.GIVE_UP:
        if patience_ends(w, live, now_ms, order):
            live.waiting = False
            schedule(w, live, now_ms, e.HOST_ACTS, 0, 0)
    elif kind == e.CONNECT_BEGINS or kind == e.CONNECT_AGAIN:
        if a == live.run:
            modem.connect_begins(w, live, now_ms, a)
    elif kind == e.CONNECT_ENDS:
        modem.connect_ends(w, live, now_ms, a, live.seconds, b == 1)
    elif kind == e.TIMER:
        if timer_rings(w, live, now_ms, order) and ota.timer(w, live, now_ms, live.timer):
            begin(w, live, now_ms, e.FLASH_BEGINS, 0, 0)
    elif kind == e.FETCH_BEGINS:
        if not download.is_void(live, a):
            download.look_around(w, live, now_ms)
            if live.coupled:
                insert(w, live, now_ms, FIRST, e.FETCH_TURN, a, 0)
            else:
                download.enters(w, live, now_ms)
    elif kind == e.FETCH_TURN:
        if not download.is_void(live, a):
            download.enters(w, live, now_ms)
    elif kind == e.FETCH_REFUSED or kind == e.FETCH_TOO_SLOW:
        if not download.is_void(live, a):
            cause = codes.CONNECTION_REFUSED if kind == e.FETCH_REFUSED else codes.DOWNLOAD_BROKE
            download.fails(w, live, now_ms, cause)
    elif kind == e.FETCH_GOES_ON:
        download.after_segment(w, live, now_ms)
    elif kind == e.FLASH_BEGINS:
        flashing.flash_begins(w, live, now_ms)
    elif kind == e.FLASH_ENDS:
        flashing.flash_ends(w, live, now_ms, a)
    elif kind == e.RESTART_ENDS:
        modem.restart_ends(w, live, now_ms, a)
    elif kind == e.PLAN_ARRIVES:
        if live.online:
            ota.plan_arrives(w, live, now_ms, a)
    elif kind == e.ADDRESS_ARRIVES:
        modem.address_arrives(w, live, now_ms, a, b)
    elif kind == e.ADDRESS_ACTS:
        modem.address_acts(w, live, now_ms, a >> 1, a & 1, b)
    elif kind == e.RETRY:
        platform.issue_address(w, live, now_ms)
    elif kind == e.TICK:
        if live.tick_ms == a:
            platform.tick(w, live, now_ms)
    elif kind == e.ARM:
        platform.arm(w, live, now_ms)
    elif kind == e.DIES:
        modem.die(w, live, now_ms)
    else:
        modem.brick(w, live, now_ms, codes.DIED_LATER)


# Where a device's life begins and ends


@rule
def bring_to_life(w: World, f: Arrivals, device: int) -> Any:
    """The device as it is at activation, with its first contact queued."""
    slot = w.s[e.FREE_LIVE]
    if slot == NONE:
        slot = w.s[e.LIVES_USED]
        w.s[e.LIVES_USED] = slot + 1
    else:
        w.s[e.FREE_LIVE] = w.lives[slot].head
    w.slots[device] = slot
    live = w.lives[slot]
    w.lives[slot] = f.blank[0]
    live.key = f.keys[device]
    live.device = device
    live.base = slot * w.plan[0].parts
    live.radio = f.radio[device]
    live.module = f.module[device]
    live.host = f.host[device]
    live.contact = f.group[device]
    live.zone = f.zone[device]
    live.cell = f.cell[device]
    live.chemistry = f.chemistry[device]
    live.on_list = plan.listed(f.white[device], f.black[device])
    live.confirms_ms = f.confirms_ms[device] if w.plan[0].manual else 0
    live.mean_dBm = f.mean_dBm[device]
    live.sd_dB = f.sd_dB[device]
    live.temperature_C = f.temperature_C[device]
    live.capacity_mAh = usable_capacity_mAh(live.chemistry, f.capacity_mAh[device], live.temperature_C)
    live.resistance_ohm = f.resistance_ohm[device]
    live.self_discharge = f.self_discharge[device]
    live.mains = f.mains[device]
    live.rssi_known = f.rssi_known[device]
    live.battery_known = f.battery_known[device]
    live.logged = f.logged[device]
    live.gone = f.gone[device]
    live.charge = f.soc[device]
    ended = f.ended[device]
    live.cancelled = ended.cancelled
    live.belief = ended.belief
    live.status = ended.status
    _have_components(w, f, live, device)
    body.set_up(w, live)
    if f.dies_ms[device] != NONE and not live.gone:
        schedule(w, live, f.dies_ms[device], e.DIES, 0, 0)
    return live


@rule
def _first_contact(w: World, live: Any, first_ms: int) -> None:
    live.first_ms = first_ms
    live.contact_ms = first_ms
    schedule(w, live, first_ms, e.HOST_ACTS, 0, 0)


@rule
def arrival_keys(w: World, f: Arrivals, keys: NDArray[np.int64]) -> int:
    """Write the keys of the devices that come into contact at all; how many. ``keys`` has room for all devices."""
    plan_ = w.plan[0]
    count = 0
    for device in range(f.keys.shape[0]):
        if f.gone[device]:
            continue
        pattern = w.contacts[f.group[device]]
        zone = w.zones[w.zone_rows[f.zone[device], 0] : w.zone_rows[f.zone[device], 1]]
        u = uniform(plan_.seed, plan_.replication, f.keys[device], CONTACT_FIRST, 0)
        first_ms = first_contact_ms(
            pattern.pattern, pattern.spread_s, pattern.from_min, pattern.to_min, zone, u
        )
        dies_ms = f.dies_ms[device]
        if first_ms < plan_.horizon_ms and (dies_ms == NONE or dies_ms > first_ms):
            keys[count] = key_of(first_ms, device)
            count += 1
    return count


@rule
def finish_all(w: World, f: Arrivals, from_device: int, to_device: int) -> None:
    """Finish the devices that are not, from one to before another; those that were never in contact too."""
    for device in range(from_device, to_device):
        slot = w.slots[device]
        if slot != NONE:
            finish(w, f, w.lives[slot])
        elif not f.finished[device]:
            live = bring_to_life(w, f, device)
            live.lost = f.dies_ms[device] != NONE and not live.gone
            finish(w, f, live)


@rule
def _have_components(w: World, f: Arrivals, live: Any, device: int) -> None:
    """What runs on the device, and which defects will hit it."""
    plan_ = w.plan[0]
    for j in range(plan_.parts):
        part = w.parts[live.base + j]
        part.running = f.mcu[device, j] if j < plan_.module_part else NONE
        part.told = NONE
        part.known = NONE
        part.effect = NONE
        part.dies_after_s = 0.0
    w.parts[live.base + plan_.module_part].running = f.firmware[device]
    for component in range(plan_.components):
        c = w.components[component]
        part = w.parts[live.base + c.part]
        part.effect = f.effects[component, device]
        part.dies_after_s = f.dies_after_s[component, device]
        # a component that no group speaks of counts as running what the module runs
        running = part.running if c.part < plan_.module_part else f.firmware[device]
        if running != c.target:
            live.to_install += 1
    live.was_on_target = live.to_install == 0


@rule
def finish(w: World, f: Arrivals, live: Any) -> None:
    """Write down what came of the device, and let its row be another's."""
    plan_ = w.plan[0]
    body.settle(live, plan_.horizon_ms)
    if live.running:
        w.rows[live.row].end_ms = plan_.horizon_ms
    ended = f.ended[live.device]
    ended.outcome, ended.cause = outcome(
        live.bricked,
        live.to_install == 0,
        live.was_on_target,
        live.cancelled,
        live.on_list,
        live.gone,
        live.contacts if live.heard else 0,
        live.lost,
        live.given_up,
        live.rolled_back,
        live.failure,
        phase(live.reachable, live.state, live.confirmed, live.given_up),
        live.refusal,
        w.s[e.PLAN_STATE] in (lifecycle.TERMINATED, lifecycle.ENDED),
        live.withheld,
    )
    ended.belief = live.belief
    ended.status = live.status
    ended.cancelled = live.cancelled
    ended.first_contact_ms = live.first_contact_ms
    ended.first_offer_ms = live.first_offer_ms
    ended.confirmed_ms = live.confirmed_ms
    ended.download_start_ms = live.download_start_ms
    ended.downloaded_ms = live.downloaded_ms
    ended.upgraded_ms = live.upgraded_ms
    ended.finished_ms = live.finished_ms
    ended.charge = live.charge
    ended.energy_J = live.energy_J
    ended.wasted_energy_J = live.wasted_energy_J
    ended.bytes_sent = live.bytes_sent
    ended.bytes_wasted = live.bytes_wasted
    ended.contacts = live.contacts
    ended.offers = live.offers
    ended.refusals = live.refusals
    ended.attempts = live.attempts
    ended.download_failures = live.download_failures
    own = w.parts[live.base + plan_.module_part]
    ended.firmware = own.running
    ended.reported = own.known
    for j in range(plan_.module_part):
        f.mcu[live.device, j] = w.parts[live.base + j].running
    while live.head != NONE:
        row = live.head
        live.head = w.events[row].next
        free_event(w, row)
    line.clear_inbox(w, live)
    f.finished[live.device] = True
    slot = w.slots[live.device]
    w.slots[live.device] = NONE
    live.head = w.s[e.FREE_LIVE]
    w.s[e.FREE_LIVE] = slot
