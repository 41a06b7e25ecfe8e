"""``--set plan.strategy.min_battery=50%``: one value of a scenario replaced from the command line."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from fota_sim.errors import Problem, ScenarioError
from fota_sim.scenario.document import Document, Key, problem

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def apply_override(document: Document, text: str) -> None:
    """Replace one value; raises ScenarioError when the path leads nowhere.

    A list is entered by position, ``fleet.groups[0].count``, or by the ``name`` of an entry,
    ``fleet.groups.meters.count``.
    """
    file = f"--set {text}"
    name, separator, value_text = text.partition("=")
    steps = [match[1] if match[2] is None else int(match[2]) for match in _STEP.finditer(name.strip())]
    if not separator or not steps:
        raise ScenarioError([Problem(file, 0, 0, "", "write path=value, for example plan.strategy.min_battery=50%")])
    try:
        value = YAML(typ="safe").load(value_text)
    except YAMLError as error:
        raise ScenarioError([Problem(file, 0, 0, name, f"{value_text!r} is not a YAML value")]) from error
    node: Any = document.data
    path: Key = ()
    for step in steps[:-1]:
        node, path = _enter(document, node, step, path, file)
    last = _locate(node, steps[-1], path, file)
    node[last] = value
    path = (*path, last)
    for old in [place for place in document.places if place[: len(path)] == path]:
        del document.places[old]
    document.places[path] = (file, 0, 0)


def _enter(document: Document, node: Any, step: str | int, path: Key, file: str) -> tuple[Any, Key]:
    key = _locate(node, step, path, file)
    if isinstance(node, dict) and (key not in node or node[key] is None):
        node[key] = {}
        document.places[(*path, key)] = (file, 0, 0)
    return node[key], (*path, key)


def _locate(node: Any, step: str | int, path: Key, file: str) -> Any:
    where = problem(file, 0, 0, path, "").path or "the scenario"
    if isinstance(node, dict):
        return str(step)
    if isinstance(node, list):
        if isinstance(step, int) and step < len(node):
            return step
        for index, entry in enumerate(node):
            if isinstance(entry, dict) and entry.get("name") == step:
                return index
        names = [str(entry.get("name")) for entry in node if isinstance(entry, dict) and "name" in entry]
        raise ScenarioError(
            [Problem(file, 0, 0, where, f"has no entry {step!r}; it has {len(node)}: {', '.join(names)}")]
        )
    raise ScenarioError([Problem(file, 0, 0, where, f"is a single value and has no {step!r} in it")])
