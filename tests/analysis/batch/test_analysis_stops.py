"""Where rollouts of points are stopped by their own rules: told of every point, stored or not, as of a single run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from fota_sim.analysis.answers.stopped import points_stopped
from fota_sim.analysis.answers.sweep import sweep_answer
from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.batch.points import Point, play_points
from fota_sim.analysis.run.outline import PLAN_LOG
from fota_sim.analysis.run.outlined import play_outlined
from fota_sim.analysis.run.stops import SUCCESS, stopped, stopped_by_rules
from fota_sim.analysis.sweep.axes import parse_axis
from fota_sim.analysis.sweep.folder import write_sweep
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.stored import read_sweep
from fota_sim.analysis.sweep.sweep import run_sweep
from fota_sim.analysis.tune.knobs import parse_knob
from fota_sim.analysis.tune.trials import Objective, Search, search
from fota_sim.analysis.tune.verdict import verdict_of_search
from fota_sim.scenario.loader import parse_scenario

BOARDS = """
name: boards
horizon: 12h
product: {model: {components: [{identifier: app}]}}
packages:
  - name: two
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 60kB}]
    defects: [{name: spoils, effect: verify_failure, probability: 8%}]
plan:
  packages: [two]
  strategy: {retries: 0}
  rollout: {rate: {devices: 10, every: 30min}, abort: [{share: 16%, minimum: 20}]}
fleet:
  groups: [{name: boards, count: 100, module: EC200U, mains: 100%, gone: 0%, contact: {pattern: always, spread: 1h}}]
"""
RUNS = 8


def test_stops_are_those_of_single_runs_played_or_stored(tmp_path: Path) -> None:
    scenario = parse_scenario(BOARDS)
    outlines = [play_outlined(scenario, "compiled", number) for number in range(RUNS)]
    log = pa.concat_tables([each.tables[PLAN_LOG] for each in outlines])
    successes = {each.replication: each.measured[SUCCESS].value for each in outlines}
    [single] = stopped_by_rules(log, successes)
    assert 0 < single.stops < RUNS
    for _ in range(2):  # played, then found
        played = list(play_points([Point("a", {}, scenario)], range(RUNS), engine="compiled", store=tmp_path / "u"))
        assert stopped([stop for each in played for stop in each.stops], successes) == [single]
    assert all(each.stored for each in played)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("boards") / "boards.yaml"
    path.write_text(BOARDS)
    return path


def test_a_sweep_tells_it_of_the_points_beside_that_to_take_played_and_read(file: Path, tmp_path: Path) -> None:
    spec = SweepSpec(file, (parse_axis("plan.rollout.abort[0].share=16%,60%"),), replications=RUNS)
    done = run_sweep(plan_sweep(spec), engine="compiled", workers=1)
    said = " ".join(sweep_answer(done))
    assert "The other point is stopped by its own rules in some replications or all" in said
    assert sweep_answer(read_sweep(write_sweep(done, tmp_path, {}, [], datetime.now(UTC)))) == sweep_answer(done)


def test_a_search_tells_it_of_fresh_luck(file: Path, tmp_path: Path) -> None:
    scenario = parse_scenario(BOARDS)
    aims = [Objective("failed_of_targeted", False), Objective(SUCCESS, True)]
    what = Search(scenario, [parse_knob("plan.strategy.retries=0..1", scenario)], aims, [], replications=5, trials=2)
    how = HowToPlay("compiled", 1)
    found = verdict_of_search(what, search(what, tmp_path / "study.log", how), RUNS, how)
    assert found["stopped"]
    assert found["stopped"][0]["replications"] == RUNS
    assert "is paused by its rules" in " ".join(tuning_answer(found))


def test_points_are_counted_and_the_first_named() -> None:
    assert points_stopped([], 3, True) == ""
    assert points_stopped(["a"], 1, True).startswith("The other point is stopped")
    assert points_stopped(["a", "b"], 2, False).startswith("All 2 points are stopped")
    assert points_stopped(list("abcdef"), 9, True).endswith(": a; b; c; d; 2 more.")
