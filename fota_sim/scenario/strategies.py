"""Named strategies: changes of one scenario, of which a run takes one."""

from __future__ import annotations

from copy import deepcopy
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted
from fota_sim.scenario.document import Document, Key, problem
from fota_sim.scenario.overrides import apply_override, override_path, set_field
from fota_sim.scenario.presets import preset_names, preset_plan, under
from fota_sim.scenario.types import Block
from fota_sim.scenario.wording import did_you_mean

NAME_PATTERN = r"^[A-Za-z0-9_.\-]+$"
"""No colon: ``file.yaml:strategy`` names a strategy on the command line."""


class NamedStrategy(Block):
    """What a strategy changes; with nothing in it, it is the scenario as it stands."""

    description: str = ""
    """The strategy in a sentence."""
    preset: str | None = None
    """Built-in preset that is laid over the scenario's plan and under this strategy's."""
    plan: dict[str, Any] = Field(default_factory=dict)
    """Fields of the plan, merged into the scenario's."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Further fields by their dotted path, as --set takes them."""


StrategyName = Annotated[str, Field(pattern=NAME_PATTERN)]
Strategies = dict[StrategyName, Annotated[NamedStrategy, BeforeValidator(lambda given: {} if given is None else given)]]
"""By name; a name with nothing behind it is a strategy that changes nothing."""


def lay(document: Document, strategies: Document, name: str | None, overrides: list[str]) -> list[Problem]:
    """Make the plan of ``document``: preset, scenario, the strategy's preset, the strategy; then the overrides.

    ``strategies`` is ``{strategies: {...}}``, its shape checked. Returns what is wrong in names and paths of presets
    and of the strategy; raises ScenarioError for an override that leads nowhere.
    """
    chosen = [text for text in overrides if _is_preset(override_path(text))]
    at: Key = ("strategies", name or "")
    replaces = strategies.value((*at, "preset")) is not None
    for text in () if replaces else chosen:
        apply_override(document, text)
    problems = _lay_under(document)
    if name is not None:
        problems += _lay_strategy(document, strategies, at, chosen)
    for text in overrides:
        apply_override(document, text)
    return problems


def _is_preset(path: str) -> bool:
    steps = path.split(".")
    return path == "plan.preset" or (len(steps) == 3 and steps[0] == "plans" and steps[2] == "preset")


def _lay_under(document: Document) -> list[Problem]:
    """The preset that the plan names, or each of several, under it."""
    plans = document.data.get("plans")
    at: list[Key] = [("plan",), *(("plans", name) for name in (plans if isinstance(plans, dict) else ()))]
    return [wrong for path in at for wrong in _lay_under_plan(document, path)]


def _lay_under_plan(document: Document, at: Key) -> list[Problem]:
    own, where = document.value(at), (*at, "preset")
    if not isinstance(own, dict) or own.get("preset") is None:
        return []
    if unknown := _unknown(own["preset"], document, where):
        return [unknown]
    below = preset_plan(own["preset"])
    below.merge(under("plan", document, at))
    around: Any = document.value(at[:-1]) if len(at) > 1 else document.data
    around[at[-1]] = below.data["plan"]
    document.places.update({(*at, *path[1:]): place for path, place in below.places.items()})
    return []


def _lay_strategy(document: Document, strategies: Document, at: Key, chosen: list[str]) -> list[Problem]:
    """The strategy over the plan; ``chosen`` are overrides of the preset, which take the place of the strategy's."""
    if document.data.get("plans") and (strategies.value((*at, "plan")) or strategies.value((*at, "preset"))):
        where = (*at, "plan" if strategies.value((*at, "plan")) else "preset")
        message = "changes the plan, and there are several; write set: with paths such as plans.NAME.strategy.retries"
        return [problem(*strategies.place(where), where, message)]
    if not isinstance(document.data.get("plan"), dict) and not document.data.get("plans"):
        return []  # the schema says what is wrong
    problems = []
    preset, source, where = strategies.value((*at, "preset")), strategies, (*at, "preset")
    if preset is not None and chosen:
        source, where = Document({}), ("plan", "preset")
        apply_override(source, chosen[-1])
        preset = source.value(where)
    if preset is not None:
        if unknown := _unknown(preset, source, where):
            problems.append(unknown)
        else:
            document.merge(preset_plan(preset))
            set_field(document, "plan.preset", preset, source.place(where))
    if strategies.value((*at, "plan", "preset")) is not None:
        where = (*at, "plan", "preset")
        problems.append(problem(*strategies.place(where), where, "write preset: beside plan:, not in it"))
    if strategies.value((*at, "plan")):
        document.merge(deepcopy(under("plan", strategies, (*at, "plan"))))
    for path, value in (strategies.value((*at, "set")) or {}).items():
        here = (*at, "set", path)
        try:
            set_field(document, path, deepcopy(value), strategies.place(here))
        except ScenarioError as error:
            problems += [problem(*strategies.place(here), here, f"{p.path}: {p.message}") for p in error.problems]
    return problems


def _unknown(preset: Any, source: Document, where: Key) -> Problem | None:
    known = preset_names()
    if preset in known:
        return None
    message = f"there is no preset {quoted(preset)}{did_you_mean(str(preset), known)}"
    return problem(*source.place(where), where, message)


def owned(problems: list[Problem], strategies: Document, name: str) -> list[Problem]:
    """Problems that stand where the strategy is written get its path before theirs."""
    at: Key = ("strategies", name)
    plan: set[tuple[str, int, int]] = set()
    fields: dict[tuple[str, int, int], str] = {}
    for path, place in strategies.places.items():
        if path[:3] == (*at, "plan"):
            plan.add(place)
        elif path[:3] == (*at, "set") and len(path) > 3:
            fields[place] = f"strategies.{name}.set."
    found = []
    for each in problems:
        place = (each.file, each.line, each.column)
        prefix = f"strategies.{name}." if place in plan and each.path.startswith("plan") else fields.get(place, "")
        if each.path.startswith("strategies."):
            prefix = ""
        found.append(Problem(*place, prefix + each.path, each.message))
    return found
