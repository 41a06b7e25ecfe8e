"""YAML with places: plain data, and for every path in it the file, line and column it came from."""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario import text_file
from fota_sim.scenario.held import Held
from fota_sim.scenario.text_file import NO_SUCH_FILE, UnreadableFileError
from fota_sim.scenario.yaml_nodes import (
    MAX_SIZE_B,
    MAX_VALUES,
    MappingNode,
    Node,
    NotYamlError,
    ScalarNode,
    SequenceNode,
    compose,
    scalar,
)

Place = tuple[str, int, int]
Key = tuple[str | int, ...]

_MERGE = "tag:yaml.org,2002:merge"


_OF_TABLES = (".csv", ".tsv", ".xlsx")
"""Of files that people have their devices in, as they are named."""


@dataclass
class Document:
    """Plain data and where each part of it stands."""

    data: dict[str, Any]
    places: dict[Key, Place] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    """Tables that a program holds, by the file that the data name for each."""
    texts: dict[Place, str] = field(default_factory=dict)
    """Numbers as they are written, where YAML reads them otherwise: ``1_0`` is 10, and ``2.10`` is 2.1."""

    def place(self, path: Key) -> Place:
        """Where ``path`` stands, or its nearest ancestor that is written anywhere."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, next(iter(self.places.values()), ("", 0, 0)))

    def value(self, path: Key, otherwise: Any = None) -> Any:
        """What is written at ``path``; ``otherwise`` where nothing is."""
        node: Any = self.data
        for step in path:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                return otherwise
        return node

    def merge(self, other: Document, at: Key = ()) -> None:
        """Lay ``other`` over this: mappings merge, everything else is replaced."""
        _merge(self.data, other.data, (), self.places, other.places)
        self.texts |= other.texts


def _merge(
    below: dict[str, Any], above: dict[str, Any], path: Key, places: dict[Key, Place], new: dict[Key, Place]
) -> None:
    for key, value in above.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            places[here] = new.get(here, places.get(here, ("", 0, 0)))
            _merge(below[key], value, here, places, new)
            continue
        below[key] = value
        for old in [p for p in places if p[: len(here)] == here]:
            del places[old]
        places.update({p: place for p, place in new.items() if p[: len(here)] == here})


@dataclass
class _Reading:
    """From nodes to plain data and places, and what is wrong with names on the way."""

    file: str
    places: dict[Key, Place]
    problems: list[Problem] = field(default_factory=list)
    texts: dict[Place, str] = field(default_factory=dict)

    def place(self, node: Node) -> Place:
        return self.file, node.start_mark.line + 1, node.start_mark.column + 1

    def plain(self, node: Node, path: Key) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            items = []
            for index, each in enumerate(node.value):
                self.places[*path, index] = self.place(each)
                items.append(self.plain(each, (*path, index)))
            return items
        assert isinstance(node, ScalarNode)  # there are three kinds
        value = scalar(node)
        if isinstance(value, int | float) and not isinstance(value, bool) and str(value) != node.value:
            self.texts[self.places.get(path, self.place(node))] = node.value
        return value

    def _mapping(self, node: MappingNode, path: Key) -> dict[str, Any]:
        data: dict[str, Any] = {}
        own: dict[str, int] = {}
        for key_node, value_node in node.value:
            if str(key_node.tag) == _MERGE:
                for below in value_node.value if isinstance(value_node, SequenceNode) else (value_node,):
                    self._merge_under(data, below, path)
                continue
            key: Any = scalar(key_node) if isinstance(key_node, ScalarNode) else key_node
            here = (*path, str(key) if isinstance(key_node, ScalarNode) else "?")
            self._check_key(key, key_node, own, path)
            own[str(here[-1])] = key_node.start_mark.line + 1
            self.places[here] = self.place(key_node)
            data[str(here[-1])] = self.plain(value_node, here)
        return data

    def _check_key(self, key: Any, node: Node, own: dict[str, int], path: Key) -> None:
        place = self.place(node)
        if not isinstance(key, str) and not (type(key) is int and str(key) == node.value):
            said = "a list or a mapping" if isinstance(key, Node) else quoted(key)
            instead = "" if isinstance(key, Node) else f': "{shortened(node.value)}"'
            message = f"YAML reads this name as {said}; write it in quotes{instead}"
            if not isinstance(key, Node) and node.value == "0" * 3:
                message = "a comma ends an entry in braces, also one of thousands: write 40000 and not 40,000"
            self.problems.append(problem(*place, path, message))
        elif str(key) in own:
            message = f"{quoted(key)} stands in line {own[str(key)]} already; keep one of the two"
            self.problems.append(problem(*place, path, message))
        elif not str(key).isprintable():
            message = f"{quoted(key)} holds a character that cannot be seen; a name is one line of text"
            self.problems.append(problem(*place, path, message))

    def _merge_under(self, data: dict[str, Any], below: Node, path: Key) -> None:
        """Take what ``<<`` names for keys that are not there yet; those that follow replace it."""
        if not isinstance(below, MappingNode):
            message = "<< takes the alias (*name) of a mapping, or a list of them"
            self.problems.append(problem(*self.place(below), path, message))
            return
        for key, value in self._mapping(below, path).items():
            data.setdefault(key, value)


def problem(file: str, line: int, column: int, path: Key, message: str) -> Problem:
    """A problem with its path written as people write it: fleet.groups[0].count."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return Problem(file, line, column, text, message)


