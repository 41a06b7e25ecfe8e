"""Who may be the best in the measures that a rollout is judged by first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.compare.variants import Variant
from fota_sim.analysis.numbers.best import comparable, exposures, may_be_best
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import Difference, measured_difference
from fota_sim.scenario.metrics import BETTER, METRICS, best_first, shown_in

Played = Mapping[int, Mapping[str, Measurement]]
"""Measurements by the number of the replication."""


def leading(variants: Sequence[Variant], runs: Sequence[Played], metrics: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each leading measure among ``metrics`` in which variants can be compared; first those asked about.

    metric and label: what is compared; instead_of: the measure that it stands for, where harm has to be compared among
    those that began, or with those that are still at it (else null); unit; means by variant; best: the variants that
    nobody is shown to beat, the best mean first (all of them where nothing is shown); told_apart: whether anybody is
    beaten; without: variants that have no mean of it, and are not among the best. Claims hold together, over all pairs
    and rows, with 95 %.
    """
    named = {variant.name: list(played.values()) for variant, played in zip(variants, runs, strict=True)}
    about = [metric for each in variants for metric in each.scenario.asks_about if metric in BETTER]
    asked = [metric for metric in dict.fromkeys([*about, *shown_in("leads")]) if metric in metrics]
    standing: dict[str, str] = {}
    for metric in asked:
        standing.setdefault(comparable(metric, named), metric)
    rows = []
    for metric, instead_of in standing.items():
        means = {name: _mean(metric, each) for name, each in named.items()}
        known = {name: mean for name, mean in means.items() if mean is not None}
        never = [name for name in means if name not in known and _never(metric, named[name])]
        if not known or len(known) + len(never) < 2:
            continue
        stay = may_be_best(
            list(known), BETTER[metric] == "more", _Compared(metric, variants, runs), families=len(standing)
        )
        rows.append(
            {
                "metric": metric,
                "instead_of": None if metric == instead_of else instead_of,
                "label": METRICS[metric].label,
                "unit": next(iter(runs[0].values()))[metric].unit,
                "means": known,
                "best": sorted(stay, key=lambda name: best_first(metric, known[name])),
                "told_apart": len(stay) < len(known) + len(never),
                "without": [name for name in means if name not in known],
            }
        )
    return rows


def exposed(variants: Sequence[Variant], runs: Sequence[Played]) -> dict[str, float]:
    """The mean share of the fleet that began an upgrade, by variant."""
    return exposures({each.name: list(played.values()) for each, played in zip(variants, runs, strict=True)})


class _Compared:
    """Differences between any two variants: pair by pair where they have the same luck."""

    def __init__(self, metric: str, variants: Sequence[Variant], runs: Sequence[Played]) -> None:
        self._metric = metric
        self._luck = {variant.name: variant.luck for variant in variants}
        self._runs = {variant.name: played for variant, played in zip(variants, runs, strict=True)}

    def __call__(self, first: str, second: str) -> Difference:
        one, other = self._runs[first], self._runs[second]
        both = sorted(one.keys() & other.keys()) if self._luck[first] == self._luck[second] else []
        found = [[runs[number][self._metric] for number in both or sorted(runs)] for runs in (one, other)]
        return measured_difference(self._metric, found[0], found[1], bool(both))


def _never(metric: str, runs: Sequence[Mapping[str, Measurement]]) -> bool:
    """Whether it was reached in none of as many replications as any claim needs."""
    return len(runs) >= FEWEST_REPLICATIONS and all(run[metric].value is None for run in runs)


def _mean(metric: str, runs: Sequence[Mapping[str, Measurement]]) -> float | None:
    values = [run[metric].value for run in runs]
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None
