"""What the schema says of a field: its unit, its bounds, its choices, and its line in the manual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, PlainSerializer
from pydantic.fields import FieldInfo

from fota_sim.scenario.model import Scenario
from fota_sim.scenario.units import Unit

_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class SchemaField:
    """One field of the scenario; numbers are in base units."""

    text: str
    """Its line in the manual."""
    unit: Unit | None
    """None: a plain number, or no number at all."""
    choices: tuple[str, ...]
    """The words that it may be; empty if it is not one of a few words."""
    low: float | None
    high: float | None
    """None: the schema sets no bound on this side. A bound that is not itself allowed is told like one that is."""

    def holds(self, value: float) -> bool:
        """Whether ``value`` is within the bounds."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def schema_field(path: str) -> SchemaField:
    """The field at ``path``, written as for ``--set``; raises KeyError if the schema has none there."""
    model: Any = Scenario
    info: FieldInfo | None = None
    for step in _STEP.findall(path):
        if isinstance(model, type) and issubclass(model, BaseModel):
            info = model.model_fields[step]
            model = _inner(info.annotation)
        else:  # the name or the number of an entry
            model = _inner(get_args(model)[-1])
    if info is None:
        raise KeyError(path)
    said = list(_metadata(info))
    units = [
        each.func.__self__ for each in said if isinstance(each, PlainSerializer) and hasattr(each.func, "__self__")
    ]
    return SchemaField(
        " ".join((info.description or "").split()),
        next((unit for unit in units if isinstance(unit, Unit)), None),
        tuple(str(word) for word in get_args(model)) if get_origin(model) is Literal else (),
        _first(said, (Ge, Gt), ("ge", "gt")),
        _first(said, (Le, Lt), ("le", "lt")),
    )


def _inner(annotation: Any) -> Any:
    """What is left of a type without ``None`` and without what annotates it."""
    while not isinstance(annotation, type) and get_origin(annotation) not in (list, dict, tuple, Literal):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _metadata(info: FieldInfo) -> Iterator[Any]:
    yield from info.metadata
    for part in get_args(info.annotation):  # of a field that may be null
        yield from getattr(part, "__metadata__", ())


def _first(said: list[Any], kinds: tuple[type, ...], names: tuple[str, ...]) -> float | None:
    for each in said:
        for kind, name in zip(kinds, names, strict=True):
            if isinstance(each, kind):
                return float(getattr(each, name))
    return None
