"""What the user has turned: a value for each knob that is not as the scenario says. In links, and as ``--set``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.report.explore.knob import Knob
from fota_sim.report.explore.knobs import AS_IT_STANDS, STRATEGY, knobs_of
from fota_sim.report.explore.source import Source
from fota_sim.scenario.model import Scenario

State = Mapping[str, str]
"""Values by the keys of their knobs."""


def chosen_strategy(source: Source, state: State) -> str | None:
    """The strategy that the loader is to merge in."""
    name = state.get(STRATEGY, source.strategy)
    return None if name == AS_IT_STANDS and name not in source.strategies else name


def changes_of(knobs: Sequence[Knob], state: State) -> list[str]:
    """What ``state`` changes, as ``--set`` takes it; raises ScenarioError for values that say nothing."""
    found: list[str] = []
    problems: list[Problem] = []
    for knob in knobs:
        if knob.key in state:
            try:
                found += knob.changes(state[knob.key])
            except ValueError as error:
                problems.append(Problem("", 0, 0, knob.paths[0], str(error)))
    if problems:
        raise ScenarioError(problems)
    return found


def scenario_of(source: Source, knobs: Sequence[Knob], state: State) -> Scenario:
    """The scenario that ``state`` says; raises ScenarioError with everything that is wrong."""
    return source.scenario(changes_of(knobs, state), chosen_strategy(source, state))


def query(state: State) -> str:
    """``state`` as the end of a link; empty if nothing was turned."""
    return f"?{urlencode(dict(state))}" if state else ""


def restored(source: Source, asked: Mapping[str, str]) -> tuple[list[Knob], dict[str, str], list[str]]:
    """What a link asks for: the knobs, the state as far as it makes sense, and what does not, in sentences."""
    told: list[str] = []
    state: dict[str, str] = {}
    name = asked.get(STRATEGY)
    if name is not None:
        if name in source.strategies or (name == AS_IT_STANDS and source.strategies and not source.says_strategy):
            state[STRATEGY] = name
        else:
            told.append(f"The link asks for the strategy {name!r}, which the scenario does not have.")
    knobs = knobs_of(source, source.scenario((), chosen_strategy(source, state)))
    by_key = {knob.key: knob for knob in knobs}
    for key, value in asked.items():
        if key == STRATEGY:
            continue
        if key not in by_key:
            told.append(f"The link says {key}={value}; there is nothing of that name to turn here.")
            continue
        try:
            by_key[key] = by_key[key].holding(value)
            scenario_of(source, list(by_key.values()), {**state, key: value})
        except (FotaSimError, ValueError) as error:
            told.append(f"The link says {key}={value}, which cannot be: {_first(error)}")
            by_key[key] = next(knob for knob in knobs if knob.key == key)
        else:
            state[key] = value
    return list(by_key.values()), state, told


def knob_of(problem: Problem, knobs: Sequence[Knob], state: State) -> Knob | None:
    """The knob that a problem is about: the one that was turned, or the one at whose field it is."""
    for knob in knobs:
        if knob.key in state and any(_within(problem.path, path) for path in knob.paths):
            return knob
    return next((knob for knob in knobs if any(_within(problem.path, path) for path in knob.paths)), None)


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


def _first(error: Exception) -> str:
    return error.problems[0].message if isinstance(error, ScenarioError) else str(error)
