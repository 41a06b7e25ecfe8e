"""Virtual time moved by asyncio: the run sleeps until something happens in it, or a client says something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fota_sim.emulate.bench import Bench
from fota_sim.emulate.clock import Clock, StepClock
from fota_sim.emulate.device import Emulated, Outlet


class Driver:
    """Keeps the run at the time of a clock. All of it happens on one thread."""

    def __init__(self, bench: Bench, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self.bench = bench
        self.clock = clock
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: list[tuple[Callable[[], bool], int, asyncio.Future[bool]]] = []
        self.over: asyncio.Future[None] = loop.create_future()
        """Done when the scenario's horizon is reached; with the exception that ended the run otherwise."""

    def catch_up(self) -> None:
        """Let everything happen that is due."""
        if self.over.done():
            return
        try:
            self.bench.run_through(self.clock.now_ms())
        except Exception as error:
            self.over.set_exception(error)
            return
        self._see_to_waiting()
        if self.bench.now_ms >= self.bench.ends_ms:
            self.over.set_result(None)
            return
        self._arm()

    def act(self, device: Emulated, action: Callable[[], None]) -> None:
        """Something happens to a device now, from outside."""
        if self.over.done():
            return
        try:
            self.bench.run_through(self.clock.now_ms())
            self.bench.act(device, action)
        except Exception as error:
            self.over.set_exception(error)
            return
        self._see_to_waiting()
        self._arm()

    def receive(self, device: Emulated, data: bytes, port: Outlet) -> None:
        """A client's bytes, now."""
        self.act(device, lambda: device.receive(data, port))

    async def wait_until(self, found: Callable[[], bool], at_ms: int) -> bool:
        """Let time go by until ``found`` holds or it is ``at_ms``; whether it held.

        With a clock that is moved by hand this moves it.
        """
        if isinstance(self.clock, StepClock):
            held = self.bench.run_until(found, at_ms)
            self.clock.at_ms = max(self.clock.at_ms, self.bench.now_ms)
            self.catch_up()
            return held
        self.catch_up()
        if found():
            return True
        if self.over.done():
            return False
        future: asyncio.Future[bool] = self._loop.create_future()
        self._waiting.append((found, at_ms, future))
        self._arm()
        return await future

    def _see_to_waiting(self) -> None:
        now_ms = self.bench.now_ms
        for found, at_ms, future in self._waiting:
            if not future.done() and (found() or now_ms >= min(at_ms, self.bench.ends_ms)):
                future.set_result(found())
        self._waiting = [each for each in self._waiting if not each[2].done()]

    def _arm(self) -> None:
        """Wake up when something is due next."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = [at_ms for _, at_ms, _ in self._waiting] + [self.bench.ends_ms]
        if self.bench.next_ms is not None:
            due.append(self.bench.next_ms)
        wall_s = self.clock.wall_s(max(min(due), self.bench.now_ms))
        if wall_s is not None:
            self._timer = self._loop.call_at(wall_s, self.catch_up)
