"""Units of many points: the same wherever they are played, kept when they are finished, and none stops the others."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fota_sim.analysis.batch.points import Played, Point, play_points
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.plan import SweepPlan, SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep, surface_table, units_table
from fota_sim.engines import cores
from fota_sim.errors import FotaSimError
from fota_sim.scenario.loader import load_scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
BATTERY = SCENARIOS / "battery_gate.yaml"
FEW = ("fleet.groups.trackers.count=12", "horizon=2d")
SLOW_ENOUGH_TO_KILL = 12


def plan(replications: int = 2) -> SweepPlan:
    axes = (axis("plan.strategy.min_battery", "10%,30%"), axis("plan.strategy.retries", "0,5"))
    return plan_sweep(SweepSpec(BATTERY, axes, overrides=FEW, replications=replications))


@pytest.fixture(scope="module")
def alone() -> tuple[object, object]:
    done = run_sweep(plan(), engine="reference", workers=1)
    return units_table(done), surface_table(done)


@pytest.mark.parametrize("workers", [None, 3])
def test_any_number_of_workers_gives_the_same_tables(
    workers: int | None, alone: tuple[object, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cores.VARIABLE, "2")  # as many as are taken where no number is said
    done = run_sweep(plan(), engine="reference", workers=workers)
    assert (units_table(done), surface_table(done)) == alone


def test_threads_of_the_compiled_engine_give_the_same_tables(alone: tuple[object, object]) -> None:
    done = run_sweep(plan(), engine="compiled", workers=2)
    assert (units_table(done), surface_table(done)) == alone


def test_a_dask_cluster_of_processes_gives_the_same_tables(alone: tuple[object, object]) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        done = run_sweep(plan(), engine="reference", cluster=cluster.scheduler_address)
    assert (units_table(done), surface_table(done)) == alone


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("fota_sim.experiment.cluster.CONNECT_S", "1s")
    with pytest.raises(FotaSimError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_sweep(plan(), cluster="tcp://127.0.0.1:9")


def test_a_unit_that_is_stored_is_not_played_again(tmp_path: Path, alone: tuple[object, object]) -> None:
    first = run_sweep(plan(replications=1), engine="reference", workers=1, store=tmp_path / "units.sqlite")
    longer = run_sweep(plan(replications=2), engine="reference", workers=1, store=tmp_path / "units.sqlite")
    assert not any(each.stored for each in first.played)
    assert [each.stored for each in longer.played] == [each.replication == 0 for each in longer.played]
    assert (units_table(longer), surface_table(longer)) == alone


def test_a_unit_that_was_stored_with_other_metrics_is_played_again(
    tmp_path: Path, alone: tuple[object, object]
) -> None:
    store = tmp_path / "units.sqlite"
    run_sweep(plan(), engine="reference", workers=1, store=store)
    with sqlite3.connect(store) as base:
        names = json.loads(base.execute("SELECT text FROM forms").fetchone()[0])
        base.execute("UPDATE forms SET text=?", (json.dumps(names[:-1]),))
    again = run_sweep(plan(), engine="reference", workers=1, store=store)
    assert not any(each.stored for each in again.played)
    assert (units_table(again), surface_table(again)) == alone


def test_another_seed_is_another_unit(tmp_path: Path) -> None:
    run_sweep(plan(1), engine="reference", workers=1, store=tmp_path / "units.sqlite")
    other = SweepSpec(BATTERY, plan().spec.axes, overrides=FEW, replications=1, seed=99)
    again = run_sweep(plan_sweep(other), engine="reference", workers=1, store=tmp_path / "units.sqlite")
    assert not any(each.stored for each in again.played)


def test_a_killed_batch_goes_on_where_it_was(tmp_path: Path) -> None:
    store = tmp_path / "units.sqlite"
    program = (
        "from pathlib import Path\n"
        "from tests.analysis.batch.test_analysis_batch import *\n"
        f"run_sweep(plan({SLOW_ENOUGH_TO_KILL}), engine='reference', workers=2, store=Path({str(store)!r}))\n"
    )
    root = Path(__file__).parents[3]
    killed = subprocess.Popen([sys.executable, "-c", program], cwd=root, start_new_session=True)
    try:
        wait_until(lambda: stored(store) >= 3 or killed.poll() is not None)
    finally:
        killed.kill()
        killed.wait()
    kept = stored(store)
    assert 3 <= kept < 4 * SLOW_ENOUGH_TO_KILL
    whole = plan(SLOW_ENOUGH_TO_KILL)
    resumed = run_sweep(whole, engine="compiled", workers=1, store=store)
    assert sum(each.stored for each in resumed.played) == kept
    assert units_table(resumed) == units_table(run_sweep(whole, engine="compiled", workers=1))


def test_a_point_that_fails_is_kept_and_the_others_are_played(tmp_path: Path) -> None:
    heard: list[Played] = []
    points = [gone(tmp_path), good()]
    played = list(play_points(points, [0, 1], engine="reference", workers=1, failed=heard.append))
    assert [(each.point, each.measures is None) for each in played] == [
        ("gone", True),
        ("gone", True),
        ("good", False),
        ("good", False),
    ]
    assert "fleet_example.csv: cannot be read" in played[0].error
    assert heard == played[:2]


def test_fail_fast_stops_at_the_first_failure(tmp_path: Path) -> None:
    points = [gone(tmp_path), good()]
    played = list(play_points(points, [0, 1], engine="reference", workers=1, fail_fast=True))
    assert [each.point for each in played] == ["gone"]


def test_progress_counts_finished_units() -> None:
    told: list[tuple[int, int]] = []
    list(play_points([good()], [0, 1], engine="reference", workers=1, progress=lambda *at: told.append(at)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_progress_begins_with_what_was_stored(tmp_path: Path) -> None:
    store = tmp_path / "units.sqlite"
    list(play_points([good()], [0, 1], engine="reference", workers=1, store=store))
    told: list[tuple[int, int]] = []
    list(
        play_points(
            [good()], [0, 1, 2], engine="reference", workers=1, store=store, progress=lambda *at: told.append(at)
        )
    )
    assert told == [(2, 3), (3, 3)]


def test_two_points_of_one_id_are_refused() -> None:
    with pytest.raises(FotaSimError, match="two points have the id good"):
        list(play_points([good(), good()], [0]))


def good() -> Point:
    return Point("good", {}, load_scenario(BATTERY, FEW))


def gone(folder: Path) -> Point:
    """A point whose fleet has been removed since it was loaded."""
    for name in ("csv_fleet.yaml", "fleet_example.csv"):
        shutil.copy(SCENARIOS / name, folder)
    point = Point("gone", {}, load_scenario(folder / "csv_fleet.yaml"))
    (folder / "fleet_example.csv").unlink()
    return point


def stored(store: Path) -> int:
    try:
        with sqlite3.connect(store) as base:
            return int(base.execute("SELECT count(*) FROM units").fetchone()[0])
    except sqlite3.Error:
        return 0


def wait_until(met: Callable[[], bool]) -> None:
    while not met():
        time.sleep(0.02)
