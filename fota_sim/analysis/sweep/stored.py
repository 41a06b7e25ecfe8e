"""A sweep read back from its folder: nothing is played, and no file of then is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.batch.points import Played, Point
from fota_sim.analysis.numbers.metrics import remeasured
from fota_sim.analysis.run.stops import Stop
from fota_sim.analysis.sweep.axes import number
from fota_sim.analysis.sweep.file import load_sweep
from fota_sim.analysis.sweep.folder import AGAIN, PLAN, REPORT, SCHEMA_VERSION, SURFACE, UNITS
from fota_sim.analysis.sweep.plan import SweepPlan
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.experiment import parquet
from fota_sim.scenario.loader import resolved_scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StoredSweep(Sweep):
    """A sweep in its folder."""

    folder: Path
    report: dict[str, Any]
    """What ``sweep.json`` says."""

    @property
    def surface(self) -> pd.DataFrame:
        """As it was written."""
        frame: pd.DataFrame = parquet.read(self.folder / SURFACE).to_pandas()
        return frame


def read_sweep(folder: Path) -> StoredSweep:
    """The sweep in ``folder``; raises ResultError if there is none that is whole, or it is of another version."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        if report["schema_version"] != SCHEMA_VERSION:
            raise ResultError(
                f"{folder}: is a sweep of another version of fota-sim; sweep again, --resume takes what is stored"
            )
        plan = _plan(folder, report)
        return StoredSweep(plan, tuple(_played(folder, plan)), folder, report, learnt=report.get("learnt", {}))
    except OSError as error:
        raise ResultError(f"{error.filename}: cannot be read ({error.strerror}); sweep again") from error
    except ResultError:
        raise
    except (FotaSimError, ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{folder}: is no sweep that can be read ({error}); sweep again") from error


def _plan(folder: Path, report: dict[str, Any]) -> SweepPlan:
    spec = load_sweep(folder / AGAIN)
    texts = {
        path: {_value(text, axis["unit"]): text for text in axis["values"]} for path, axis in report["axes"].items()
    }
    points = []
    for row in parquet.read(folder / PLAN).to_pylist():
        labels = {path: of[row[path]] for path, of in texts.items()}
        scenario = resolved_scenario(json.loads(row["scenario"]), spec.path)
        points.append(Point(row["point"], labels, scenario))
    units = {path: axis["unit"] for path, axis in report["axes"].items() if axis["unit"] is not None}
    return SweepPlan(
        spec,
        report["scenario"],
        tuple(points),
        report["replications"],
        report["left_out"],
        units,
        report.get("as_it_is"),
    )


def _value(text: str, unit: str | None) -> float | str:
    """A value as the tables have it."""
    found = number(text) if unit is not None else None
    return found[0] if found else text


def _played(folder: Path, plan: SweepPlan) -> list[Played]:
    prices = {point.id: point.scenario.prices for point in plan.points}
    return [
        Played(
            row["point"],
            row["replication"],
            None if row["error"] else remeasured(row, prices[row["point"]]),
            row["error"],
            stops=[Stop(*each) for each in json.loads(row.get("stops") or "[]")],
        )
        for row in parquet.read(folder / UNITS).to_pylist()
    ]
