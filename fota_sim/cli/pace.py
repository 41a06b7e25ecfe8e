"""How far something is, how fast it goes and when it will be over: numbers and words, by a clock that is given."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.engines.work import WHOLE

WINDOW_S = 30.0
"""The rate of what is alike is that of the last half minute or more: recent enough to follow a change, long enough to
be calm."""
GRAIN_S = 0.2
"""Word that comes closer together than this counts as one; an engine tells its time many times a second."""


@dataclass(frozen=True)
class Unit:
    """What is counted."""

    noun: str
    """In the plural, such as ``runs``."""
    size: int = 1
    """How much of what is heard makes one of them."""
    window_s: float = WINDOW_S
    """The rate is that of so long, or longer."""
    last: str = "finishing"
    """What goes on when all of them are done."""


RUNS = Unit("runs")
TRIALS = Unit("trials")
ROLLOUTS = Unit("rollouts")
REPLICATIONS = Unit("replications", WHOLE, math.inf, "writing the result")
"""Engines tell parts of the work of a replication; it is bunched, so that its rate is that of all the time so far."""


class Phase(NamedTuple):
    """Something that takes time and is not what is counted, such as compiling."""

    doing: str
    elapsed_s: float
    share: float
    """Of it that is done, from 0 to 1."""
    left_s: float | None

    def words(self) -> str:
        """``compiling the engine (40 %), about 8 s left``."""
        if self.left_s is None:
            return f"{self.doing}, {_clock(self.elapsed_s)} so far"
        return f"{self.doing} ({int(100 * self.share)} %), about {_clock(max(1.0, self.left_s))} left"


class Look(NamedTuple):
    """How far it is at a moment; ``done`` and ``total`` are in units of what is counted."""

    unit: Unit
    elapsed_s: float
    """Since the beginning, with what came before the first word, such as loading an engine."""
    done: float | None
    """None before the first word."""
    total: float
    rate_per_s: float | None
    """None until something was finished."""
    left_s: float | None
    phase: Phase | None = None
    """What else goes on than what is counted; None while that is what goes on."""

    @property
    def share(self) -> float:
        """Of all that is to be done, from 0 to 1."""
        return 0.0 if not self.done else min(1.0, self.done / self.total)

    def words(self) -> str:
        """``3/10 runs (30 %), 1.2 per second, about 6 s left``."""
        if self.phase is not None:
            return self.phase.words()
        if self.done is None:
            return f"getting ready, {_clock(self.elapsed_s)} so far"
        whole = self.unit.size == 1 or self.total >= 10
        if self.unit.size > 1 and self.total == 1:
            return self._of_one()
        count = f"{_floor(self.done, whole)}/{_floor(self.total, whole)} {self.unit.noun} ({int(100 * self.share)} %)"
        if self.done >= self.total:
            return f"{count}, {self.unit.last}"
        if self.rate_per_s is None or self.left_s is None:
            return f"{count}, {_clock(self.elapsed_s)} so far"
        return f"{count}, {_rate(self.rate_per_s)}, about {_clock(max(1.0, self.left_s))} left"

    def _of_one(self) -> str:
        """``31 % played, about 8 s left``: of one, a count says nothing."""
        count = f"{int(100 * self.share)} % played"
        if self.share >= 1:
            return f"{count}, {self.unit.last}"
        if self.left_s is None:
            return f"{count}, {_clock(self.elapsed_s)} so far"
        return f"{count}, about {_clock(max(1.0, self.left_s))} left"


class Pace:
    """Hears how much is finished, and tells how fast that goes.

    What the first word says was there already, for example stored runs; it counts as done, but not for the rate.
    Word may come from another thread than looks.
    """

    def __init__(self, unit: Unit, clock_s: Callable[[], float]) -> None:
        """``clock_s`` gives seconds since any moment and never goes back."""
        self._unit = unit
        self._clock_s = clock_s
        self._began_s = clock_s()
        self._total = 0
        self._heard: deque[tuple[float, int]] = deque()
        self._phase: tuple[str, float, float | None, float] | None = None
        self._lock = Lock()

    def enter(self, doing: str, expected_s: float | None) -> None:
        """Something else goes on from now on, for about so long, or nobody knows how long."""
        self._phase = (doing, self._clock_s(), expected_s, 0.0)

    def reach(self, share: float) -> None:
        """So much of that is done, from 0 to 1."""
        if self._phase is not None:
            self._phase = (*self._phase[:3], share)

    def leave(self) -> None:
        """It is over. Time spent on it counts for nothing in the rate of what is counted."""
        self._phase = None

    def _phase_now(self, now_s: float) -> Phase | None:
        if self._phase is None:
            return None
        doing, began_s, expected_s, share = self._phase
        elapsed_s = now_s - began_s
        if expected_s is None:
            return Phase(doing, elapsed_s, share, None)
        # what was expected counts until the share that is done says more
        by_share_s = elapsed_s / share if share > 0.0 else expected_s
        whole_s = max(elapsed_s, (1.0 - share) * expected_s + share * by_share_s)
        return Phase(doing, elapsed_s, share, whole_s - elapsed_s)

    def hear(self, done: int, total: int) -> None:
        """So much of ``total`` is finished."""
        now_s = self._clock_s()
        with self._lock:
            self._total = total
            heard = self._heard
            if len(heard) > 1 and now_s - heard[-2][0] < GRAIN_S:
                heard.pop()
            heard.append((now_s, done))
            while len(heard) > 2 and now_s - heard[1][0] >= self._unit.window_s:
                heard.popleft()

    def look(self) -> Look:
        """How far it is now."""
        now_s = self._clock_s()
        elapsed_s = now_s - self._began_s
        phase = self._phase_now(now_s)
        with self._lock:
            if not self._heard or not self._total:
                return Look(self._unit, elapsed_s, None, 0.0, None, None, phase)
            (first_s, first), (last_s, last) = self._heard[0], self._heard[-1]
            total = self._total
        size = self._unit.size
        if last <= first or last_s <= first_s:
            return Look(self._unit, elapsed_s, last / size, total / size, None, None, phase)
        rate_per_s = (last - first) / (last_s - first_s)
        left_s = max(0.0, (total - last) / rate_per_s - (now_s - last_s))
        return Look(self._unit, elapsed_s, last / size, total / size, rate_per_s / size, left_s, phase)


class Lines:
    """When a line is due where nothing can be redrawn: at each tenth, where something else begins, after long silence.

    Lines have pauses between them, and what ends within a pause gets no line at all.
    """

    PAUSE_S = 10.0
    SILENCE_S = 60.0

    def __init__(self) -> None:
        self._said_s = 0.0
        self._tenth = 0
        self._doing: str | None = None

    def due(self, look: Look) -> bool:
        """Whether to say a line now; if so, it counts as said."""
        share = look.share if look.phase is None else look.phase.share
        doing = None if look.phase is None else look.phase.doing
        quiet_s, now = look.elapsed_s - self._said_s, (int(10 * share), doing)
        if quiet_s < self.PAUSE_S or (now == (self._tenth, self._doing) and quiet_s < self.SILENCE_S):
            return False
        self._said_s, (self._tenth, self._doing) = look.elapsed_s, now
        return True


def _floor(value: float, whole: bool) -> str:
    """Never more than is finished."""
    return f"{int(value):,}" if whole else f"{int(10 * value) / 10:.1f}"


def _rate(per_s: float) -> str:
    """In the shortest unit of time that gives a number above 1, or per hour."""
    for factor, name in ((1, "second"), (60, "minute")):
        if per_s * factor >= 1:
            return f"{_two_digits(per_s * factor)} per {name}"
    return f"{_two_digits(per_s * 3600)} per hour"


def _two_digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _clock(seconds: float) -> str:
    """In whole seconds, rounded up: what is not over has a second left."""
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 60 else format_duration(1000 * whole)
