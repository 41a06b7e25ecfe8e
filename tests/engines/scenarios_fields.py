"""Which fields of the scenario schema there are, and what random scenarios set them to.

A field is a path: ``fleet.groups[].contact.every``; ``[]`` is any entry of a list, ``{}`` any name of a mapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import Plan


class Field(NamedTuple):
    """One field of the schema."""

    path: str
    choices: frozenset[Any]
    """What it may be, where the schema names that; flags are true or false. Empty: any value of its kind."""
    defaults: frozenset[str]
    """What it is where a scenario does not say, written out; empty if it must be said."""


def schema_fields(model: type[BaseModel] = Scenario, at: str = "") -> Iterator[Field]:
    """Every field that is not itself a block of fields, in the order of the schema."""
    for name, info in model.model_fields.items():
        path = _path(at, name)
        blocks = list(_blocks(info.annotation, path))
        for where, block in blocks:
            if at != "plans{}":
                yield from schema_fields(block, where)
        if not blocks and not (at == "plans{}" and name in Plan.model_fields):
            yield Field(path, frozenset(_choices(info.annotation)), _defaults(info))


def _path(at: str, name: str) -> str:
    """Where a field is; what one of several plans has in common with the only one is the same field."""
    if at == "plans{}" and name in Plan.model_fields:
        at = "plan"
    return f"{at}.{name}" if at else name


def _blocks(annotation: Any, path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Blocks of fields in a type, each with its path."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield path, annotation
        return
    mark = {list: "[]", dict: "{}"}.get(get_origin(annotation), "")
    for part in get_args(annotation):
        yield from _blocks(part, path + mark)


def _choices(annotation: Any) -> Iterator[Any]:
    if annotation is bool:
        yield from (True, False)
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _choices(part)


def _defaults(info: FieldInfo) -> frozenset[str]:
    return frozenset() if info.is_required() else frozenset({repr(info.get_default(call_default_factory=True))})


class Seen:
    """What scenarios said, field by field."""

    def __init__(self) -> None:
        self.values: dict[str, set[str]] = defaultdict(set)
        """By path: the different values that were written, as the schema reads them."""
        self.choices: dict[str, set[str]] = defaultdict(set)
        """By path: single values, those of lists one by one."""
        self.laws: set[str] = set()
        """Kinds of distributions, and ``min`` and ``max`` where one is cut."""
        self.columns: set[str] = set()
        """What CSV files hold."""

    def add(self, scenario: Scenario, data: dict[str, Any]) -> None:
        """Take down a scenario; ``data`` is what its text says itself, without built-in values and presets."""
        self._block(scenario, data, "")

    def never_drawn(self) -> set[str]:
        """Fields that have had one value at most, and choices that nobody made, as ``path: choice``.

        A field without a default needs two values to count as drawn; else the other one is the default.
        """
        found = set()
        for field in schema_fields():
            if len(self.values[field.path] | field.defaults) < 2:
                found.add(field.path)
            else:
                missed = {repr(choice) for choice in field.choices} - self.choices[field.path] - field.defaults
                found |= {f"{field.path}: {choice}" for choice in missed}
        return found

    def _block(self, block: BaseModel, data: dict[str, Any], at: str) -> None:
        for name, said in data.items():
            self._value(getattr(block, name), said, _path(at, name))
        self.columns |= set(data.get("columns", ()))

    def _value(self, value: Any, said: Any, path: str) -> None:
        if isinstance(value, BaseModel):
            self._block(value, said, path)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            for each, its in zip(value, said, strict=True):
                self._block(each, its, f"{path}[]")
        elif isinstance(value, dict) and isinstance(next(iter(value.values()), None), BaseModel):
            for key, its in said.items():
                self._block(value[key], its, f"{path}{{}}")
        else:
            self.values[path].add(repr(value))
            self.choices[path] |= {repr(each) for each in (value if isinstance(value, list) else [value])}
            self._law(value)

    def _law(self, value: Any) -> None:
        if isinstance(value, Distribution):
            self.laws.add(value.kind)
            self.laws |= {end for end in ("min", "max") if getattr(value, end) is not None}
            for part in value.parts:
                self._law(part)
