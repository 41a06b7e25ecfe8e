"""Which system a file is of, and its plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.scenario.document import parse_text
from fota_sim.scenario.foreign import aws_iot, hawkbit, mender, quecthing
from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.fields import Fields
from fota_sim.scenario.foreign.writing import laid_over
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.templates import TEMPLATES
from fota_sim.scenario.text_file import UnreadableFileError, read_text

_MOST_B = 1_000_000
_DEEPEST = 40


@dataclass(frozen=True)
class System:
    """One system whose plans are read: what its file is called, how it is known, and how it is read."""

    title: str
    is_one: Callable[[Fields], bool]
    read: Callable[[Fields, Draft], None]


SYSTEMS: dict[str, System] = {
    each.PRESET: System(each.TITLE, each.is_one, each.read) for each in (aws_iot, mender, hawkbit, quecthing)
}
"""By the name of the preset that holds the system's defaults, in the order in which a file is tried."""


def import_plan(path: Path, system: str | None = None) -> Draft:
    """The plan in a file; ``system``: one of :data:`SYSTEMS`, or None to see by its fields.

    Raises ScenarioError with everything that is wrong with it, or FotaSimError if it is no such file.
    """
    data = _data(path)
    name = system or _seen(path, data)
    fields = Fields(str(path), data)
    draft = Draft(SYSTEMS[name].title, {"preset": name}, fields.notes)
    SYSTEMS[name].read(fields, draft)
    fields.finish()
    if fields.problems:
        raise ScenarioError(fields.problems)
    return draft


def checked(draft: Draft, source: Path, scenario: Path | None) -> str:
    """The text of a scenario with the plan in it: ``scenario``, or the first template, which says whether it can be.

    Raises ScenarioError where it cannot, or where ``scenario`` itself does not load.
    """
    if scenario is None:
        base, beside = TEMPLATES[0].text, source
    else:
        load_scenario(scenario)
        base, beside = scenario.read_text(encoding="utf-8-sig"), scenario
    text = laid_over(draft, source.name, base)
    try:
        parse_scenario(text, beside)
    except ScenarioError as error:
        problems = [Problem(str(source), 0, 0, each.path, f"as a plan: {each.message}") for each in error.problems]
        raise ScenarioError(problems) from None
    return text


def _seen(path: Path, data: dict[str, Any]) -> str:
    for name, system in SYSTEMS.items():
        if system.is_one(Fields(str(path), data)):
            return name
    known = ", ".join(f"{each.title} ({name})" for name, each in SYSTEMS.items())
    raise FotaSimError(f"{path} looks like no plan that is known: {known}; if it is one, say which with --from")


def _data(path: Path) -> dict[str, Any]:
    """The file's mapping, from JSON or YAML; what a list or a template wraps around a single one is taken off."""
    try:
        text = read_text(path, _MOST_B, "a configuration has a few kB")
    except UnreadableFileError as error:
        raise ScenarioError([Problem(str(path), error.line, error.column, "", str(error))]) from None
    if not text.strip():
        raise FotaSimError(f"{path} is empty; give the JSON of one job, rollout or deployment")
    try:
        found = json.loads(text, object_pairs_hook=_each_once)
    except RecursionError:
        raise FotaSimError(f"{path} is nested deeper than {_DEEPEST} levels; give one job or rollout") from None
    except ValueError:
        found = parse_text(text, str(path)).data
    if isinstance(found, dict) and isinstance(found.get("content"), list):  # a page of hawkBit's
        found = found["content"]
    if isinstance(found, dict) and isinstance(found.get("Resources"), dict):  # a template of CloudFormation
        found = [each for each in found["Resources"].values() if _makes_a_job(each)] or found
    if isinstance(found, list):
        if not found:
            raise FotaSimError(f"{path} holds no entry; give the JSON of one job, rollout or deployment")
        if len(found) > 1:
            raise FotaSimError(f"{path} holds {len(found)} entries; keep the one to import")
        found = found[0]
    if not isinstance(found, dict):
        raise FotaSimError(f"{path} holds no fields; give the JSON of one job, rollout or deployment")
    _check_depth(path, found)
    return {str(name): value for name, value in found.items()}


def _each_once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object; raises ValueError where one stands twice: the reader of YAML says in which lines."""
    found = dict(fields)
    if len(found) < len(fields):
        raise ValueError
    return found


def _makes_a_job(resource: Any) -> bool:
    return isinstance(resource, dict) and aws_iot.makes_a_job(resource.get("Type"))


def _check_depth(path: Path, value: Any) -> None:
    layer = [value]
    for _ in range(_DEEPEST):
        layer = [inner for each in layer for inner in _inside(each)]
        if not layer:
            return
    raise FotaSimError(f"{path} is nested deeper than {_DEEPEST} levels; give one job or rollout")


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
