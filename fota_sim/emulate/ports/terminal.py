"""A pseudo-terminal under a name of the user's: what programs open that know serial ports only."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import termios
import tty
from collections.abc import Callable
from pathlib import Path

from fota_sim.emulate.ports.channel import Channel, Line
from fota_sim.emulate.ports.places import make_link, take_link_away
from fota_sim.errors import FotaSimError

LOOKS_EVERY_S = 0.05
"""How often terminals that nobody has open are looked at; the kernel does not tell of an opening by itself."""
_RATES = {
    getattr(termios, name): int(name[1:])
    for name in vars(termios)
    if name.startswith("B") and name[1:].isdecimal() and int(name[1:])
}


class Doorman:
    """Waits for clients of all terminals that nobody has open."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._poll = select.poll()
        self._opened: dict[int, Callable[[], None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, file: int, opened: Callable[[], None]) -> None:
        """Have ``opened`` called once somebody has the terminal open, or left something on it."""
        self._opened[file] = opened
        self._poll.register(file, select.POLLIN)
        if self._timer is None:
            self._timer = self._loop.call_later(LOOKS_EVERY_S, self._look)

    def forget(self, file: int) -> None:
        """Nobody waits for it any more."""
        if self._opened.pop(file, None) is not None:
            self._poll.unregister(file)

    def close(self) -> None:
        """Wait for nobody."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for file in [*self._opened]:
            self.forget(file)

    def _look(self) -> None:
        self._timer = None
        hung_up = {file for file, event in self._poll.poll(0) if event & select.POLLHUP and not event & select.POLLIN}
        for file in [file for file in self._opened if file not in hung_up]:
            opened = self._opened[file]
            self.forget(file)
            opened()
        if self._opened and self._timer is None:
            self._timer = self._loop.call_later(LOOKS_EVERY_S, self._look)


class Terminal:
    """A port on a pseudo-terminal. It knows its client's baud rate and flow control, and has no modem lines."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        doorman: Doorman,
        link: Path,
        baud: int | None,
        heard: Callable[[bytes], None],
        lost: Callable[[int], None],
    ) -> None:
        """Open one and have ``link`` name it. ``baud``: 0 as fast as it goes; None: as the client sets it.

        Raises FotaSimError: there are no more terminals, or the name cannot be used.
        """
        self._loop = loop
        self._doorman = doorman
        self._heard = heard
        self._lost = lost
        try:
            self._file, slave = os.openpty()
        except OSError as error:
            raise FotaSimError(
                f"--link {link}: no pseudo-terminal can be had ({error.strerror}); lower --count, or raise the limit "
                "of open files (ulimit -n)"
            ) from error
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        os.close(slave)  # so that it shows whether a client has it open
        os.set_blocking(self._file, False)
        self._link = link
        self._given_baud = baud
        self._channel: Channel | None = None
        try:
            make_link("--link", link, self.device)
        except FotaSimError:
            os.close(self._file)
            raise
        self._line = Line(self._baud, self._holds)
        doorman.wait(self._file, self._opened)

    @property
    def place(self) -> str:
        """What a client opens."""
        return str(self._link)

    def send(self, data: bytes) -> None:
        """Say something; with nobody there it is lost, as on a line that is not plugged in."""
        if self._channel is not None:
            self._channel.send(data)

    def close(self) -> None:
        """Take it away."""
        self._doorman.forget(self._file)
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        take_link_away(self._link, self.device)
        os.close(self._file)

    def _opened(self) -> None:
        self._channel = Channel(self._loop, self._file, self._line, self._heard, self._left, self._lost)
        self._channel.read()

    def _left(self) -> None:
        self._channel = None
        try:
            termios.tcflush(self._file, termios.TCIOFLUSH)  # the next one does not read what this one left
        except termios.error as error:
            if error.args[0] != errno.EIO:
                raise
        self._doorman.wait(self._file, self._opened)

    def _attributes(self) -> list[int]:
        found: list[int] = termios.tcgetattr(self._file)
        return found

    def _baud(self) -> int:
        if self._given_baud is not None:
            return self._given_baud
        return _RATES.get(self._attributes()[5], 115_200)  # a rate of its own is not seen from here

    def _holds(self) -> bool:
        return bool(self._attributes()[2] & termios.CRTSCTS)
