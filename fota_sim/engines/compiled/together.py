"""Two threads play the devices that were put off, each by itself: whoever takes one plays it to where others matter.

No device touches anything shared there, so it does not matter who plays it, nor when: the helper takes them as they are
put off, while the loop goes on with what is shared, and the loop takes the rest when it comes to a time at which one of
them may matter to others. They agree on four words of memory (put_off.py).
"""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import atomic
from fota_sim.engines.compiled.bound import first_contact, life
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY, RESERVE
from fota_sim.engines.compiled.memory import (
    event_at,
    int_at,
    live_at,
    loop_at,
    loop_of,
    prefetch_event,
    prefetch_fleet,
    prefetch_live,
    run_of,
    world_at,
    world_of,
)
from fota_sim.engines.compiled.put_off import DONE, GIVEN, GOES, TAKEN, give_row, place_of
from fota_sim.engines.compiled.queue import TOP, push
from fota_sim.engines.compiled.turn import take_turn
from fota_sim.rules.compiled import part_of_rule

_GRAB = 8
_AHEAD = 2
_SPINS = 2_000  # moments of waiting before others may have the core
_EVENTS = 4 * RESERVE  # rows for events that the helper is given at a time
_HELPER = 1
_DEVICE = (1 << DEVICE_BITS) - 1


@part_of_rule
def catch_up(w: Any) -> None:
    """Play what was put off and nobody has taken yet, and wait for what the helper has."""
    loop = loop_of(w)
    words = w.agreed_at
    look_ms = loop.look_ms
    pause_at = loop.pause_at
    loop.puts_off = False
    loop.look_ms = 0  # so none of them is the first of all
    loop.pause_at = NO_KEY
    while True:
        done = _play_some(w)
        if done == 0:
            break
        loop.played += done
    spins = 0
    while atomic.load(words + DONE) + loop.played < loop.ever_put_off:
        _wait(spins)
        spins += 1
    loop.look_ms = look_ms
    loop.pause_at = pause_at
    loop.put_off = 0
    loop.bound = NO_KEY
    _settle(w)


@part_of_rule
def serve(w: Any) -> None:
    """Help the loop until it is over. ``w``: the helper's."""
    words = w.agreed_at
    spins = 0
    while atomic.load(words + GOES) == 0:
        done = _play_some(w)
        if done > 0:
            atomic.add(words + DONE, done)
            spins = 0
        else:
            _wait(spins)
            spins += 1


@part_of_rule
def _wait(spins: int) -> None:
    if spins < _SPINS:
        atomic.relax()
    else:
        atomic.make_way()


@part_of_rule
def _play_some(w: Any) -> int:
    """Take some devices that were put off and play them; how many, 0 if there are none."""
    words = w.agreed_at
    while True:
        begin = atomic.load(words + TAKEN)
        there = atomic.load(words + GIVEN) - begin
        if there <= 0:
            return 0
        taken = max(1, min(_GRAB, there >> 3))
        if atomic.swap(words + TAKEN, begin, begin + taken):
            for number in range(begin, begin + taken):
                _play_one(w, number, begin + there)
            return taken


@part_of_rule
def _play_one(w: Any, number: int, end: int) -> None:
    """Play a device that was put off, or bring it to life."""
    if number + _AHEAD < end:
        _fetch_ahead(w, place_of(number + _AHEAD))
    place = place_of(number)
    row = int_at(w.put_off_at, place)
    key = int_at(w.put_off_at, place + 2)
    if key != NO_KEY:
        device = key & _DEVICE
        own = world_of(w, device)
        give_row(w, row)
        first_contact(own, life.bring_to_life(own, device), key >> DEVICE_BITS)
    live = live_at(w, row)
    take_turn(run_of(w, live), live)


@part_of_rule
def _fetch_ahead(w: Any, place: int) -> None:
    key = int_at(w.put_off_at, place + 2)
    if key == NO_KEY:
        prefetch_event(w, max(0, int_at(w.put_off_at, place + 1)))
    else:
        prefetch_fleet(w, key & _DEVICE)
    prefetch_live(w, int_at(w.put_off_at, place))


@part_of_rule
def supply(w: Any) -> None:
    """See to it that the helper, which has nothing to do now, has rows for events."""
    loop = loop_of(w)
    other = loop_at(w, _HELPER)
    loop.lacks_events = False
    if other.events_used + 2 * RESERVE <= other.events_end:
        return
    if loop.events_used + _EVENTS + RESERVE > w.events_room:
        loop.lacks_events = True
        return
    for row in range(other.events_used, other.events_end):
        event_at(w, row).next = other.free_event
        other.free_event = row
    other.events_used = loop.events_used
    loop.events_used += _EVENTS
    other.events_end = loop.events_used
    for number in range(loop.plans):
        world_at(w, loop.plans + number).events_room = other.events_end


@part_of_rule
def _settle(w: Any) -> None:
    """Take over what the helper has done: who waits for a turn now, and which rows are free.

    Free rows for events change hands each time, for more may become free with the one than with the other.
    """
    loop = loop_of(w)
    other = loop_at(w, _HELPER)
    loop.handled += other.handled
    other.handled = 0
    for place in range(TOP, TOP + other.heap_size):
        push(w, int_at(w.bag_at, place))
    other.heap_size = 0
    if other.free_live != NONE:
        live_at(w, other.last_free_live).head = loop.free_live
        loop.free_live = other.free_live
        other.free_live = NONE
    free_event = loop.free_event
    loop.free_event = other.free_event
    other.free_event = free_event
    supply(w)
