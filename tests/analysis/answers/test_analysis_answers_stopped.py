"""A rollout that its own rules stop in some replications is told as that, and not as its mean."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from fota_sim.analysis.answers.comparison import comparison_answer
from fota_sim.analysis.answers.run import study_answer
from fota_sim.analysis.answers.stopped import stopped_text
from fota_sim.analysis.compare.folder import load_comparison, write_comparison
from fota_sim.analysis.compare.playing import play_and_compare
from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.stops import stopped_by_rules
from fota_sim.scenario.loader import parse_scenario

CHANCY = """\
horizon: 3d
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - {name: app-2, component: app, kind: full, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}
plan:
  packages: [app-2]
  rollout:
    waves: [{share: 30%}, {opens: {after: 6h}}]
    abort: [{share: 12%, minimum: 20}]
fleet: {groups: [{name: m, count: 80, module: BC66, rssi: {uniform: [-123dBm, -80dBm]}}]}
replications: 8
strategies:
  careful: {description: It stops itself where many fail}
  stubborn: {description: It never stops, plan: {rollout: {abort: []}}}
"""


def log_of(*lines: tuple[int, int, str]) -> pa.Table:
    names = ("replication", "at_ms", "text")
    return pa.table(dict(zip(names, map(list, zip(*lines, strict=True)), strict=True)))


PAUSED = (1, 7_200_000, "rollout paused")
BEGUN = [(number, 0, "plan activated") for number in range(3)]


def said(log: pa.Table, shares: list[float | None], plans: list[str] | None = None) -> list[str]:
    return [stopped_text(each) for each in stopped_by_rules(log, dict(enumerate(shares)), plans or [])]


def test_a_run_that_stops_itself_by_chance_says_how_often_and_what_that_leaves(tmp_path: Path) -> None:
    study = run_study(parse_scenario(CHANCY), CHANCY, tmp_path, keep_tables=False)
    runs = study.runs["success_of_targeted"]
    [first, second, *_] = study_answer(study)
    assert first.startswith("73.44 % of the 80 targeted devices")
    assert second.startswith("In 1 of 8 replications the rollout is paused by its rules, after 1 h 36 min: ")
    there, others = runs[runs < 0.5], runs[runs > 0.5]
    assert len(there) == 1
    ends = f"{100 * others.min():.2f} to {100 * others.max():.2f} %"
    assert second.endswith(f"{100 * there.iloc[0]:.2f} % of the targeted are upgraded there, and {ends} in the others.")
    again = run_study(parse_scenario(CHANCY), CHANCY, None, keep_tables=False)  # nothing written, nothing kept
    assert study_answer(again)[1] == second


def test_a_comparison_names_the_variant_that_stops_itself_also_when_it_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CHANCY, encoding="utf-8")
    comparison = play_and_compare(find_variants([str(path)], [], tmp_path), 8)
    told = [text for text in comparison_answer(comparison.report) if text.startswith("In ")]
    assert len(told) == 1
    assert told[0].startswith("In 1 of 8 replications `careful` is paused by its rules, after 1 h 36 min: ")
    write_comparison(comparison, tmp_path / "kept")
    assert told[0] in comparison_answer(load_comparison(tmp_path / "kept").report)


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([0.8, 0.1, 0.9], ": 10.00 % of the targeted are upgraded there, and 80.00 to 90.00 % in the others."),
        ([0.8, None, 0.9], "."),
    ],
)
def test_what_is_upgraded_is_told_where_it_is_known(shares: list[float | None], sentence: str) -> None:
    told = said(log_of(*BEGUN, PAUSED), shares)
    assert told == [f"In 1 of 3 replications the rollout is paused by its rules, after 2 h 00 min{sentence}"]


def test_a_rollout_that_never_stops_or_that_an_operator_stops_is_not_told() -> None:
    assert said(log_of(*BEGUN), [0.8] * 3) == []
    assert said(log_of(*BEGUN, (0, 60_000, "operator: terminate; the plan is terminated")), [0.8] * 3) == []


def test_one_that_always_stops_says_when_in_the_middle_and_compares_with_nobody() -> None:
    lines = [(number, 3_600_000 * (1 + number), "rollout cancelled") for number in range(3)]
    assert said(log_of(*lines), [0.1, 0.2, 0.3]) == [
        "In all 3 replications the rollout is cancelled by its rules, after 2 h 00 min (median)."
    ]


def test_a_single_replication_just_stops() -> None:
    assert said(log_of((0, 7_200_000, "rollout paused")), [0.1]) == [
        "The rollout is paused by its rules, after 2 h 00 min."
    ]


def test_of_several_plans_the_one_that_stops_is_named_without_the_share_of_all() -> None:
    lines = [(0, 0, "meters: plan activated"), (0, 0, "plugs: plan activated"), (1, 7_200_000, "plugs: rollout paused")]
    assert said(log_of(*lines), [0.8, 0.7], ["meters", "plugs"]) == [
        "In 1 of 2 replications plan plugs is paused by its rules, after 2 h 00 min."
    ]
