"""Bytes to and from one client, at the rate of a serial line, in bounded memory, and never waiting."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass

BITS_PER_BYTE = 10
"""On a serial line: start, eight data bits, stop."""
MOST_WAITING_B = 65_536
"""Of what a module has said and a client with flow control has not taken. [A] assumption."""
_CHUNK_B = 16  # that go out together: as finely as a UART with a FIFO of that size does
_READ_B = 4096  # taken of one client before others have their turn


@dataclass
class Line:
    """How a line behaves."""

    baud: Callable[[], int]
    """Bits per second now; 0: as fast as it goes."""
    holds: Callable[[], bool]
    """Whether the module waits for a client that does not read. If not, what it says meanwhile is lost."""


class Channel:
    """A client that is there: a file that is never waited for, and what is on its way in and out."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        file: int,
        line: Line,
        heard: Callable[[bytes], None],
        left: Callable[[], None],
        lost: Callable[[int], None],
    ) -> None:
        """Listen.

        Args:
            loop: whose clock and whose watch over files are used.
            file: a descriptor, not blocking; it stays the caller's.
            line: how it behaves.
            heard: takes what the client says, when its last bit would have come.
            left: told once when the client is gone.
            lost: told how many bytes a client did not take.

        """
        self._loop = loop
        self._file = file
        self._line = line
        self._heard = heard
        self._left = left
        self._lost = lost
        self._out = bytearray()
        self._sending: asyncio.TimerHandle | None = None
        self._blocked = False
        self._in_until_s = 0.0
        self._hearing: asyncio.TimerHandle | None = None
        self._open = True
        loop.add_reader(file, self.read)

    def send(self, data: bytes) -> None:
        """What the module says goes after what it said before; what there is no room for is lost."""
        if not self._open:
            return
        room_B = MOST_WAITING_B - len(self._out)
        if len(data) > room_B:
            self._lost(len(data) - room_B)
        self._out += data[:room_B]
        self._go_on()

    def close(self) -> None:
        """Let go of the file."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._file)
        self._loop.remove_writer(self._file)
        for timer in (self._sending, self._hearing):
            if timer is not None:
                timer.cancel()
        self._out.clear()

    # Out

    def _go_on(self) -> None:
        while self._open and self._out and self._sending is None and not self._blocked:
            baud = self._line.baud()
            if baud:
                size_B = min(_CHUNK_B, len(self._out))
                self._sending = self._loop.call_later(size_B * BITS_PER_BYTE / baud, self._sent, size_B)
            else:
                self._write(len(self._out))

    def _sent(self, size_B: int) -> None:
        self._sending = None
        self._write(size_B)
        self._go_on()

    def _write(self, size_B: int) -> None:
        chunk = bytes(self._out[:size_B])
        try:
            taken_B = os.write(self._file, chunk)
        except BlockingIOError:
            taken_B = 0
        except OSError:
            self._gone()
            return
        if taken_B < size_B and self._line.holds():
            self._blocked = True
            self._loop.add_writer(self._file, self._again)
        elif taken_B < size_B:
            self._lost(size_B - taken_B)
            taken_B = size_B
        del self._out[:taken_B]

    def _again(self) -> None:
        self._loop.remove_writer(self._file)
        self._blocked = False
        self._go_on()

    # In

    def read(self) -> None:
        """Take what the client has said."""
        if not self._open or self._hearing is not None:
            return
        try:
            data = os.read(self._file, _READ_B)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._gone()
            return
        baud = self._line.baud()
        if not baud:
            self._heard(data)
            return
        now_s = self._loop.time()
        self._in_until_s = max(now_s, self._in_until_s) + len(data) * BITS_PER_BYTE / baud
        self._loop.remove_reader(self._file)  # what comes meanwhile waits in the client's own buffer
        self._hearing = self._loop.call_at(self._in_until_s, self._heard_all, data)

    def _heard_all(self, data: bytes) -> None:
        self._hearing = None
        if self._open:
            self._loop.add_reader(self._file, self.read)
            self._heard(data)

    def _gone(self) -> None:
        self.close()
        self._left()
