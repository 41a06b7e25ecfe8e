"""Replications that were played before, so that a slider moved back answers at once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from fota_sim.analysis.run.outline import Outline

Key = tuple[str, int, int]
"""The scenario's identity (analysis/batch/unit.py), its seed, and the number of the replication."""
MOST = 500
"""Outlines that are kept, about 0.1 MB each; those looked at longest ago go first."""


class Shelf:
    """Outlines by what was played; may be used from several threads."""

    def __init__(self) -> None:
        self._outlines: OrderedDict[Key, Outline] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Outline | None:
        """The outline of that replication, if it is there."""
        with self._lock:
            found = self._outlines.get(key)
            if found is not None:
                self._outlines.move_to_end(key)
            return found

    def keep(self, key: Key, played: Outline) -> None:
        """Keep the outline, whatever has to go for it."""
        with self._lock:
            self._outlines[key] = played
            while len(self._outlines) > MOST:
                self._outlines.popitem(last=False)
