"""What a page is made of. All texts are plain; markup is made in one place, from templates that escape everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matplotlib.figure import Figure


class Cell(NamedTuple):
    """What a cell shows, and what its row is sorted by: a number, a text, or None for what has no value."""

    text: str
    key: float | str | None
    more: str = ""
    """Below it in small print: an interval, say."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    label: str
    numeric: bool = False
    """Set flush right."""


@dataclass(frozen=True)
class Table:
    """A table that can be sorted by any column."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: bool = False
    """Whether it is folded away below its caption."""

    kind = "table"


@dataclass(frozen=True)
class Picture:
    """A figure still to be drawn, and what it shows in words, for those who do not see it."""

    draw: Callable[[], Figure]
    caption: str

    kind = "picture"


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    paragraphs: Sequence[str]

    kind = "text"


@dataclass(frozen=True)
class Listing:
    """Text as it stands in a file or is typed, folded away if ``title`` says what it is."""

    text: str
    title: str = ""

    kind = "listing"


Block = Table | Picture | Text | Listing


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading; left out where it has no blocks."""

    title: str
    blocks: Sequence[Block]

    @property
    def anchor(self) -> str:
        """What a link to it is called."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


class KeyNumber(NamedTuple):
    """A number that is read first."""

    value: str
    label: str
    more: str = ""
    """Interval or whole, in small print."""


class Verdict(NamedTuple):
    """How a limit came out."""

    limit: str
    verdict: str
    """pass, fail or undecided."""
    reason: str


@dataclass(frozen=True)
class Page:
    """A whole report."""

    kind: str
    """What was done: a run, a comparison, ..."""
    title: str
    question: str
    """In the scenario's words; may be empty."""
    facts: Sequence[str]
    """Size, luck and length of what was played, in a line."""
    answer: Sequence[str]
    """Sentences of one paragraph, the finding first."""
    points: Sequence[str]
    """What the answer goes on with, each for itself; may be empty."""
    numbers: Sequence[KeyNumber]
    verdicts: Sequence[Verdict]
    sections: Sequence[Section] = field(default_factory=list)
