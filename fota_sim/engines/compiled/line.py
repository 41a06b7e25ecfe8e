"""The serial line: what the host hears of its module, and what waits for it in its inbox."""

from __future__ import annotations

from typing import Any

from fota_sim.device.events import BOOTED, HOST_ACTS, PAGED, PLAN_OFFERED
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.memory import event_at
from fota_sim.engines.compiled.notes import note
from fota_sim.engines.compiled.queue import free_event, new_event, schedule
from fota_sim.rules.compiled import part_of_rule


@part_of_rule
def hear(w: Any, live: Any, now_ms: int, what: int, a: int, b: int) -> None:
    """A line of which only the time matters to the host, or what it says is read at once."""
    note(w, live, now_ms, what, a, b)
    live.heard_ms = now_ms


@part_of_rule
def say(w: Any, live: Any, now_ms: int, said_ms: int, what: int, a: int, b: int) -> None:
    """The same of a line that was said before now, and is heard now."""
    note(w, live, said_ms, what, a, b)
    live.heard_ms = now_ms


@part_of_rule
def sees_boot(w: Any, live: Any, now_ms: int) -> None:
    """The module's status pin says that it is up."""
    put(w, live, now_ms, BOOTED, 0, 0)


@part_of_rule
def pages(w: Any, live: Any, now_ms: int) -> None:
    """The module wakes its host."""
    put(w, live, now_ms, PAGED, 0, 0)


@part_of_rule
def tell(w: Any, live: Any, now_ms: int, what: int, urc: int, a: int, b: int) -> None:
    """A URC: into the inbox, and the host wakes up to it."""
    hear(w, live, now_ms, what, a, b)
    put(w, live, now_ms, urc, a, b)


@part_of_rule
def put(w: Any, live: Any, now_ms: int, urc: int, a: int, b: int) -> None:
    """Into the inbox; a host that listens acts on it after what happens now."""
    row = new_event(w)
    item = event_at(w, row)
    item.kind = urc
    item.a = a
    item.b = b
    item.next = NONE
    if live.inbox_head == NONE:
        live.inbox_head = row
    else:
        event_at(w, live.inbox_tail).next = row
    live.inbox_tail = row
    if live.waiting:
        live.waiting = False
        schedule(w, live, now_ms, HOST_ACTS, 0, 0)


@part_of_rule
def take(w: Any, live: Any) -> int:
    """The row of the first URC, taken out of the inbox; the caller gives it back."""
    row = live.inbox_head
    live.inbox_head = event_at(w, row).next
    return int(row)


@part_of_rule
def clear_inbox(w: Any, live: Any) -> None:
    """Forget what was heard."""
    while live.inbox_head != NONE:
        free_event(w, take(w, live))


@part_of_rule
def forget_plans(w: Any, live: Any) -> None:
    """Forget the offers in the inbox."""
    before = NONE
    row = live.inbox_head
    while row != NONE:
        item = event_at(w, row)
        after = item.next
        if item.kind == PLAN_OFFERED:
            if before == NONE:
                live.inbox_head = after
            else:
                event_at(w, before).next = after
            free_event(w, row)
        else:
            before = row
        row = after
    live.inbox_tail = before
