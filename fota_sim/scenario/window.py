"""A daily window of local time, ``01:00-05:00``; it may span midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from fota_sim.quoting import quoted
from fota_sim.scenario.signs import with_hyphens

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Window:
    """From one minute of the day to another, the end excluded; equal ends, 00:00-24:00, mean the whole day."""

    from_min: int
    to_min: int

    @property
    def minutes(self) -> int:
        """How long the window is open on a day without a change of clocks."""
        return (self.to_min - self.from_min) % 1440 or 1440


def parse(value: object) -> Window:
    """Read a window; raises ValueError that says what would do."""
    if isinstance(value, Window):
        return value
    match = _WINDOW.fullmatch(with_hyphens(value.strip())) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{quoted(value)} is not a window; write hours in quotes, for example "01:00-05:00"')
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if start > 1440 or end > 1440 or int(match[2]) > 59 or int(match[4]) > 59:
        raise ValueError(f"{quoted(value)} is no time of day; hours go from 00:00 to 24:00")
    if start % 1440 == end % 1440 and end != start + 1440:
        raise ValueError(f"{quoted(value)} never opens; write 00:00-24:00, or leave the window out, for the whole day")
    return Window(start % 1440, end % 1440)


def write(window: Window) -> str:
    """The window as YAML holds it."""
    if window.from_min == window.to_min:
        return "00:00-24:00"
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (window.from_min, window.to_min))


DailyWindow = Annotated[
    Window,
    PlainValidator(parse),
    PlainSerializer(write, return_type=str),
    WithJsonSchema({"type": "string", "description": 'local time of day, for example "01:00-05:00"'}),
]
