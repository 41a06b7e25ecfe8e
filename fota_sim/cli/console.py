"""Where words go: results to standard output, everything else to standard error.

Files and pipes get sentences in lines of ``WIDTH`` and tables as wide as they are. On a terminal, both keep
to its width.
"""

from __future__ import annotations

import os
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TextIO

import typer

from fota_sim.scenario.gaps import tied, untied, words

WIDTH = 110
"""Of lines of sentences, in characters."""
_NARROWEST = 40
"""In less nothing is folded: what is cut by the terminal itself is as good."""
_GAP = 2
"""Between the columns of a table."""


def answer(text: str) -> None:
    """Print a result as it is."""
    typer.echo(text)


def answer_words(text: str) -> None:
    """Print a result of sentences and tables; sentences are folded where a terminal is narrower."""
    typer.echo(_folded(text, terminal_width(sys.stdout)))


def answer_json(value: Any) -> None:
    """Print one JSON object."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say(text: str) -> None:
    """Tell the user something that is not the result."""
    typer.echo(_folded(text, terminal_width(sys.stderr)), err=True)


def terminal_width(stream: TextIO) -> int | None:
    """Characters in a line of the terminal behind a stream; None where there is none, or one that is too narrow."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return None
    return width if width >= _NARROWEST else None


def paragraph(question: str, sentences: Sequence[str]) -> str:
    """The question and its answer, as lines of ``WIDTH`` or the terminal's; what a command's first lines say."""
    width = min(WIDTH, terminal_width(sys.stdout) or WIDTH)
    asked = "\n".join(lines_of(question, width))
    answered = "\n".join(lines_of(" ".join(sentences), width))
    return f"{asked}\n{answered}" if question else answered


def lines_of(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of ``width`` that begin with ``first`` and then ``rest``, broken neither in words nor before units."""
    lines = textwrap.wrap(
        tied(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [untied(line) for line in lines]


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """``rows`` as aligned text; the columns numbered in ``right`` are set flush right.

    On a terminal that is narrower, cells are folded between words, those of the widest columns first.
    """
    if not rows:
        return ""
    widths = _widths(rows, terminal_width(sys.stdout))
    return "\n".join(line for row in rows for line in _row(row, widths, right))


def _widths(rows: Sequence[Sequence[str]], most: int | None) -> list[int]:
    """Of each column; narrower than its cells where all together are wider than ``most``, as far as words allow."""
    texts = list(zip(*rows, strict=True))
    widths = [max(map(cells_of, column)) for column in texts]
    if most is None:
        return widths
    room = most - _GAP * (len(widths) - 1)
    least = _least(texts, words)
    if sum(least) > room:
        least = _least(texts, str.split)  # what is as narrow as that parts numbers and units as well
    while sum(widths) > room:
        place = max(range(len(widths)), key=lambda k: (widths[k] > least[k], widths[k]))
        if widths[place] <= least[place]:
            break
        widths[place] -= 1
    return widths


def _least(texts: Sequence[Sequence[str]], parts: Callable[[str], list[str]]) -> list[int]:
    """Of each column: the widest of what stays together in its cells."""
    return [max((cells_of(part) for cell in column for part in parts(cell)), default=0) for column in texts]


def _row(row: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> list[str]:
    """The lines of a row; more than one where a cell is folded."""
    folded = [_cell(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(map(len, folded))):
        parts = [cell[number] if number < len(cell) else "" for cell in folded]
        aligned = [
            _room(part, width) + part if k in right else part + _room(part, width)
            for k, (part, width) in enumerate(zip(parts, widths, strict=True))
        ]
        lines.append((" " * _GAP).join(aligned).rstrip())
    return lines


def cells_of(text: str) -> int:
    """How many columns of a terminal a text takes: letters of East Asia take two, marks over letters none."""
    if text.isascii():
        return len(text)
    return sum(_cells_of_letter(letter) for letter in text)


def _cells_of_letter(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _room(text: str, width: int) -> str:
    return " " * (width - cells_of(text))


def _cell(text: str, width: int) -> list[str]:
    if cells_of(text) <= width:
        return [text]
    indent = text[: len(text) - len(text.lstrip())]
    lines = lines_of(text.strip(), width, indent, indent)
    if max(map(cells_of, lines), default=0) > width:
        lines = textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return lines or [text]


def _folded(text: str, width: int | None) -> str:
    """Sentences in lines of ``width``; lines of tables, which have gaps, stay as they are."""
    if width is None:
        return text
    lines = []
    for line in text.split("\n"):
        if cells_of(line) <= width or " " * _GAP in line.strip():
            lines.append(line)
        else:
            lines += _cell(line, width)
    return "\n".join(lines)
