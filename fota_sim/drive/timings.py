"""How long things took in a dialogue, for what a scenario assumes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fota_sim.protocol.transcript import Line

ATTACH, DOWNLOAD, RESTART = "attach", "download", "update and restart"
_STEPS = (
    (ATTACH, "AT+QIOTREG=", "+QIOTEVT: 3,10200"),
    ("offer after the request", "AT+QIOTOTAREQ", "+QIOTEVT: 7,10700"),
    ("address after the answer", "AT+QIOTUPDATE=1", "+QIOTEVT: 7,10701"),
    (DOWNLOAD, "+QIOTEVT: 7,10701", "+QIOTEVT: 7,10703"),
    (RESTART, "+QIOTEVT: 7,10704", "+QIOTEVT: 7,10705"),
)
STEPS = tuple(step for step, _, _ in _STEPS)
"""Names of steps, in order."""


class Timing(NamedTuple):
    """One step."""

    step: str
    seconds: float


def timings(lines: Iterable[Line]) -> Iterator[Timing]:
    """Each step that was begun and ended, the first time it was; from its last beginning before its end."""
    begun: dict[str, int] = {}
    ended: set[str] = set()
    for line in lines:
        if line.direction == "--":
            continue
        for step, first, last in _STEPS:
            if step in ended:
                continue
            if line.text.startswith(last) and step in begun:
                ended.add(step)
                yield Timing(step, (line.at_ms - begun[step]) / 1000.0)
            elif line.text.startswith(first):
                begun[step] = line.at_ms
