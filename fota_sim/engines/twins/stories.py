"""The event logs of two records, in numbers: where each device's story parts, and its lines around there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins.differences import Said, Split
from fota_sim.engines.twins.splits import Integers, Rows, find_splits
from fota_sim.engines.twins.vocabulary import Vocabulary

BEFORE, AFTER = 8, 4
"""Lines that an excerpt shows before and after a split."""


def chunks_of(record: RunRecord) -> Iterator[dict[str, Any]]:
    """The kept events as columns, in one or more pieces; nothing where none were kept.

    The one place that knows how a record holds its events.
    """
    if record.events is not None:
        yield from record.events.chunks()


class Log:
    """The events of one record, in numbers."""

    def __init__(self, record: RunRecord, words: Vocabulary) -> None:
        pieces = [
            (
                np.asarray(chunk["at_ms"], dtype=np.int64),
                np.asarray(chunk["device"], dtype=np.int64),
                *(words.code(chunk[name]) for name in ("id", "actor", "text")),
            )
            for chunk in chunks_of(record)
        ]
        empty: Integers = np.empty(0, dtype=np.int64)
        columns = [np.concatenate(parts) for parts in zip(*pieces, strict=True)] or [empty] * 5
        self._at_ms, self._device, self._id, actor, text = columns
        self._ids = words.code(record.devices["id"])
        self.rows = Rows.sorted(self._device, (self._at_ms, actor, text))
        """Each device's events as they happened; the columns are at_ms, actor and text."""

    def flaws(self) -> list[str]:
        """What is wrong with the log by itself, each as the end of a sentence."""
        found = []
        later = np.diff(self._at_ms) > 0
        if not (later | ((np.diff(self._at_ms) == 0) & (np.diff(self._device) >= 0))).all():
            found.append("events are not in the order of (at_ms, device)")
        known = (self._device >= 0) & (self._device < len(self._ids))
        if (self._ids[self._device[known]] != self._id[known]).any():
            found.append("events call a device by another id than the device table")
        return found


class Stories:
    """The events of two records, and the splits between them."""

    def __init__(self, first: RunRecord, second: RunRecord) -> None:
        self._words = Vocabulary()
        self.logs = (Log(first, self._words), Log(second, self._words))
        self._first, self._second = (log.rows for log in self.logs)
        self._splits = found = find_splits(self._first, self._second)
        at_ms = np.minimum(
            _time_at(self._first, found.first_at, found.first_end),
            _time_at(self._second, found.second_at, found.second_end),
        )
        self.times = dict(zip(found.device.tolist(), at_ms.tolist(), strict=True))
        """When the story of each differing device parts: the earlier of the two unlike lines."""
        self._entry = {device: entry for entry, device in enumerate(self.times)}

    @property
    def events(self) -> int:
        """How many events there were to compare: of the longer log."""
        return max(len(self._first), len(self._second))

    def split(self, device: int) -> Split | None:
        """The lines around the split of a device, or None if its stories are the same."""
        entry = self._entry.get(device)
        if entry is None:
            return None
        found = self._splits
        at, other_at = int(found.first_at[entry]), int(found.second_at[entry])
        return Split(
            self.times[device],
            self._lines(self._first, max(at - BEFORE, int(found.first_start[entry])), at),
            self._lines(self._first, at, min(at + AFTER, int(found.first_end[entry]))),
            self._lines(self._second, other_at, min(other_at + AFTER, int(found.second_end[entry]))),
        )

    def _lines(self, rows: Rows, start: int, end: int) -> tuple[Said, ...]:
        return tuple(
            Said(at_ms, str(self._words.value(actor)), str(self._words.value(text)))
            for at_ms, actor, text in zip(*(column[start:end].tolist() for column in rows.columns), strict=True)
        )


def _time_at(rows: Rows, at: Integers, end: Integers) -> Integers:
    """The times of these rows; a far future where a telling is over."""
    at_ms = np.append(rows.columns[0], 0)
    return np.where(at < end, at_ms[at], np.iinfo(np.int64).max)


def split_of(first: Sequence[Said], second: Sequence[Said]) -> Split | None:
    """Where two short tellings part, or None if they are the same."""
    if first == second:
        return None
    pairs = zip(first, second, strict=False)
    shorter = min(len(first), len(second))
    at = next((place for place, (one, other) in enumerate(pairs) if one != other), shorter)
    parts = tuple(first[at : at + AFTER]), tuple(second[at : at + AFTER])
    at_ms = min(part[0].at_ms for part in parts if part)
    return Split(at_ms, tuple(first[max(0, at - BEFORE) : at]), *parts)
