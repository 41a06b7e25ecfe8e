"""``--set plan.strategy.min_battery=50%``: one value of a scenario replaced from the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import listed, quoted, shortened
from fota_sim.scenario.document import Document, Key, Place, parse_value, problem
from fota_sim.scenario.libraries import LIBRARIES, builtin
from fota_sim.scenario.plain_names import EVERY
from fota_sim.scenario.yaml_nodes import NotYamlError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NAMED = re.compile(r"[A-Za-z0-9_\-]+", re.ASCII)


def steps_into(entries: Sequence[Any]) -> list[str]:
    """How a path goes on to each entry of a list: ``.meters`` by its name, ``[1]`` where that would not find it."""
    names = [str(getattr(each, "name", "")) for each in entries]
    return [
        f".{name}" if _NAMED.fullmatch(name) and names.count(name) == 1 else f"[{place}]"
        for place, name in enumerate(names)
    ]


def override_path(text: str) -> str:
    """The path in ``path=value``."""
    return text.partition("=")[0].strip()


def apply_override(document: Document, text: str) -> None:
    """Replace one value by ``path=value``; raises ScenarioError when the path leads nowhere.

    A list is entered by position, ``fleet.groups[0].count``, or by the ``name`` of an entry,
    ``fleet.groups.meters.count``. A field of every plan is written ``plans.*.strategy.min_battery``.
    """
    file = f"--set {shortened(text)}"
    name, separator, value_text = text.partition("=")
    if not separator or not _steps(name):
        raise ScenarioError([Problem(file, 0, 0, "", "write path=value, for example plan.strategy.min_battery=50%")])
    try:
        value = parse_value(value_text)
    except NotYamlError as error:
        raise ScenarioError([Problem(file, 0, 0, name, f"{quoted(value_text)} is not a value: {error}")]) from None
    set_field(document, name, value, (file, 0, 0))
    document.texts[file, 0, 0] = value_text.strip()


def set_field(document: Document, name: str, value: Any, place: Place) -> None:
    """Replace the value at the path ``name`` by ``value``, which is written at ``place``; raises ScenarioError.

    ``plans.*.strategy.min_battery`` is that of every plan. A built-in radio, module or host of which one field is
    replaced becomes one of the scenario's own that extends it.
    """
    if base := changes_builtin(document, name):
        set_field(document, base, {"extends": base.partition(".")[2]}, place)
    steps = _steps(name)
    plans = document.data.get("plans")
    if steps[:2] == ["plans", EVERY] and isinstance(plans, dict):
        for plan in plans:
            set_field(document, name.replace(EVERY, str(plan), 1), deepcopy(value), place)
        return
    if len(steps) > 1 and steps[0] == "plan" and isinstance(plans, dict) and "plan" not in document.data:
        rest = name.strip().removeprefix("plan")
        mine = f"plans.{next(iter(plans), 'NAME')}{rest}"
        message = f"the scenario has several plans; write {mine}, or plans.{EVERY}{rest} for all of them"
        raise ScenarioError([Problem(*place, name.strip(), message)])
    if not steps:
        raise ScenarioError([Problem(*place, name, "write the path of a field, for example network.server.egress")])
    node: Any = document.data
    path: Key = ()
    for step in steps[:-1]:
        node, path = _enter(document, node, step, path, place)
    last = _locate(node, steps[-1], path, place)
    node[last] = value
    set_places(document, (*path, last), place)
    _release(document, (*path, last))


def changes_builtin(document: Document, name: str) -> str:
    """The path of the built-in radio, module or host that ``name`` leads into, such as ``hosts.late``.

    '' where it leads into none, or the scenario has one of that name of its own.
    """
    kind, *within = _steps(name)[:3] or [""]
    if kind not in LIBRARIES or len(within) < 2 or within[1] == "extends" or within[0] not in builtin(str(kind)):
        return ""
    own = document.data.get(str(kind))
    taken = own is not None and (not isinstance(own, dict) or own.get(str(within[0])) is not None)
    return "" if taken else f"{kind}.{within[0]}"


def _release(document: Document, key: Key) -> None:
    """What somebody says is not drawn any more (scenario/learnt.py)."""
    learnt = document.data.get("learnt")
    draws = learnt.get("draws") if isinstance(learnt, dict) and key[0] != "learnt" else None
    if not isinstance(draws, dict):
        return
    for name in list(draws):
        try:
            drawn = located(document, str(name))
        except ScenarioError:
            continue  # told where draws are checked
        shared = min(len(drawn), len(key))
        if drawn[:shared] == key[:shared]:
            del draws[name]


def located(document: Document, name: str) -> Key:
    """The path of what ``name`` names, with positions in lists for names, whether it is written or not.

    Raises ScenarioError where a list has no such entry, or a single value is to have parts.
    """
    node: Any = document.data
    path: Key = ()
    for step in _steps(name):
        key = step if node is None else _locate(node, step, path, ("", 0, 0))
        path = (*path, key)
        node = document.value(path)
    return path


def set_places(document: Document, path: Key, place: Place) -> None:
    """Whatever is at ``path``, and all that is in it, was written at ``place``."""
    for old in [known for known in document.places if known[: len(path)] == path]:
        del document.places[old]
    document.places.update(dict.fromkeys(_paths(document.value(path), path), place))


def _paths(value: Any, path: Key) -> Iterator[Key]:
    """The path of a value and of each value in it."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inside:
        yield from _paths(each, (*path, step))


def _steps(name: str) -> list[str | int]:
    return [match[1] if match[2] is None else int(match[2]) for match in _STEP.finditer(name.strip())]


def _enter(document: Document, node: Any, step: str | int, path: Key, place: Place) -> tuple[Any, Key]:
    key = _locate(node, step, path, place)
    if isinstance(node, dict) and (key not in node or node[key] is None):
        node[key] = {}
        document.places[(*path, key)] = place
    return node[key], (*path, key)


def _locate(node: Any, step: str | int, path: Key, place: Place) -> Any:
    where = problem(*place, path, "").path or "the scenario"
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
            [Problem(*place, where, f"has no entry {quoted(step)}; it has {len(node)}: {listed(names)}")]
        )
    raise ScenarioError([Problem(*place, where, f"is a single value and has no {quoted(step)} in it")])
