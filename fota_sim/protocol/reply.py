"""The host's side of the line: a module's output as items, whatever the chunks it comes in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from fota_sim.protocol.urc import PREFIX, Urc, UrcError, parse_urc


class Echo(NamedTuple):
    """The host's own command, sent back."""

    text: str


class Info(NamedTuple):
    """A line of an answer, or any line that is nothing else."""

    text: str


class Final(NamedTuple):
    """The end of an answer: ``OK`` or an error."""

    text: str

    @property
    def ok(self) -> bool:
        """Whether the command was accepted."""
        return self.text == "OK"


class RawData(NamedTuple):
    """Bytes of the downloaded file, after the ``+QIOTOTARD: start,n`` line (which comes as an Info)."""

    start: int
    n: int
    data: str | None
    """One character per byte (latin-1), or None where a simulation sends none."""


Item = Echo | Info | Final | Urc | RawData

_DATA_FOLLOW = re.compile(r"\+QIOTOTARD: ([0-9]{1,10}),([0-9]{1,10})")
_LINE_END = re.compile(r"[\r\n]")
_OK = Final("OK")


def classify(line: str) -> Echo | Info | Final | Urc:
    """What a line from the module is."""
    if line == "OK":
        return _OK
    if line.startswith(PREFIX):
        try:
            return parse_urc(line)
        except UrcError:
            return Info(line)
    if line == "ERROR" or line.startswith(("+CME ERROR", "+CMS ERROR")):
        return Final(line)
    if line[:2] in ("AT", "at", "At", "aT"):
        return Echo(line)
    return Info(line)


@lru_cache(maxsize=4096)
def _whole_lines(text: str) -> tuple[Echo | Info | Final | Urc, ...] | None:
    """The items of a text of complete lines with no file bytes in it; None for other text. Most events repeat."""
    if not text.endswith(("\r", "\n")):
        return None
    lines = [line.rstrip(" \t") for line in _LINE_END.split(text)]
    if any(_DATA_FOLLOW.fullmatch(line) for line in lines):
        return None
    return tuple(classify(line) for line in lines if line)


class ReplyReader:
    """Turns characters from a module into items.

    Lines may end in CR, LF or both; empty ones and spaces at the end are dropped. After
    ``+QIOTOTARD: start,n`` the next ``n`` characters are the file's bytes, taken as they are.
    """

    __slots__ = ("_after_header_cr", "_pending", "_start", "_wanted")

    def __init__(self) -> None:
        self._pending = ""
        self._wanted = 0
        self._start = 0
        self._after_header_cr = False

    def feed(self, text: str) -> list[Echo | Info | Final | Urc | RawData]:
        """Take in some characters; return the items that are complete now."""
        items: list[Echo | Info | Final | Urc | RawData] = []
        if not self._pending and not self._wanted:
            whole = _whole_lines(text)
            if whole is not None:
                items.extend(whole)
                return items
        text = self._pending + text
        at = 0
        while at < len(text):
            if self._wanted:
                if self._after_header_cr:
                    self._after_header_cr = False
                    if text[at] == "\n":
                        at += 1
                        continue
                if len(text) - at < self._wanted:
                    break
                end = at + self._wanted
                items.append(RawData(self._start, self._wanted, text[at:end]))
                self._wanted = 0
                at = end
                continue
            match = _LINE_END.search(text, at)
            if match is None:
                break
            end = match.start()
            line = text[at:end].rstrip(" \t")
            at = end + 1
            if line:
                items.append(classify(line))
                self._expect_data(line, match[0] == "\r")
        self._pending = text[at:]
        return items

    def feed_data(self, start: int, n: int) -> list[Echo | Info | Final | Urc | RawData]:
        """Take in ``n`` bytes of the file from offset ``start`` without their contents."""
        self._pending = ""
        self._wanted = 0
        self._after_header_cr = False
        return [RawData(start, n, None)]

    def _expect_data(self, line: str, ended_in_cr: bool) -> None:
        match = _DATA_FOLLOW.fullmatch(line)
        if match is not None:
            self._start, self._wanted = int(match[1]), int(match[2])
            self._after_header_cr = ended_in_cr and self._wanted > 0
