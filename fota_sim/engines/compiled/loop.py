"""The event loop: devices arrive, play what is theirs alone straight on, and wait for their turn at what they share."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import host
from fota_sim.engines.compiled.alarms import patience_ends, timer_rings
from fota_sim.engines.compiled.bound import download, exhaustion, first_contact, happens, knowledge, life, rollout
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.life import finish
from fota_sim.engines.compiled.memory import (
    event_at,
    finished_of,
    int_at,
    live_at,
    loop_of,
    prefetch_event,
    prefetch_fleet,
    prefetch_live,
    prefetch_slot,
    run_of,
    slot_at,
    world_at,
    world_of,
)
from fota_sim.engines.compiled.queue import (
    FIRST,
    TOP,
    await_turn,
    first_key,
    free_event,
    insert,
    key_of,
    pop,
    schedule,
)
from fota_sim.engines.compiled.room import LIVES, NOTHING, no_row_for_one_more, short_of
from fota_sim.rules.compiled import part_of_rule, rule

_DEVICE = (1 << DEVICE_BITS) - 1
_AHEAD = 2  # arrivals whose columns are fetched before their turn


@rule
def advance(w: Any, events: int) -> bool:
    """Play about so many events before ``until_ms``; whether that time is reached. ``w``: of any plan.

    False as well when an array has to grow: ``short_of`` says which.
    """
    loop = loop_of(w)
    until_key = key_of(loop.until_ms, 0)
    loop.pause_at = loop.handled + events
    while loop.handled < loop.pause_at:
        to_come = loop.arrived < w.arrivals_room
        loop.short_of = LIVES if (to_come or loop.ordered) and no_row_for_one_more(w) else short_of(w)
        if loop.short_of != NOTHING:
            return False
        waiting = first_key(w)
        arriving = _next_arrival(w)
        looking = key_of(loop.look_ms, 0) if loop.look_ms < loop.until_ms else NO_KEY
        if min(waiting, arriving, looking) >= until_key:
            return True
        if looking <= min(waiting, arriving):
            loop.handled += 1
            _look(w)
            continue
        if arriving < waiting:
            loop.arrived += 1
            ahead = loop.arrived + _AHEAD
            if ahead < w.arrivals_room:
                prefetch_fleet(w, int_at(w.arrivals_at, ahead) & _DEVICE)
            device = arriving & _DEVICE
            if slot_at(w, device).row != NONE or finished_of(w)[device]:
                continue  # it came to life when it was released, and may have ended since
            own = world_of(w, device)
            live = life.bring_to_life(own, device)
            first_contact(own, live, arriving >> DEVICE_BITS)
        else:
            key = pop(w)
            slot = slot_at(w, key & _DEVICE).row
            if slot == NONE:
                continue
            live = live_at(w, slot)
            if live.heap_key != key:
                continue
            live.heap_key = NO_KEY
            _fetch_ahead(w)
        _take_turn(run_of(w, live), live)
    return False


@part_of_rule
def _look(w: Any) -> None:
    """Let the first of the plans look whose rollout looks next, and see when one does so after that."""
    loop = loop_of(w)
    at_ms = loop.look_ms
    for number in range(loop.plans):
        own = world_at(w, number)
        if own.look_ms == at_ms:
            rollout.look(own, at_ms)
            break
    loop.look_ms = world_at(w, 0).look_ms
    for number in range(1, loop.plans):
        loop.look_ms = min(loop.look_ms, world_at(w, number).look_ms)


@part_of_rule
def _fetch_ahead(w: Any) -> None:
    """Bring near what the next turns need: the row of the device that is first, and of those behind it where it is."""
    size = loop_of(w).heap_size
    if size == 0:
        return
    slot = slot_at(w, first_key(w) & _DEVICE)
    if slot.row != NONE:
        prefetch_live(w, slot.row)
        prefetch_event(w, max(0, slot.head))
    for place in range(TOP + 1, min(TOP + size, 2 * (TOP + 1))):  # one of the children of the first is the next but one
        prefetch_slot(w, int_at(w.heap_at, place) & _DEVICE)


@part_of_rule
def _next_arrival(w: Any) -> int:
    number = loop_of(w).arrived
    return int_at(w.arrivals_at, number) if number < w.arrivals_room else NO_KEY


@part_of_rule
def _take_turn(w: Any, live: Any) -> None:
    """Play the device's events until one has to wait for others, or the stretch ends; at its own end, finish it."""
    loop = loop_of(w)
    horizon_ms = w.horizon_ms
    until_ms = loop.until_ms
    loop.turns += 1
    while live.head != NONE:
        row = live.head
        event = event_at(w, row)
        now_ms = event.at_ms
        if live.empty_ms <= now_ms and live.empty_ms < until_ms:
            if not _runs_dry(w, live):
                return
            continue
        if now_ms >= until_ms:
            break
        key = key_of(now_ms, live.who)
        if _is_shared(w, live, event.kind) and not _is_first(w, key):
            await_turn(w, live, key)
            return
        if loop.handled >= loop.pause_at or short_of(w) != NOTHING:
            await_turn(w, live, key)
            return
        live.head = event.next
        kind = event.kind
        order = event.order
        a = event.a
        b = event.b
        free_event(w, row)
        loop.handled += 1
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
        await_turn(w, live, key_of(min(event_at(w, live.head).at_ms, live.empty_ms), live.who))
    elif not (w.keeps_all or live.in_line or (w.ordered and not knowledge.settled(w, live))):
        finish(w, live)  # of the others, those that wait may still be called up
    elif live.empty_ms < until_ms:
        _runs_dry(w, live)
    elif live.empty_ms < horizon_ms:
        await_turn(w, live, key_of(live.empty_ms, live.who))


