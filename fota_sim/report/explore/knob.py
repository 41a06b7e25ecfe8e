"""One thing that can be turned: what it is called, what it may be, and what it changes in the scenario."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fota_sim.analysis.sensitivity.parameters import unit_of
from fota_sim.report.explore.fields import schema_field

Kind = Literal["steps", "choice", "text"]
NOTHING = "none"
"""The value of a field that says nothing: no limit, no window, no list."""


@dataclass(frozen=True)
class Knob:
    """A control before it is drawn. Values are texts, the same in links, in controls and behind ``--set``."""

    key: str
    """Short: its name in links."""
    part: str
    """The heading that it stands under."""
    label: str
    help: str
    kind: Kind
    """steps: values in order; choice: words; text: whatever the user writes."""
    paths: tuple[str, ...]
    """The fields that it changes, as ``--set`` names them."""
    value: str
    """What the scenario says."""
    changes: Callable[[str], list[str]]
    """What a value changes, as ``--set`` takes it; raises ValueError that says what would do."""
    options: tuple[str, ...] = ()
    """Values to choose from, the scenario's among them; none for text."""
    words: Callable[[str], str] = str
    """What a user reads for a value."""
    hint: str = ""
    """Of a text: what stands where nothing is written."""

    def holding(self, value: str) -> Knob:
        """The same with ``value`` among its options."""
        if self.kind == "text" or value in self.options:
            return self
        if self.kind == "choice":
            return replace(self, options=(*self.options, value))
        first = 1 if self.options[:1] == (NOTHING,) else 0
        place = bisect([_size(option) for option in self.options[first:]], _size(value))
        return replace(self, options=(*self.options[: first + place], value, *self.options[first + place :]))


def _size(value: str) -> float:
    """The number in a value; raises ValueError if there is none."""
    unit = unit_of(value)
    return float(value) if unit is None else unit.parse(value)


def steps(key: str, part: str, label: str, path: str, value: str, options: Sequence[str]) -> Knob:
    """A number of the scenario; of ``options`` those that the schema allows."""
    field = schema_field(path)
    kept = tuple(option for option in options if option == NOTHING or field.holds(_size(option)))

    def changes(chosen: str) -> list[str]:
        return [f"{path}={chosen}"]

    return Knob(key, part, label, field.text, "steps", (path,), value, changes, kept, _spaced).holding(value)


def choice(key: str, part: str, label: str, path: str, value: str) -> Knob:
    """A field that may be one of a few words."""
    field = schema_field(path)

    def changes(chosen: str) -> list[str]:
        return [f"{path}={json.dumps(chosen)}"]

    return Knob(key, part, label, field.text, "choice", (path,), value, changes, field.choices, _plain)


def limit(key: str, part: str, label: str, block: str, value: str, options: Sequence[str], field: str = "") -> Knob:
    """A number that may be missing, or is in a block that may be missing as a whole, which then is ``NOTHING``."""
    path = f"{block}.{field}" if field else block
    found = steps(key, part, label, path, value, (NOTHING, *options))

    def changes(chosen: str) -> list[str]:
        return [f"{block}=null"] if chosen == NOTHING else [f"{path}={chosen}"]

    def words(chosen: str) -> str:
        return "no limit" if chosen == NOTHING else _spaced(chosen)

    return replace(found, help=schema_field(block).text, paths=(block,), changes=changes, words=words)


def text(key: str, part: str, label: str, path: str, value: str, hint: str) -> Knob:
    """A text, or none, which the hint tells the meaning of."""

    def changes(chosen: str) -> list[str]:
        said = chosen.strip()
        return [f"{path}={json.dumps(said) if said else 'null'}"]

    return Knob(key, part, label, schema_field(path).text, "text", (path,), value, changes, hint=hint)


def _spaced(value: str) -> str:
    """A number with its thousands, or with a space before its unit."""
    unit = unit_of(value)
    if unit is None:
        return f"{float(value):,.15g}"
    number = value.rstrip("".join({*"".join(unit.factors)} - {*"0123456789."}))
    return f"{number} {value.removeprefix(number)}".replace("-", "−") if number.lstrip("-+") else value


def _plain(value: str) -> str:
    return value.replace("_", " ")
