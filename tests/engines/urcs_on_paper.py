"""A reader of dialogues that knows the vendor's protocol and nothing of the project: what a module may say, and when.

It hears what a host hears. That a module lost power, or that its download broke off, it is not told; so it demands what
holds whatever happened between two lines.
"""

from __future__ import annotations

import re

TEXT = r'"([^"\\,]*)"'
PLAN = re.compile(rf"7,10700,{TEXT},{TEXT},{TEXT},(\d+),(-?\d+),(\d+)")
MCU_STARTS = re.compile(rf'7,10701,{TEXT},(\d+),"[0-9a-f]{{32}}",(\d+)(,"[0-9a-f]{{64}}")?')
PIECE = re.compile(rf"7,10703,{TEXT},(\d+),(\d+),(\d+)")
BARE = {f"7,{code}" for code in (10701, 10702, 10703, 10704, 10705, 10706, 10707)}
CONNECTION = {"1,10200", "2,10200", "3,10200", "2,10474"}


class WrongLineError(AssertionError):
    """A line that the protocol does not have here."""


class Reader:
    """One module's dialogue, line by line."""

    def __init__(self, firmware: set[str], mcus: set[str]) -> None:
        self.firmware, self.mcus = firmware, mcus
        self.confirmed = False
        """Ever: from then on an address may come unasked."""
        self.answered = True
        self.started = False
        """Whether 7,10701 was said in this upgrade."""
        self.piece: tuple[str, int, int, int] | None = None
        self.hashes = False
        self.writes = ""
        """What updates: firmware, mcu, or nothing that is known."""
        self.must_follow: tuple[int, str] | None = None
        self.command, self.done = "", True

    def hears(self, at_ms: int, direction: str, text: str) -> None:
        if direction == "TX":
            self.command, self.done = text, False
            return
        for line in text.split("\r\n"):
            if line.startswith("+QIOTEVT:"):
                self.demand(text == f"\r\n{line}\r\n" and line[9] == " ", "a line of its own")
                self.event(at_ms, line.removeprefix("+QIOTEVT: "))
            elif line in ("OK", "ERROR") and not self.done:
                self.done = True
                self.replied(line == "OK")

    def demand(self, holds: bool, why: str) -> None:
        if not holds:
            raise WrongLineError(why)

    # What commands do

    def replied(self, ok: bool) -> None:
        command = self.command
        if command == "AT+QIOTUPDATE=1" and ok:
            self.demand(not self.answered or self.confirmed, "confirmed without an offer")
            self.confirmed, self.answered, self.started, self.writes = True, True, False, ""
            self.piece = None
        elif command == "AT+QIOTUPDATE=0" and ok:
            self.demand(not self.answered, "refused without an offer")
            self.answered = True
        elif command == "AT+QIOTUPDATE=2" and ok:
            self.demand(self.piece is not None and sum(self.piece[2:]) < self.piece[1], "no next piece")
        elif command == "AT+QIOTUPDATE=3" and ok:
            self.demand(self.piece is not None and sum(self.piece[2:]) == self.piece[1], "not all was fetched")
        elif command.startswith("AT+QIOTOTARD=") and ok:
            start, length = map(int, command.partition("=")[2].split(","))
            self.demand(self.piece is not None, "nothing to read")
            assert self.piece is not None
            _, _, first, held = self.piece
            self.demand(first <= start < first + held and length > 0, "read outside the piece")
        elif command.startswith("AT+QIOTOTAREQ"):
            self.hashes = command.endswith("=1")

    # What the module says

    def event(self, at_ms: int, what: str) -> None:
        if self.must_follow is not None:
            self.demand(self.must_follow == (at_ms, what), f"{self.must_follow[1]} comes next, and at once")
            self.must_follow = None
        if what == "2,10200":
            self.must_follow = at_ms, "3,10200"
        if not what.startswith("7,"):
            self.demand(what in CONNECTION, "no event of the protocol")
            return
        code = int(what[2:7])
        self.demand(what in BARE or code in (10700, 10701, 10703), "no event of the protocol")
        getattr(self, f"on_{code}")(at_ms, what)

    def on_10700(self, _at: int, what: str) -> None:
        found = PLAN.fullmatch(what)
        self.demand(found is not None, "form of an offer")
        assert found is not None
        name, source, target, battery, signal, size = found.groups()
        self.demand(name in self.firmware | self.mcus, "a component that there is not")
        self.demand(bool(target) and source != target, "its versions")
        self.demand(int(battery) <= 100 and int(signal) <= 0 and int(size) > 0, "its numbers")
        self.answered = False

    def on_10701(self, _at: int, what: str) -> None:
        self.demand(self.confirmed, "a download that nobody confirmed")
        self.started, self.piece, self.writes, self.answered = True, None, "", True
        if what == "7,10701":
            self.demand(bool(self.firmware), "a download of firmware")
            return
        found = MCU_STARTS.fullmatch(what)
        self.demand(found is not None and found[1] in self.mcus, "form of an MCU's download")
        assert found is not None
        self.demand(int(found[3]) < 1 << 32, "a CRC of 32 bits")
        self.demand(not found[4] or self.hashes, "a hash that nobody asked for")

    def on_10702(self, _at: int, _what: str) -> None:
        self.demand(self.started, "progress of no download")

    def on_10703(self, at_ms: int, what: str) -> None:
        self.demand(self.started, "a file of no download")
        if what == "7,10703":
            self.writes = "firmware"
            self.must_follow = at_ms, "7,10704"
            return
        found = PIECE.fullmatch(what)
        self.demand(found is not None and found[1] in self.mcus, "form of a piece")
        assert found is not None
        size, start, length = map(int, found.groups()[1:])
        self.demand(length > 0 and start + length <= size, "a piece of the file")
        goes_on = self.piece is not None and start == sum(self.piece[2:])
        self.demand(start == 0 or goes_on, "pieces in order")
        self.piece = found[1], size, start, length

    def on_10704(self, _at: int, _what: str) -> None:
        self.demand(self.confirmed, "an update that nobody confirmed")
        by_host = self.command == "AT+QIOTUPDATE=3"
        if not by_host and self.writes != "firmware":  # of an MCU's, again: the module restarted in it
            self.demand(self.writes == "mcu", "updating without a file")
        if by_host:
            self.writes = "mcu"

    def on_10705(self, _at: int, _what: str) -> None:
        said = self.command.startswith("AT+QIOTMCUVER=")
        self.demand(self.writes == "firmware" or said or self.started, "success of nothing")
        self.ends()

    def on_10706(self, _at: int, _what: str) -> None:
        self.demand(self.confirmed, "failure of what nobody confirmed")
        self.ends()

    def on_10707(self, _at: int, _what: str) -> None:
        self.demand(self.command in ("AT+QIOTUPDATE=0", "AT+QIOTUPDATE=1"), "a decision of nobody's")

    def ends(self) -> None:
        self.started, self.piece, self.writes, self.answered = False, None, "", True
