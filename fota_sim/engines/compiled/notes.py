"""The event log: one short record for each line that is said or logged, of the devices whose story is kept."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled.events import LINES_USED
from fota_sim.engines.compiled.layout import World
from fota_sim.rules.compiled import rule


@rule
def note(w: World, live: Any, at_ms: int, what: int, a: int, b: int) -> None:
    """Write a line down, if this device's are kept."""
    if live.logged:
        write_line(w, live.device, at_ms, what, a, b)


@rule
def write_line(w: World, device: int, at_ms: int, what: int, a: int, b: int) -> None:
    """Write a line down; the loop sees to it that there is room."""
    row = w.s[LINES_USED]
    w.s[LINES_USED] = row + 1
    line = w.lines[row]
    line.at_ms = at_ms
    line.a = a
    line.b = b
    line.device = device
    line.what = what
