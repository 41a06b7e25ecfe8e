"""Whether the arrays that grow have room for what comes next."""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.layout import RESERVE
from fota_sim.rules.compiled import part_of_rule

NOTHING, EVENTS, LIVES, ROWS, LINES, HEAP = range(6)
"""What the loop may be short of."""


@part_of_rule
def short_of(w: Any) -> int:
    """Which array has no room for what one device may do now; NOTHING if all have."""
    if w.events_used + RESERVE > w.events_room:
        return EVENTS
    if w.rows_used + RESERVE > w.rows_room:
        return ROWS
    if w.lines_used + RESERVE > w.lines_room:
        return LINES
    if w.heap_size + RESERVE > w.heap_room:
        return HEAP
    return NOTHING


@part_of_rule
def no_row_for_one_more(w: Any) -> bool:
    """Whether every row for devices is in use."""
    return bool(w.free_live == NONE and w.lives_used >= w.lives_room)


@part_of_rule
def lacks_room(w: Any) -> bool:
    """Whether some array has no room for what one device may do now."""
    return short_of(w) != NOTHING


@part_of_rule
def lacks_room_for_one_more(w: Any) -> bool:
    """The same, or every row for devices is in use."""
    return no_row_for_one_more(w) or short_of(w) != NOTHING


@part_of_rule
def lacks_room_for_lines(w: Any) -> bool:
    """Whether one event had better write no more lines now."""
    return bool(w.lines_used + RESERVE // 2 > w.lines_room)
