"""One emulated device: it listens in the place of the scenario's host, and passes on what a client says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fota_sim.emulate.board import Board
from fota_sim.emulate.modem import ForeignModem
from fota_sim.emulate.power import Power, PowerPolicy
from fota_sim.emulate.progress import Progress
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol import wire
from fota_sim.protocol.grammar import CommandLine
from fota_sim.protocol.interleave import Interleaver, UrcPolicy
from fota_sim.protocol.transcript import Direction, Line


class Outlet(Protocol):
    """Where what the module says goes to."""

    def send(self, data: bytes) -> None:
        """Bytes for the client; returns at once."""


@dataclass(frozen=True)
class Manner:
    """How emulated modules behave on their lines."""

    power: PowerPolicy = "on"
    urcs: UrcPolicy = "hold"
    """Where URCs come between commands and answers."""
    says_ready: bool = False
    """Whether a module tells of its start, RDY and what else its model says; a simulated one does not."""


class Emulated:
    """A module with a client for a host. Engine and client call it at the virtual time at which they speak."""

    def __init__(self, w: World, live: Device, name: str, number: int, manner: Manner) -> None:
        """``name``: the device's id; ``number``: its place in the whole fleet."""
        self.w = w
        self.live = live
        self.name = name
        self.number = number
        self.power = Power(w, live, manner.power)
        module = live.modem.module
        unasked, answers = self._says_now, self._answers
        live.modem = modem = ForeignModem(w, live, module.identity, module.settings, unasked, answers)
        self.module = modem.pinned
        self.module.echoes = False  # here each character is sent back as it comes
        self.module.says_ready = manner.says_ready
        self.module.pins.append(self._power_changed)
        live.logged = True  # so that the story says each 7,10702 and not the last of a segment only
        self._progress = Progress(w, live, self._announces)
        self._order = Interleaver(manner.urcs)
        self._released_ms = 0
        self._heard = CommandLine()
        self._lose_urcs = self._double_urcs = self._garble_blocks = 0
        self.announces: list[Outlet] = []
        """Ports that URCs go to."""
        self._asked_by: Outlet | None = None
        self.watchers: list[Callable[[Line], None]] = []
        """Told each line of the dialogue when it is said."""
        self._board: Board | None = None
        if manner.power == "scenario":
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
        """A URC of the story's, said then or before."""
        if not self._progress.was_said(text, said_ms):
            self._announces(text, said_ms)

    def hear_data(self, start: int, n: int) -> None:
        """File bytes from the module."""
        self._tell("RX", wire.data_in_words(start, n), self.w.env.now_ms)
        content: bytes = self.w.words.component(self.live.info).content
        block = bytearray(content[start : start + n])
        if self._is_garbled():
            block[0] ^= 0xFF
        if self._asked_by is not None:
            self._asked_by.send(bytes(block))

    def saw_boot(self) -> None:
        """The module is up again: its status pin has told so."""
        if self._board is not None:
            self._board.saw_boot()

    def is_paged(self) -> None:
        """Something is there for a module that woke for a TAU; only one whose switch the board has sleeps so."""
        if self._board is not None:
            self._board.is_paged()

    def _is_garbled(self) -> bool:
        """Whether a byte of this block is wrong: on demand, by the scenario's share, or because the file is."""
        live = self.live
        live.garbled = False
        story.faults.block_read(self.w, live)
        demanded = self._garble_blocks > 0
        self._garble_blocks -= demanded
        return bool(demanded or live.garbled or live.spoiled)

    def _says_now(self, text: str) -> None:
        self._announces(text, self.w.env.now_ms)

    def _announces(self, text: str, said_ms: int) -> None:
        """A URC, in its turn."""
        if self._lose_urcs:
            self._lose_urcs -= 1
            return
        for _ in range(2 if self._double_urcs else 1):
            out = self._order.urc(text)
            if out:
                self._tell("RX", out, said_ms)
                self._send(out, self.announces)
        self._double_urcs = max(0, self._double_urcs - 1)
        if self._order.waits:
            self._release_later()

    def _answers(self, text: str) -> None:
        """A part of an answer, and URCs whose turn it is."""
        order = self._order
        out = order.data(text) if _DATA_FOLLOW.search(text) else order.answer(text)
        self._out(out)

    def _out(self, text: str) -> None:
        if text:
            self._tell("RX", text, self.w.env.now_ms)
            self._send(text, self.announces if self._asked_by is None else [self._asked_by])

    def _release_later(self) -> None:
        """URCs that lie in wait for a command go out by themselves if none comes."""
        at_ms = self.w.env.now_ms + RELEASE_MS
        if at_ms > self._released_ms:
            self._released_ms = at_ms
            self.w.env.call_at(at_ms, self.live.who, self._release)

    def _release(self) -> None:
        if self.w.env.now_ms == self._released_ms:
            self._out(self._order.released())

    def _power_changed(self) -> None:
        self._heard.clear()
        self._out(self._order.answered())

    @staticmethod
    def _send(text: str, outlets: Sequence[Outlet]) -> None:
        for outlet in outlets:
            outlet.send(text.encode("latin-1", "replace"))

    # Faults on demand

    def lose(self, urcs: int) -> None:
        """So many URCs more, from the next one on, do not reach the client."""
        self._lose_urcs += urcs

    def double(self, urcs: int) -> None:
        """So many more come twice."""
        self._double_urcs += urcs

    def garble(self, blocks: int) -> None:
        """So many blocks more of a file have a wrong byte."""
        self._garble_blocks += blocks

    # From the client

    @property
    def hears(self) -> bool:
        """Whether the module listens: it has power, and its flash is not being written."""
        return bool(self.live.powered) and not self.live.modem.flashing

    def receive(self, data: bytes, port: Outlet) -> None:
        """Characters arrive from a client, now."""
        self._asked_by = port
        for piece in _PIECE.findall(data.decode("latin-1")):
            echoes = self.module.echo and self.hears
            if echoes:
                port.send(piece.encode("latin-1"))
            for line in self._heard.feed(piece):
                if line:
                    self._tell("TX", line, self.w.env.now_ms)
                    if echoes:
                        self._tell("RX", wire.echo(line), self.w.env.now_ms)
            if self.hears:
                self._order.typed(piece)
            self.module.receive(piece)
            if self.module.profile.quiet:
                self._out(self._order.answered())

    def _tell(self, direction: Direction, text: str, at_ms: int) -> None:
        line = Line(at_ms, direction, text)
        for told in [*self.watchers]:
            told(line)


_PIECE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, or one that has begun: an answer stands before the echo of what follows it."""
_DATA_FOLLOW = re.compile(r"\+QIOTOTARD: [0-9]+,[0-9]+\r\n\Z")
RELEASE_MS = 2000
"""Virtual time after which a URC that lies in wait for a command comes by itself. [A] assumption."""
