"""From a YAML file to a checked scenario, or to every problem in it at once."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from fota_sim.errors import Problem, ScenarioError
from fota_sim.scenario.document import Document, Key, load_document, parse_text, problem
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import apply_override

_LIBRARIES = ("radios", "modules", "hosts")


def load_scenario(path: Path | str, overrides: Sequence[str] = ()) -> Scenario:
    """Read, override, resolve and check a scenario; raises ScenarioError with everything that is wrong."""
    path = Path(path)
    document = load_document(path)
    return _build(document, overrides, path)


def parse_scenario(text: str, path: Path | str = "scenario.yaml", overrides: Sequence[str] = ()) -> Scenario:
    """The same from text; files it names are looked for beside ``path``."""
    path = Path(path)
    return _build(parse_text(text, str(path)), overrides, path)


def _build(document: Document, overrides: Sequence[str], path: Path) -> Scenario:
    from fota_sim.scenario.checks import cross_check

    for override in overrides:
        apply_override(document, override)
    data = document.data
    if not data.get("name"):
        data["name"] = path.stem
    problems = _resolve_libraries(document)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        problems += [_translate(document, details) for details in error.errors()]  # type: ignore[arg-type]
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
                source = known.get(base) if base in seen or base not in own else own[base]
                if not isinstance(source, dict):
                    place = document.place((kind, name, "extends"))
                    hint = _did_you_mean(str(base), [*known, *own])
                    problems.append(problem(*place, (kind, name, "extends"), f"there is no {kind[:-1]} {base!r}{hint}"))
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
    given = error.get("input")
    message = str(error["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        message = f"unknown key {path[-1]!r}{_did_you_mean(str(path[-1]), _keys_at(path[:-1]))}"
    elif kind == "missing":
        message = f"{path[-1]!r} is missing here; it has no default"
        path = path[:-1]
    elif kind == "literal_error":
        message = f"{given!r} is not one of {error['ctx']['expected']}"
    elif kind in ("model_type", "dict_type", "model_attributes_type"):
        message = f"must be a mapping of keys, not {given!r}"
    elif kind == "list_type":
        message = f"must be a list, not {given!r}"
    elif kind.startswith(("greater", "less")):
        message = f"{given} is out of range: {message[0].lower()}{message[1:]}"
    elif kind.startswith(("int_", "float_", "bool_", "string_", "datetime")):
        message = f"{given!r}: {message[0].lower()}{message[1:]}"
    return problem(*document.place(path), path, message)
