"""The event log as lines, in the words of the protocol: the text that the reference engine exchanges as it plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.layout import PLAN_SHIFT, Records
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.compiled.plans_words import WHAT, PlansWords
from fota_sim.engines.operation import PlanLog
from fota_sim.engines.table import ids_of
from fota_sim.engines.words import direction
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids
from fota_sim.protocol.transcript import Line


def plan_logs(kept: list[PlanLog], lines: Records, words: PlansWords) -> list[PlanLog]:
    """Each plan's own log: what is ``kept`` already, and what the loop wrote into ``lines``, in order of time."""
    own = lines[lines["who"] == NONE]
    columns = (own[name].tolist() for name in ("at_ms", "what", "a", "b"))
    logs = [[*log] for log in kept]
    for at_ms, what, a, b in zip(*columns, strict=True):
        logs[what >> PLAN_SHIFT].append((at_ms, words.text(what, a, b)))
    return [sorted(log, key=lambda line: line[0]) for log in logs]


def stories(lines: Records, words: PlansWords, numbers: list[int]) -> dict[int, tuple[list[Line], list[Line]]]:
    """What host and module said, in the order in which it came, and the platform's log, in order of time, of each."""
    found: dict[int, tuple[list[Line], list[Line]]] = {number: ([], []) for number in numbers}
    of_them = lines[np.isin(lines["who"], numbers)]
    for at_ms, a, b, device, what in zip(
        *(of_them[name].tolist() for name in ("at_ms", "a", "b", "who", "what")), strict=True
    ):
        says = direction(what & WHAT)
        found[device][says == "--"].append(Line(at_ms, says, words.text(what, a, b)))
    for _, log in found.values():
        log.sort(key=lambda line: line.at_ms)  # what was said during a segment of a download came at its end
    return found


class LoggedEvents:
    """The whole event log, put into words a piece at a time."""

    def __init__(self, log: Log, words: PlansWords, ids: Ids) -> None:
        self._log = log
        self._words = words
        self._ids = ids

    def chunks(self) -> Iterator[dict[str, Any]]:
        """As in :class:`fota_sim.engines.record.Events`; what host and module said before the platform's log."""
        kinds = self._log.kinds.table.tolist()
        texts = [self._words.text(what, a, b).strip() for what, a, b in kinds]
        actors = Coded.of([_ACTORS[direction(what & WHAT)] for what, _, _ in kinds])
        for at_ms, devices, codes in self._log.pieces():
            yield {
                "at_ms": at_ms,
                "device": devices,
                "id": ids_of(self._ids, devices),
                "actor": Coded(actors.codes[codes], actors.names),
                "text": _used(texts, codes),
            }


_ACTORS = {"TX": "host", "RX": "module", "--": "platform"}


def _used(texts: list[str], codes: NDArray[np.uint32]) -> Coded:
    """The texts of these codes, and no others."""
    used = np.zeros(len(texts), dtype=np.bool_)
    used[codes] = True
    place = np.cumsum(used, dtype=np.int32) - np.int32(1)
    # two kinds of line may be one text
    coded = Coded.of([texts[code] for code in np.flatnonzero(used).tolist()])
    return Coded(coded.codes[place[codes]], coded.names)
