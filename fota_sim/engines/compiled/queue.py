"""Two queues. Each device has a sorted list of its own events; a heap holds the devices that wait for their turn.

Most events of a device touch nothing that others share, so they are played straight on; only those that do (places,
the server's egress) have to happen in the order of (time, device) over the whole fleet, and bring the device here.

Keys stand in three places: the first of all in order, the next in a heap, and where many wait, the late ones in no
order at all, for a heap of all of them does not fit the nearest caches (docs/design.md, Three places for keys).
"""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.memory import (
    event_at,
    int_at,
    loop_of,
    prefetch_event,
    prefetch_live,
    prefetch_slot,
    put_int,
    slot_at,
)
from fota_sim.rules.compiled import part_of_rule

_NORMAL = 1 << 40
"""Added to an event's order: SimPy plays what a process starts with before what it waits for."""
TOP = 7
"""Row of the heap's first key: so eight children stand on one line of memory, for row r those from row 8 r - 48 on."""
NEAR = 4
"""Keys that are taken out of the heap together, so that what they lead to is there when their turns come."""
NEAR_KEPT = 8
"""More are taken when fewer are left: those behind the next few have where their devices stand fetched meanwhile, and
then the devices."""
NEAR_ROOM = 64
CROWD = 1 << 15
"""Keys in the heap, from which on the late ones stand apart: so many are a quarter of a megabyte."""
_FEW = 1 << 12
_SAMPLES = 4  # of the keys that stand apart; those up to the least of them, about a fifth, come into the heap
_DEVICE = (1 << DEVICE_BITS) - 1
FIRST = -1
"""Order of what goes on in the middle of an event."""


@part_of_rule
def key_of(at_ms: int, device: int) -> int:
    """Time and device in one word; its order is that of (time, device)."""
    return at_ms << DEVICE_BITS | device


@part_of_rule
def new_event(w: Any) -> int:
    """A free row of ``w.events``; the loop sees to it that there are some."""
    loop = loop_of(w)
    row = loop.free_event
    if row != NONE:
        loop.free_event = event_at(w, row).next
        return row
    row = loop.events_used
    loop.events_used = row + 1
    return row


@part_of_rule
def free_event(w: Any, row: int) -> None:
    """Give a row back."""
    loop = loop_of(w)
    event_at(w, row).next = loop.free_event
    loop.free_event = row


@part_of_rule
def insert(w: Any, live: Any, at_ms: int, order: int, kind: int, a: int, b: int) -> None:
    """Queue an event of the device behind those of an earlier time, or of the same time and a lower order."""
    row = new_event(w)
    event = event_at(w, row)
    event.at_ms = at_ms
    event.order = order
    event.a = a
    event.b = b
    event.kind = kind
    before = NONE
    after = live.head
    while after != NONE:
        other = event_at(w, after)
        if other.at_ms > at_ms or (other.at_ms == at_ms and other.order > order):
            break
        before = after
        after = other.next
    event.next = after
    if before == NONE:
        live.head = row
    else:
        event_at(w, before).next = row


@part_of_rule
def next_order(live: Any) -> int:
    """The order of an event queued now: behind all that the device queued for the same time before."""
    live.order += 1
    return _NORMAL + live.order


@part_of_rule
def schedule(w: Any, live: Any, at_ms: int, kind: int, a: int, b: int) -> None:
    """Have something happen to the device at a time not before now."""
    insert(w, live, at_ms, next_order(live), kind, a, b)


@part_of_rule
def begin(w: Any, live: Any, now_ms: int, kind: int, a: int, b: int) -> None:
    """Have the device begin something now: after the present event, before the others of this millisecond."""
    live.order += 1
    insert(w, live, now_ms, live.order, kind, a, b)


@part_of_rule
def resume(w: Any, live: Any, now_ms: int, kind: int, a: int) -> None:
    """Go on in the middle of an event, when the device's turn has come again."""
    insert(w, live, now_ms, FIRST, kind, a, 0)


@part_of_rule
def await_turn(w: Any, live: Any, key: int) -> None:
    """Let the device wait for its turn, if it does not wait for an earlier one already; a later one is void then."""
    if key < live.heap_key:
        live.heap_key = key
        slot_at(w, live.who).head = live.head
        push(w, key)


@part_of_rule
def first_key(w: Any) -> int:
    """The key of the device whose turn is first; NO_KEY if none waits."""
    loop = loop_of(w)
    if loop.near_size < NEAR_KEPT and loop.heap_size + loop.far_size > 0:
        _come_near(w)
    if loop.near_size == 0:
        return NO_KEY
    return int_at(w.near_at, loop.near_size - 1)


@part_of_rule
def take_first(w: Any) -> int:
    """The key of the device whose turn is first, taken out; there is one, and ``first_key`` has seen it."""
    loop = loop_of(w)
    loop.near_size -= 1
    return int_at(w.near_at, loop.near_size)


