"""The event loop: devices arrive, play what is theirs alone straight on, and wait for their turn at what they share."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled import body, download, flashing, host, line, modem, ota, platform
from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled.alarms import patience_ends, timer_rings
from fota_sim.engines.compiled.layout import NONE, RESERVE, WORLD
from fota_sim.engines.compiled.memory import (
    blank_of,
    byte_at,
    component_at,
    contact_at,
    ended_at,
    event_at,
    finished_of,
    flag_at,
    float_at,
    heap_of,
    int_at,
    live_at,
    lives_of,
    mcu_of,
    part_at,
    prefetch_fleet,
    prefetch_live,
    row_at,
    short_at,
    slots_of,
    word_at,
    zone_of,
)
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
from fota_sim.rules.compiled import COMPILED, part_of_rule, rule
from fota_sim.rules.contact import first_contact_ms
from fota_sim.rules.draws import uniform
from fota_sim.rules.outcome import outcome, phase
from fota_sim.rules.streams import CONTACT_FIRST

_DEVICE = (1 << DEVICE_BITS) - 1
_AHEAD = 2  # arrivals whose columns are fetched before their turn


def load() -> None:
    """Have the loop compiled, or read what was compiled before; the first time on a machine takes a minute or two."""
    if COMPILED:
        world = numba.from_dtype(WORLD)
        advance.compile((world, numba.int64))  # type: ignore[attr-defined]  # a dispatcher then
        finish_all.compile((world,))  # type: ignore[attr-defined]


@rule
def advance(w: Any, turns: int) -> bool:
    """Play up to ``turns`` turns of devices before ``s[UNTIL_MS]``; whether that time is reached.

    False as well when an array has to grow: ``s[SHORT_OF]`` says which.
    """
    until_key = key_of(w.until_ms, 0)
    for _ in range(turns):
        to_come = w.arrived < w.arrivals_room
        w.short_of = e.LIVES if to_come and _no_row_for_one_more(w) else short_of(w)
        if w.short_of != e.NOTHING:
            return False
        waiting = heap_of(w)[0] if w.heap_size > 0 else NO_KEY
        arriving = _next_arrival(w)
        if min(waiting, arriving) >= until_key:
            return True
        if arriving < waiting:
            w.arrived += 1
            ahead = w.arrived + _AHEAD
            if ahead < w.arrivals_room:
                prefetch_fleet(w, int_at(w.arrivals_at, ahead) & _DEVICE)
            live = bring_to_life(w, arriving & _DEVICE)
            _first_contact(w, live, arriving >> DEVICE_BITS)
        else:
            slot = slots_of(w)[pop(w) & _DEVICE]
            if slot == NONE:
                continue
            live = live_at(w, slot)
            if w.heap_size > 0:
                next_slot = slots_of(w)[heap_of(w)[0] & _DEVICE]
                if next_slot != NONE:
                    prefetch_live(w, next_slot)
        _take_turn(w, live)
    return False


@part_of_rule
def _next_arrival(w: Any) -> int:
    number = w.arrived
    return int_at(w.arrivals_at, number) if number < w.arrivals_room else NO_KEY


@part_of_rule
def short_of(w: Any) -> int:
    """Which array has no room for what one device may do now; NOTHING if all have."""
    if w.events_used + RESERVE > w.events_room:
        return e.EVENTS
    if w.rows_used + RESERVE > w.rows_room:
        return e.ROWS
    if w.lines_used + RESERVE > w.lines_room:
        return e.LINES
    if w.heap_size + RESERVE > w.heap_room:
        return e.HEAP
    return e.NOTHING


@part_of_rule
def _no_row_for_one_more(w: Any) -> bool:
    """Whether every row for devices is in use."""
    return bool(w.free_live == NONE and w.lives_used >= w.lives_room)


@part_of_rule
def _take_turn(w: Any, live: Any) -> None:
    """Play the device's events until one has to wait for others, or the stretch ends; at its own end, finish it."""
    horizon_ms = w.horizon_ms
    until_ms = w.until_ms
    w.turns += 1
    while live.head != NONE:
        row = live.head
        event = event_at(w, row)
        now_ms = event.at_ms
        if now_ms >= until_ms:
            break
        key = key_of(now_ms, live.who)
        if _is_shared(live, event.kind) and not _is_first(w, key):
            push(w, key)
            return
        if short_of(w) != e.NOTHING:
            push(w, key)
            return
        live.head = event.next
        kind = event.kind
        order = event.order
        a = event.a
        b = event.b
        free_event(w, row)
        w.handled += 1
        if kind == e.SEGMENT_ENDS:
            if not download.is_void(live, a):
                download.segment_ends(w, live, now_ms)
                if download.is_alone(w, live) or _is_first(w, key):
                    download.after_segment(w, live, now_ms)
                else:
                    insert(w, live, now_ms, FIRST, e.FETCH_GOES_ON, a, 0)
        else:
            _play(w, live, now_ms, kind, order, a, b)
    if live.head != NONE and event_at(w, live.head).at_ms < horizon_ms:
        push(w, key_of(event_at(w, live.head).at_ms, live.who))
    elif not w.keeps_all and not live.in_line:  # in line, others decide how it goes on
        finish(w, live)


