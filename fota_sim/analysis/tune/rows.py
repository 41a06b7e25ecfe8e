"""The answer of a search as rows: of every trial, of the front, and the values of the point to take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fota_sim.analysis.batch.gathering import Measures, mean_of
from fota_sim.analysis.tune.front import allowed
from fota_sim.analysis.tune.trials import Search, Tried


def figures(metrics: Sequence[str], runs: Sequence[Measures]) -> dict[str, Any]:
    """Mean, interval and what to know of both, by metric."""
    found = {metric: mean_of(runs, metric) for metric in metrics}
    return {
        metric: {"value": each.value, "interval": each.interval, "note": each.note} for metric, each in found.items()
    }


def trial_rows(what: Search, tried: Sequence[Tried]) -> list[dict[str, Any]]:
    """A row for each trial: its knobs, each metric's mean and interval, and whether it keeps the constraints."""
    rows = []
    for each in tried:
        row: dict[str, Any] = {"trial": each.number, **each.values}
        for metric, figure in figures(what.kept, each.runs).items():
            low, high = figure["interval"] or (None, None)
            row |= {metric: figure["value"], f"{metric}_ci_low": low, f"{metric}_ci_high": high}
        rows.append(row | {"allowed": allowed(what, each.runs)})
    return rows


def front_rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each point of the front and metric: as tuned, on fresh luck, and the difference to the baseline."""
    rows = []
    for point in found["front"]:
        for metric, shape in found["metrics"].items():
            row = {"trial": point["trial"], **point["values"], "metric": metric, "unit": shape["unit"]}
            for stage in ("tuned", "fresh", "difference"):
                figure = (point[stage] or {}).get(metric, {"value": None, "interval": None})
                low, high = figure["interval"] or (None, None)
                row |= {stage: figure["value"], f"{stage}_ci_low": low, f"{stage}_ci_high": high}
            rows.append(row | {"recommended": point["trial"] == found["recommended"]})
    return rows


def tuned_values(found: dict[str, Any]) -> dict[str, Any] | None:
    """The values of the recommended point by path; None if there is none."""
    return next((row["values"] for row in found["front"] if row["trial"] == found["recommended"]), None)
