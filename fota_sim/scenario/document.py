"""YAML with places: plain data, and for every path in it the file, line and column it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from fota_sim.errors import Problem, ScenarioError

Place = tuple[str, int, int]
Key = tuple[str | int, ...]


@dataclass
class Document:
    """Plain data and where each part of it stands."""

    data: dict[str, Any]
    places: dict[Key, Place] = field(default_factory=dict)

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


def _plain(node: Any, path: Key, file: str, places: dict[Key, Place], problems: list[Problem]) -> Any:
    if isinstance(node, CommentedMap):
        data = {}
        for key, value in node.items():
            here = (*path, str(key))
            if key in node.lc.data:
                line, column = node.lc.key(key)
                places[here] = (file, line + 1, column + 1)
            if not isinstance(key, str) and type(key) is not int:
                place = places.get(here, places.get(path, (file, 0, 0)))
                message = f'YAML reads this name as {key}; write it in quotes, for example "1_0"'
                problems.append(problem(*place, path, message))
            data[str(key)] = _plain(value, here, file, places, problems)
        return data
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            here = (*path, index)
            line, column = node.lc.item(index)
            places[here] = (file, line + 1, column + 1)
            items.append(_plain(value, here, file, places, problems))
        return items
    if isinstance(node, TaggedScalar):
        place = places.get(path, (file, 0, 0))
        problems.append(problem(*place, path, "a YAML tag (!...) means nothing here; write the value alone"))
        return str(node.value)
    if isinstance(node, float):
        return float(node)
    if isinstance(node, int) and not isinstance(node, bool):
        return int(node)
    if isinstance(node, str):
        return str(node)
    return node


def problem(file: str, line: int, column: int, path: Key, message: str) -> Problem:
    """A problem with its path written as people write it: fleet.groups[0].count."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return Problem(file, line, column, text, message)


_HINTS = {
    "mapping values are not allowed": "; put a text with a colon in quotes, or check the indentation",
    "'\\t'": "; indent with spaces, not with tabs",
    "another document": "; one file holds one scenario, remove the line ---",
    "duplicate key": "; keep one of the two",
    "expected <block end>": "; check the indentation",
    "expected ',' or": "; close the bracket that is open",
}
"""What would do, by a part of what the YAML parser says."""


def parse_text(text: str, file: str) -> Document:
    """Parse YAML that must be a mapping; raises ScenarioError."""
    places: dict[Key, Place] = {(): (file, 1, 1)}
    problems: list[Problem] = []
    try:
        node = YAML(typ="rt").load(text)
        if not isinstance(node, CommentedMap):
            what = "empty" if node is None else "not a mapping"
            message = f"the file is {what}; `fota-sim new FILE` writes one to start from"
            raise ScenarioError([Problem(file, 0, 0, "", message)])
        data = _plain(node, (), file, places, problems)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = " ".join((error.problem or "cannot be read").split())
        what += next((hint for part, hint in _HINTS.items() if part in what), "")
        raise ScenarioError([Problem(file, line, column, "", f"not valid YAML: {what}")]) from error
    except RecursionError:
        raise ScenarioError([Problem(file, 0, 0, "", "is nested too deeply, or contains itself")]) from None
    except YAMLError as error:
        what = " ".join(str(error).split())
        raise ScenarioError([Problem(file, 0, 0, "", f"not valid YAML: {what}")]) from error
    except ValueError as error:
        raise ScenarioError([_impossible_date(text, file, str(error))]) from error
    if problems:
        raise ScenarioError(problems)
    return Document(data, places)


def _impossible_date(text: str, file: str, what: str) -> Problem:
    """The place of a date such as 30 February, on which the YAML parser gives up without saying where."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in re.finditer(r"\d{4}-\d\d-\d\d", line):
            try:
                date.fromisoformat(found[0])
            except ValueError:
                return Problem(file, number, found.start() + 1, "", f"{found[0]} is no date: {what}")
    return Problem(file, 0, 0, "", f"not valid YAML: {what}; check dates and times")


def read_text(path: Path) -> str:
    """The file's text; raises ScenarioError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = "no such file; check the name, or write one with `fota-sim new`"
    except IsADirectoryError:
        message = "is a folder; name the YAML file in it"
    except UnicodeDecodeError:
        message = "is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    raise ScenarioError([Problem(str(path), 0, 0, "", message)])


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