@part_of_rule
def _is_shared(live: Any, kind: int) -> bool:
    """Whether an event may touch what devices share, and so has to wait until it is the first of all."""
    if not live.coupled:
        return False
    if live.held > 0 or live.in_line:
        return kind != e.SEGMENT_ENDS
    return kind in (e.FETCH_GOES_ON, e.FETCH_TURN)


@part_of_rule
def _is_first(w: Any, key: int) -> bool:
    """Whether no device has an event to play before ``key``."""
    return (w.heap_size == 0 or key <= heap_of(w)[0]) and key <= _next_arrival(w)


@part_of_rule
def _play(w: Any, live: Any, now_ms: int, kind: int, order: int, a: int, b: int) -> None:
    """One event of a device."""
    if kind == e.HOST_ACTS:
        host.host_acts(w, live, now_ms)
    elif kind == e.GIVE_UP:
        if patience_ends(w, live, now_ms, order):
            live.waiting = False
            schedule(w, live, now_ms, e.HOST_ACTS, 0, 0)
    elif kind in (e.CONNECT_BEGINS, e.CONNECT_AGAIN):
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
    elif kind in (e.FETCH_REFUSED, e.FETCH_TOO_SLOW):
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


@part_of_rule
def bring_to_life(w: Any, device: int) -> Any:
    """The device as it is at activation, with its first contact queued."""
    slot = w.free_live
    if slot == NONE:
        slot = w.lives_used
        w.lives_used = slot + 1
    else:
        w.free_live = live_at(w, slot).head
    slots_of(w)[device] = slot
    live = live_at(w, slot)
    lives_of(w)[slot] = blank_of(w)
    live.key = word_at(w.keys_at, device)
    live.who = device
    live.first_part = slot * w.parts
    live.radio = short_at(w.radio_at, device)
    live.module = short_at(w.module_at, device)
    live.host = short_at(w.host_at, device)
    live.contact = short_at(w.group_at, device)
    live.zone = short_at(w.zone_at, device)
    live.cell = short_at(w.cell_at, device)
    live.chemistry = short_at(w.chemistry_at, device)
    live.on_list = plan.listed(flag_at(w.white_at, device), flag_at(w.black_at, device))
    live.confirms_ms = int_at(w.confirms_ms_at, device) if w.manual else 0
    live.mean_dBm = float_at(w.mean_dBm_at, device)
    live.sd_dB = float_at(w.sd_dB_at, device)
    live.temperature_C = float_at(w.temperature_C_at, device)
    live.capacity_mAh = usable_capacity_mAh(live.chemistry, float_at(w.capacity_mAh_at, device), live.temperature_C)
    live.resistance_ohm = float_at(w.resistance_ohm_at, device)
    live.self_discharge = float_at(w.self_discharge_at, device)
    live.mains = flag_at(w.mains_at, device)
    live.rssi_known = flag_at(w.rssi_known_at, device)
    live.battery_known = flag_at(w.battery_known_at, device)
    live.logged = flag_at(w.logged_at, device)
    live.gone = flag_at(w.gone_at, device)
    live.charge = float_at(w.soc_at, device)
    ended = ended_at(w, device)
    live.cancelled = ended.cancelled
    live.belief = ended.belief
    live.status = ended.status
    _have_components(w, live, device)
    body.set_up(w, live)
    if int_at(w.dies_ms_at, device) != NONE and not live.gone:
        schedule(w, live, int_at(w.dies_ms_at, device), e.DIES, 0, 0)
    return live


