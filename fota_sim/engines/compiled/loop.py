"""The event loop: devices arrive, play what is theirs alone straight on, and wait for their turn at what they share."""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.bound import first_contact, life, rollout
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.memory import (
    finished_of,
    int_at,
    live_at,
    loop_of,
    prefetch_fleet,
    run_of,
    slot_at,
    world_at,
    world_of,
)
from fota_sim.engines.compiled.put_off import may_put_off, put_off_arrivals
from fota_sim.engines.compiled.queue import first_key, key_of, take_first
from fota_sim.engines.compiled.room import EVENTS, LIVES, NOTHING, no_row_for_one_more, short_of
from fota_sim.engines.compiled.together import catch_up, serve, supply
from fota_sim.engines.compiled.turn import next_arrival, take_turn
from fota_sim.rules.compiled import part_of_rule, rule

_DEVICE = (1 << DEVICE_BITS) - 1
_AHEAD = 2  # arrivals whose columns are fetched before their turn


@rule
def advance(w: Any, events: int) -> bool:
    """Play about so many events before ``until_ms``; whether that time is reached. ``w``: of any plan.

    False as well when an array has to grow: ``short_of`` says which.
    """
    loop = loop_of(w)
    if loop.serves:
        serve(w)
        return True
    until_key = key_of(loop.until_ms, 0)
    loop.pause_at = loop.handled + events
    loop.half_key = NO_KEY
    if loop.helpers > 0:
        supply(w)
        loop.half_key = 0
    is_over = False
    while loop.handled < loop.pause_at and not is_over:
        to_come = loop.arrived < w.arrivals_room
        loop.short_of = LIVES if (to_come or loop.ordered) and no_row_for_one_more(w) else short_of(w)
        if loop.short_of == NOTHING and loop.helpers > 0 and loop.lacks_events:
            loop.short_of = EVENTS
        if loop.short_of != NOTHING:
            break
        is_over = _goes_on(w, until_key)
    if loop.put_off > 0:
        catch_up(w)
    return is_over


@part_of_rule
def _goes_on(w: Any, until_key: int) -> bool:
    """Do what is first of all; whether that is not before ``until_key``."""
    loop = loop_of(w)
    waiting = first_key(w)
    arriving = next_arrival(w)
    looking = key_of(loop.look_ms, 0) if loop.look_ms < loop.until_ms else NO_KEY
    first = min(waiting, arriving, looking)
    if loop.put_off > 0 and first >= min(loop.bound, until_key):
        catch_up(w)
        return False
    if first >= until_key:
        return True
    if first >= loop.half_key:
        put_off_arrivals(w, until_key)
        return False
    if looking <= min(waiting, arriving):
        loop.handled += 1
        _look(w)
        return False
    loop.puts_off = may_put_off(w)
    if arriving < waiting:
        loop.arrived += 1
        ahead = loop.arrived + _AHEAD
        if ahead < w.arrivals_room:
            prefetch_fleet(w, int_at(w.arrivals_at, ahead) & _DEVICE)
        device = arriving & _DEVICE
        if loop.helpers > 0:
            loop.half_key = 0
        if slot_at(w, device).row != NONE or finished_of(w)[device]:
            return False  # it came to life when it was released, and may have ended since
        own = world_of(w, device)
        live = life.bring_to_life(own, device)
        first_contact(own, live, arriving >> DEVICE_BITS)
    else:
        key = take_first(w)
        slot = slot_at(w, key & _DEVICE).row
        if slot == NONE:
            return False
        live = live_at(w, slot)
        if live.heap_key != key:
            return False
        live.heap_key = NO_KEY
    loop.turns += 1
    take_turn(run_of(w, live), live)
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
