"""Help that keeps to a narrow terminal: comments above examples are folded, and names leave room for what they do."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from fota_sim.cli.empty import refuse_empty
from fota_sim.scenario.gaps import tied, untied

_NAMES, _LINE = 30, 78
"""Characters for names of options in a line of so many, and the same part of a shorter one."""
_HYPHEN = "\u2011"
"""At which click breaks no line, so that ``fota-sim`` and names of options stay whole."""


class HelpCommand(TyperCommand):
    """A command with such a help, which refuses values that are empty."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """All values."""
        if "" in args or any(each.endswith("=") for each in args):
            refuse_empty(self, ctx, args)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """All of it."""
        return _shown(super().get_help(ctx), ctx.make_formatter().width)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All of it, into ``formatter``."""
        super().format_help(ctx, _with_whole_words(formatter))


class HelpGroup(TyperGroup):
    """A group of commands with such a help."""

    def get_help(self, ctx: Any) -> str:
        """All of it."""
        return _shown(super().get_help(ctx), ctx.make_formatter().width)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All of it, into ``formatter``."""
        super().format_help(ctx, _with_whole_words(formatter))


def _with_whole_words(formatter: Any) -> Any:
    """A formatter of help that breaks no word and gives names of lists less room in shorter lines."""
    names = min(_NAMES, formatter.width * _NAMES // _LINE)
    write_dl, write_text = formatter.write_dl, formatter.write_text

    def write_list(rows: Sequence[tuple[str, str]], **_: Any) -> None:
        write_dl([(name.replace(" range>", ">"), _whole(text)) for name, text in rows], col_max=names)

    formatter.write_dl = write_list
    formatter.write_text = lambda text: write_text("\n\n".join(map(_whole, text.split("\n\n"))))
    return formatter


def _whole(text: str) -> str:
    """A paragraph whose words with hyphens and numbers with units stay whole; lines that are kept apart stay so."""
    return text if text.startswith("\b") else tied(text).replace("-", _HYPHEN)


def _shown(text: str, width: int) -> str:
    """Comments in lines of ``width``; commands stay in one, to be copied."""
    lines: list[str] = []
    for line in untied(text).replace(_HYPHEN, "-").split("\n"):
        indent, mark, comment = line.partition("# ")
        if mark and not indent.strip() and len(line) > width:
            start = indent + mark
            lines += textwrap.wrap(comment, width, initial_indent=start, subsequent_indent=start)
        else:
            lines.append(line)
    return "\n".join(lines)
