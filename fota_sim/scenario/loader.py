"""From a YAML file to a checked scenario, or to every problem in it at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.activation import Activation
from fota_sim.scenario.document import Document, Key, extended, parse_text, problem
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.held import Held
from fota_sim.scenario.libraries import LIBRARIES, builtin
from fota_sim.scenario.meant import instead_of_more, unknown_field, value_for_part
from fota_sim.scenario.model import ONE_OR_SEVERAL, Scenario, Written
from fota_sim.scenario.overrides import set_field
from fota_sim.scenario.start import after_activation
from fota_sim.scenario.strategies import Strategies, lay, owned
from fota_sim.scenario.units import MomentError
from fota_sim.scenario.wording import NO_PART, TOO_MUCH, did_you_mean, wording
from fota_sim.scenario.yaml_nodes import MAX_RESOLVED

_MOST_ERRORS = 200
"""Mistakes of one file that are put into words; each is compared with every name that is known."""

_STRATEGIES: TypeAdapter[Strategies] = TypeAdapter(Strategies)
"""Made once: a page of sliders loads a scenario for each place of a slider, and a sweep hundreds."""


def load_scenario(source: Path | str | Draft, overrides: Sequence[str] = (), strategy: str | None = None) -> Scenario:
    """Read, override, resolve and check a scenario; raises ScenarioError with everything that is wrong.

    ``strategy``: the one of ``strategies`` to merge in; None: the one that the file says, or none. ``overrides`` win
    over it.
    """
    draft = Draft.of(source)
    return build_scenario(draft.document, overrides, draft.path, strategy)


def load_located(
    source: Path | str | Draft, overrides: Sequence[str] = (), strategy: str | None = None
) -> tuple[Scenario, Document]:
    """As ``load_scenario``, with the document that says where each part of it stands."""
    draft = Draft.of(source)
    return build_scenario(draft.document, overrides, draft.path, strategy), draft.document


def parse_scenario(
    text: str, path: Path | str = "scenario.yaml", overrides: Sequence[str] = (), strategy: str | None = None
) -> Scenario:
    """The same from text; files it names are looked for beside ``path``."""
    path = Path(path)
    return build_scenario(extended(parse_text(text, str(path)), path), overrides, path, strategy)


def check_resolved(text: str, path: Path, held: Mapping[str, Held] | None = None) -> Scenario:
    """A resolved scenario to be played again; raises ScenarioError, also for files that it names and that are gone.

    ``held``: tables in place of files, by the names of the files.
    """
    document = parse_text(text, str(path), MAX_RESOLVED)
    document.held.update(held or {})
    return build_scenario(document, [], path, None)


def load_resolved(text: str, path: Path) -> Scenario:
    """A resolved scenario as it was run, to be read: files that it names need not be there any more.

    ``path``: where it would stand, beside those files. Raises ScenarioError if its schema does not fit.
    """
    return _checked(parse_text(text, str(path), MAX_RESOLVED), path, None, [])


def resolved_scenario(data: dict[str, Any], path: Path) -> Scenario:
    """The same from what its JSON says."""
    return _checked(Document(data), path, None, [])


def load_strategies(source: Path | str | Draft, overrides: Sequence[str] = ()) -> dict[str, Scenario]:
    """Every named strategy as a checked scenario; raises ScenarioError with what is wrong in any of them.

    The problems of the scenario itself are told once.
    """
    draft = Draft.of(source)
    document, path = draft.document, draft.path
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    try:
        build_scenario(deepcopy(document), overrides, path, None)
    except ScenarioError as error:
        problems += error.problems
    names = document.data.get("strategies")
    for name in names if isinstance(names, dict) else ():
        try:
            found[name] = build_scenario(deepcopy(document), overrides, path, name)
        except ScenarioError as error:
            told = {(p.file, p.line, p.column, p.message) for p in problems}
            problems += [p for p in error.problems if (p.file, p.line, p.column, p.message) not in told]
    if problems:
        raise ScenarioError(problems)
    return found


def field_problems(draft: Draft) -> list[Problem]:
    """What is wrong with single fields of a draft or of its strategies, whether or not all of it fits together."""
    found: dict[Problem, None] = {}
    try:
        names = list(_take_strategies(deepcopy(draft.document)).data.get("strategies", {}))
    except ScenarioError as error:
        return error.problems
    for name in (None, *names):
        document = deepcopy(draft.document)
        strategies = _take_strategies(document)
        try:
            _checked(document, draft.path, name, lay(document, strategies, name, []))
        except ScenarioError as error:
            problems = owned(error.problems, strategies, name) if name else error.problems
            found |= dict.fromkeys(problems)
    return list(found)


def build_scenario(document: Document, overrides: Sequence[str], path: Path, strategy: str | None) -> Scenario:
    from fota_sim.scenario.checks import cross_check

    strategies = _take_strategies(document)
    name = _chosen(document, strategies, strategy)
    try:
        told = lay(document, strategies, name, list(overrides))
        scenario = _checked(document, path, name, told)
        problems = [problem(*document.place(where), where, message) for where, message in cross_check(scenario)]
        if not problems and scenario.learnt is not None and scenario.learnt.draws:
            problems = _undrawable(scenario, document)
        if problems:
            raise ScenarioError(problems)
    except ScenarioError as error:
        raise ScenarioError(owned(error.problems, strategies, name) if name else error.problems) from None
    return scenario


def with_values(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A checked scenario with other values by path, as ``--set`` takes them; raises ScenarioError with all problems."""
    data = scenario.model_dump(mode="json", by_alias=True)
    place = scenario.base_dir / scenario.name
    document = Document(data, {(): (scenario.name, 0, 0)}, scenario.fleet.held)
    as_text = {path: f"{path}={json.dumps(value)}" for path, value in values.items()}
    preset = [text for path, text in as_text.items() if path == "plan.preset"]  # it is laid under all the others
    for path, text in as_text.items():
        if path != "plan.preset":  # as it is: to write and read values again took half of the time of a short run
            set_field(document, path, deepcopy(values[path]), (f"--set {shortened(text)}", 0, 0))
    return build_scenario(document, preset, place, None)


