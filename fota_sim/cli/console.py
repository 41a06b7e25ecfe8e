"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import typer

WIDTH = 110
"""Of lines of sentences, in characters."""


def answer(text: str) -> None:
    """Print a result."""
    typer.echo(text)


def answer_json(value: Any) -> None:
    """Print one JSON object."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say(text: str) -> None:
    """Tell the user something that is not the result."""
    typer.echo(text, err=True)


def paragraph(question: str, sentences: Sequence[str]) -> str:
    """The question and its answer, as lines of ``WIDTH``; what a command's first lines say."""
    answered = textwrap.fill(" ".join(sentences), WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{textwrap.fill(question, WIDTH)}\n{answered}" if question else answered


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """``rows`` as aligned text; the columns numbered in ``right`` are set flush right."""
    if not rows:
        return ""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if k in right else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
