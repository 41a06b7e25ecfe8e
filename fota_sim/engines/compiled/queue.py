"""Two queues. Each device has a sorted list of its own events; a heap holds the devices that wait for their turn.

Most events of a device touch nothing that others share, so they are played straight on; only those that do (places,
the server's egress) have to happen in the order of (time, device) over the whole fleet, and bring the device here.
"""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled.events import EVENTS_USED, FREE_EVENT, HEAP_SIZE
from fota_sim.engines.compiled.layout import NONE, World
from fota_sim.rules.compiled import rule

DEVICE_BITS = 24
NO_KEY = (1 << 63) - 1
"""Later than every key of time and device."""
_NORMAL = 1 << 40
"""Added to an event's order: SimPy plays what a process starts with before what it waits for."""
FIRST = -1
"""Order of what goes on in the middle of an event."""


@rule
def key_of(at_ms: int, device: int) -> int:
    """Time and device in one word; its order is that of (time, device)."""
    return at_ms << DEVICE_BITS | device


@rule
def new_event(w: World) -> int:
    """A free row of ``w.events``; the loop sees to it that there are some."""
    row = w.s[FREE_EVENT]
    if row != NONE:
        w.s[FREE_EVENT] = w.events[row].next
        return row
    row = w.s[EVENTS_USED]
    w.s[EVENTS_USED] = row + 1
    return row


@rule
def free_event(w: World, row: int) -> None:
    """Give a row back."""
    w.events[row].next = w.s[FREE_EVENT]
    w.s[FREE_EVENT] = row


@rule
def insert(w: World, live: Any, at_ms: int, order: int, kind: int, a: int, b: int) -> None:
    """Queue an event of the device behind those of an earlier time, or of the same time and a lower order."""
    row = new_event(w)
    event = w.events[row]
    event.at_ms = at_ms
    event.order = order
    event.a = a
    event.b = b
    event.kind = kind
    before = NONE
    after = live.head
    while after != NONE:
        other = w.events[after]
        if other.at_ms > at_ms or (other.at_ms == at_ms and other.order > order):
            break
        before = after
        after = other.next
    event.next = after
    if before == NONE:
        live.head = row
    else:
        w.events[before].next = row


@rule
def next_order(live: Any) -> int:
    """The order of an event queued now: behind all that the device queued for the same time before."""
    live.order += 1
    return _NORMAL + live.order


@rule
def schedule(w: World, live: Any, at_ms: int, kind: int, a: int, b: int) -> None:
    """Have something happen to the device at a time not before now."""
    insert(w, live, at_ms, next_order(live), kind, a, b)


@rule
def begin(w: World, live: Any, now_ms: int, kind: int, a: int, b: int) -> None:
    """Have the device begin something now: after the present event, before the others of this millisecond."""
    live.order += 1
    insert(w, live, now_ms, live.order, kind, a, b)


@rule
def push(w: World, key: int) -> None:
    """A device waits for its turn; children of row i of the heap are rows 4 i + 1 to 4 i + 4."""
    heap = w.heap
    row = w.s[HEAP_SIZE]
    w.s[HEAP_SIZE] = row + 1
    while row > 0:
        parent = (row - 1) >> 2
        if heap[parent] <= key:
            break
        heap[row] = heap[parent]
        row = parent
    heap[row] = key


@rule
def pop(w: World) -> int:
    """The key of the device whose turn is first."""
    heap = w.heap
    first = heap[0]
    size = w.s[HEAP_SIZE] - 1
    w.s[HEAP_SIZE] = size
    last = heap[size]
    row = 0
    while True:
        child = 4 * row + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= last:
            break
        heap[row] = heap[least]
        row = least
    heap[row] = last
    return int(first)
