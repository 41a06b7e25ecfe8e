"""What a look at a file found out: guesses with what they rest on, what looks wrong, and what was left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Guess:
    """One thing that the file does not say of itself."""

    what: str
    """The field of the block, ``delimiter`` or ``columns.rssi``."""
    value: str
    """What it is taken for."""
    why: str
    """What that rests on."""
    instead: str = ""
    """What to write where it is wrong; empty: another value of the same field."""


@dataclass(frozen=True)
class Column:
    """One column with a name, as it stands in the file."""

    header: str
    position: int
    """From 1."""
    cells: Sequence[str]
    """Without blanks around them; '' where nothing stands."""

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each cell that is not empty stands there."""
        return Counter(cell for cell in self.cells if cell)

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Told:
    """What somebody says of a file beforehand; None: look."""

    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    sheet: str | None = None
    module: str | None = None


@dataclass
class Findings:
    """What was found out, told in this order; ``block`` is the fleet's entry as YAML has it."""

    block: dict[str, Any] = field(default_factory=dict)
    kind: str = "csv"
    """The list of the fleet that it belongs to: csv or excel."""
    guesses: list[Guess] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """What looks wrong in the file."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """Columns that were not understood or are not read, with what becomes of them."""
    lists: dict[str, str] = field(default_factory=dict)
    """Conditions for ``plan.whitelist`` and ``plan.blacklist``."""

    def put(self, path: str, value: Any, why: str, instead: str = "", shown: str = "") -> None:
        """Set a field of the block, for example ``units.rssi``, and say why."""
        *above, last = path.split(".")
        part = self.block
        for name in above:
            part = part.setdefault(name, {})
        part[last] = value
        self.guesses.append(Guess(path, shown or str(value), why, instead))
