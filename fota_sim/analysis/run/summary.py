"""The summary: one dictionary that the console, ``summary.json`` and Python all show."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import share_estimate
from fota_sim.analysis.numbers.metrics import Measurement, hanging
from fota_sim.analysis.numbers.thresholds import judge
from fota_sim.analysis.run.expected_life import expected_life
from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.tally import Tally, total
from fota_sim.experiment import arrow
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.products import PLAN
from fota_sim.version import MODEL_VERSION, __version__

SCHEMA_VERSION = 1
"""Goes up when a key changes its meaning or goes away."""
ALWAYS = frozenset(
    (
        *("schema_version", "scenario", "description", "question", "strategy", "scenario_hash", "fota_sim"),
        *("model_version", "engine", "seed", "replications", "devices", "horizon_ms", "metrics", "outcomes", "causes"),
        *("groups", "beliefs", "battery_life", "thresholds", "precision"),
    )
)
"""Keys of every summary."""


def is_of_this_version(summary: Mapping[str, Any], metrics: Collection[str]) -> bool:
    """Whether what reads a summary finds in this one what it looks for, with these ``metrics``."""
    if summary.get("schema_version") != SCHEMA_VERSION or not summary.keys() >= ALWAYS:
        return False
    return isinstance(summary["metrics"], dict) and summary["metrics"].keys() >= set(metrics)


def build_summary(
    scenario: Scenario,
    scenario_hash: str,
    engine: str,
    outlines: Sequence[Outline],
    precision: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The summary of a run, ready for JSON; numbers in full precision. One outline per replication.

    ``metrics`` maps a name to label, value (mean over replications), unit, interval (95 %, or null with
    interval_note saying why), replications, numerator and denominator (sums over replications) and
    denominator_text. ``outcomes``, ``causes``, ``groups`` and ``beliefs`` are tables, a list of rows each, whose
    counts are sums over replications; a share's denominator is all devices of all replications (in ``groups``:
    of the group). Rows of ``causes`` have the 95 % interval of their share, as metrics do. ``battery_life`` is
    how long batteries are expected to last (analysis/run/expected_life.py). ``thresholds`` has a row
    per threshold (analysis/numbers/thresholds.py), ``precision`` is what was asked for and reached
    (analysis/run/precision.py), or null. ``asks_about`` are the metrics that its question and limits are about, if
    it names some. Of several plans ``plans`` has a row each: its name (``plan``), and
    ``devices``, ``metrics``, ``outcomes``, ``causes``, ``groups`` and ``beliefs`` of its devices alone.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario.name,
        "description": scenario.description,
        "question": scenario.asks,
        "strategy": scenario.strategy,
        "scenario_hash": scenario_hash,
        "fota_sim": __version__,
        "model_version": MODEL_VERSION,
        "engine": engine,
        "seed": scenario.seed,
        **findings(scenario, outlines, precision),
    }


def findings(
    scenario: Scenario, outlines: Sequence[Outline], precision: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the summary says of what was found, without what was played and how: enough for an answer in sentences.

    To name a scenario by its hash takes ten times as long as all of this, for it is written as YAML first.
    """
    measured = [each.measured for each in outlines]
    by_plan = {name: [each.plans[name] for each in outlines] for name in outlines[0].plans}
    measured_by_plan = {name: [each.measured for each in own] for name, own in by_plan.items()}
    found = {
        "replications": len(measured),
        "devices": None,
        "horizon_ms": scenario.horizon_ms,
        **_counted(outlines),
        "battery_life": expected_life(scenario),
        "thresholds": judge(scenario.thresholds, measured, scenario.horizon_ms, measured_by_plan),
        "precision": precision,
    }
    if scenario.asks_about:
        found["asks_about"] = scenario.asks_about
    if by_plan:
        found["plans"] = [{"plan": name, **_counted(own)} for name, own in by_plan.items()]
    return found


