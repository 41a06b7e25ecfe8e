"""Figures in pages: a block is made by the benchmark that its first line names, and nobody writes in it.

::

    <!-- figures: engines --runs 5 -->
    (what ``python benchmarks/engines.py --runs 5`` printed)
    <!-- end of figures -->
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BEGIN = re.compile(r"<!-- figures: (.+) -->")
_END = "<!-- end of figures -->"
_COMMIT = re.compile(r"\bOf commit ([0-9a-f]{7,40})(?: |\+)")


@dataclass(frozen=True)
class Block:
    """The figures of one command."""

    command: str
    """As the page names it: a script of benchmarks/ without its ending, and what it is given."""
    figures: str

    @property
    def name(self) -> str:
        """The script's."""
        return shlex.split(self.command)[0]

    @property
    def arguments(self) -> list[str]:
        """What it is given."""
        return shlex.split(self.command)[1:]


def blocks(page: str) -> Iterator[Block]:
    """All blocks of a page, in order; raises ValueError as :func:`renewed` does."""
    found: list[Block] = []

    def keep(block: Block) -> str:
        found.append(block)
        return block.figures

    renewed(page, keep)
    return iter(found)


def renewed(page: str, figures: Callable[[Block], str]) -> str:
    """The page with other figures in its blocks, and everything else as it is.

    Raises:
        ValueError: a block begins within another, or does not end, or ends without a beginning; with the line.

    """
    lines: list[str] = []
    command, inside, began = "", [""], 0
    for number, line in enumerate(page.splitlines(), start=1):
        begin = _BEGIN.fullmatch(line.strip())
        if begin and began:
            raise ValueError(f"line {number}: figures begin within those that began in line {began}")
        if line.strip() == _END:
            if not began:
                raise ValueError(f"line {number}: figures end that did not begin")
            lines += [figures(Block(command, "\n".join(inside).strip())), "", line]
            began = 0
        elif begin:
            command, inside, began = begin.group(1), [], number
            lines += [line, ""]
        elif began:
            inside.append(line)
        else:
            lines.append(line)
    if began:
        raise ValueError(f"line {began}: figures begin and do not end; write {_END} below them")
    return "\n".join(lines) + "\n"


def commit_of(figures: str) -> str:
    """The commit that figures say they are of; empty if they say none."""
    found = _COMMIT.search(figures)
    return found.group(1) if found else ""


def pages(folder: Path) -> dict[Path, list[Block]]:
    """Pages in a folder that have blocks, with these; raises ValueError as :func:`renewed` does, with the page."""
    found = {}
    for page in sorted(folder.glob("*.md")):
        try:
            of_page = list(blocks(page.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{page}, {error}") from error
        if of_page:
            found[page] = of_page
    return found
