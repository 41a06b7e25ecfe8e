"""A dialogue as it comes, in the form of transcripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fota_sim.protocol.transcript import Line, render_transcript


class Log:
    """Lines with clock times, told one by one and kept."""

    def __init__(self, start: datetime, tell: Callable[[str], None]) -> None:
        """``start``: the clock at 0 ms; ``tell``: takes a row of text."""
        self._start = start
        self._tell = tell
        self._day = ""
        self.lines: list[Line] = []

    def take(self, line: Line) -> None:
        """Tell a line, and before it the date if that is another one."""
        self.lines.append(line)
        day, *rows = render_transcript([line], self._start, "").splitlines()
        if day != self._day:
            self._day = day
            self._tell(day)
        for row in rows:
            self._tell(row)
