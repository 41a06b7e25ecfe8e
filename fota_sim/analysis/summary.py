"""The summary: one dictionary that the console, ``summary.json`` and Python all show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from fota_sim.analysis.intervals import estimate
from fota_sim.analysis.metrics import SHARE, Measurement
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES
from fota_sim.scenario.model import Scenario
from fota_sim.version import MODEL_VERSION, __version__

SCHEMA_VERSION = 1
"""Goes up when a key changes its meaning or goes away."""


def build_summary(
    scenario: Scenario, scenario_hash: str, devices: pd.DataFrame, measured: Sequence[dict[str, Measurement]]
) -> dict[str, Any]:
    """The summary of a run, ready for JSON; numbers in full precision.

    ``metrics`` maps a name to label, value (mean over replications), unit, interval (95 %, or null with
    interval_note saying why), replications, numerator and denominator (sums over replications) and
    denominator_text. ``outcomes``, ``causes``, ``groups`` and ``beliefs`` are tables, a list of rows each, whose
    counts are sums over replications; a share's denominator is all devices of all replications (in ``groups``:
    of the group). Rows of ``causes`` have the 95 % interval of their share, as metrics do.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario.name,
        "description": scenario.description,
        "scenario_hash": scenario_hash,
        "fota_sim": __version__,
        "model_version": MODEL_VERSION,
        "engine": "reference",
        "seed": scenario.seed,
        "replications": len(measured),
        "devices": len(devices) // max(len(measured), 1),
        "horizon_ms": scenario.horizon_ms,
        "metrics": {name: _metric([run[name] for run in measured]) for name in measured[0]},
        "outcomes": _outcomes(devices),
        "causes": _causes(devices),
        "groups": _groups(devices),
        "beliefs": _beliefs(devices),
    }


def runs_table(measured: Sequence[dict[str, Measurement]], replications: Sequence[int]) -> pa.Table:
    """One row per replication, one column per metric; null where there is no value."""
    columns = {"replication": pa.array(replications, pa.int64())}
    for name in measured[0]:
        columns[name] = pa.array([run[name].value for run in measured], pa.float64())
    return pa.table(columns)


def _metric(runs: Sequence[Measurement]) -> dict[str, Any]:
    first = runs[0]
    highest = 1.0 if first.unit == SHARE else math.inf
    found = estimate([run.value for run in runs], 0.0, highest)  # no metric can be negative
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


def _outcomes(devices: pd.DataFrame) -> list[dict[str, Any]]:
    counts = devices["outcome"].value_counts()
    return [
        {"outcome": name, "count": count, "share": _share(count, len(devices))}
        for name in OUTCOMES
        for count in [int(counts.get(name, 0))]
    ]


def _causes(devices: pd.DataFrame) -> list[dict[str, Any]]:
    """Only what happened; outcomes in their order, causes of each from the most frequent down."""
    rows = _pairs(devices, "outcome", "cause")
    rows.sort(key=lambda row: (OUTCOMES.index(row[0]), -row[2], CAUSES.index(row[1])))
    sizes = Counter(devices["replication"])
    by_run = Counter(zip(devices["outcome"], devices["cause"], devices["replication"], strict=True))
    table = []
    for outcome, cause, count in rows:
        found = estimate([by_run[outcome, cause, run] / size for run, size in sizes.items()], 0.0, 1.0)
        row = {"outcome": outcome, "cause": cause, "count": count, "share": _share(count, len(devices))}
        interval = None if found.interval is None else list(found.interval)
        table.append(row | {"interval": interval, "interval_note": found.note})
    return table


def _groups(devices: pd.DataFrame) -> list[dict[str, Any]]:
    """Groups in fleet order."""
    rows = []
    for group, part in devices.groupby("group", sort=False):
        counts = part["outcome"].value_counts()
        outcomes = {name: int(counts.get(name, 0)) for name in OUTCOMES}
        row = {"group": str(group), "devices": len(part), "outcomes": outcomes}
        rows.append(row | {"upgraded_share": _share(outcomes["upgraded"], len(part))})
    return rows


def _beliefs(devices: pd.DataFrame) -> list[dict[str, Any]]:
    """What the platform believes, against the outcome; only what happened."""
    rows = _pairs(devices, "belief", "outcome")
    rows.sort(key=lambda row: (BELIEFS.index(row[0]), OUTCOMES.index(row[1])))
    return [{"belief": belief, "outcome": outcome, "count": count} for belief, outcome, count in rows]


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


def _pairs(devices: pd.DataFrame, first: str, second: str) -> list[tuple[str, str, int]]:
    """Every pair of values of two columns, and how many rows have it."""
    counts = Counter(zip(devices[first], devices[second], strict=True))
    return [(str(one), str(other), count) for (one, other), count in counts.items()]
