"""What is not known of a rollout, with its ranges, and points between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from fota_sim.analysis.sensitivity.assumptions import assumptions_of
from fota_sim.analysis.sensitivity.parameters import Parameter, Span
from fota_sim.scenario import units
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

Floats = NDArray[np.float64]

WIDER = 2.0
"""Shares of the fleet that are gone or leave, and of devices that a defect hits: half to twice what is written."""
SHRINK = 0.15
"""Of the spread of those that agreed, what each of their successors moves by (kernel of Liu and West, 2001)."""


def unknowns_of(scenario: Scenario, given: Sequence[Span]) -> list[Parameter]:
    """Every assumption of the scenario, and how many devices are gone, leave or are hit by a defect.

    ``given``: ranges of the user's own, which come first and stand for those of the same path.
    """
    own = {each.path for each in given}
    assumed, _ = assumptions_of(scenario)
    found = [*given, *(each for each in assumed if each.path not in own)]
    paths = {each.path for each in found}
    return [*found, *(each for each in _shares(scenario) if each.path not in paths)]


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


def scattered(count: int, parameters: int, luck: np.random.Generator) -> Floats:
    """Places between 0 and 1, shape (count, parameters), that fill their ranges evenly (Latin hypercube)."""
    if parameters == 0:
        return np.zeros((count, 0))
    return np.asarray(qmc.LatinHypercube(parameters, rng=luck).random(count), dtype=np.float64)


def with_values(scenario: Scenario, parameters: Sequence[Parameter], places: Floats) -> Scenario:
    """The scenario with its unknowns at these places; shape (parameters,)."""
    values: dict[str, Any] = {each.path: each.at(float(place)) for each, place in zip(parameters, places, strict=True)}
    return varied(scenario, values)


def nearer(places: Floats, weights: Floats, count: int, luck: np.random.Generator) -> Floats:
    """Successors of places by their weights: resampled, each moved a little, mean and spread kept.

    Shape (count, parameters); ``weights`` add up to 1. On the scale of logits, so that nobody leaves its range.
    """
    chosen = places[systematic(weights, count, luck)]
    scores = np.log(np.clip(chosen, 1e-4, 1 - 1e-4) / (1 - np.clip(chosen, 1e-4, 1 - 1e-4)))
    keep = np.sqrt(1 - SHRINK**2)
    mean, spread = scores.mean(axis=0), scores.std(axis=0)
    moved = mean + keep * (scores - mean) + SHRINK * spread * luck.standard_normal(scores.shape)
    return 1 / (1 + np.exp(-moved))


def systematic(weights: Floats, count: int, luck: np.random.Generator) -> NDArray[np.intp]:
    """Positions drawn by weight, each as often as its share of ``count`` says, to the next whole number."""
    edges = np.cumsum(weights)
    points = (np.arange(count) + luck.random()) / count * edges[-1]
    found: NDArray[np.intp] = np.minimum(np.searchsorted(edges, points, side="right"), len(weights) - 1)
    return found
