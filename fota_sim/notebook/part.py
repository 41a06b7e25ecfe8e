"""A part of a scenario under edit: read as a mapping or a list, changed by path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from fota_sim.notebook.edited import Edited
from fota_sim.scenario.document import Key


class _Part:
    """What mappings and lists have in common."""

    def __init__(self, of: Edited, key: Key) -> None:
        self._of, self._key = of, key

    def __setitem__(self, name: str | int, value: Any) -> None:
        """Say another value; ``name`` may be a path such as ``strategy.min_battery``. Raises ScenarioError."""
        self._of.change(self._key, step_text(name), value)

    def plain(self) -> Any:
        """A copy as plain dictionaries and lists."""
        return deepcopy(self._of.written(self._key))

    def __repr__(self) -> str:
        from fota_sim.scenario.yaml_text import plain_text

        plain = self.plain()
        return plain_text(plain).rstrip("\n") if plain else repr(plain)


class MappingPart(_Part, Mapping[str, Any]):
    """A mapping of a scenario: iterates over what is written there, and answers for every field."""

    def __getitem__(self, name: str) -> Any:
        """What is written at ``name``, or else the value that holds. Raises ScenarioError if there is no such field."""
        return _found(self._of, self._key, step_text(name))

    def __contains__(self, name: object) -> bool:
        return name in self.plain()

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain())

    def __len__(self) -> int:
        return len(self.plain())


class ListPart(_Part, Sequence[Any]):
    """A list of a scenario; assign a new list to its path to add or remove entries."""

    def __getitem__(self, name: Any) -> Any:
        """The entry at a position, or the one of that name. Raises IndexError, ScenarioError for a name."""
        if isinstance(name, slice):
            return [part(self._of, (*self._key, index)) for index in range(*name.indices(len(self)))]
        if isinstance(name, int):
            return part(self._of, (*self._key, range(len(self))[name]))
        return _found(self._of, self._key, step_text(name))

    def __len__(self) -> int:
        return len(self.plain())


def part(of: Edited, key: Key) -> Any:
    """What is written at a path: a part where it is a mapping or a list, else the value."""
    found = of.written(key)
    made: Callable[[Edited, Key], Any] | None = (
        MappingPart if isinstance(found, dict) else ListPart if isinstance(found, list) else None
    )
    return found if made is None else made(of, key)


class _HeldPart(MappingPart):
    """A mapping that is not written but holds, such as a built-in host; a change of it is written."""

    def plain(self) -> Any:
        return super().plain() if self._of.is_written(self._key) else deepcopy(self._of.holds(self._key))


def _found(of: Edited, key: Key, name: str) -> Any:
    """What is written for ``name``, or else what holds; raises ScenarioError if there is no such field."""
    at = of.place(key, name)
    if of.is_written(at):
        return part(of, at)
    found = of.holds(at)
    return _HeldPart(of, at) if isinstance(found, dict) else found


def step_text(name: str | int) -> str:
    """A step of a path as paths are written."""
    return f"[{name}]" if isinstance(name, int) else name
