"""From a YAML file to a checked scenario, or to every problem in it at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from fota_sim.errors import Problem, ScenarioError
from fota_sim.scenario.document import Document, Key, extended, load_document, parse_text, problem
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import apply_override
from fota_sim.scenario.wording import wording

_LIBRARIES = ("radios", "modules", "hosts")


def load_scenario(path: Path | str, overrides: Sequence[str] = ()) -> Scenario:
    """Read, override, resolve and check a scenario; raises ScenarioError with everything that is wrong."""
    path = Path(path)
    document = load_document(path)
    return _build(document, overrides, path)


def parse_scenario(text: str, path: Path | str = "scenario.yaml", overrides: Sequence[str] = ()) -> Scenario:
    """The same from text; files it names are looked for beside ``path``."""
    path = Path(path)
    return _build(extended(parse_text(text, str(path)), path), overrides, path)


def _build(document: Document, overrides: Sequence[str], path: Path) -> Scenario:
    from fota_sim.scenario.checks import cross_check

    for override in overrides:
        apply_override(document, override)
    data = document.data
    if not data.get("name"):
        data["name"] = re.sub(r"[^A-Za-z0-9_.\- ]", "-", path.stem)
    problems = _resolve_libraries(document)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        problems += _schema_problems(document, error.errors(), problems)
        raise ScenarioError(problems) from None
    scenario._base_dir = path.resolve().parent
    problems += [problem(*document.place(where), where, message) for where, message in cross_check(scenario)]
    if problems:
        raise ScenarioError(problems)
    return scenario


def builtin(kind: str) -> dict[str, Any]:
    """The built-in radios, modules or hosts, as their YAML has them."""
    text = (files("fota_sim.scenario") / "builtin" / f"{kind}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


def _resolve_libraries(document: Document) -> list[Problem]:
    """Put the built-in radios, modules and hosts in, and lay what extends over what it extends."""
    problems: list[Problem] = []
    for kind in _LIBRARIES:
        own = document.data.get(kind) or {}
        if not isinstance(own, dict):
            continue  # the schema says what is wrong
        known = builtin(kind)
        resolved: dict[str, Any] = dict(known)
        for name, entry in own.items():
            if not isinstance(entry, dict):
                resolved[name] = entry
                continue
            layers, base, seen = [entry], entry.get("extends"), {name}
            while base is not None:
                source = _extended(base, own, known, seen)
                if not isinstance(source, dict):
                    where = (kind, name, "extends")
                    message = f"there is no {kind[:-1]} {base!r}{_did_you_mean(str(base), [*known, *own])}"
                    if base in [*seen]:
                        message = f"{base!r} extends this one again; break the circle"
                    problems.append(problem(*document.place(where), where, message))
                    break
                layers.append(source)
                seen.add(base)
                base = source.get("extends") if base in own else None
            merged: dict[str, Any] = {}
            for layer in reversed(layers):
                merged.update(layer)
            resolved[name] = merged
        document.data[kind] = resolved
    return problems


def _extended(base: Any, own: dict[str, Any], known: dict[str, Any], seen: set[str]) -> Any:
    """What ``base`` names: the scenario's own, or the built-in one if that is where the name came from."""
    if not isinstance(base, str):
        return None
    return known.get(base) if base in seen or base not in own else own[base]


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(sorted(set(known)))}" if known else ""


def _keys_at(path: Key) -> list[str]:
    """The keys that the schema knows in the mapping at ``path``."""
    model: Any = Scenario
    for step in path:
        if isinstance(step, str) and isinstance(model, type) and issubclass(model, BaseModel):
            if step not in model.model_fields:
                return []
            model = model.model_fields[step].annotation
        elif get_args(model):
            model = get_args(model)[-1]
        while not (isinstance(model, type) and issubclass(model, BaseModel)) and get_args(model):
            inner = [a for a in get_args(model) if isinstance(a, type) and issubclass(a, BaseModel)]
            if not inner:
                break
            if str(model).startswith(("list", "dict")):
                break
            model = inner[0]
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _translate(document: Document, error: dict[str, Any]) -> Problem:
    """One pydantic error as a problem with its place."""
    path: Key = tuple(step for step in error["loc"] if not str(step).startswith(("function-", "constrained-")))
    kind = error["type"]
    if kind == "extra_forbidden":
        message = f"unknown key {path[-1]!r}{_did_you_mean(str(path[-1]), _keys_at(path[:-1]))}"
    elif kind == "missing":
        last, path = path[-1], path[:-1]
        message = f"{last!r} is missing here; it has no default"
        if isinstance(last, int):
            message = f"the list is too short; entry {last + 1} is missing"
    else:
        given = document.value(path, error.get("input"))
        message = wording(kind, given, error.get("ctx", {}), str(error["msg"]).removeprefix("Value error, "))
    return problem(*document.place(path), path, message)


def _schema_problems(document: Document, errors: Sequence[Any], told: Sequence[Problem]) -> list[Problem]:
    """All errors as problems; what a radio, module or host of your own lacks is one of them, not a dozen."""
    problems: list[Problem] = []
    known = {other.path for other in told}
    lacking: dict[Key, list[str]] = {}
    for error in errors:
        loc = error["loc"]
        if error["type"] == "missing" and len(loc) == 3 and loc[0] in _LIBRARIES:
            lacking.setdefault(loc[:2], []).append(str(loc[2]))
        else:
            found = _translate(document, error)
            problems += [found] if found.path not in known else []
    for path, names in lacking.items():
        found = problem(*document.place(path), path, "")
        if f"{found.path}.extends" in known:
            continue  # it would take them from what it cannot extend
        message = f"does not say {', '.join(names)}; say so, or take the rest from a built-in one with extends:"
        if document.value((*path, "extends")) is None:
            message += f" {', '.join(builtin(str(path[0])))}"
        problems.append(problem(*document.place(path), path, message))
    return problems
