"""Whether the arrays that grow have room for what comes next."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled.layout import NONE, RESERVE
from fota_sim.rules.compiled import part_of_rule


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
def no_row_for_one_more(w: Any) -> bool:
    """Whether every row for devices is in use."""
    return bool(w.free_live == NONE and w.lives_used >= w.lives_room)
