"""Help that keeps to a narrow terminal: comments above examples are folded, and names leave room for what they do."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup

from fota_sim.cli.empty import refuse_empty

_NAMES, _LINE = 30, 78
"""Characters for names of options in a line of so many, and the same part of a shorter one."""


class HelpCommand(TyperCommand):
    """A command with such a help, which refuses values that are empty."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """All values."""
        if "" in args or any(each.endswith("=") for each in args):
            refuse_empty(self, ctx, args)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """All of it."""
        return _folded(super().get_help(ctx), ctx.make_formatter().width)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All of it, into ``formatter``."""
        super().format_help(ctx, _with_narrow_names(formatter))


class HelpGroup(TyperGroup):
    """A group of commands with such a help."""

    def get_help(self, ctx: Any) -> str:
        """All of it."""
        return _folded(super().get_help(ctx), ctx.make_formatter().width)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All of it, into ``formatter``."""
        super().format_help(ctx, _with_narrow_names(formatter))


def _with_narrow_names(formatter: Any) -> Any:
    """A formatter of help, whose lists give names less room in shorter lines."""
    names = min(_NAMES, formatter.width * _NAMES // _LINE)
    formatter.write_dl = partial(formatter.write_dl, col_max=names)
    return formatter


def _folded(text: str, width: int) -> str:
    """Comments in lines of ``width``; commands stay in one, to be copied."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent, mark, comment = line.partition("# ")
        if mark and not indent.strip() and len(line) > width:
            start = indent + mark
            lines += textwrap.wrap(comment, width, initial_indent=start, subsequent_indent=start)
        else:
            lines.append(line)
    return "\n".join(lines)
