"""Virtual time beside the one on the wall: at a speed, or only when somebody says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """What time it is in the run; all in ms since activation."""

    def now_ms(self) -> int:
        """Virtual time."""

    def wall_s(self, at_ms: int) -> float | None:
        """When it will be ``at_ms``, on the clock of the loop; None if nobody can tell."""


class WallClock:
    """Virtual time that goes at a speed; 1 is as on the wall."""

    def __init__(self, time_s: Callable[[], float], begin_ms: int, speed: float) -> None:
        """``time_s``: the clock of the loop; it is ``begin_ms`` now."""
        self._time_s = time_s
        self._began_s = time_s()
        self._begin_ms = begin_ms
        self._speed = speed

    def now_ms(self) -> int:
        """Clock: virtual time."""
        passed_ms = (self._time_s() - self._began_s) * 1000.0 * self._speed
        return self._begin_ms + int(passed_ms + 1e-3)  # a timer for a millisecond finds it there

    def wall_s(self, at_ms: int) -> float:
        """Clock: when it will be ``at_ms``."""
        return self._began_s + (at_ms - self._begin_ms) / (1000.0 * self._speed)


class StepClock:
    """Virtual time that stands still until it is moved."""

    def __init__(self, begin_ms: int) -> None:
        self.at_ms = begin_ms

    def now_ms(self) -> int:
        """Clock: virtual time."""
        return self.at_ms

    def wall_s(self, at_ms: int) -> None:
        """Clock: nobody can tell."""
