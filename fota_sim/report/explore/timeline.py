"""When what happened between a turned knob and its numbers on the page: for who measures, otherwise off."""

from __future__ import annotations

from collections.abc import Mapping
from time import time

Moment = tuple[str, float]
"""What happened, and when, in seconds of Unix time: the clock that the browser has too."""


class Timeline:
    """Moments in the order in which they came; may be used from several threads."""

    def __init__(self, on: bool = False) -> None:
        self._on = on
        self._moments: list[Moment] = []

    def note(self, what: str) -> None:
        """It happened now."""
        if self._on:
            self._moments.append((what, time()))

    def note_phases(self, phases_s: Mapping[str, float], began_s: float) -> None:
        """Phases that took so long, one after the other since ``began_s``: each is noted when it was over."""
        at_s = began_s
        for name, took_s in phases_s.items():
            at_s += took_s
            if self._on:
                self._moments.append((name, at_s))

    def take(self) -> list[Moment]:
        """What was noted since it was taken the last time."""
        found, self._moments = self._moments, []
        return found


OFF = Timeline()
"""Notes nothing."""
