"""What is not known of a rollout, with its ranges, and points between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import qmc, rankdata

from fota_sim.analysis.forecast.rates import Look, factors, looks_of, with_changes
from fota_sim.analysis.sensitivity.assumptions import assumptions_of
from fota_sim.analysis.sensitivity.in_use import in_use
from fota_sim.analysis.sensitivity.parameters import Parameter, Span
from fota_sim.errors import FotaSimError
from fota_sim.scenario import units
from fota_sim.scenario.drawn import drawn, number_within
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import steps_into
from fota_sim.scenario.variation import by_names, varied

Floats = NDArray[np.float64]

WIDER = 2.0
"""Shares of the fleet that are gone or leave, and of devices that a defect hits: half to twice what is written."""
_EVERY = ".rollout.rate_changes.every"
_END = 1e-4
"""Of a range, nearest to which a place is for its score."""


@dataclass(frozen=True)
class Unknowns:
    """What is not known of a scenario.

    A point has a place from 0 to 1 for each parameter, one for each look at which the rate may change, and one for the
    draws.
    """

    scenario: Scenario
    """Without draws of what somebody gave a range for."""
    parameters: Sequence[Parameter]
    looks: Sequence[Look] = ()

    @classmethod
    def of(cls, scenario: Scenario, given: Sequence[Span], assumptions: bool = True) -> Unknowns:
        """Every assumption of the scenario, and how many devices are gone, leave or are hit by a defect.

        ``given``: ranges of the user's own, which come first and stand for those of the same path. What was learnt from
        a log is drawn as it was learnt (scenario/learnt.py), all of it together, and has no range beside that. Without
        ``assumptions`` nothing else is unknown but changes of the rate, where the scenario says that there may be some.
        Raises FotaSimError for a range of what says when these are.
        """
        if (when := next((each.path for each in given if each.path.endswith(_EVERY)), None)) is not None:
            raise FotaSimError(f"{when} says at which times the rate may change, and has no range; write one value")
        if given:
            scenario = varied(scenario, {each.path: each.base for each in given if each.base is not None})
        if not assumptions:
            return cls(scenario, list(given), looks_of(scenario))
        learnt = set() if scenario.learnt is None else {*scenario.learnt.draws}
        known = {by_names(path, scenario) for path in (*(each.path for each in given), *learnt)}
        assumed, _ = assumptions_of(scenario)
        more = [each for each in (*assumed, *_shares(scenario)) if not _is_of(each.path, known)]
        return cls(scenario, [*given, *more], looks_of(scenario))

    @property
    def count(self) -> int:
        """How many places a point has."""
        return len(self.parameters) + len(self.looks) + 1

    def scattered(self, count: int, luck: np.random.Generator) -> Floats:
        """Points that fill the ranges evenly (Latin hypercube); shape (count, places)."""
        return np.asarray(qmc.LatinHypercube(self.count, rng=luck).random(count), dtype=np.float64)

    def at(self, places: Floats) -> Scenario:
        """The scenario at a point, with nothing left to draw; shape (places,)."""
        scenario = self.scenario
        if scenario.learnt is not None and scenario.learnt.draws:
            scenario = drawn(scenario, int(self._draw(places[-1:])[0]))
        own, looked = np.split(places[:-1], [len(self.parameters)])
        values: dict[str, Any] = {
            each.path: each.at(float(place)) for each, place in zip(self.parameters, own, strict=True)
        }
        return with_changes(varied(scenario, values), self.looks, looked)

    def factors(self, places: Floats) -> Floats:
        """How many times the planned rate it is from each look on; shapes (points, places) and (points, looks)."""
        own = len(self.parameters)
        rows = [factors(self.scenario, self.looks, row[own:-1]) for row in places]
        return np.array(rows).reshape(len(places), len(self.looks))

    def scores(self, places: Floats) -> Floats:
        """Points on a scale on which unknowns are normal; shape (points, unknowns).

        Unknowns are the parameters, looks, and after them each value that was learnt, as the point's draw has it.
        """
        own = ndtri(np.clip(places[:, :-1], _END, 1 - _END))
        return np.column_stack([own, self._learnt[self._draw(places[:, -1])]])

    def places(self, scores: Floats, before: Floats, followed: Floats) -> Floats:
        """Points from their scores; shape (points, places).

        What was learnt is drawn all together, so a point takes the draw that is nearest, above all in what the log
        tells: ``followed``, shape (unknowns,), is how much of each it does. Where that is nothing, points keep the
        draws that they had ``before``, shape (points, places).
        """
        count = self.count - 1
        places = np.column_stack([ndtr(scores[:, :count]), before[:, -1]])
        if followed[count:].any():
            away = ((scores[:, np.newaxis, count:] - self._learnt) ** 2) @ followed[count:]
            places[:, -1] = (away.argmin(axis=1) + 0.5) / len(self._learnt)
        return places

    def _draw(self, places: Floats) -> NDArray[np.intp]:
        """Which draw points have, by their last place."""
        count = max(1, len(self._learnt))
        found: NDArray[np.intp] = np.minimum(count - 1, (places * count).astype(np.intp))
        return found

    @cached_property
    def _learnt(self) -> Floats:
        """Draws of what was learnt, each value by its rank on the scale of normal scores; shape (draws, values)."""
        learnt = self.scenario.learnt
        if learnt is None or not learnt.draws:
            return np.zeros((1, 0))
        values = np.array([[number_within(each) for each in column] for column in learnt.draws.values()]).T
        told = np.isfinite(values).all(axis=0) & (values != values[0]).any(axis=0)
        found: Floats = ndtri((rankdata(values[:, told], axis=0) - 0.5) / len(values))
        return found


def _is_of(path: str, known: set[str]) -> bool:
    """Whether a field is one of these, or a part of one, such as a defect of a list that was learnt as a whole."""
    return path in known or any(path.startswith((f"{each}.", f"{each}[")) for each in known)


def _shares(scenario: Scenario) -> list[Span]:
    """Shares of devices that no manual calls an assumption, since they are the fleet's or the release's own.

    Those that some device hangs on: not a radio's where every source of its devices has its own, nor a defect of what
    no plan brings.
    """
    used = in_use(scenario)
    said: list[tuple[str, float | None]] = []
    for (_, kind, _), source in scenario.fleet.placed():
        said += [(f"fleet.{kind}.{source.name}.{name}", getattr(source, name)) for name in ("gone", "churn")]
    for name in dict.fromkeys(each.radio for each in used.kinds):
        said += [(f"radios.{name}.{what}", getattr(scenario.radios[name], what)) for what in ("gone", "churn")]
    planned = {each.name for one in scenario.each_plan for each in one.planned}
    for package, step in zip(scenario.packages, steps_into(scenario.packages), strict=True):
        said += [
            (f"packages{step}.defects{nth}.probability", defect.probability)
            for defect, nth in zip(package.defects, steps_into(package.defects), strict=True)
            if package.name in planned
        ]
    return [
        Span(path, units.RATIO, share / WIDER, min(1.0, share * WIDER), False, units.RATIO.format(share))
        for path, share in said
        if share and used.matters(path)
    ]
