"""A device's turn: it plays what is its own, straight on, until it comes to what others share."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import host
from fota_sim.engines.compiled.alarms import is_early, patience_ends, rings_ms, timer_rings
from fota_sim.engines.compiled.bound import download, exhaustion, happens, knowledge
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.life import finish
from fota_sim.engines.compiled.memory import event_at, int_at, loop_of, prefetch_event
from fota_sim.engines.compiled.put_off import FAR_MS, put_off
from fota_sim.engines.compiled.queue import FIRST, await_turn, first_key, free_event, insert, key_of, schedule
from fota_sim.engines.compiled.room import NOTHING, short_of
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.zone import FAR


@part_of_rule
def take_turn(w: Any, live: Any) -> None:
    """Play the device's events until one has to wait for others, or the stretch ends; at its own end, finish it."""
    loop = loop_of(w)
    horizon_ms = w.horizon_ms
    until_ms = loop.until_ms
    far_ms = event_at(w, live.head).at_ms + FAR_MS if loop.puts_off and live.head != NONE and not live.logged else FAR
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
        if _is_shared(w, live, event.kind) and not is_early(live, event):
            if not _is_first(w, key):
                await_turn(w, live, key_of(min(_matters_ms(w, live), live.empty_ms), live.who) if live.in_line else key)
                return
        elif now_ms >= far_ms and _has_much_of_its_own(live, event.kind):
            put_off(w, live, key)
            return
        if loop.handled >= loop.pause_at or short_of(w) != NOTHING:
            await_turn(w, live, key)
            return
        live.head = event.next
        prefetch_event(w, max(0, live.head))
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
        await_turn(w, live, key_of(min(_matters_ms(w, live), live.empty_ms), live.who))
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
    if live.in_line:
        return kind != e.SEGMENT_ENDS
    if live.held > 0:
        return kind != e.SEGMENT_ENDS and not (kind == e.TICK and _is_past_offers(live))
    return kind in (e.FETCH_GOES_ON, e.FETCH_TURN)


@part_of_rule
def _is_past_offers(live: Any) -> bool:
    """Whether a push that was armed before finds that the device has confirmed, and changes nothing but itself."""
    return bool(live.confirmed and live.online)


@part_of_rule
def _matters_ms(w: Any, live: Any) -> Any:
    """When the first of the device's events comes; in a line of others, the first that might leave it, or the end.

    Until it is called up, or this comes, what it does by itself can wait: pushes that find it busy, and alarms that
    were put off. It is played then, before anything else.
    """
    row = live.head
    if not live.in_line or w.ordered:
        return event_at(w, row).at_ms
    first_ms = max(event_at(w, row).at_ms, loop_of(w).until_ms - 1)
    while row != NONE:
        event = event_at(w, row)
        if event.at_ms >= first_ms:
            break
        if not (event.kind == e.TICK and _is_past_offers(live)):
            if not is_early(live, event):
                return event.at_ms
            first_ms = min(first_ms, rings_ms(live, event.kind))
        row = event.next
    return first_ms


@part_of_rule
def _has_much_of_its_own(live: Any, kind: int) -> bool:
    """Whether to put the device off: not who may be called up from a line, nor for a segment that others follow."""
    return not live.in_line and not (live.shares_egress and kind == e.SEGMENT_ENDS)


@part_of_rule
def next_arrival(w: Any) -> int:
    """The key of the device that comes into contact next; NO_KEY if none does."""
    number = loop_of(w).arrived
    return int_at(w.arrivals_at, number) if number < w.arrivals_room else NO_KEY


@part_of_rule
def _is_first(w: Any, key: int) -> bool:
    """Whether neither a device nor a rollout has anything to do before ``key``, nor can one that was put off."""
    if (key >> DEVICE_BITS) >= loop_of(w).look_ms:
        return False
    return key <= first_key(w) and key <= next_arrival(w) and key <= loop_of(w).bound


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
