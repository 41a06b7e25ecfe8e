"""A port with modem lines over TCP (RFC 2217): ``serial_for_url("rfc2217://127.0.0.1:7001")`` opens it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from fota_sim.emulate.ports.channel import Channel, Line
from fota_sim.emulate.ports.sockets import Server
from fota_sim.errors import FotaSimError

_IAC, _SE = 0xFF, 0xF0
"""Telnet (RFC 854): what follows is a command; the end of an option."""
_TEXT, _AFTER_IAC = 0, 1
"""Of pyserial's reader: in the text; after a first IAC."""
_MOST_OPTION_B = 64
"""RFC 2217 has options of six bytes, and names of a server's own. [A] assumption."""
_LOWEST_BAUD = 50
"""As terminals have it: at lower rates a line is taken for hours by what a client left."""


def port_manager() -> Any:
    """The server's half of the protocol; raises FotaSimError where pyserial is not installed."""
    try:
        from serial.rfc2217 import PortManager
    except ImportError as error:
        raise FotaSimError("--rfc2217 needs pyserial; install it with: pip install 'fota-sim[serial]'") from error
    return PortManager


class ModemLines:
    """The serial port that a client believes to have: its settings, and the lines in both directions.

    CTS, DSR and DCD show the module's status pin: they are on while it has power.
    """

    def __init__(self, is_up: Callable[[], bool]) -> None:
        self._is_up = is_up
        self._baudrate = 115_200
        self.bytesize = 8
        self.parity = "N"
        self.stopbits = 1
        self.xonxoff = False
        self.rtscts = False
        self.dtr = False
        self.rts = False
        self.break_condition = False
        self.ri = False

    @property
    def baudrate(self) -> int:
        """Bits per second."""
        return self._baudrate

    @baudrate.setter
    def baudrate(self, asked: int) -> None:
        self._baudrate = max(_LOWEST_BAUD, asked)

    @property
    def cts(self) -> bool:
        """Clear to send."""
        return self._is_up()

    @property
    def dsr(self) -> bool:
        """Data set ready."""
        return self._is_up()

    @property
    def cd(self) -> bool:
        """Carrier."""
        return self._is_up()

    def reset_input_buffer(self) -> None:
        """There is none on this side."""

    def reset_output_buffer(self) -> None:
        """There is none on this side."""


class Rfc2217Channel(Channel):
    """A client that speaks Telnet with COM port control around its bytes."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        client: socket.socket,
        given_baud: int | None,
        needs_dtr: bool,
        is_up: Callable[[], bool],
        heard: Callable[[bytes], None],
        left: Callable[[], None],
        lost: Callable[[int], None],
    ) -> None:
        lines = ModemLines(is_up)
        line = Line(lambda: lines.baudrate if given_baud is None else given_baud, lambda: lines.rtscts)
        super().__init__(loop, client.fileno(), line, self._unwrapped, left, lost)
        self._client = client
        self._lines = lines
        self._needs_dtr = needs_dtr
        self._passes_on = heard
        self._manager = port_manager()(lines, self)

    def write(self, data: bytes) -> None:
        """What the protocol itself says; it does not go over the serial line."""
        try:
            self._client.send(data)
        except OSError:
            return  # a client that is gone, or floods: reading finds out

    def send(self, data: bytes) -> None:
        """What the module says, unless it waits for DTR."""
        if self._is_heard:
            super().send(b"".join(self._manager.escape(data)))

    def pins_changed(self) -> None:
        """Tell the client of modem lines that changed."""
        self._manager.check_modem_lines()

    def _unwrapped(self, data: bytes) -> None:
        said = _without_options(self._manager, data)
        if said and self._is_heard:
            self._passes_on(said)

    @property
    def _is_heard(self) -> bool:
        return self._lines.dtr or not self._needs_dtr


def _without_options(manager: Any, data: bytes) -> bytes:
    """What a client says beside the protocol. An option that makes no sense, or does not end, is none.

    pyserial believes that clients keep to the protocol: it reads lengths and numbers unchecked, and waits for an
    option's end without limit.
    """
    if _IAC not in data and manager.suboption is None:
        return b"".join(manager.filter(data))
    said = bytearray()
    for byte in data:
        ends = byte == _SE and manager.mode == _AFTER_IAC
        if (manager.suboption is None and ends) or len(manager.suboption or ()) > _MOST_OPTION_B:
            _back_to_text(manager)
            continue
        try:
            said += b"".join(manager.filter(bytes([byte])))
        except (struct.error, LookupError, ValueError, TypeError):
            _back_to_text(manager)
    return bytes(said)


def _back_to_text(manager: Any) -> None:
    manager.suboption = None
    manager.mode = _TEXT


def with_lines(
    baud: int | None,
    needs_dtr: bool,
    is_up: Callable[[], bool],
    heard: Callable[[bytes], None],
    lost: Callable[[int], None],
    pins: list[Callable[[], None]],
) -> Callable[[Server, socket.socket], Channel]:
    """Channels with modem lines; ``pins``: told when the module's status pin may have changed."""

    def opens(server: Server, client: socket.socket) -> Channel:
        def left() -> None:
            pins[:] = [each for each in pins if each != channel.pins_changed]
            server.left()

        channel = Rfc2217Channel(server.loop, client, baud, needs_dtr, is_up, heard, left, lost)
        pins.append(channel.pins_changed)
        return channel

    return opens