@part_of_rule
def _runs_dry(w: Any, live: Any) -> bool:
    """The battery is empty before anything else happens; False when the device has to wait for its turn first."""
    key = key_of(live.empty_ms, live.who)
    late = _is_shared(w, live, e.DIES) and not _is_first(w, key)
    loop = loop_of(w)
    if late or loop.handled >= loop.pause_at or short_of(w) != NOTHING:
        await_turn(w, live, key)
        return False
    loop.handled += 1
    exhaustion.runs_dry(w, live, live.empty_ms)
    return True


@part_of_rule
def _is_shared(w: Any, live: Any, kind: int) -> bool:
    """Whether an event may touch what devices share, and so has to wait until it is the first of all."""
    if w.ordered:  # one that stands in line may be offered the plan while it downloads, which looks at its signal
        return kind != e.SEGMENT_ENDS or live.queued
    if not live.coupled:
        return False
    if live.held > 0 or live.in_line:
        return kind != e.SEGMENT_ENDS
    return kind in (e.FETCH_GOES_ON, e.FETCH_TURN)


@part_of_rule
def _is_first(w: Any, key: int) -> bool:
    """Whether neither a device nor a rollout has anything to do before ``key``."""
    if (key >> DEVICE_BITS) >= loop_of(w).look_ms:
        return False
    return key <= first_key(w) and key <= _next_arrival(w)


@part_of_rule
def _play(w: Any, live: Any, now_ms: int, kind: int, order: int, a: int, b: int) -> None:
    """One event of a device."""
    if kind == e.HOST_ACTS:
        host.host_acts(w, live, now_ms)
    elif kind == e.GIVE_UP:
        if patience_ends(w, live, now_ms, order):
            live.waiting = False
            schedule(w, live, now_ms, e.HOST_ACTS, 0, 0)
    elif kind == e.TIMER:
        if timer_rings(w, live, now_ms, order):
            happens.timer_rang(w, live, now_ms)
    elif kind == e.FETCH_BEGINS:
        if not download.is_void(live, a):
            download.look_around(w, live, now_ms)
            if live.coupled:
                insert(w, live, now_ms, FIRST, e.FETCH_TURN, a, 0)
            else:
                download.enters(w, live, now_ms)
    else:
        happens.happens(w, live, now_ms, kind, a, b)
