"""Where a module's URCs come between a host's commands and their answers: pure line logic, without a clock.

Modules differ in it, and host code breaks on it. Whoever plays a line tells an :class:`Interleaver` what the host
types and what the module says, and sends what its methods return.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from fota_sim.protocol.grammar import REPEATS

UrcPolicy = Literal["hold", "sneak", "mid"]
URC_POLICIES: tuple[UrcPolicy, ...] = get_args(UrcPolicy)

MOST_HELD = 256
"""URCs that wait; of more, the oldest go out as they are, so that nothing is lost and memory stays bounded."""
_FINAL = re.compile(r"(?:\r\n|^)(?:(?:OK|ERROR|\+CM[ES] ERROR: [^\r\n]*)\r\n|[04]\r)\Z")
_IS_COMMAND = re.compile(r"[\x00-\x20\x7f]*(?:AT|A/)", re.IGNORECASE)
_HEAD = 64  # characters of a line that are looked at
_LINES = re.compile(r"\r\n[^\r\n]*\r\n|[^\r\n]*\r\n")


class Interleaver:
    """One line, with one of three ways to place URCs.

    ``hold``
        They wait until the host's line is complete and its result is out, as Quectel modules have it.
    ``sneak``
        They wait for a command, and go out between its end and the first line of its answer, as others do.
    ``mid``
        They wait for a command, and go out between the lines of its answer; before the result, if that is all.

    With ``sneak`` and ``mid`` a URC lies in wait for the next command, so that the awkward moment comes every time and
    not once a month. Whoever has a clock calls :meth:`released` when nobody asked anything for a while. The bytes of a
    file are never cut.
    """

    __slots__ = ("_asked", "_data", "_held", "_line", "policy")

    def __init__(self, policy: UrcPolicy = "hold") -> None:
        self.policy = policy
        self._line = ""
        self._asked = False
        self._data = False
        self._held: list[str] = []

    @property
    def waits(self) -> bool:
        """Whether a URC waits for its moment."""
        return bool(self._held)

    @property
    def busy(self) -> bool:
        """Whether the host has begun a line, or waits for a result."""
        return bool(self._line.strip()) or self._asked

    def typed(self, text: str) -> None:
        """The host sent characters; tell before the module answers them."""
        for character in text:
            ends = character in "\r\n"
            if not ends and len(self._line) < _HEAD:
                self._line += character
            if ends or self._line in REPEATS:
                self._asked |= _IS_COMMAND.match(self._line) is not None
                self._line = ""

    def urc(self, text: str) -> str:
        """The module says something unasked; what goes out now."""
        if self.policy == "hold" and not self.busy:
            return self._all() + text
        self._held.append(text)
        return self._held.pop(0) if len(self._held) > MOST_HELD and not self._data else ""

    def answer(self, text: str) -> str:
        """The module answers, wholly or in part, its echo apart, which goes out as it is; what goes out now."""
        is_final = _FINAL.search(text) is not None
        if self._data or not self._held:
            said = text
        elif self.policy == "sneak":
            said = self._all() + text
        elif self.policy == "mid":
            said = self._within(text)
        else:
            said = text
        if is_final:
            said += self.answered()
        return said

    def answered(self) -> str:
        """No more comes of an answer: it is complete, results are off (ATQ1), or the module started anew."""
        self._asked = self._data = False
        return self._all() if self.policy == "hold" and not self.busy else ""

    def data(self, header: str) -> str:
        """The module announces the bytes of a file: until its result no URC goes out."""
        said = self.answer(header)
        self._data = True
        return said

    def released(self) -> str:
        """Nobody asks anything: what lay in wait goes out, unless a line or an answer is under way."""
        return "" if self.busy else self._all()

    def _all(self) -> str:
        said = "".join(self._held)
        self._held.clear()
        return said

    def _within(self, text: str) -> str:
        first = _LINES.match(text)
        if first is None or first.end() == len(text):
            return self._all() + text
        return text[: first.end()] + self._all() + text[first.end() :]
