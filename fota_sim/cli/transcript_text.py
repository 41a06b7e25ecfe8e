"""A simulated dialogue beside a real one, in words."""

from __future__ import annotations

from pathlib import Path

from fota_sim.errors import FotaSimError
from fota_sim.protocol.bare import BareLine, Difference, comparable, compare, read
from fota_sim.quoting import quoted

MOST_B = 16_000_000
"""Of a log; a whole upgrade that is read in blocks of 1 kB has less than one."""
BEFORE = 3
"""Lines shown before the one that differs."""


def read_log(path: Path) -> list[BareLine]:
    """The dialogue in a file; raises FotaSimError if there is none."""
    from fota_sim.scenario.text_file import UnreadableFileError, read_text

    try:
        lines = read(read_text(path, MOST_B, "Cut out the upgrade of one device"))
    except UnreadableFileError as error:
        raise FotaSimError(f"{path}: {error}") from error
    if not lines:
        raise FotaSimError(f"{path}: holds no line of a dialogue; lines begin with [TX] and [RX], or none does")
    return lines


def told_difference(text: str, log: list[BareLine], name: str, device: str) -> str:
    """That all lines of the log are the same; raises FotaSimError with the first that differs."""
    ours, log = comparable(read(text), log)
    found = compare(ours, log)
    if found.theirs is None:
        return f"{name}: all {found.same} lines are those of {device}{_rest(ours, found, log)}"
    there = f"line {found.theirs.number} of {name}"
    if found.same == 0:
        raise FotaSimError(f"{there} is nowhere in the dialogue of {device}: {quoted(found.theirs.text)}")
    same = [f"  {line}" for line in log[max(0, found.same - BEFORE) : found.same]]
    said = "(the dialogue is over)" if found.ours is None else str(found.ours)
    count = "one line is" if found.same == 1 else f"{found.same} lines are"
    differing = [f"- expected: {said}", f"+ seen:     {found.theirs}"]
    raise FotaSimError("\n".join([f"{count} the same; {there} (+) is not what {device} said (-):", *same, *differing]))


def _rest(ours: list[BareLine], found: Difference, log: list[BareLine]) -> str:
    """What the dialogue has before and after the piece that the log is."""
    counted = [line for line in ours if log[0].marked or line.marked != "TX"]
    before, after = found.begins, len(counted) - found.begins - found.same
    more = [f"{count} more {where}" for count, where in ((before, "before"), (after, "after")) if count]
    return f", which has {' and '.join(more)} them" if more else ""
