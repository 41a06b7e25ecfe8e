"""Whether the arrays that grow have room for what comes next."""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.layout import RESERVE
from fota_sim.engines.compiled.memory import loop_of
from fota_sim.rules.compiled import part_of_rule

NOTHING, EVENTS, LIVES, ROWS, LINES, HEAP = range(6)
"""What the loop may be short of."""


@part_of_rule
def short_of(w: Any) -> int:
    """Which array has no room for what one device may do now; NOTHING if all have."""
    loop = loop_of(w)
    if loop.events_used + RESERVE > w.events_room:
        return EVENTS
    if loop.rows_used + RESERVE > w.rows_room:
        return ROWS
    if loop.lines_used + RESERVE > w.lines_room:
        return LINES
    # who is put off will wait for a turn afterwards; and all keys may have to stand apart
    if loop.heap_size + loop.far_size + loop.put_off + RESERVE > w.heap_room:
        return HEAP
    return NOTHING


@part_of_rule
def no_row_for_one_more(w: Any) -> bool:
    """Whether every row for devices is in use."""
    loop = loop_of(w)
    return bool(loop.free_live == NONE and loop.lives_used >= w.lives_room)


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
    return bool(loop_of(w).lines_used + RESERVE // 2 > w.lines_room)
