"""A table that a program holds in place of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """What the file would hold, and where it is from."""

    content: bytes
    """A CSV file in UTF-8: a line of column names, commas between fields."""
    origin: str
    """In words, such as a data frame of so many rows."""
