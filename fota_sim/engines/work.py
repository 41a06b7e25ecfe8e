"""How much of a replication's work is done: what progress is told in, and what the time left is worked out from.

Virtual time is no measure of work: a plan that pushes at night does most of it in a hundredth of its time. So what is
counted is devices: those that were met, those that downloaded a part, those whose story is over.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

WHOLE = 1_000_000
"""Parts of a replication's work, in which progress is told: (done, ``WHOLE``)."""
SAMPLE = 2048
"""Devices that are looked at for it, spread evenly over the fleet; a few per cent of error tell nobody anything."""
MEETING_COMPILED, MEETING_REFERENCE = 0.25, 0.28
"""Of a device's work, by engine, what is over once it is met, with its reports and its offer. It matters where a push
meets all of them before the first has its place at the server; measured there."""

REVISIT = 0.4
"""Of a device's work in the reference engine, what a further contact is with a plan that still waits for it: batteries
below the minimum, say, are looked at twice a day until the horizon. Measured there."""

COUNTED_EVERY_S = 0.05
"""How much is done is counted so often at most, for that reads the rows of devices in which the loop is at work:
counted at every look, it took a fifth of the time of 100,000 meters."""

Progress = Callable[[int, int], None]
"""Called now and then with how much of the work is done, and how much there is (``WHOLE``)."""


class Work:
    """Tells progress, which never goes back: a download that begins anew makes nobody's bar shorter."""

    def __init__(self, progress: Progress | None, clock_s: Callable[[], float] = monotonic) -> None:
        self._progress = progress
        self._clock_s = clock_s
        self._told = 0
        self._counted_s = clock_s()

    def look(self, count: Callable[[], float]) -> None:
        """Let who listens have a word, who may end it all by an exception; ``count`` gives the share that is done."""
        if self._progress is None:
            return
        if self._clock_s() - self._counted_s >= COUNTED_EVERY_S:
            self._told = max(self._told, round(min(1.0, count()) * WHOLE))
            self._counted_s = self._clock_s()
        self._progress(self._told, WHOLE)

    def end(self) -> None:
        """All is done."""
        self._told = WHOLE
        if self._progress is not None:
            self._progress(WHOLE, WHOLE)


def share_done(
    meeting: float, expected: float, met: float, stories: float, visits: float = 0.0, visits_to_come: float = 0.0
) -> float:
    """Of the work, from 0 to 1: of ``expected`` devices, ``met`` were met, and of ``stories`` stories all is told.

    A story of which half is told counts as half of one. ``meeting``: one of the two above. ``visits``: contacts beyond
    the first that there were, and those that are expected.
    """
    work = expected + REVISIT * (visits + visits_to_come)
    if work <= 0:
        return 0.0
    return min(1.0, (meeting * met + (1 - meeting) * stories + REVISIT * visits) / work)
