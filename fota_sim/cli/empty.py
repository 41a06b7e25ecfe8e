"""Values of a command line that are there and say nothing, such as those of a shell's variable that is not set."""

from __future__ import annotations

from typing import Any

from fota_sim.errors import FotaSimError


def refuse_empty(command: Any, ctx: Any, args: list[str]) -> None:
    """Raise FotaSimError for the first value of ``args`` that is empty: as a path it would be the folder one is in."""
    given, _, order = command.make_parser(ctx).parse_args(args=list(args))
    for parameter in order:
        values = given.get(parameter.name)
        if any(value == "" for value in (values if isinstance(values, list | tuple) else (values,))):
            instead = "" if parameter.required else ", or leave it out"
            raise FotaSimError(f"{_named(parameter)} is empty; write a value{instead}")


def _named(parameter: Any) -> str:
    """An option as it is longest written, and an argument as the line of usage names it."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return max((str(each) for each in parameter.opts), key=len)
