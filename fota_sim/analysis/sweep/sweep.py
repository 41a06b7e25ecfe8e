"""A sweep from plan to tables: every unit played or found, a row for each, and the surface over the axes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from fota_sim.analysis.batch.points import Played, play_points
from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import Estimate
from fota_sim.analysis.numbers.metrics import Measurement, hanging, whole_is_a_metric, whole_name
from fota_sim.analysis.sweep.axes import number
from fota_sim.analysis.sweep.plan import SweepPlan
from fota_sim.engines.own_rules import SHIPPED, OwnRules

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Sweep:
    """A plan and what came of it."""

    plan: SweepPlan
    played: tuple[Played, ...]
    """In the order of the plan; fewer than it has units after --fail-fast."""
    own_rules: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Rules that were not the shipped ones: digests by name."""
    learnt: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """Of a fitted scenario: what of the spread at the recommended point is not knowing (analysis/sweep/knowing.py)."""

    @property
    def failures(self) -> list[Played]:
        """Units that failed."""
        return [each for each in self.played if each.error]

    def metric(self, name: str) -> Measurement:
        """Any measurement of this name, for its label and unit; raises KeyError if there is none."""
        return next(each.measures[name] for each in self.played if each.measures is not None)

    @property
    def surface(self) -> pd.DataFrame:
        """One row per point and metric."""
        frame: pd.DataFrame = surface_table(self).to_pandas()
        return frame

    @property
    def units(self) -> pd.DataFrame:
        """One row per unit."""
        frame: pd.DataFrame = units_table(self).to_pandas()
        return frame


def run_sweep(
    plan: SweepPlan,
    *,
    engine: str = "auto",
    workers: int | None = None,
    cluster: str | None = None,
    store: Path | None = None,
    resume: bool = True,
    fail_fast: bool = False,
    progress: Callable[[int, int], None] | None = None,
    failed: Callable[[Played], None] | None = None,
    own: OwnRules = SHIPPED,
) -> Sweep:
    """Play the plan; see ``play_points``."""
    played = play_points(
        plan.points,
        range(plan.replications),
        engine=engine,
        workers=workers,
        cluster=cluster,
        store=store,
        reuse=resume,
        fail_fast=fail_fast,
        progress=progress,
        failed=failed,
        own=own,
    )
    return Sweep(plan, tuple(played), own_rules=own.digests())


def plan_table(plan: SweepPlan) -> pa.Table:
    """One row per point: its id, the values of its axes, and the scenario that was played, as JSON."""
    return _table(
        [
            {
                "point": point.id,
                **axis_values(plan, point.labels),
                "scenario": point.scenario.model_dump_json(by_alias=True),
            }
            for point in plan.points
        ]
    )


def units_table(sweep: Sweep) -> pa.Table:
    """One row per unit: point, axes, seed, replication, error, and every metric; in the order of the plan.

    ``<metric>_of`` is the number of devices that a metric is a share of, where no other column says it;
    ``<metric>_hangs_on`` what the luck of a few devices may make of a time; ``stops``, as JSON, where it was stopped.
    """
    labels = {point.id: axis_values(sweep.plan, point.labels) for point in sweep.plan.points}
    some = next((each.measures for each in sweep.played if each.measures is not None), {})
    names = list(some)
    wholes = [name for name in names if some[name].counts_devices and not whole_is_a_metric(name)]
    rows: Rows = []
    for each in sweep.played:
        measures = each.measures or {}
        values = {name: measures[name].value if name in measures else None for name in names}
        rows.append(
            {
                "point": each.point,
                **labels[each.point],
                "seed": sweep.plan.seed,
                "replication": each.replication,
                "error": each.error,
                "stops": json.dumps([list(stop) for stop in each.stops]),
                **values,
                **{whole_name(name): measures[name].denominator if name in measures else None for name in wholes},
                **(hanging(measures) or dict.fromkeys(hanging(some))),
            }
        )
    return _table(rows, [*names, *map(whole_name, wholes), *hanging(some)])


def surface_table(sweep: Sweep) -> pa.Table:
    """One row per point and metric: axes, mean, 95 % interval, how many replications, and what it is a share of."""
    return _table(list(_surface_rows(sweep)), ("mean", "low", "high", "numerator", "denominator"))


def axis_values(plan: SweepPlan, labels: Mapping[str, str]) -> dict[str, float | str]:
    """Values for tables: numbers in the axis' unit where all are, texts elsewhere."""
    values: dict[str, float | str] = {}
    for path, text in labels.items():
        found = number(text) if path in plan.units else None
        values[path] = found[0] if found else text
    return values


def _surface_rows(sweep: Sweep) -> Iterator[dict[str, Any]]:
    names = list(next((each.measures for each in sweep.played if each.measures is not None), {}))
    for point in sweep.plan.points:
        mine = [each for each in sweep.played if each.point == point.id]
        good = [each.measures for each in mine if each.measures is not None]
        for name in names:
            found = [measures[name] for measures in good]
            of = sweep.metric(name)
            mean = metric_estimate(found) if found else Estimate(None, None, "every replication failed")
            low, high = mean.interval or (None, None)
            yield {
                "point": point.id,
                **axis_values(sweep.plan, point.labels),
                "metric": name,
                "unit": of.unit,
                "mean": mean.value,
                "low": low,
                "high": high,
                "n": len(found),
                "failed": len(mine) - len(good),
                "numerator": _mean([each.numerator for each in found]),
                "denominator": _mean([each.denominator for each in found]),
                "denominator_text": of.denominator_text,
                "note": mean.note,
            }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None


def _table(rows: Rows, floats: Sequence[str] = ()) -> pa.Table:
    """Columns in the order of the first row; ``floats`` are numbers even where no row has one."""
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        columns[name] = pa.array(values, pa.float64() if name in floats else None)
    return pa.table(columns)
