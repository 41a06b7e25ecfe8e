"""Times that are put off again and again: the module's timer, and the host's patience.

One event for each is enough. When it comes too early it is queued anew, at the time and with the order that it would
have had, so that an alarm rings among the other events of its millisecond as if it had been queued when it was set.
"""

from __future__ import annotations

from typing import Any

from fota_sim.device.events import GIVE_UP, TIMER
from fota_sim.engines.compiled.queue import insert, next_order
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.zone import FAR


@part_of_rule
def start_timer(w: Any, live: Any, now_ms: int, timer: int, lasts_ms: int) -> None:
    """Start the module's timer; a timer set twice for the same time rings once, as first set."""
    at_ms = now_ms + lasts_ms
    if timer != live.timer or at_ms != live.timer_ms:
        live.timer = timer
        live.timer_ms = at_ms
        live.timer_order = next_order(live)
    live.timer_on = True
    if at_ms < live.timer_node_ms:
        live.timer_node_ms = at_ms
        insert(w, live, at_ms, live.timer_order, TIMER, live.timer_order, 0)


@part_of_rule
def timer_rings(w: Any, live: Any, now_ms: int, order: int) -> bool:
    """Whether the event ``order`` is the timer's time; if it comes too early it is queued anew."""
    live.timer_node_ms = FAR
    if not live.timer_on:
        return False
    if live.timer_ms == now_ms and live.timer_order == order:
        live.timer_on = False
        return True
    if live.timer_ms >= now_ms:
        live.timer_node_ms = live.timer_ms
        insert(w, live, live.timer_ms, live.timer_order, TIMER, live.timer_order, 0)
    return False


@part_of_rule
def set_patience(w: Any, live: Any, until_ms: int) -> None:
    """The host listens until then, or for ever if that is FAR."""
    live.give_up_on = until_ms < FAR
    if not live.give_up_on:
        return
    live.give_up_ms = until_ms
    live.give_up_order = next_order(live)
    if until_ms < live.give_up_node_ms:
        live.give_up_node_ms = until_ms
        insert(w, live, until_ms, live.give_up_order, GIVE_UP, live.give_up_order, 0)


@part_of_rule
def patience_ends(w: Any, live: Any, now_ms: int, order: int) -> bool:
    """Whether the event ``order`` ends the host's patience; if it comes too early it is queued anew."""
    live.give_up_node_ms = FAR
    if not live.waiting or not live.give_up_on:
        return False
    if live.give_up_ms == now_ms and live.give_up_order == order:
        return True
    if live.give_up_ms >= now_ms:
        live.give_up_node_ms = live.give_up_ms
        insert(w, live, live.give_up_ms, live.give_up_order, GIVE_UP, live.give_up_order, 0)
    return False


@part_of_rule
def is_early(live: Any, event: Any) -> bool:
    """Whether an alarm would only be queued anew, or forgotten, whatever happens before it comes.

    It may be played at once then, by who would have to wait for others first: if it is wanted after all by the time it
    comes, it has been queued again with the time and the order that it would have had.
    """
    if event.kind == TIMER:
        return bool(not live.timer_on or live.timer_ms != event.at_ms or live.timer_order != event.order)
    if event.kind == GIVE_UP:
        is_on = live.waiting and live.give_up_on
        return bool(not is_on or live.give_up_ms != event.at_ms or live.give_up_order != event.order)
    return False


@part_of_rule
def rings_ms(live: Any, kind: int) -> Any:
    """When an alarm that comes early really rings; FAR if it is forgotten."""
    if kind == TIMER:
        return live.timer_ms if live.timer_on else FAR
    return live.give_up_ms if live.waiting and live.give_up_on else FAR
