"""What stays of a replication: small tables whose counts are those of its devices, wherever it was played."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fota_sim.analysis.batch.points import Point, play_points
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.folder import load_comparison, write_comparison
from fota_sim.analysis.compare.playing import play_and_compare
from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, GROUP_TIMES, PLAN_LOG, TIMESERIES
from fota_sim.analysis.run.study import Study, load_study, outlined_study
from fota_sim.errors import ResultError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

SOURCE = """
name: outlined
horizon: 2d
product: {model: {components: [{identifier: BC66}]}}
packages: [{name: p, component: BC66, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}]
plan:
  packages: [p]
  strategy: {min_battery: 30%, min_signal: -110dBm}
  operator: [{at: 3h, do: suspend}, {at: 5h, do: resume}]
strategies:
  strict: {plan: {strategy: {min_battery: 60%}}}
  lax: {plan: {strategy: {min_battery: 10%}}}
fleet:
  groups:
    - name: weak
      count: 60
      module: BC66
      rssi: {normal: {mean: -112dBm, sd: 5dB}}
      mains: 0%
      battery_level: {uniform: [5%, 100%]}
      contact: {pattern: wake, every: 6h}
    - {name: mains, count: 20, module: BC66, mains: 100%, contact: {pattern: always, spread: 1h}}
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse_scenario(SOURCE, "scenario.yaml", ["replications=2"])


@pytest.fixture(scope="module")
def study(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return run_study(scenario, SOURCE, tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    path = tmp_path_factory.mktemp("scenarios") / "outlined.yaml"
    path.write_text(SOURCE, encoding="utf-8")
    variants = find_variants([f"{path}:strict", f"{path}:lax"])
    return play_and_compare(variants, 5)


def test_group_times_count_the_devices_that_are_upgraded_in_the_end(study: Study) -> None:
    good = study.devices[study.devices["outcome"] == "upgraded"]
    counted = study.group_times.groupby(["replication", "group"])["upgraded"].sum()
    assert counted.to_dict() == good.groupby(["replication", "group"]).size().to_dict()
    by_six_hours = study.group_times.query("at_ms <= 6 * 3_600_000")["upgraded"].sum()
    assert by_six_hours == (good["upgraded_ms"] <= 6 * 3_600_000).sum() > 0


def test_cells_of_battery_and_signal_count_every_device_once(study: Study) -> None:
    cells, devices = study.battery_signal, study.devices
    assert cells["devices"].sum() == len(devices)
    assert cells.loc[cells["battery_pct"].isna(), "devices"].sum() == devices["mains"].sum()
    assert cells["refused"].sum() == (devices["refusals"] > 0).sum() > 0
    assert cells["started"].sum() == (devices["attempts"] > 0).sum()
    for outcome in ("failed", "bricked", "rolled_back", "upgraded"):
        assert cells[outcome].sum() == (devices["outcome"] == outcome).sum()
    refused = cells[(cells["refused"] > 0) & (cells["rssi_dBm"] >= -110)]
    assert refused["battery_pct"].min() < 30


def test_an_edge_of_the_cells_is_where_gates_stand(study: Study) -> None:
    assert set((study.battery_signal["rssi_dBm"] + 113) % 3) == {0}
    assert set(study.battery_signal["battery_pct"].dropna() % 5) == {0}


def test_the_log_of_the_plan_says_what_the_operator_did(study: Study) -> None:
    said = study.plan_log.query("replication == 1")
    assert {3 * 3_600_000, 5 * 3_600_000} <= set(said["at_ms"])


def test_a_study_read_back_has_the_same_small_tables_and_scenario(study: Study) -> None:
    assert study.folder is not None
    again = load_study(study.folder)
    assert again.scenario == study.scenario
    for name in ("timeseries", "group_times", "battery_signal", "plan_log"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(study, name))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_outlines_what_a_run_writes(scenario: Scenario, study: Study, workers: int) -> None:
    points = [Point("one", {}, scenario)]
    played = play_points(points, range(2), engine="compiled", workers=workers, outlined=True)
    outlines = [each.outline for each in played if each.outline is not None]
    again = outlined_study(scenario, outlines, "reference")
    assert again.summary == study.summary
    for name in ("timeseries", "group_times", "battery_signal", "plan_log", "runs"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(study, name))
    with pytest.raises(ResultError, match="was not kept"):
        _ = again.devices


def test_a_batch_that_asks_for_none_has_no_outlines(scenario: Scenario) -> None:
    assert [each.outline for each in play_points([Point("one", {}, scenario)], range(1), engine="compiled")] == [None]


def test_a_comparison_read_back_is_what_was_compared(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "compared")
    again = load_comparison(tmp_path / "compared")
    assert again.report == comparison.report
    assert [study.scenario.strategy for study in again.studies] == ["strict", "lax"]
    for left, right in zip(again.studies, comparison.studies, strict=True):
        assert left.summary == right.summary
        pd.testing.assert_frame_equal(left.group_times, right.group_times)
    files = {path.name for path in (tmp_path / "compared" / "variants" / "1-strict").iterdir()}
    assert {TIMESERIES, GROUP_TIMES, BATTERY_SIGNAL, PLAN_LOG} < files


def test_a_comparison_written_again_leaves_nothing_of_the_first(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path)
    alone = Comparison({**comparison.report, "variants": comparison.report["variants"][:1]}, comparison.studies[:1])
    write_comparison(alone, tmp_path)
    assert len(load_comparison(tmp_path).studies) == 1
    assert [path.name for path in (tmp_path / "variants").iterdir()] == ["1-strict"]


def test_a_folder_without_a_comparison_is_a_sentence(comparison: Comparison, tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="compare again with --out"):
        load_comparison(tmp_path)
    write_comparison(comparison, tmp_path)
    (tmp_path / "compare.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ResultError, match="is no comparison"):
        load_comparison(tmp_path)
