"""Lines with times, rendered for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

Direction = Literal["TX", "RX", "--"]


class Line(NamedTuple):
    """One line of a dialogue or a log."""

    at_ms: int
    """From the plan's activation."""
    direction: Direction
    """TX host to module, RX module to host, -- neither."""
    text: str


_LINE_END = re.compile(r"[\r\n]+")


def render_transcript(lines: Iterable[Line], start: datetime, heading: str) -> str:
    """A dialogue with clock times, one line each; a date stands alone wherever it changes.

    ``start`` is the clock at ``at_ms`` 0: naive, or with a time zone, whose clock changes are followed.
    Empty lines are left out, and a text of several lines is given one time.
    """
    return _render(lines, start, heading, with_direction=True)


def render_platform_log(lines: Iterable[Line], start: datetime, heading: str) -> str:
    """A platform's upgrade log as ``render_transcript`` writes it, without directions."""
    return _render(lines, start, heading, with_direction=False)


def _render(lines: Iterable[Line], start: datetime, heading: str, *, with_direction: bool) -> str:
    rows = Rows(start, with_direction=with_direction)
    told = [heading] if heading else []
    for line in lines:
        told += rows.of(line)
    return "\n".join(told) + "\n" if told else ""


class Rows:
    """Lines as rows of text, one after the other, whenever they come."""

    def __init__(self, start: datetime, *, with_direction: bool = True) -> None:
        """``start`` as in ``render_transcript``."""
        self._start = start
        self._with_direction = with_direction
        self._day = ""

    def of(self, line: Line) -> list[str]:
        """The rows of the next line: before it the date, if that is another one than of the line before."""
        at_ms, direction, text = line
        rows = []
        shown = clock(self._start, at_ms)
        today = shown.strftime("%Y-%m-%d")
        if today != self._day:
            self._day = today
            rows.append(today)
        prefix = shown.strftime("%H:%M:%S.") + f"{shown.microsecond // 1000:03d}"
        if self._with_direction:
            prefix += f" [{direction}]"
        rows.extend(f"{prefix} {part}" for part in _LINE_END.split(text) if part)
        return rows


def clock(start: datetime, at_ms: int) -> datetime:
    """The clock ``at_ms`` after ``start``."""
    passed = timedelta(milliseconds=at_ms)
    if start.tzinfo is None:
        return start + passed
    return (start.astimezone(UTC) + passed).astimezone(start.tzinfo)
