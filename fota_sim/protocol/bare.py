"""A dialogue in the bare form of the vendor's pages: ``[TX]AT+QIOTOTAREQ=1``, without times; read, written, compared.

So a simulated dialogue and a real log can be held side by side. What differs between two logs of the same talk and says
nothing is left out of both: times, dates, empty lines, blanks at ends, what the bytes of a file look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_CLOCK = r"\d{1,2}:\d\d:\d\d(?:[.:,]\d{1,6})?"
_TIME = re.compile(rf"^\s*\[?(?:\d{{4}}[-/]\d\d[-/]\d\d(?:[ _T]+{_CLOCK})?|{_CLOCK})\]?(?=\W|[A-Z]|$)")
"""A date, a time or both at the beginning of a line, in brackets or not, as terminals put them there."""
_MARK = re.compile(r"\[(TX|RX|--)\]\s*", re.IGNORECASE)
_READING = re.compile(r"^\+(?:CSQ|CBC|QGETWIFISTATE): ?")
_PROGRESS = "+QIOTEVT: 7,10702"
_DATA_FOLLOW = re.compile(r"^\+QIOTOTARD: ?(\d+),(\d+)$")


class BareLine(NamedTuple):
    """One line of a dialogue."""

    marked: str
    """TX host to module, RX module to host; empty in a log that does not say."""
    text: str
    number: int
    """Of the line in the text it was read from, from 1."""

    def __str__(self) -> str:
        return f"[{self.marked}]{self.text}" if self.marked else self.text


def read(text: str) -> list[BareLine]:
    """The lines of a log: one of this simulator's, of the vendor's pages, or what a terminal shows.

    A line without a mark is said by whom the line before it was. What stands before the first mark is a heading; a log
    without any mark is what the module sent, echoes included. Lines of neither, ``[--]``, are no part of a dialogue.
    """
    numbered = [
        (number, _TIME.sub("", line, count=1).strip()) for number, line in enumerate(text.splitlines(), start=1)
    ]
    has_marks = any(_MARK.match(line) for _, line in numbered)
    return list(_without_data(_marked(numbered, has_marks)))


def _marked(numbered: Sequence[tuple[int, str]], has_marks: bool) -> Iterator[BareLine]:
    who = ""
    for number, line in numbered:
        mark = _MARK.match(line)
        if mark is not None:
            who = mark[1].upper()
        said = line[mark.end() :] if mark else line
        if said and who != "--" and bool(who) == has_marks:
            yield BareLine(who, said, number)


def _without_data(lines: Iterator[BareLine]) -> Iterator[BareLine]:
    """The bytes of a file between +QIOTOTARD and OK as one line, as a transcript has them."""
    for line in lines:
        yield line
        follows = _DATA_FOLLOW.match(line.text)
        if follows is None:
            continue
        for data in lines:
            if data.text == "OK":
                yield line._replace(text=f"<{follows[2]} bytes from {follows[1]}>", number=line.number + 1)
                yield data
                break


def render(lines: Sequence[BareLine]) -> str:
    """The lines in the bare form, one each."""
    return "".join(f"{line}\n" for line in lines)


def comparable(ours: Sequence[BareLine], theirs: Sequence[BareLine]) -> tuple[list[BareLine], list[BareLine]]:
    """Both without what says how long things took, and not what was said.

    A run of 7,10702 counts as one: how many there are is how long a download lasted. Ours has no echoes where theirs,
    which says who sends, has none (ATE0).
    """
    marked = bool(theirs) and bool(theirs[0].marked)
    if marked and not any(_is_echo(line) for line in theirs):
        ours = [line for line in ours if not _is_echo(line)]
    return _progress_once(ours), _progress_once(theirs)


def _is_echo(line: BareLine) -> bool:
    return line.marked == "RX" and line.text[:2].upper() == "AT"


def _progress_once(lines: Sequence[BareLine]) -> list[BareLine]:
    before = ["", *(line.text for line in lines)]
    return [line for line, last in zip(lines, before, strict=False) if line.text != _PROGRESS or last != _PROGRESS]


def _said(line: BareLine) -> tuple[str, str]:
    """Who said what, but for the numbers of a reading, which are the place's and the day's."""
    reading = _READING.match(line.text)
    return line.marked, reading[0] if reading else line.text


class Difference(NamedTuple):
    """How far two dialogues are the same."""

    begins: int
    """Position in the whole dialogue of the line at which the other begins."""
    same: int
    """Lines that are the same from there on."""
    ours: BareLine | None
    """The first that differs; None where ours is over."""
    theirs: BareLine | None
    """What the other has there; None where the other is over, so that all it says is the same."""


def compare(ours: Sequence[BareLine], theirs: Sequence[BareLine]) -> Difference:
    """Where the other dialogue leaves ours.

    The other may be a piece: it is laid where its first line stands in ours, of several such places where it fits
    longest. If it says nothing of directions, what the host sent is left out of ours.
    """
    if theirs and not theirs[0].marked:
        ours = [line._replace(marked="") for line in ours if line.marked != "TX"]
    starts = [place for place, line in enumerate(ours) if theirs and _said(line) == _said(theirs[0])] or [0]
    begins, same = max(((start, _same(ours[start:], theirs)) for start in starts), key=lambda found: found[1])
    at = begins + same
    return Difference(begins, same, ours[at] if at < len(ours) else None, theirs[same] if same < len(theirs) else None)


def _same(ours: Sequence[BareLine], theirs: Sequence[BareLine]) -> int:
    """How many lines from the beginning are the same."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((k for k, (a, b) in pairs if _said(a) != _said(b)), min(len(ours), len(theirs)))
