"""An emulation from its ports to its end: everything that is opened here is taken away here."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fota_sim.emulate.bench import Bench, watch
from fota_sim.emulate.clock import Clock, StepClock, WallClock
from fota_sim.emulate.control import Control
from fota_sim.emulate.device import Emulated
from fota_sim.emulate.driver import Driver
from fota_sim.emulate.faults import Faults
from fota_sim.emulate.injection import Script
from fota_sim.emulate.log import KEPT, Dialogue
from fota_sim.emulate.ports import rfc2217, sockets
from fota_sim.emulate.ports.terminal import Doorman, Terminal
from fota_sim.emulate.script import carry_out
from fota_sim.quoting import number_of

_FILES_EACH = 4
"""Open files that a module may need at most: two terminals, a socket and its client."""
_FILES_BESIDE = 64
_TELLS_EVERY_S = 10.0
"""Between two lines about what was lost on one port."""


class Port(Protocol):
    """A port of a module."""

    @property
    def place(self) -> str:
        """What a client opens."""

    def send(self, data: bytes) -> None:
        """Say something."""

    def close(self) -> None:
        """Take it away."""


@dataclass(frozen=True)
class Ports:
    """Which ports each module has; of several modules each has its number at the end of a name."""

    link: Path | None = None
    urc_link: Path | None = None
    """A terminal of its own for URCs, which the others do not say then."""
    unix: Path | None = None
    tcp: tuple[str, int] | None = None
    rfc2217: tuple[str, int] | None = None
    baud: int | None = None
    """Of every port; 0: as fast as it goes; None: as the client sets it, where that is seen."""
    needs_dtr: bool = False
    """Ports with modem lines are mute until the client sets DTR."""


@dataclass(frozen=True)
class Timing:
    """How virtual time goes."""

    begin_ms: int
    speed: float = 1.0
    step: bool = False


class Session:
    """One emulation."""

    def __init__(
        self, bench: Bench, ports: Ports, timing: Timing, tell: Callable[[str], None], quiet_ports: int = 8
    ) -> None:
        """``tell`` takes what a person wants to know; of more modules than ``quiet_ports`` ports are not named."""
        self._bench = bench
        self._ports = ports
        self._timing = timing
        self._tell = tell
        self._quiet_ports = quiet_ports
        self._opened: list[Port] = []
        self._lost_B: dict[str, int] = {}
        self._dialogues: dict[Emulated, Dialogue] = {}
        self.ready = asyncio.Event()
        self._stopped = asyncio.Event()

    def play(self, script: Script | None = None, log: Path | None = None, control: Path | None = None) -> None:
        """Emulate until the horizon, or until somebody ends it: the control socket, Ctrl-C or SIGTERM.

        Raises FotaSimError for ports, files and names that cannot be used; nothing is left behind.
        """

        async def until_ended() -> None:
            loop = asyncio.get_running_loop()
            ends = (signal.SIGINT, signal.SIGTERM)
            for number in ends:
                loop.add_signal_handler(number, self.stop)
            try:
                await self.run(script, log, control)
            finally:
                for number in ends:
                    loop.remove_signal_handler(number)

        asyncio.run(until_ended())

    def stop(self) -> None:
        """End it."""
        self._stopped.set()

    async def run(self, script: Script | None = None, log: Path | None = None, control: Path | None = None) -> None:
        """The same within a loop that runs; ``ready`` is set once clients can come."""
        loop = asyncio.get_running_loop()
        bench = self._bench
        _allow_files(len(bench.devices))
        faults = Faults(bench.worlds)
        if script is not None:
            carry_out(script, bench, faults)
        doorman = Doorman(loop)
        controls: Control | None = None
        kept = max(100, KEPT // len(bench.devices))
        try:
            for device in bench.devices:
                file = None if log is None else self._named(log, device)
                self._dialogues[device] = Dialogue(bench.start, bench.heading(device), file, kept)
            watch(bench.devices, lambda device, line: self._dialogues[device].add(line))
            bench.run_through(self._timing.begin_ms)
            driver = Driver(bench, self._clock(loop), loop)
            loop.set_exception_handler(lambda loop, context: _fail(driver, loop, context))
            for device in bench.devices:
                self._open(loop, doorman, driver, device)
            if control is not None:
                controls = Control(driver, faults, self._dialogues, self.stop)
                await controls.listen(control)
            self._say_ports(control)
            driver.catch_up()
            self.ready.set()
            stopped = asyncio.ensure_future(self._stopped.wait())
            driver.over.add_done_callback(lambda _: stopped.cancel())
            with contextlib.suppress(asyncio.CancelledError):
                await stopped
            if driver.over.done():
                driver.over.result()
                self._tell("The scenario's horizon is reached; a longer one goes on: --set horizon=30d")
        finally:
            loop.set_exception_handler(None)
            doorman.close()
            for port in self._opened:
                port.close()
            if controls is not None:
                controls.close()
            for dialogue in self._dialogues.values():
                dialogue.close()

    def _clock(self, loop: asyncio.AbstractEventLoop) -> Clock:
        now_ms = self._bench.now_ms
        return StepClock(now_ms) if self._timing.step else WallClock(loop.time, now_ms, self._timing.speed)

    def _open(self, loop: asyncio.AbstractEventLoop, doorman: Doorman, driver: Driver, device: Emulated) -> None:
        ports, place = self._ports, device.number - self._bench.devices[0].number
        answers: list[Port] = []

        def hears(port_of: Callable[[], Port]) -> Callable[[bytes], None]:
            return lambda data: driver.receive(device, data, port_of())

        def add(make: Callable[[Callable[[bytes], None], Callable[[int], None]], Port], name: str) -> Port:
            made: list[Port] = []
            made.append(make(hears(lambda: made[0]), lambda lost_B: self._lose(loop, name, lost_B)))
            self._opened.append(made[0])
            return made[0]

        fast = 0 if ports.baud is None else ports.baud
        if ports.link is not None:
            link = self._named(ports.link, device)
            answers.append(add(lambda heard, lost: Terminal(loop, doorman, link, ports.baud, heard, lost), str(link)))
        if ports.unix is not None:
            path = self._named(ports.unix, device)
            answers.append(
                add(lambda heard, lost: sockets.unix(loop, path, sockets.plain(fast, heard, lost)), str(path))
            )
        if ports.tcp is not None:
            host, port = ports.tcp[0], ports.tcp[1] and ports.tcp[1] + place
            answers.append(
                add(
                    lambda heard, lost: sockets.tcp(loop, "--tcp", host, port, sockets.plain(fast, heard, lost)),
                    f"{host}:{port}",
                )
            )
        if ports.rfc2217 is not None:
            host7, port7 = ports.rfc2217[0], ports.rfc2217[1] and ports.rfc2217[1] + place
            rfc2217.port_manager()

            def with_lines(heard: Callable[[bytes], None], lost: Callable[[int], None]) -> Port:
                opens = rfc2217.with_lines(
                    ports.baud, ports.needs_dtr, lambda: device.module.powered, heard, lost, device.module.pins
                )
                return sockets.tcp(loop, "--rfc2217", host7, port7, opens)

            answers.append(add(with_lines, f"{host7}:{port7}"))
        device.announces += answers
        if ports.urc_link is not None:
            urc_link = self._named(ports.urc_link, device)
            device.announces[:] = [
                add(lambda heard, lost: Terminal(loop, doorman, urc_link, ports.baud, heard, lost), str(urc_link))
            ]

    def _named(self, path: Path, device: Emulated) -> Path:
        if len(self._bench.devices) == 1:
            return path
        return path.with_name(f"{path.stem}-{device.number}{path.suffix}")

    def _say_ports(self, control: Path | None) -> None:
        bench = self._bench
        if len(bench.devices) <= self._quiet_ports:
            places = iter(self._opened)
            each = len(self._opened) // max(1, len(bench.devices))
            for device in bench.devices:
                named = ", ".join(next(places).place for _ in range(each))
                self._tell(f"Device {device.number} ({device.name}) is at {named or 'no port'}.")
        else:
            first, last = self._opened[0].place, self._opened[-1].place
            self._tell(f"{number_of(len(bench.devices), 'device')} are at {first} to {last}.")
        if control is not None:
            self._tell(f"Control socket: {control}")
        self._tell("It waits for your program; Ctrl-C ends it.")

    def _lose(self, loop: asyncio.AbstractEventLoop, port: str, lost_B: int) -> None:
        """Count what a client did not take, and say so now and then."""
        if port not in self._lost_B:
            self._lost_B[port] = 0
            loop.call_later(0.2, self._say_lost, loop, port)
        self._lost_B[port] += lost_B

    def _say_lost(self, loop: asyncio.AbstractEventLoop, port: str) -> None:
        lost_B = self._lost_B[port]
        if not lost_B:
            del self._lost_B[port]
            return
        self._lost_B[port] = 0
        self._tell(f"{port}: {number_of(lost_B, 'byte')} lost; the client does not read, and has no flow control.")
        loop.call_later(_TELLS_EVERY_S, self._say_lost, loop, port)


def _fail(driver: Driver, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What goes wrong in a callback ends the emulation; nothing goes on half."""
    error = context.get("exception")
    if isinstance(error, Exception) and not driver.over.done():
        driver.over.set_exception(error)
    else:
        loop.default_exception_handler(context)


def _allow_files(modules: int) -> None:
    """As many open files as that many modules need, if the system lets us."""
    wanted = modules * _FILES_EACH + _FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