def parse_text(text: str, file: str, most: int = MAX_VALUES) -> Document:
    """Parse YAML that must be a mapping of at most so many values; raises ScenarioError."""
    reading = _Reading(file, {(): (file, 1, 1)})
    try:
        node = compose(text, most)
        if not isinstance(node, MappingNode):
            what = "empty" if node is None or node.value == "" else "no scenario (not a mapping of keys)"
            message = f"the file is {what}; `fota-sim new FILE` writes one to start from"
            if Path(file).suffix.lower() in _OF_TABLES:
                name = shlex.quote(file)
                message = f"is a table of devices and no scenario; `fota-sim fleet inspect {name}` finds how it is read"
            raise ScenarioError([Problem(file, 0, 0, "", message)])
        data = reading.plain(node, ())
    except NotYamlError as error:
        raise ScenarioError([Problem(file, error.line, error.column, "", str(error))]) from None
    if reading.problems:
        raise ScenarioError(reading.problems)
    return Document(data, reading.places, texts=reading.texts)


def parse_value(text: str) -> Any:
    """One value of a scenario from text, as plain data; raises NotYamlError."""
    node = compose(text)
    reading = _Reading("", {})
    value = None if node is None else reading.plain(node, ())
    if reading.problems:
        raise NotYamlError(reading.problems[0].message)
    return value


def read_text(path: Path) -> str:
    """The file's text; raises ScenarioError when it cannot be read."""
    try:
        return text_file.read_text(
            path, MAX_SIZE_B, "Put long lists of devices into files of their own (file: ids.txt)"
        )
    except UnreadableFileError as error:
        hint = _instead_of(path) if str(error) == NO_SUCH_FILE else ""
        raise ScenarioError([Problem(str(path), error.line, error.column, "", f"{error}{hint}")]) from None


def _instead_of(path: Path) -> str:
    """What may be meant by a name that no file has: one beside it, or none yet."""
    beside = {each.stem: each.name for each in sorted(path.parent.glob("*.y*ml"))} if path.parent.is_dir() else {}
    near = difflib.get_close_matches(path.stem, beside, n=1)
    return (
        f"; did you mean {quoted(beside[near[0]])}?" if near else "; check the name, or write one with `fota-sim new`"
    )


def load_document(path: Path, chain: tuple[Path, ...] = ()) -> Document:
    """The file with everything it extends laid under it; raises ScenarioError."""
    return extended(parse_text(read_text(path), str(path)), path, chain)


def extended(document: Document, path: Path, chain: tuple[Path, ...] = ()) -> Document:
    """The document laid over the file that it extends, if any; raises ScenarioError."""
    base = document.data.pop("extends", None)
    if base is None:
        return document
    file, line, column = document.place(("extends",))
    if not isinstance(base, str):
        raise ScenarioError([Problem(file, line, column, "extends", "must be the path of another scenario")])
    below_path = (path.parent / base).resolve()
    if below_path in (*chain, path.resolve()):
        raise ScenarioError(
            [Problem(file, line, column, "extends", f"{base} extends this file again; break the circle")]
        )
    if not below_path.exists():
        raise ScenarioError([Problem(file, line, column, "extends", f"{base}: no such file beside this one")])
    below = load_document(below_path, (*chain, path.resolve()))
    below.merge(document)
    return below
