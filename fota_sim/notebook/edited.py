"""A scenario under edit: what is written, what holds, and changes that are refused where they are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from fota_sim.errors import ScenarioError
from fota_sim.scenario.document import Key, problem
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import field_problems, load_scenario
from fota_sim.scenario.meant import unknown_field
from fota_sim.scenario.overrides import located

_NOTHING = object()


class Edited:
    """A draft, and the strategy of it that is meant."""

    def __init__(self, draft: Draft, strategy: str | None) -> None:
        self.draft, self.strategy = draft, strategy
        self._holds: dict[str, Any] | None = None

    def written(self, key: Key) -> Any:
        """What is written at a path, as plain data; raises LookupError where nothing is."""
        node: Any = self.draft.document.data
        for step in key:
            node = node[step]
        return node

    def place(self, key: Key, name: str) -> Key:
        """Where ``name`` is, written or not; raises ScenarioError where a list has no such entry."""
        return located(self.draft.document, _whole(key, name))

    def is_written(self, key: Key) -> bool:
        """Whether anything is written at a path."""
        return self.draft.document.value(key, _NOTHING) is not _NOTHING

    def holds(self, key: Key) -> Any:
        """What holds where nothing is written; raises ScenarioError if there is no such field."""
        if self._holds is None:
            self._holds = load_scenario(self.draft, (), self.strategy).model_dump(mode="json", by_alias=True)
        node: Any = self._holds
        for step in key:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                raise ScenarioError([unknown_field(key, ("", 0, 0))]) from None
        return deepcopy(node)

    def change(self, key: Key, name: str, value: Any) -> None:
        """Say ``value`` for ``name`` below ``key``; raises ScenarioError."""
        self.update({_whole(key, name): value})

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change several values at once, by path; raises ScenarioError if one of them is itself wrong."""
        draft = self.draft.copy()
        changed = [problem("", 0, 0, draft.edit(path, value), "").path for path, value in changes.items()]
        wrong = [each for each in field_problems(draft) if any(_within(each.path, path) for path in changed)]
        if wrong:
            raise ScenarioError(wrong)
        self.draft, self._holds = draft, None


def _whole(key: Key, name: str) -> str:
    """A path as it is written, from what it is below and what is below that."""
    above = problem("", 0, 0, key, "").path
    return f"{above}{name}" if name.startswith("[") or not above else f"{above}.{name}"


def _within(path: str, changed: str) -> bool:
    return path == changed or path.startswith((f"{changed}.", f"{changed}["))
