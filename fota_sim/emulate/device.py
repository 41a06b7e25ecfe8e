"""One emulated device: it listens in the place of the scenario's host, and passes on what a client says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from fota_sim.emulate.board import Board
from fota_sim.emulate.modem import ForeignModem
from fota_sim.emulate.power import Power, PowerPolicy
from fota_sim.emulate.progress import Progress
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol import wire
from fota_sim.protocol.grammar import CommandLine
from fota_sim.protocol.transcript import Direction, Line
from fota_sim.protocol.urc import PREFIX

_PIECE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, or one that has begun: an answer stands before the echo of what follows it."""


class Outlet(Protocol):
    """Where what the module says goes to."""

    def send(self, data: bytes) -> None:
        """Bytes for the client; returns at once."""


class Emulated:
    """A module with a client for a host. Engine and client call it at the virtual time at which they speak."""

    def __init__(self, w: World, live: Device, name: str, number: int, power: PowerPolicy) -> None:
        """``name``: the device's id; ``number``: its place in the whole fleet."""
        self._w = w
        self.live = live
        self.name = name
        self.number = number
        self.power = Power(w, live, power)
        module = live.modem.module
        live.modem = modem = ForeignModem(w, live, module.identity, module.settings)
        self.module = modem.pinned
        live.logged = True  # so that the story says each 7,10702 and not the last of a segment only
        self._progress = Progress(w, live, self._says)
        self._heard = CommandLine()
        self._obeyed = ""
        self.answers: list[Outlet] = []
        """Ports that the module answers on; the one that a command came by goes first."""
        self.announces: list[Outlet] = []
        """Ports that URCs go to."""
        self._asked_by: Outlet | None = None
        self.watchers: list[Callable[[Line], None]] = []
        """Told each line of the dialogue when it is said."""
        self._board: Board | None = None
        if power == "scenario":
            self._board = Board(w, live, self.power)
            self.watchers.append(self._board.hear)

    # From the engine

    def start(self) -> None:
        """Be there from activation on."""
        if self._board is None:
            self.power.start()
        else:
            self._board.start()

    def stop(self) -> None:
        """The battery is empty; the client runs on another one."""
        if self._board is not None:
            self._board.stop()

    def hear(self, text: str, said_ms: int) -> None:
        """Characters from the module, said then or before."""
        if not self._progress.was_said(text, said_ms):
            self._says(text, said_ms)

    def hear_data(self, start: int, n: int) -> None:
        """File bytes from the module."""
        self._tell("RX", wire.data_in_words(start, n), self._w.env.now_ms)
        content: bytes = self._w.words.component(self.live.info).content
        self._send(content[start : start + n], self._asked_by)

    def saw_boot(self) -> None:
        """The module is up again: its status pin has told so."""

    def _says(self, text: str, said_ms: int) -> None:
        self._tell("RX", text, said_ms)
        if text == self._obeyed:
            return  # the echo, which went out as the characters came in
        self._send(text.encode("latin-1", "replace"), None if is_urc(text) else self._asked_by)

    def _send(self, data: bytes, asked_by: Outlet | None) -> None:
        for outlet in self.announces if asked_by is None else [asked_by]:
            outlet.send(data)

    # From the client

    @property
    def hears(self) -> bool:
        """Whether the module listens: it has power, and its flash is not being written."""
        return bool(self.live.powered) and not self.live.modem.flashing

    def receive(self, data: bytes, port: Outlet) -> None:
        """Characters arrive from a client, now."""
        self._asked_by = port
        for piece in _PIECE.findall(data.decode("latin-1")):
            if self.module.echo and self.hears:
                port.send(piece.encode("latin-1"))
            for line in self._heard.feed(piece):
                if line:
                    self._tell("TX", line, self._w.env.now_ms)
                    self._obeyed = wire.echo(line)
            self.module.receive(piece)
            self._obeyed = ""
        self._asked_by = None

    def _tell(self, direction: Direction, text: str, at_ms: int) -> None:
        line = Line(at_ms, direction, text)
        for told in [*self.watchers]:
            told(line)


def is_urc(text: str) -> bool:
    """Whether a module says this unasked."""
    return text.startswith((f"\r\n{PREFIX}", f"\r\n{wire.FLASHED}"))
