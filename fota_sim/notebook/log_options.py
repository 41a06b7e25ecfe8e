"""What says how a log is to be read, as keywords of every call that reads one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypedDict, TypeVar

from fota_sim.learning.reading import Reading

P = ParamSpec("P")
Made = TypeVar("Made")


class LogOptions(TypedDict, total=False):
    """Fields of ``Reading`` (learning/reading.py), which says what each is."""

    platform: str | None
    words: Mapping[str, str] | Sequence[str]
    columns: Mapping[str, str] | Sequence[str]
    as_of: str | None
    time_zone: str | None
    dates: str
    targeted: int | None
    replication: int


def reading(how: LogOptions) -> Reading:
    """How a log is to be read."""
    said: dict[str, Any] = {**how}
    for name in ("words", "columns"):
        given = said.get(name, ())
        said[name] = [f"{key}={value}" for key, value in given.items()] if isinstance(given, Mapping) else list(given)
    return Reading(**said)


def reads_log(call: Callable[P, Made]) -> Callable[P, Made]:
    """Show the ``**how`` of a call as the keywords that it takes, in help and for Tab."""
    own = inspect.signature(call)
    kinds = LogOptions.__annotations__
    keywords = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=kinds[name].__forward_arg__
        )
        for name, field in Reading.__dataclass_fields__.items()
    ]
    kept = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
    call.__signature__ = own.replace(parameters=[*kept, *keywords])  # type: ignore[attr-defined]
    return call
