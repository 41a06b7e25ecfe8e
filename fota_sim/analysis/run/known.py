"""A run of a fitted scenario: how much of the spread of its numbers is not knowing the parameters, and how much chance.

Each replication has values of its own for what was learnt from a log, and luck of its own. It is played once more with
the same luck and the values in the middle. What differs between the two is the parameters' doing, since luck is the
same in both; how the second ones differ among each other is chance. So few replications say what a plain analysis of
variance would need hundreds for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.outlined import play_measured
from fota_sim.scenario.drawn import number_within, place_of, without_draws
from fota_sim.scenario.model import Scenario

MOST = 40
"""Replications that are played twice."""
FEWEST = 5
_SPARE = 3
"""Replications beyond the number of parameters that it takes to say which of them it is."""


@dataclass(frozen=True)
class Draws:
    """What was learnt, and its value in each of some replications."""

    names: list[str]
    values: NDArray[np.float64]
    """Shape (replications, parameters)."""


def has_draws(scenario: Scenario) -> bool:
    """Whether each replication takes other values of what was learnt."""
    return scenario.learnt is not None and bool(scenario.learnt.draws)


def draws_of(scenario: Scenario, replications: Sequence[int]) -> Draws:
    """Of a scenario that has some."""
    assert scenario.learnt is not None
    learnt = scenario.learnt
    called = {path: each.name for each in learnt.parameters for path in each.paths}
    names: dict[str, str] = {}
    for path in learnt.draws:
        names.setdefault(called.get(path) or called.get(path.removesuffix(".probability"), path), path)
    places = [place_of(scenario, replication) for replication in replications]
    values = [[number_within(learnt.draws[path][place]) for path in names.values()] for place in places]
    return Draws(list(names), np.array(values, dtype=np.float64))


def spread_told(
    scenario: Scenario, engine: str, measured: Sequence[Mapping[str, Measurement]]
) -> dict[str, Any] | None:
    """For the summary; None of a scenario without draws, or of too few replications.

    ``measured``: the metrics of its replications, from number 0 on.
    """
    if not has_draws(scenario) or len(measured) < FEWEST:
        return None
    count = min(MOST, len(measured))
    still = without_draws(scenario)
    middle = [play_measured(still, engine, replication) for replication in range(count)]
    return told(scenario, range(count), measured[:count], middle)


def told(
    scenario: Scenario,
    replications: Sequence[int],
    drawn: Sequence[Mapping[str, Measurement]],
    middle: Sequence[Mapping[str, Measurement]],
    metrics: Sequence[str] = (),
    base: tuple[Sequence[Mapping[str, Measurement]], Sequence[Mapping[str, Measurement]]] | None = None,
) -> dict[str, Any]:
    """Of each metric what of its spread is not knowing, and what chance; of the difference to ``base`` if there is one.

    ``drawn`` and ``middle``: the metrics of the same replications with draws and with the values in the middle;
    ``base`` the same of what it is compared with. ``metrics``: none for all.
    """
    draws = draws_of(scenario, replications)
    found = {}
    for metric in metrics or drawn[0]:
        own, fixed = _values(drawn, metric), _values(middle, metric)
        if base is not None:
            own, fixed = own - _values(base[0], metric), fixed - _values(base[1], metric)
        split = apart(own, fixed, draws)
        if split is not None:
            found[metric] = {"label": drawn[0][metric].label, **split}
    assert scenario.learnt is not None
    return {
        "source": scenario.learnt.source,
        "draws": scenario.learnt.count,
        "replications": len(replications),
        "of": "value" if base is None else "difference",
        "spread": found,
    }


def _values(runs: Sequence[Mapping[str, Measurement]], metric: str) -> NDArray[np.float64]:
    values = [run[metric].value for run in runs]
    return np.array([np.nan if value is None else float(value) for value in values])


def apart(drawn: NDArray[np.float64], fixed: NDArray[np.float64], draws: Draws) -> dict[str, Any] | None:
    """Shares of the variance of one number; None where it has none, or not in every replication a value.

    ``drawn`` and ``fixed``: with draws and with the values in the middle; shape (replications,) each.
    """
    if not (np.isfinite(drawn).all() and np.isfinite(fixed).all()):
        return None
    moved = drawn - fixed
    by_parameters, by_chance = float(moved.var(ddof=1)), float(fixed.var(ddof=1))
    if by_parameters + by_chance <= 0.0:
        return None
    share = by_parameters / (by_parameters + by_chance)
    return {"parameters": share, "chance": 1.0 - share, "of": _which(moved, draws, share)}


def _which(moved: NDArray[np.float64], draws: Draws, share: float) -> list[dict[str, Any]]:
    """Each parameter's part of the whole spread, the largest first; none where replications are too few to say."""
    names, values = draws.names, draws.values
    moves = values.std(axis=0) > 0
    if len(moved) < int(moves.sum()) + _SPARE or moved.var() <= 0.0 or not moves.any():
        return []
    standard = (values[:, moves] - values[:, moves].mean(axis=0)) / values[:, moves].std(axis=0)
    design = np.column_stack([np.ones(len(moved)), standard])
    effects = np.linalg.lstsq(design, moved, rcond=None)[0][1:]
    parts = effects**2 / max(float((effects**2).sum()), 1e-300)
    kept = [name for name, there in zip(names, moves, strict=True) if there]
    rows = [{"name": name, "share": share * float(part)} for name, part in zip(kept, parts, strict=True)]
    return sorted(rows, key=lambda row: -float(str(row["share"])))