def _undrawable(scenario: Scenario, document: Document) -> list[Problem]:
    """What is wrong with the first draw of what was learnt; the others have the same form."""
    assert scenario.learnt is not None
    first = {path: values[0] for path, values in scenario.learnt.draws.items()}
    try:
        with_values(scenario.model_copy(update={"learnt": None}), first)
    except ScenarioError as error:
        place, path = document.place(("learnt", "draws")), "learnt.draws"
        return [Problem(*place, f"{path}.{each.path}", each.message) for each in error.problems]
    return []


def _checked(document: Document, path: Path, strategy: str | None, told: Sequence[Problem]) -> Scenario:
    """The scenario that the document says; raises ScenarioError with what its schema finds, and ``told``."""
    data = document.data
    if strategy is not None:
        data["strategy"] = strategy
    if not data.get("name"):
        name = re.sub(r"[^A-Za-z0-9_.\- ]", "-", path.stem)[:100]
        data["name"] = name if re.search("[A-Za-z0-9]", name) else "scenario"  # a name in another script
    problems = [*told, *_one_or_several(document), *_resolve_libraries(document)]
    try:
        scenario = Scenario.model_validate(data, context={"activation": Activation.of(data)})
    except ValidationError as error:
        problems += _schema_problems(document, error.errors(), problems)
        raise ScenarioError(problems) from None
    if problems:
        raise ScenarioError(problems)
    if document.held:
        scenario = scenario.model_copy(update={"fleet": scenario.fleet.with_held(document.held)})
    scenario._base_dir = path.resolve().parent
    scenario._written = Written({problem(*place, key, "").path: place for key, place in document.places.items()})
    return scenario


def _one_or_several(document: Document) -> list[Problem]:
    """A scenario has one plan or several by name; told beside what the schema finds."""
    there = [name for name in ("plan", "plans") if document.data.get(name) is not None]
    if len(there) == 2:
        at: Key = ("plans",)
        message = "stands beside plan; a scenario has one plan (plan:) or several by name (plans:), not both"
        return [problem(*document.place(at), at, message)]
    if not there:
        return [problem(*document.place(()), (), "'plan' is missing here; it has no default")]
    if document.data["plans" if "plans" in there else "plan"] == {} and "plans" in there:
        return [problem(*document.place(("plans",)), ("plans",), "has no plans in it; name at least one")]
    return []


