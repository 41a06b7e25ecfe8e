"""A sweep is the same when it is read back from its folder."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from answers_world import SCENARIO

from fota_sim.analysis.answers.sweep import sweep_answer
from fota_sim.analysis.batch.gathering import mean_of
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.choice import runs_by_point
from fota_sim.analysis.sweep.folder import REPORT, write_sweep
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.stored import read_sweep
from fota_sim.analysis.sweep.sweep import Sweep, run_sweep
from fota_sim.errors import ResultError
from fota_sim.scenario.metrics import METRICS

PRICES = (
    "prices: {currency: EUR, per_MB: 0.5, per_visit: 85, per_device_day: 0.1, per_not_upgraded: 20, per_mAh: 0.01}\n"
)


@pytest.fixture
def swept(tmp_path: Path) -> tuple[Sweep, Path]:
    path = tmp_path / "my.yaml"
    path.write_text(
        f"{SCENARIO}{PRICES}strategies: {{a: {{}}, b: {{plan: {{strategy: {{retries: 0}}}}}}}}\n", encoding="utf-8"
    )
    axes = (axis("plan.strategy.min_battery", "10%,90%"), axis("strategy", "a,b"))
    sweep = run_sweep(plan_sweep(SweepSpec(path, axes, replications=5)), engine="compiled", workers=1)
    folder = write_sweep(sweep, tmp_path, {}, ["fota-sim", "sweep"], datetime.now(UTC))
    path.unlink()  # nothing of then is needed
    return sweep, folder


def test_points_and_tables_come_back(swept: tuple[Sweep, Path]) -> None:
    sweep, folder = swept
    again = read_sweep(folder)
    assert [(point.id, point.labels, point.scenario) for point in again.plan.points] == [
        (point.id, point.labels, point.scenario) for point in sweep.plan.points
    ]
    assert again.plan.units == sweep.plan.units
    pd.testing.assert_frame_equal(again.surface, sweep.surface)


def test_every_metric_has_the_same_mean_and_interval(swept: tuple[Sweep, Path]) -> None:
    sweep, folder = swept
    before, after = runs_by_point(sweep), runs_by_point(read_sweep(folder))
    for point, runs in before.items():
        for metric in METRICS:
            assert mean_of(after[point], metric) == mean_of(runs, metric), metric
    assert sweep_answer(read_sweep(folder)) == sweep_answer(sweep)


def test_a_sweep_of_another_version_says_what_would_do(swept: tuple[Sweep, Path]) -> None:
    _, folder = swept
    report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    (folder / REPORT).write_text(json.dumps({**report, "schema_version": 1}), encoding="utf-8")
    with pytest.raises(ResultError, match="another version of fota-sim; sweep again"):
        read_sweep(folder)


@pytest.mark.parametrize("name", ["plan.parquet", "units.parquet", "sweep.yaml"])
def test_a_sweep_that_lacks_a_file_cannot_be_read(swept: tuple[Sweep, Path], name: str) -> None:
    _, folder = swept
    (folder / name).unlink()
    with pytest.raises(ResultError, match=f"{name}.* again"):
        read_sweep(folder)
