"""The options that say how a log is to be read, the same for every command that reads one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

import typer

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "platform": (
        str | None,
        typer.Option(
            None,
            "--from",
            metavar="PLATFORM",
            help="Whose log it is: aws-iot-jobs, azure-device-update, hawkbit, mender, memfault, golioth, "
            "thingsboard, nerveshub, quecthing, spreadsheet or fota-sim; by default seen from its fields.",
            show_default=False,
        ),
    ),
    "words": (
        list[str],
        typer.Option(
            [],
            "--map",
            metavar="FIELD:WORD=MEANING",
            help="What a word of the log means, such as status:Weird=failed. Repeatable.",
            show_default=False,
        ),
    ),
    "columns": (
        list[str],
        typer.Option(
            [],
            "--columns",
            metavar="WHAT=COLUMN",
            help="Which column of a spreadsheet is what, such as device=IMEI. Repeatable.",
            show_default=False,
        ),
    ),
    "as_of": (
        str | None,
        typer.Option(
            None,
            "--as-of",
            metavar="TIME",
            help="When the log was exported; by default its last time.",
            show_default=False,
        ),
    ),
    "time_zone": (
        str | None,
        typer.Option(
            None,
            "--time-zone",
            metavar="ZONE",
            help="Of times in the log that say none; by default the scenario's.",
            show_default=False,
        ),
    ),
    "dates": (
        str,
        typer.Option(
            "ymd",
            "--dates",
            metavar="ORDER",
            help="How dates are written: ymd, dmy, mdy, unix, unix_ms, unix_us, unix_ns or excel (days of a "
            "spreadsheet).",
        ),
    ),
    "targeted": (
        int | None,
        typer.Option(
            None,
            "--targeted",
            min=1,
            help="How many devices the rollout was for, where the log lists only those that asked.",
            show_default=False,
        ),
    ),
    "replication": (
        int,
        typer.Option(0, "--replication", min=0, help="Of a result of fota-sim: which replication is the log."),
    ),
}
"""Type and option of each field of ``Reading`` (learning/reading.py)."""


LOG_OPTIONS: Any = object()
"""Default of the one parameter of a command, a ``Reading``, that these options stand for."""


def reads_log(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options in the place of its parameter with ``LOG_OPTIONS``."""
    hints = get_type_hints(command, localns={"Reading": Any})
    parameters: list[inspect.Parameter] = []
    how = ""
    for each in inspect.signature(command).parameters.values():
        if each.default is LOG_OPTIONS:
            how = each.name
            parameters += [
                inspect.Parameter(name, each.kind, default=option, annotation=kind)
                for name, (kind, option) in _OPTIONS.items()
            ]
        else:
            parameters.append(each.replace(annotation=hints[each.name]))

    @wraps(command)
    def told(**given: Any) -> None:
        from fota_sim.learning.reading import Reading

        reading = Reading(**{name: given.pop(name) for name in _OPTIONS})
        command(**given, **{how: reading})

    told.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer goes by
    told.__annotations__ = {each.name: each.annotation for each in parameters}
    return told