def _take_strategies(document: Document) -> Document:
    """Take the strategies out of the document; raises ScenarioError where one has not the shape of a strategy."""
    at: Key = ("strategies",)
    if document.data.get("strategies") is None:
        document.data.pop("strategies", None)
        return Document({})
    places = {path: place for path, place in document.places.items() if path[:1] == at}
    strategies = Document({"strategies": document.data.pop("strategies")}, places, texts=document.texts)
    try:
        _STRATEGIES.validate_python(strategies.data["strategies"])
    except ValidationError as error:
        found = [_translate(strategies, {**each, "loc": (*at, *each["loc"])}) for each in error.errors()]
        raise ScenarioError(found) from None
    return strategies


def _chosen(document: Document, strategies: Document, asked: str | None) -> str | None:
    """The strategy to merge in; raises ScenarioError if there is none of that name.

    What a file says of its own counts only beside ``strategies``: in a resolved scenario, which has none, it says what
    was merged in already.
    """
    names = list(strategies.data.get("strategies", {}))
    name = asked
    place, where = (next(iter(document.places.values()), ("", 0, 0))[0], 0, 0), ("strategies",)
    if name is None and names and document.data.get("strategy") is not None:
        name = document.data["strategy"]
        where = ("strategy",)
        place = document.place(where)
    if name is None or name in names:
        return name
    if not names:
        raise ScenarioError(
            [problem(*place, (), f"has no strategies, so no {quoted(name)}; name them under strategies:")]
        )
    raise ScenarioError(
        [problem(*place, where, f"there is no strategy {quoted(name)}{did_you_mean(str(name), names)}")]
    )


def _resolve_libraries(document: Document) -> list[Problem]:
    """Put the built-in radios, modules and hosts in, and lay what extends over what it extends."""
    problems: list[Problem] = []
    for kind in LIBRARIES:
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
                    message = f"there is no {kind[:-1]} {quoted(base)}{did_you_mean(str(base), [*known, *own])}"
                    if base in [*seen]:
                        message = f"{quoted(base)} extends this one again; break the circle"
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


def _translate(document: Document, error: dict[str, Any]) -> Problem:
    """One pydantic error as a problem with its place."""
    path: Key = tuple(step for step in error["loc"] if not str(step).startswith(("function-", "constrained-")))
    kind, of_key = error["type"], path[-1:] == ("[key]",)
    path = path[:-1] if of_key else path  # of a name among others, not of what it names
    if kind == "extra_forbidden":
        return unknown_field(path, document.place(path))
    if kind == "missing":
        last, path = path[-1], path[:-1]
        message = f"{quoted(last)} is missing here; it has no default"
        if isinstance(last, int):
            message = f"the list is too short; entry {last + 1} is missing"
    else:
        given = error.get("input") if of_key else document.value(path, error.get("input"))
        context = {"text": document.texts.get(document.place(path), ""), **error.get("ctx", {})}
        message = wording(kind, given, context, str(error["msg"]).removeprefix("Value error, "))
        if kind in TOO_MUCH:
            message += instead_of_more(path)
        if kind in NO_PART:
            message += value_for_part(path, given)
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, MomentError):
            message += after_activation(cause.moment, document.data)
    return problem(*document.place(path), path, message)


def _schema_problems(document: Document, errors: Sequence[Any], told: Sequence[Problem]) -> list[Problem]:
    """All errors as problems; what a radio, module or host of your own lacks is one of them, not a dozen."""
    problems: list[Problem] = []
    known = {other.path for other in told}
    lacking: dict[Key, list[str]] = {}
    for error in errors[:_MOST_ERRORS]:
        loc = error["loc"]
        if not loc and ONE_OR_SEVERAL in error["msg"] and told:
            continue  # told in better words
        if error["type"] == "missing" and len(loc) == 3 and loc[0] in LIBRARIES:
            lacking.setdefault(loc[:2], []).append(str(loc[2]))
        else:
            found = _translate(document, error)
            problems += [found] if found.path not in known else []
    if len(errors) > _MOST_ERRORS:
        rest = f"{len(errors) - _MOST_ERRORS:,} more mistakes of this kind are not told; mend these first"
        problems.append(Problem(*document.place(()), "", rest))
    for path, names in lacking.items():
        found = problem(*document.place(path), path, "")
        if f"{found.path}.extends" in known:
            continue  # it would take them from what it cannot extend
        message = f"does not say {', '.join(names)}; say so, or take the rest from a built-in one with extends:"
        if document.value((*path, "extends")) is None:
            library = [*builtin(str(path[0]))]
            message += f" {path[1] if path[1] in library else ', '.join(library)}"
        problems.append(problem(*document.place(path), path, message))
    return problems
