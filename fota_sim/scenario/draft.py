"""A scenario that is being written: its text, what is changed in it, and where it would stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fota_sim.scenario.document import Document, Key, extended, parse_text, parse_value, read_text
from fota_sim.scenario.overrides import apply_override, changes_builtin, located
from fota_sim.scenario.values import override_text, plain_value


@dataclass
class Draft:
    """A scenario as its author wrote it, and changes that hold as if they were written there.

    A change of a draft comes before its strategies, as what the file says does; an override comes after them.
    """

    path: Path
    """Where it stands or would stand: files that it names are looked for beside it, and messages name it."""
    text: str
    document: Document
    """What the text says with what it extends, and with the changes."""
    edits: list[tuple[Key, Any]] = field(default_factory=list)
    """The changes, in their order, for whoever writes them into the text."""

    @classmethod
    def read(cls, path: Path) -> Draft:
        """The file; raises ScenarioError if it cannot be read or is no YAML."""
        return cls.parse(read_text(path), path)

    @classmethod
    def parse(cls, text: str, path: Path) -> Draft:
        """The same from text; raises ScenarioError if it is no YAML."""
        return cls(path, text, extended(parse_text(text, str(path)), path))

    @classmethod
    def of_data(cls, data: Mapping[str, Any], path: Path) -> Draft:
        """A scenario that a program made; its text is written here. Raises ScenarioError for what YAML cannot say."""
        from fota_sim.scenario.yaml_text import plain_text

        plain = plain_value(data)
        text = plain_text(plain)
        parse_text(text, str(path))  # within the limits of a file
        return cls(path, text, extended(Document(plain, {(): (path.stem, 0, 0)}), path))

    @classmethod
    def of(cls, source: Path | str | Draft) -> Draft:
        """One to be used up: a file as it is read now, or a copy of a draft. Raises ScenarioError."""
        return source.copy() if isinstance(source, Draft) else cls.read(Path(source))

    def copy(self) -> Draft:
        """Another one that says the same."""
        return Draft(self.path, self.text, deepcopy(self.document), deepcopy(self.edits))

    def edit(self, name: str, value: Any) -> Key:
        """Say ``value`` at the path ``name``, such as ``fleet.groups.meters.count``; where that is.

        Raises ScenarioError when the path leads nowhere, with the text that ``--set`` has for it.
        """
        if base := changes_builtin(self.document, name):
            self.edit(base, {"extends": base.partition(".")[2]})
        text = override_text(name, value)
        apply_override(self.document, text)
        key = located(self.document, name)
        self.edits.append((key, parse_value(text.partition("=")[2])))
        return key


def as_overrides(given: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """Changes as ``--set`` takes them, from texts of that kind, or from values by their paths."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping):
        return [override_text(name, value) for name, value in given.items()]
    return list(given)
