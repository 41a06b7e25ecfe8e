"""Virtual time in whole milliseconds, with events in a total order of (time, device)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import NORMAL, URGENT

THE_PLAN = -1
"""The device number of what belongs to no device; it goes first among equals in time. Of several plans the last has
it, and each before it the number below."""

_FIRST = -1  # before simpy's URGENT, with which processes begin

Process = Generator[simpy.Event, Any, Any]
"""What a process does; its value, where it has one, is said in its docstring."""


class FleetEnvironment(simpy.Environment):
    """A SimPy environment whose events at one instant run in order of device number.

    SimPy alone would break ties by insertion, which depends on what happened before; here an event belongs to a
    device, ties go to the lower number, and only one device's own events keep their insertion order.
    """

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.device = THE_PLAN
        self._queue: list[Any] = []
        self._insertion = count()

    def schedule(self, event: simpy.Event, priority: Any = NORMAL, delay: float = 0) -> None:
        """Put ``event`` in the queue, ``delay`` ms from now, for the device that is acting."""
        heappush(self._queue, (self._now + delay, self.device, priority, next(self._insertion), event))

    def step(self) -> None:
        """Run the next event as its device."""
        try:
            self._now, self.device, _, _, event = heappop(self._queue)
        except IndexError:
            raise EmptySchedule from None
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event._ok and not event.defused:
            raise event._value

    def run_to(self, horizon_ms: int, pause: Callable[[int], None], every: int = 512) -> None:
        """Run every event before ``horizon_ms``; call ``pause`` with the time after ``every`` so many."""
        queue = self._queue
        step = self.step
        steps = 0
        while queue and queue[0][0] < horizon_ms:
            step()
            steps += 1
            if steps % every == 0:
                pause(int(self._now))
        self._now = horizon_ms

    def run_through(self, at_ms: int) -> None:
        """Run every event up to ``at_ms``, those of that millisecond included; it is not before now."""
        while self._queue and self._queue[0][0] <= at_ms:
            self.step()
        self._now = at_ms

    @property
    def next_ms(self) -> int | None:
        """When something happens next; None if nothing ever does."""
        return int(self._queue[0][0]) if self._queue else None

    @property
    def now_ms(self) -> int:
        """Milliseconds since the plan's activation."""
        return int(self._now)

    def call_at(self, at_ms: int, device: int, action: Callable[[], None]) -> None:
        """Have ``action`` run at ``at_ms`` (not before now) as something of ``device``'s."""
        self._call(max(at_ms, self.now_ms), device, NORMAL, action)

    def call_now(self, device: int, action: Callable[[], None]) -> None:
        """Have ``action`` run now, as a process of ``device``'s would begin: before what else is queued for now."""
        self._call(self.now_ms, device, URGENT, action)

    def call_first_at(self, at_ms: int, device: int, action: Callable[[], None]) -> None:
        """Have ``action`` run at ``at_ms`` (not before now) before all else that happens to ``device`` then."""
        self._call(at_ms, device, _FIRST, action)

    def happens_next(self, event: simpy.Event) -> None:
        """Let ``event`` happen before all else that is queued for the device that is acting."""
        event._ok, event._value = True, None
        self.schedule(event, priority=_FIRST)

    def _call(self, at_ms: int, device: int, priority: Any, action: Callable[[], None]) -> None:
        event = self.event()
        event._ok, event._value = True, None
        event.callbacks.append(lambda _: action())
        heappush(self._queue, (at_ms, device, priority, next(self._insertion), event))

    def start(self, story: Process, device: int) -> simpy.Process:
        """Let ``device`` live through ``story`` from now on."""
        acting, self.device = self.device, device
        process = self.process(story)
        self.device = acting
        return process