@part_of_rule
def _first_contact(w: Any, live: Any, first_ms: int) -> None:
    live.first_ms = first_ms
    live.contact_ms = first_ms
    schedule(w, live, first_ms, e.HOST_ACTS, 0, 0)


@rule
def arrival_keys(w: Any, keys: NDArray[np.int64]) -> int:
    """Write the keys of the devices that come into contact at all; how many. ``keys`` has room for all devices."""
    count = 0
    for device in range(w.devices):
        if flag_at(w.gone_at, device):
            continue
        pattern = contact_at(w, short_at(w.group_at, device))
        zone = zone_of(w, short_at(w.zone_at, device))
        u = uniform(w.seed, w.replication, word_at(w.keys_at, device), CONTACT_FIRST, 0)
        first_ms = first_contact_ms(pattern.pattern, pattern.spread_s, pattern.from_min, pattern.to_min, zone, u)
        dies_ms = int_at(w.dies_ms_at, device)
        if first_ms < w.horizon_ms and (dies_ms == NONE or dies_ms > first_ms):
            keys[count] = key_of(first_ms, device)
            count += 1
    return count


@rule
def finish_all(w: Any) -> bool:
    """Finish the devices that are not finished, those that were never in contact too; whether all are.

    False when an array has to grow first: ``short_of`` says which.
    """
    for device in range(w.devices):
        slot = slots_of(w)[device]
        if slot != NONE:
            finish(w, live_at(w, slot))
        elif not finished_of(w)[device]:
            w.short_of = e.LIVES if _no_row_for_one_more(w) else short_of(w)
            if w.short_of != e.NOTHING:
                return False
            live = bring_to_life(w, device)
            live.lost = int_at(w.dies_ms_at, device) != NONE and not live.gone
            finish(w, live)
    return True


@part_of_rule
def _have_components(w: Any, live: Any, device: int) -> None:
    """What runs on the device, and which defects will hit it."""
    for j in range(w.parts):
        part = part_at(w, live.first_part + j)
        part.running = mcu_of(w)[device, j] if j < w.module_part else NONE
        part.told = NONE
        part.known = NONE
        part.effect = NONE
        part.dies_after_s = 0.0
    part_at(w, live.first_part + w.module_part).running = short_at(w.firmware_at, device)
    for component in range(w.components):
        c = component_at(w, component)
        part = part_at(w, live.first_part + c.part)
        part.effect = byte_at(w.effects_at, component * w.devices + device)
        part.dies_after_s = float_at(w.dies_after_s_at, component * w.devices + device)
        # a component that no group speaks of counts as running what the module runs
        running = part.running if c.part < w.module_part else short_at(w.firmware_at, device)
        if running != c.target:
            live.to_install += 1
    live.was_on_target = live.to_install == 0


@part_of_rule
def finish(w: Any, live: Any) -> None:
    """Write down what came of the device, and let its row be another's."""
    body.settle(live, w.horizon_ms)
    if live.running:
        row_at(w, live.row).end_ms = w.horizon_ms
    ended = ended_at(w, live.who)
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
        w.plan_state in (lifecycle.TERMINATED, lifecycle.ENDED),
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
    own = part_at(w, live.first_part + w.module_part)
    ended.firmware = own.running
    ended.reported = own.known
    for j in range(w.module_part):
        mcu_of(w)[live.who, j] = part_at(w, live.first_part + j).running
    while live.head != NONE:
        row = live.head
        live.head = event_at(w, row).next
        free_event(w, row)
    line.clear_inbox(w, live)
    finished_of(w)[live.who] = True
    slot = slots_of(w)[live.who]
    slots_of(w)[live.who] = NONE
    live.head = w.free_live
    w.free_live = slot