def _counted(outlines: Sequence[Outline]) -> dict[str, Any]:
    """What is counted of a run, or of one plan's devices in it."""
    measured = [each.measured for each in outlines]
    tallies = [each.counted for each in outlines]
    whole = total(tallies)
    return {
        "devices": whole.devices // max(len(measured), 1),
        "metrics": {name: _metric([run[name] for run in measured]) for name in measured[0]},
        "outcomes": _outcomes(whole),
        "causes": _causes(whole, tallies),
        "groups": _groups(whole),
        "beliefs": _beliefs(whole),
    }


def plan_runs_table(outlines: Sequence[Outline]) -> pa.Table | None:
    """The same for each of several plans, with its name in a column ``plan``; None where there is one plan."""
    tables = []
    for name in outlines[0].plans:
        own = [each.plans[name] for each in outlines]
        table = runs_table([each.measured for each in own], [each.replication for each in own])
        tables.append(table.append_column(PLAN, arrow.strings([name] * len(table))))
    return pa.concat_tables(tables) if tables else None


def runs_table(measured: Sequence[Mapping[str, Measurement]], replications: Sequence[int]) -> pa.Table:
    """One row per replication, one column per metric, and what times hang on; null where there is no value."""
    columns = {"replication": arrow.counts(replications)}
    for name in measured[0]:
        values = [run[name].value for run in measured]
        columns[name] = arrow.numbers([math.nan if value is None else value for value in values])
    hung = [hanging(run) for run in measured]
    for name in hung[0]:
        columns[name] = arrow.numbers([math.nan if (found := each[name]) is None else found for each in hung])
    return pa.table(columns)


def _metric(runs: Sequence[Measurement]) -> dict[str, Any]:
    first = runs[0]
    found = metric_estimate(runs)
    return {
        "label": first.label,
        "value": found.value,
        "unit": first.unit,
        "interval": None if found.interval is None else list(found.interval),
        "interval_note": found.note,
        "replications": len(runs),
        "replications_with_value": sum(run.value is not None for run in runs),
        "numerator": _sum([run.numerator for run in runs]),
        "denominator": _sum([run.denominator for run in runs]),
        "denominator_text": first.denominator_text,
    }


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _outcomes(whole: Tally) -> list[dict[str, Any]]:
    counts = whole.causes.sum(axis=1).tolist()
    return [
        {"outcome": name, "count": count, "share": _share(count, whole.devices)}
        for name, count in zip(OUTCOMES, counts, strict=True)
    ]


def _causes(whole: Tally, tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    """Only what happened; outcomes in their order, causes of each from the most frequent down."""
    pairs = [(int(outcome), int(cause)) for outcome, cause in np.argwhere(whole.causes)]
    pairs.sort(key=lambda pair: (pair[0], -whole.causes[pair], pair[1]))
    table = []
    for pair in pairs:
        count = int(whole.causes[pair])
        found = share_estimate([int(run.causes[pair]) for run in tallies], [run.devices for run in tallies])
        row = {"outcome": OUTCOMES[pair[0]], "cause": CAUSES[pair[1]], "count": count}
        interval = None if found.interval is None else list(found.interval)
        share = _share(count, whole.devices)
        table.append(row | {"share": share, "interval": interval, "interval_note": found.note})
    return table


def _groups(whole: Tally) -> list[dict[str, Any]]:
    """Groups in fleet order."""
    rows = []
    for group, counts in whole.groups.items():
        outcomes = dict(zip(OUTCOMES, counts.tolist(), strict=True))
        devices = sum(outcomes.values())
        share = _share(outcomes["upgraded"], devices)
        rows.append({"group": group, "devices": devices, "outcomes": outcomes, "upgraded_share": share})
    return rows


def _beliefs(whole: Tally) -> list[dict[str, Any]]:
    """What the platform believes, against the outcome; only what happened."""
    return [
        {"belief": BELIEFS[belief], "outcome": OUTCOMES[outcome], "count": int(whole.beliefs[belief, outcome])}
        for belief, outcome in np.argwhere(whole.beliefs)
    ]


def _share(count: int, devices: int) -> float | None:
    return count / devices if devices else None
