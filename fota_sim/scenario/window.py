"""Hours of the day: ``01:00-05:00``, whole hours, across midnight if the end is the smaller."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WINDOW = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")


@dataclass(frozen=True)
class HourWindow:
    """A part of every day in local time, from ``from_min`` up to but without ``to_min``."""

    from_min: int
    """Start in minutes after midnight, 0..1380."""
    to_min: int
    """End in minutes after midnight, 0..1440; smaller than the start if the window spans midnight."""

    PATTERN = r"^\s*\d{1,2}:00\s*-\s*\d{1,2}:00\s*$"
    """What a window looks like, for JSON Schema."""

    @classmethod
    def parse(cls, text: str) -> HourWindow:
        """Read ``HH:00-HH:00``. Raises ValueError with an example if it is anything else or has no length."""
        match = _WINDOW.fullmatch(text)
        if match is None:
            raise ValueError(f"needs hours of the day like 01:00-05:00, got {text!r}")
        start_h, start_min, end_h, end_min = (int(part) for part in match.groups())
        if start_min or end_min:
            raise ValueError(f"takes whole hours, got {text!r}; for example {start_h:02}:00-{end_h % 24:02}:00")
        if start_h > 23 or end_h > 24:
            raise ValueError(f"hours run from 00:00 to 24:00, got {text!r}")
        if start_h == end_h % 24 and not (start_h == 0 and end_h == 24):
            raise ValueError(f"starts and ends at the same hour; write 00:00-24:00 for the whole day, got {text!r}")
        return cls(start_h * 60, end_h * 60)

    def __str__(self) -> str:
        """The window as a user writes it."""
        return f"{self.from_min // 60:02}:00-{self.to_min // 60:02}:00"

    def holds(self, minute: int) -> bool:
        """Whether a minute of the day, 0..1439, lies inside."""
        if self.from_min < self.to_min:
            return self.from_min <= minute < self.to_min
        return minute >= self.from_min or minute < self.to_min
