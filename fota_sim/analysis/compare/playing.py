"""Variants played for a comparison, or what is stored of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.batch.knowing import spread_of_points
from fota_sim.analysis.batch.points import Played, Point, engines_for, play_points
from fota_sim.analysis.compare.comparison import Comparison, Runs, compare
from fota_sim.analysis.compare.variants import Variant
from fota_sim.analysis.numbers.metrics import remeasured
from fota_sim.analysis.run.replications import replications_of
from fota_sim.analysis.run.study import Study, load_study, outlined_study
from fota_sim.engines.choice import AUTO
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import EngineError, ResultError
from fota_sim.experiment.results import Result
from fota_sim.scenario.metrics import told_with
from fota_sim.scenario.thresholds import parse_threshold


@dataclass(frozen=True)
class PlayedVariant:
    """What a variant showed."""

    runs: Runs
    study: Study
    """Its picture; without a device table if it was played for the comparison."""


def play_and_compare(
    variants: Sequence[Variant],
    replications: int,
    metrics: Sequence[str] = (),
    *,
    engine: str = AUTO,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    own: OwnRules = SHIPPED,
) -> Comparison:
    """Play what is to be played (see ``play_variants``) and compare it, with the study of each variant.

    Variants of a fitted scenario are played once more with the values in the middle, to tell in ``report["learnt"]``
    what of the spread of differences is not knowing (analysis/batch/knowing.py).
    """
    found = play_variants(
        variants, replications, engine=engine, workers=workers, cluster=cluster, progress=progress, own=own
    )
    comparison = compare(variants, [each.runs for each in found], metrics, own)
    how = HowToPlay(engine, workers, cluster, progress=progress, own=own)
    if told := _not_knowing(
        variants, found, list(dict.fromkeys(row["metric"] for row in comparison.report["differences"])), how
    ):
        comparison.report["learnt"] = told
    for about, played in zip(comparison.report["variants"], found, strict=True):
        about["stopped"] = [each._asdict() for each in played.study.stopped]
        about["thresholds"] = _with_those_of_plans(about["thresholds"], played.study.summary["thresholds"])
    return replace(comparison, studies=[each.study for each in found])


def play_variants(
    variants: Sequence[Variant],
    replications: int,
    *,
    engine: str = AUTO,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    own: OwnRules = SHIPPED,
) -> list[PlayedVariant]:
    """What every variant shows: of a result what is stored, of a scenario what is played now.

    ``progress`` hears how many replications are done and how many there are. ``cluster`` is the address of a Dask
    scheduler. ``own``: functions in place of shipped rules, for what is played now. Raises ResultError for a result
    that cannot be read, EngineError if a replication fails.
    """
    points = [
        Point(variant.name, {}, variant.scenario.model_copy(update={"replications": replications}))
        for variant in variants
        if variant.result is None
    ]
    found: dict[str, list[Played]] = {point.id: [] for point in points}
    for each in play_points(
        points,
        range(replications),
        engine=engine,
        workers=workers,
        cluster=cluster,
        fail_fast=True,
        progress=progress,
        outlined=True,
        own=own,
    ):
        if each.measures is None:
            raise EngineError(f"{each.point}, replication {each.replication}: {each.error}")
        found[each.point].append(each)
    names = engines_for(points, replications, engine, own)
    fresh = {point.id: _played(point, found[point.id], names[point.id]) for point in points}
    return [fresh[variant.name] if variant.result is None else _stored(variant.result) for variant in variants]


def replications_for(variants: Sequence[Variant], asked: int | None) -> int:
    """How often to play those that are to be played: as asked, or as the one says that needs most of them.

    What is stored is compared over the replications that it has; without any to play it says how many that is.
    """
    if asked is not None:
        return asked
    fresh = [variant.scenario for variant in variants if variant.result is None]
    if not fresh:
        return max(variant.scenario.replications for variant in variants)
    return max(replications_of(scenario, len(fresh)) for scenario in fresh)


def _not_knowing(
    variants: Sequence[Variant], found: Sequence[PlayedVariant], metrics: Sequence[str], how: HowToPlay
) -> dict[str, Any]:
    """By candidate; of those that were played here, with the luck of the baseline."""
    baseline = variants[0]
    mine = [
        (variant, played)
        for variant, played in zip(variants, found, strict=True)
        if variant.result is None and variant.luck == baseline.luck
    ]
    if baseline.result is not None or len(mine) < 2:
        return {}
    numbers = sorted(found[0].runs)
    points = [Point(variant.name, {}, variant.scenario) for variant, _ in mine]
    runs = {variant.name: [played.runs[number] for number in numbers] for variant, played in mine}
    return spread_of_points(points, runs, baseline.name, numbers, metrics, how)


def _with_those_of_plans(rows: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Thresholds as they were judged here; those about one of several plans as the variant's own run judged them."""
    of_plans = {row["threshold"]: row for row in own if parse_threshold(row["threshold"]).plan}
    return [of_plans.get(row["threshold"], row) for row in rows]


def _played(point: Point, played: Sequence[Played], engine: str) -> PlayedVariant:
    outlines = [each.outline for each in played if each.outline is not None]
    runs = {each.replication: each.measured for each in outlines}
    return PlayedVariant(runs, outlined_study(point.scenario, outlines, engine))


def _stored(result: Result) -> PlayedVariant:
    """The runs table of a result as measurements."""
    table = result.table("runs.parquet")
    study = load_study(result.path)
    missing = [name for name in told_with(study.scenario.priced) if name not in table.column_names]
    if missing:
        raise ResultError(f"{result.path}: has no {missing[0]}; it is of another version, run the scenario again")
    runs: Runs = {row["replication"]: remeasured(row, study.scenario.prices) for row in table.to_pylist()}
    return PlayedVariant(runs, study)
