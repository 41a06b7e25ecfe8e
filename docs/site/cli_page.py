"""cli.md: every command with its arguments, options, defaults and examples, from the program itself."""

from __future__ import annotations

import copy
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, CommandInfo, OptionInfo

from fota_sim.cli.main import app

INTRODUCTION = """# Commands

Made from the program; `fota-sim COMMAND --help` says the same.

Exit codes: 0 done, 1 a bug in fota-sim, 2 a mistake in the command line, the scenario or a result, 3 a threshold
failed, 4 a threshold is undecided at this precision, 5 some runs of a sweep failed, 130 interrupted."""
_KINDS = {int: "N", float: "X", Path: "PATH"}


class Parameter(NamedTuple):
    """One argument or option of a command."""

    name: str
    """In Python."""
    info: ArgumentInfo | OptionInfo
    kind: Any
    """Its type, without ``None`` and ``list``."""
    many: bool
    """Whether it may be given several times."""


def cli_page() -> str:
    """The page, in Markdown."""
    rows = [f"| [`fota-sim {each.name}`](#{_anchor(each)}) | {each.short_help or ''} |" for each in commands()]
    summary = "\n".join(["| Command | |", "|---|---|", *rows])
    return "\n\n".join([INTRODUCTION, summary, *map(_command, commands())]) + "\n"


def _anchor(command: CommandInfo) -> str:
    return f"fota-sim-{command.name}".replace(" ", "-")


def commands() -> list[CommandInfo]:
    """Every command, in the order of the help; then those of groups, by their whole name."""
    found = [*app.registered_commands]
    for group in app.registered_groups:
        for inner in group.typer_instance.registered_commands if group.typer_instance else ():
            named = copy.copy(inner)
            named.name = f"{group.name} {inner.name}"
            found.append(named)
    return found


def _command(command: CommandInfo) -> str:
    told = inspect.cleandoc(getattr(command.callback, "__doc__", None) or "")
    parameters = list(_parameters(command))
    arguments = [_argument(each) for each in parameters if isinstance(each.info, ArgumentInfo)]
    usage = " ".join(["fota-sim", str(command.name), *arguments, "[OPTIONS]"])
    rows = [f"| {_name(each)} | {_cell(each.info.help)}{_bounds(each)} | {_default(each)} |" for each in parameters]
    table = ["| | | Default |", "|---|---|---|", *rows] if rows else []
    lines = [f"## fota-sim {command.name}", "", told, "", "```", usage, "```", "", *table, ""]
    return "\n".join([*lines, "```", *_examples(command), "```"])


def _parameters(command: CommandInfo) -> Iterator[Parameter]:
    callback: Any = command.callback
    kinds = get_type_hints(callback)
    for name, parameter in inspect.signature(callback).parameters.items():
        yield Parameter(name, parameter.default, _bare(kinds[name]), get_origin(kinds[name]) is list)


def _bare(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(each for each in get_args(kind) if each is not types.NoneType)
    return get_args(kind)[0] if get_origin(kind) is list else kind


def _examples(command: CommandInfo) -> list[str]:
    """From the help's end, without its heading and indent."""
    return [line.strip() for line in str(command.epilog or "").splitlines() if line.startswith("  ")]


def _argument(parameter: Parameter) -> str:
    word = f"{parameter.info.metavar or parameter.name.upper()}{'...' if parameter.many else ''}"
    return word if parameter.info.default is ... else f"[{word}]"


def _name(parameter: Parameter) -> str:
    name, info, kind, _ = parameter
    if isinstance(info, ArgumentInfo):
        return f"`{_argument(parameter)}`"
    plain = name.replace("_", "-")
    flags = info.param_decls or ([f"--{plain}/--no-{plain}"] if kind is bool else [f"--{plain}"])
    value = "" if kind is bool else f"\u00a0{info.metavar or _KINDS.get(kind, 'TEXT')}"
    return "<br>".join(f"`{each}{value}`" for flag in flags for each in flag.split("/"))


def _bounds(parameter: Parameter) -> str:
    info = parameter.info
    if info.min is None and info.max is None:
        return ""
    if info.max is None:
        return f" At least {info.min:,}."
    return f" At most {info.max:,}." if info.min is None else f" From {info.min:,} to {info.max:,}."


def _default(parameter: Parameter) -> str:
    value = parameter.info.default
    if value is ...:
        return "required"
    return "" if parameter.kind is bool or value is None or value in ([], "") else f"`{value}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
