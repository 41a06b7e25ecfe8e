"""The dialogue of an emulated device as it goes on: to a file, as a transcript, and the last of it at hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fota_sim.errors import writing
from fota_sim.protocol.transcript import Line, Rows, render_transcript

KEPT = 100_000
"""Lines of all devices together that are at hand; a file holds all. Some 20 MB. [A] assumption."""
KEPT_CHARACTERS = 10_000_000
"""Of these lines, which a client may make as long as a command line can be. [A] assumption."""


class Dialogue:
    """What a device and its client said."""

    def __init__(self, start: datetime, heading: str, file: Path | None = None, kept: int = KEPT) -> None:
        """``start``, ``heading`` as in ``render_transcript``; ``kept``: lines that are at hand.

        Raises FotaSimError for a file that cannot be written.
        """
        self._start = start
        self._heading = heading
        self._rows = Rows(start)
        self._lines: deque[Line] = deque()
        self._kept = kept
        self._characters = 0
        self.count = 0
        """Lines so far."""
        self._file = None
        if file is not None:
            with writing(file):
                self._file = file.open("w", encoding="utf-8", buffering=1)
            self._file.write(f"{heading}\n")

    def add(self, line: Line) -> None:
        """One line more."""
        self._lines.append(line)
        self.count += 1
        self._characters += len(line.text)
        while len(self._lines) > self._kept or self._characters > self._kept * KEPT_CHARACTERS // KEPT:
            self._characters -= len(self._lines.popleft().text)
        if self._file is not None:
            self._file.writelines(f"{row}\n" for row in self._rows.of(line))

    def since(self, number: int) -> Iterator[tuple[int, Line]]:
        """Lines from this number on, from 0, with their numbers; those that are not at hand any more are left out."""
        first = self.count - len(self._lines)
        begin = max(0, number - first)
        return ((first + place, self._lines[place]) for place in range(begin, len(self._lines)))

    @property
    def text(self) -> str:
        """The last ones, as a transcript."""
        return render_transcript(self._lines, self._start, self._heading)

    def close(self) -> None:
        """Nothing more comes."""
        if self._file is not None:
            self._file.close()
            self._file = None
