"""What is not known of a rollout, with its ranges, and points between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from fota_sim.analysis.sensitivity.assumptions import assumptions_of
from fota_sim.analysis.sensitivity.parameters import Parameter, Span
from fota_sim.scenario import units
from fota_sim.scenario.drawn import drawn
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

Floats = NDArray[np.float64]

WIDER = 2.0
"""Shares of the fleet that are gone or leave, and of devices that a defect hits: half to twice what is written."""
SHRINK = 0.15
"""Of the spread of those that agreed, what each of their successors moves by (kernel of Liu and West, 2001)."""


@dataclass(frozen=True)
class Unknowns:
    """What is not known of a scenario. A point has a place from 0 to 1 for each parameter, and one for the draws."""

    scenario: Scenario
    """Without draws of what somebody gave a range for."""
    parameters: Sequence[Parameter]

    @classmethod
    def of(cls, scenario: Scenario, given: Sequence[Span], assumptions: bool = True) -> Unknowns:
        """Every assumption of the scenario, and how many devices are gone, leave or are hit by a defect.

        ``given``: ranges of the user's own, which come first and stand for those of the same path. What was learnt from
        a log is drawn as it was learnt (scenario/learnt.py), all of it together, and has no range beside that. Without
        ``assumptions`` nothing else is unknown.
        """
        if given:
            scenario = varied(scenario, {each.path: each.base for each in given if each.base is not None})
        if not assumptions:
            return cls(scenario, list(given))
        learnt = set() if scenario.learnt is None else {*scenario.learnt.draws}
        known = {each.path for each in given} | _same(scenario, learnt)
        assumed, _ = assumptions_of(scenario)
        return cls(scenario, [*given, *(each for each in (*assumed, *_shares(scenario)) if each.path not in known)])

    @property
    def count(self) -> int:
        """How many places a point has."""
        return len(self.parameters) + 1

    def scattered(self, count: int, luck: np.random.Generator) -> Floats:
        """Points that fill the ranges evenly (Latin hypercube); shape (count, places)."""
        return np.asarray(qmc.LatinHypercube(self.count, rng=luck).random(count), dtype=np.float64)

    def at(self, places: Floats) -> Scenario:
        """The scenario at a point, with nothing left to draw; shape (places,)."""
        scenario = self.scenario
        if scenario.learnt is not None and scenario.learnt.draws:
            scenario = drawn(scenario, min(scenario.learnt.count - 1, int(places[-1] * scenario.learnt.count)))
        values: dict[str, Any] = {
            each.path: each.at(float(place)) for each, place in zip(self.parameters, places[:-1], strict=True)
        }
        return varied(scenario, values)

    def nearer(self, places: Floats, weights: Floats, count: int, luck: np.random.Generator) -> Floats:
        """Successors of points by their weights: resampled, each moved a little, mean and spread kept.

        On the scale of logits, so that nobody leaves its range; which draw a point has is not moved. ``weights`` add up
        to 1; shape (count, places).
        """
        chosen = places[systematic(weights, count, luck)]
        inside = np.clip(chosen[:, :-1], 1e-4, 1 - 1e-4)
        scores = np.log(inside / (1 - inside))
        keep = np.sqrt(1 - SHRINK**2)
        mean, spread = scores.mean(axis=0), scores.std(axis=0)
        moved = mean + keep * (scores - mean) + SHRINK * spread * luck.standard_normal(scores.shape)
        return np.column_stack([1 / (1 + np.exp(-moved)), chosen[:, -1]])


def _same(scenario: Scenario, paths: set[str]) -> set[str]:
    """The paths, and those with places of groups in place of their names."""
    named = {f"fleet.groups.{each.name}.": f"fleet.groups[{k}]." for k, each in enumerate(scenario.fleet.groups)}
    found = set(paths)
    for path in paths:
        for name, place in named.items():
            if path.startswith(name):
                found.add(place + path.removeprefix(name))
    return found


def _shares(scenario: Scenario) -> list[Span]:
    """Shares of devices that no manual calls an assumption, since they are the fleet's or the release's own."""
    said: list[tuple[str, float | None]] = []
    radios: dict[str, None] = {}
    for place, group in enumerate(scenario.fleet.groups):
        said += [(f"fleet.groups[{place}].{name}", getattr(group, name)) for name in ("gone", "churn")]
        radios[group.radio or scenario.modules[group.module].radio] = None
    for name in radios:
        said += [(f"radios.{name}.{what}", getattr(scenario.radios[name], what)) for what in ("gone", "churn")]
    for place, package in enumerate(scenario.packages):
        said += [
            (f"packages[{place}].defects[{number}].probability", defect.probability)
            for number, defect in enumerate(package.defects)
        ]
    return [
        Span(path, units.RATIO, share / WIDER, min(1.0, share * WIDER), False, units.RATIO.format(share))
        for path, share in said
        if share
    ]


def systematic(weights: Floats, count: int, luck: np.random.Generator) -> NDArray[np.intp]:
    """Positions drawn by weight, each as often as its share of ``count`` says, to the next whole number."""
    edges = np.cumsum(weights)
    points = (np.arange(count) + luck.random()) / count * edges[-1]
    found: NDArray[np.intp] = np.minimum(np.searchsorted(edges, points, side="right"), len(weights) - 1)
    return found
