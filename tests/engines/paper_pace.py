"""How fast devices are released, worked out by hand with exact fractions of a millisecond."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

_LONG_AGO = Fraction(-(10**9))


class Pace:
    """A rate of single devices, or none: everybody at once."""

    def __init__(self, rate: dict[str, Any] | None, starts: int) -> None:
        self._last = Fraction(starts)
        """When the last device was due, exactly; or when the rate began."""
        self._begin(rate)

    def _begin(self, rate: dict[str, Any] | None) -> None:
        self._rate = self._cap = None
        self._step, self._steps, self._on, self._factor = 0, 0, "", Fraction(1)
        if rate is None:
            return
        self._rate = Fraction(str(rate["devices"])) / rate["every"]
        if "cap" in rate:
            self._cap = Fraction(rate["cap"]) / rate["every"]
            self._rate = min(self._rate, self._cap)
        if "step" in rate:
            self._step, self._on, self._factor = rate["step"], rate["step_on"], Fraction(str(rate["factor"]))

    @property
    def is_given(self) -> bool:
        """Whether there is a rate."""
        return self._rate is not None

    def due(self) -> int:
        """When the next device is."""
        return 0 if self._rate is None else math.ceil(self._last + 1 / self._rate)

    def take_up(self, now: int) -> None:
        """Releases begin, or begin again: what was due and could not be is not made up for."""
        if self._rate is not None and self.due() <= now:
            self._last = Fraction(now)

    def released(self, devices: int) -> None:
        """One more was released, ``devices`` by now."""
        if self._rate is not None:
            self._last += 1 / self._rate
        if self._on == "notified":
            self._step_up(devices)

    def succeeded(self, devices: int, now: int) -> None:
        """One more has succeeded. The part of a distance that has passed stays one."""
        if self._on != "succeeded" or self._rate is None:
            return
        passed = min(Fraction(1), max(Fraction(0), (now - self._last) * self._rate))
        before = self._rate
        self._step_up(devices)
        if self._rate != before and now > self._last:
            self._last = now - passed / self._rate

    def _step_up(self, devices: int) -> None:
        assert self._rate is not None
        while self._steps < devices // self._step:
            self._steps += 1
            self._rate *= self._factor
            self._rate = self._rate if self._cap is None else min(self._rate, self._cap)

    def change(self, rate: dict[str, Any] | None, now: int, idle: bool) -> None:
        """The operator's rate; ``idle``: nobody is released now."""
        passed = Fraction(0)
        if self._rate is not None and not idle:
            passed = min(Fraction(1), max(Fraction(0), (now - self._last) * self._rate))
        self._begin(rate)
        if self._rate is not None:
            self._last = _LONG_AGO if idle else now - passed / self._rate
