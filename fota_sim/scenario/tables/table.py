"""What is asked of a table of devices, whatever it is stored in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from fota_sim.scenario.tables.digest import Digest


class Table(Protocol):
    """A table of texts: a line of column names, and a row for each device."""

    @property
    def too_wide(self) -> str:
        """What a row with more cells than column names may come from, as the end of a sentence; '' if unknown."""
        ...

    def header(self) -> list[str]:
        """The column names, each without blanks around it; '' for a column without a name.

        Raises UnreadableFileError if there are none.
        """
        ...

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the number that its line has for people; cells without blanks around them, no empty rows.

        Raises UnreadableFileError while it is iterated.
        """
        ...

    def rather(self, wanted: Collection[str]) -> str:
        """What stands here instead of a table with any of the columns ``wanted``, and what would do; '' if unknown."""
        ...

    def about(self) -> int:
        """About how many rows there are, found without reading cells; 0 if it cannot be read."""
        ...

    def digest(self, most_B: int) -> Digest | None:
        """What tells its content from any other; None if that is more than so many bytes, or there is no telling."""
        ...


def most_of(limit: int | None, rows: int) -> int:
    """How many rows are read of so many, of which there may be fewer than none."""
    return max(0, rows if limit is None else min(limit, rows))
