"""The event log: one short record for each line that is said or logged, of the devices whose story is kept."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled.layout import PLAN_SHIFT
from fota_sim.engines.compiled.memory import line_at, loop_of
from fota_sim.rules.compiled import part_of_rule


@part_of_rule
def note(w: Any, live: Any, at_ms: int, what: int, a: int, b: int) -> None:
    """Write a line down, if this device's are kept."""
    if live.logged:
        write_line(w, live.who, at_ms, what, a, b)


@part_of_rule
def write_line(w: Any, device: int, at_ms: int, what: int, a: int, b: int) -> None:
    """Write a line down, and of which plan; the loop sees to it that there is room."""
    loop = loop_of(w)
    row = loop.lines_used
    loop.lines_used = row + 1
    line = line_at(w, row)
    line.at_ms = at_ms
    line.a = a
    line.b = b
    line.who = device
    line.what = what | w.plan << PLAN_SHIFT
