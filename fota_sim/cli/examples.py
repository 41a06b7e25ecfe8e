"""Examples at the end of a command's help: each is a command line that works on what ``fota-sim new my.yaml`` wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Example(NamedTuple):
    """A command line, and what it is for."""

    command: str
    """As typed, from ``fota-sim`` on."""
    what: str


def epilog(examples: Sequence[Example]) -> str:
    """The examples as a help text's end, each below what it is for; the first character keeps the lines apart."""
    lines = [line for each in examples for line in (f"  # {each.what}", f"  {each.command}")]
    return "\n".join(["\b", "Examples:", *lines])
