"""The smallest piece of a batch: one replication of one point, from a scenario to its metrics."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.outlined import play_outlined, play_with_stops, stops_of
from fota_sim.analysis.run.stops import Stop
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.scenario.dump import named_contents
from fota_sim.scenario.model import Scenario
from fota_sim.version import MODEL_VERSION

_NO_PART = {"seed", "replications", "name", "description", "keep", "strategy", "strategies", "thresholds"}
"""Fields of a scenario that change no metric of a given seed and replication, or are a unit's key themselves."""


class Unit(NamedTuple):
    """What has to be played. It travels to other processes, so it holds all it needs."""

    scenario: Scenario
    engine: str
    replication: int
    outlined: bool = False
    """Whether its outline is wanted too."""
    own: OwnRules = SHIPPED
    """Functions in place of shipped rules."""


class Outcome(NamedTuple):
    """What came of a unit: its metrics, or what went wrong."""

    measures: Mapping[str, Measurement] | None
    error: str
    seconds: float
    """How long it took where it was played."""
    outline: Outline | None = None
    """If the unit asks for it."""
    stops: Sequence[Stop] = ()
    """Where the rollout was stopped first, of several plans each."""


def play_unit(unit: Unit) -> Outcome:
    """Play it; a failure is an outcome too, for the other units go on. KeyboardInterrupt goes through."""
    began_s = perf_counter()
    try:
        played = unit.scenario, unit.engine, unit.replication
        with unit.own.in_force():
            found = play_outlined(*played) if unit.outlined else None
            measures, stops = play_with_stops(*played) if found is None else (found.measured, stops_of(found))
    except Exception as error:
        return Outcome(None, failure(error), perf_counter() - began_s)
    return Outcome(measures, "", perf_counter() - began_s, found, stops)


def failure(error: BaseException) -> str:
    """What went wrong, in a line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def identity(scenario: Scenario) -> str:
    """Hex digits that name what is simulated: the scenario without its luck, the files it names, the model version.

    Raises OSError if a file that the scenario names cannot be read.
    """
    digest = hashlib.sha256(MODEL_VERSION.encode())
    resolved = scenario.model_dump(mode="json", by_alias=True, exclude=_NO_PART)
    digest.update(json.dumps(resolved, sort_keys=True).encode())
    for _, content in named_contents(scenario):
        digest.update(content)
    return digest.hexdigest()
