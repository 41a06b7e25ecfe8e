"""A draft as a text again: what its author wrote, with comments and order, and its changes where they belong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.util import load_yaml_guess_indent

from fota_sim.errors import FotaSimError
from fota_sim.scenario.document import Document, Key, parse_text
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.yaml_text import dumped, node_of, plain_text, writer

_NEVER = 1 << 20
"""Characters: a line that nobody changed stays one."""
_LISTS = ("whitelist", "blacklist")
"""Lists of the plan whose devices may stand in a file."""


def rewritten(draft: Draft, folder: Path) -> str:
    """The text of a draft that is to stand in ``folder``; files are named from there.

    Raises FotaSimError where a change cannot be put into the text, for aliases share a value in it.
    """
    moved = _moved(draft, folder)
    if not moved.edits:
        return moved.text
    text = _with_edits(moved)
    again = Draft.parse(text, folder / draft.path.name)
    if again.document.data != moved.document.data:
        raise FotaSimError(
            f"{draft.path}: the changes cannot be written into its text, in which an alias (*name) makes one value of "
            "several; save it without comments"
        )
    return text


def moved_text(draft: Draft, folder: Path) -> str:
    """A draft with everything that it extends and without its comments, as it would stand in ``folder``."""
    moved = _moved(draft, folder)
    return plain_text(moved.document.data)


def _moved(draft: Draft, folder: Path) -> Draft:
    """The draft as one that names its files from another folder."""
    before, after = draft.path.parent.resolve(), folder.resolve()
    if before == after:
        return draft
    moved = draft.copy()
    held = draft.document.held
    for key, name in [*_named(moved.document), *_extends(draft)]:
        if name in held or os.path.isabs(name):
            continue
        value = Path(os.path.relpath(before / name, after)).as_posix()
        if key != ("extends",):
            _put(moved.document.data, key, value)
        moved.edits.append((key, value))
    return moved


def _extends(draft: Draft) -> list[tuple[Key, str]]:
    base = parse_text(draft.text, str(draft.path)).data.get("extends")
    return [(("extends",), base)] if isinstance(base, str) else []


def _named(document: Document) -> list[tuple[Key, str]]:
    """Every file that a document names, by its path in it, also in strategies."""
    found: list[tuple[Key, str]] = []

    def look(node: Any, at: Key) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                names_file = key == "file" and (at[:2] == ("fleet", "csv") or (at and at[-1] in _LISTS))
                if names_file and isinstance(value, str):
                    found.append(((*at, key), value))
                look(value, (*at, key))
        elif isinstance(node, list):
            for index, value in enumerate(node):
                look(value, (*at, index))

    look(document.data, ())
    return found


def _put(node: Any, key: Key, value: Any) -> None:
    for step in key[:-1]:
        node = node[step]
    node[key[-1]] = value


def _with_edits(draft: Draft) -> str:
    """The author's text with each change in its place; what it takes from another file is written out around it."""
    offset = load_yaml_guess_indent(draft.text)[2] or 0
    yaml = writer(_NEVER)
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    tree = yaml.load(draft.text)
    for key, value in draft.edits:
        _edit(tree, key, value, draft.document)
    return dumped(yaml, tree)


def _edit(tree: Any, key: Key, value: Any, document: Document) -> None:
    node = tree
    for place, step in enumerate(key[:-1]):
        inner = node.get(step) if isinstance(node, dict) else node[step]
        if inner is None:
            below = document.value(key[: place + 1])
            if isinstance(below, list):  # a list of the file that this extends: lists do not merge
                node[step] = node_of(below)
                return
            inner = node[step] = CommentedMap()
        node = inner
    node[key[-1]] = node_of(value)