@part_of_rule
def push(w: Any, key: int) -> None:
    """Let a key wait."""
    loop = loop_of(w)
    if key >= loop.far_begin:
        put_int(w.far_at, loop.far_size, key)
        loop.far_size += 1
        return
    if key >= loop.near_end:
        _push(w, key)
        return
    if loop.near_size == NEAR_ROOM:
        _make_room_near(w)
        if key >= loop.near_end:
            _push(w, key)
            return
    place = loop.near_size
    loop.near_size += 1
    while place > 0:
        other = int_at(w.near_at, place - 1)
        if other >= key:
            break
        put_int(w.near_at, place, other)
        place -= 1
    put_int(w.near_at, place, key)


@part_of_rule
def _make_room_near(w: Any) -> None:
    """Put the later half back into the heap."""
    loop = loop_of(w)
    half = NEAR_ROOM // 2
    for place in range(half):
        _push(w, int_at(w.near_at, place))
        put_int(w.near_at, place, int_at(w.near_at, place + half))
    loop.near_end = int_at(w.near_at, 0) + 1
    loop.near_size = half


@part_of_rule
def _come_near(w: Any) -> None:
    """Take the next keys out of the heap, and bring near what the turns of these and of those before them need."""
    loop = loop_of(w)
    if loop.heap_size > CROWD:
        _stand_apart(w)
    if loop.heap_size == 0:
        _come_from_far(w)
    count = min(NEAR, loop.heap_size)
    before = loop.near_size
    for place in range(before - 1, -1, -1):
        put_int(w.near_at, place + count, int_at(w.near_at, place))
    key = 0
    for place in range(count - 1, -1, -1):
        key = pop(w)
        put_int(w.near_at, place, key)
        prefetch_slot(w, key & _DEVICE)
    loop.near_size = before + count
    loop.near_end = key
    for place in range(count, count + min(NEAR, before)):
        slot = slot_at(w, int_at(w.near_at, place) & _DEVICE)
        if slot.row != NONE:
            prefetch_live(w, slot.row)
            prefetch_event(w, max(0, slot.head))


@part_of_rule
def _stand_apart(w: Any) -> None:
    """Have all keys of the heap stand apart; the first of them come back at once."""
    loop = loop_of(w)
    for place in range(TOP, TOP + loop.heap_size):
        put_int(w.far_at, loop.far_size, int_at(w.heap_at, place))
        loop.far_size += 1
    loop.heap_size = 0


@part_of_rule
def _come_from_far(w: Any) -> None:
    """Put the first of the keys that stand apart into the heap, or all if they are few."""
    loop = loop_of(w)
    count = loop.far_size
    begin = NO_KEY
    if count > _FEW:
        for sample in range(_SAMPLES):
            begin = min(begin, int_at(w.far_at, sample * count // _SAMPLES) + 1)
    left = 0
    for place in range(count):
        key = int_at(w.far_at, place)
        if key < begin:
            _push(w, key)
        else:
            put_int(w.far_at, left, key)
            left += 1
    loop.far_size = left
    loop.far_begin = begin


@part_of_rule
def _push(w: Any, key: int) -> None:
    heap = w.heap_at
    loop = loop_of(w)
    row = TOP + loop.heap_size
    loop.heap_size += 1
    while row > TOP:
        parent = (row >> 3) + TOP - 1
        other = int_at(heap, parent)
        if other <= key:
            break
        put_int(heap, row, other)
        row = parent
    put_int(heap, row, key)


@part_of_rule
def _first_of(heap: int, one: int, other: int) -> int:
    return one if int_at(heap, one) < int_at(heap, other) else other


@part_of_rule
def _least(heap: int, begin: int, end: int) -> int:
    """The row with the least of up to eight keys from ``begin`` on; in pairs, so that no comparison waits for all."""
    if begin + 8 <= end:
        low = _first_of(heap, _first_of(heap, begin, begin + 1), _first_of(heap, begin + 2, begin + 3))
        high = _first_of(heap, _first_of(heap, begin + 4, begin + 5), _first_of(heap, begin + 6, begin + 7))
        return _first_of(heap, low, high)
    least = begin
    for row in range(begin + 1, end):
        least = _first_of(heap, least, row)
    return least


@part_of_rule
def pop(w: Any) -> int:
    """The key of the device whose turn is first."""
    heap = w.heap_at
    first = int_at(heap, TOP)
    loop = loop_of(w)
    loop.heap_size -= 1
    end = TOP + loop.heap_size
    last = int_at(heap, end)
    row = TOP
    while True:
        child = 8 * (row - TOP) + TOP + 1
        if child >= end:
            break
        least = _least(heap, child, end)
        least_key = int_at(heap, least)
        if least_key >= last:
            break
        put_int(heap, row, least_key)
        row = least
    put_int(heap, row, last)
    return first
