"""Comparing strategies from end to end on a small fleet, and what the sentences say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.answers.comparison import comparison_answer
from fota_sim.analysis.compare.comparison import Comparison, compare
from fota_sim.analysis.compare.metrics import compared_metrics
from fota_sim.analysis.compare.playing import play_and_compare, play_variants
from fota_sim.analysis.compare.variants import Variant, find_variants, pick_baseline
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.cli.compare_text import compare_text
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.report.page.comparison import means_table
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import STARTED_OF_FLEET

TEXT = """\
horizon: 2d
replications: 5
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - {name: app-2, component: app, kind: full, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}
plan: {packages: [app-2]}
strategies:
  strict: {plan: {strategy: {min_battery: 90%}}}
  same: {plan: {strategy: {min_battery: 30%}}}
thresholds: [bricked < 20%]
fleet:
  groups:
    - name: m
      count: 12
      module: EC200U
      mains: 0%
      battery_level: {uniform: [3%, 100%]}
      firmware: {"1_0": 100%}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def names(variants: Sequence[Variant]) -> list[str]:
    return [variant.name for variant in variants]


def row(comparison: Comparison, candidate: str, metric: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in comparison.report["differences"] if (each["candidate"], each["metric"]) == (candidate, metric)
    )
    return found


def test_a_file_alone_stands_for_its_plan_and_all_strategies(file: Path) -> None:
    # `same` says what the plan says by default, so there is no need of the bare plan
    assert names(find_variants([str(file)])) == ["strict", "same"]
    file.write_text(TEXT.replace("min_battery: 30%", "min_battery: 40%"), encoding="utf-8")
    assert names(find_variants([str(file)])) == ["plan", "strict", "same"]


def test_variants_are_files_strategies_and_results(file: Path, tmp_path: Path) -> None:
    scenario = load_scenario(file)
    folder = run_study(scenario, TEXT, tmp_path / "results", engine="compiled").folder
    variants = find_variants([str(file), f"{file}:strict", str(folder)])
    assert [(v.scenario.strategy, v.result is not None) for v in variants] == [
        (None, False),
        ("strict", False),
        (None, True),
    ]
    runs = [each.runs for each in play_variants(variants, 5, engine="compiled")]
    assert {k: m["bytes_sent"].value for k, m in runs[0].items()} == {
        k: m["bytes_sent"].value for k, m in runs[2].items()
    }
    same = compare(variants, runs)
    assert {each["difference"] for each in same.report["differences"] if each["candidate"] == variants[2].name} <= {
        0,
        None,
    }


def test_two_strategies_meet_the_same_fleet_and_are_paired(file: Path) -> None:
    variants = pick_baseline(find_variants([str(file)]), "same")
    assert variants[0].luck == variants[1].luck
    comparison = play_and_compare(variants, 6, engine="compiled")
    upgraded = row(comparison, "strict", "outcome_upgraded")
    assert upgraded["paired"]
    assert upgraded["shown"]
    assert upgraded["high"] < 0
    assert upgraded["low_simultaneous"] < upgraded["low"] < upgraded["high"] < upgraded["high_simultaneous"]
    assert upgraded["p_value"] <= upgraded["p_adjusted"] < 0.05
    assert upgraded["sentence"].startswith("`strict` upgrades ")
    assert " fewer of 12 devices than `same`, 95 % CI " in upgraded["sentence"]
    assert [each["verdict"] for each in comparison.report["variants"][0]["thresholds"]] == ["pass"]


def test_other_seeds_and_other_fleets_are_not_paired_and_it_says_so(file: Path) -> None:
    one = find_variants([str(file)])[0]
    seed = Variant("seed", load_scenario(file, ["seed=2"]), "")
    fleet = Variant("fleet", load_scenario(file, ["fleet.groups[0].count=13"]), "")
    runs = [each.runs for each in play_variants([one, seed, fleet], 5, engine="compiled")]
    comparison = compare([one, seed, fleet], runs)
    assert not any(each["paired"] for each in comparison.report["differences"])
    assert comparison.report["notes"] == [
        "seed and strict: not paired (seeds 2 and 1); intervals are those of independent runs (Welch)",
        "fleet and strict: not paired (different devices); intervals are those of independent runs (Welch)",
    ]


def test_an_unknown_baseline_and_too_little_to_compare_are_sentences(file: Path, tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match="did you mean 'strict'"):
        pick_baseline(find_variants([str(file)]), "strickt")
    bare = tmp_path / "bare.yaml"
    bare.write_text(TEXT.replace(TEXT[TEXT.index("strategies:") : TEXT.index("thresholds:")], ""), encoding="utf-8")
    with pytest.raises(FotaSimError, match="nothing to compare"):
        find_variants([str(bare)])
    with pytest.raises(ScenarioError, match="no such file"):
        find_variants([str(tmp_path / "nix.yaml"), str(file)])


def measured(began: float, upgraded: float, failed: float = 0.0, still: float = 0.0) -> dict[str, Measurement]:
    """What any comparison looks at, of a thousand devices."""
    shares = {
        STARTED_OF_FLEET: (began, 1000.0),
        "success_of_fleet": (upgraded, 1000.0),
        "outcome_upgraded": (upgraded, 1000.0),
        "outcome_failed": (failed, 1000.0),
        "outcome_refused": (1000.0 - began, 1000.0),
        **{f"outcome_{each}": (0.0, 1000.0) for each in ("not_offered", "unreachable", "cancelled")},
        "failed_of_targeted": (failed, 1000.0),
        "failed_of_started": (failed, began),
        "not_upgraded_of_started": (began - upgraded, began),
        "unfinished_of_started": (still, began),
    }
    found = {name: Measurement(name, count / of, count, of) for name, (count, of) in shares.items()}
    found["attempts_per_unfinished"] = Measurement("attempts_per_unfinished", 30.0 if still else None)
    return found | {name: Measurement(name, 1000.0) for name in ("devices", "targeted", "bytes_sent", "energy_J")}


def made(metric: str, baseline: list[float | None], candidate: list[float | None], of: float | None = None) -> str:
    """The sentence about these values, one per replication."""

    def runs(values: list[float | None]) -> dict[int, dict[str, Measurement]]:
        return {
            k: {
                **measured(1000.0, 1000.0),
                metric: Measurement(metric, v, None if v is None or of is None else v * of, of),
                STARTED_OF_FLEET: Measurement(STARTED_OF_FLEET, 1.0, of, of),
            }
            for k, v in enumerate(values)
        }

    a = Variant("all-at-once", BARE, "a")
    comparison = compare([a, replace(a, name="four-waves")], [runs(baseline), runs(candidate)], [metric])
    return comparison.sentences[0]


@pytest.fixture(autouse=True, scope="module")
def _bare(tmp_path_factory: pytest.TempPathFactory) -> None:
    global BARE  # noqa: PLW0603  # a scenario that every sentence is about
    path = tmp_path_factory.mktemp("bare") / "bare.yaml"
    path.write_text(TEXT.replace("[bricked < 20%]", "[]"), encoding="utf-8")
    BARE = load_scenario(path)


def test_a_share_is_told_in_devices_of_the_fleet() -> None:
    first = [k / 40_000 for k in (60, 62, 58, 61, 59, 60)]
    second = [k / 40_000 for k in (30, 30, 28, 29, 31, 26)]
    assert made("outcome_bricked", first, second, 40_000) == (
        "`four-waves` bricks 31 fewer of 40,000 devices than `all-at-once`, 95 % CI 29 to 33."
    )


def test_a_time_is_told_in_days() -> None:
    day = 86_400_000.0
    first, second = [3 * day] * 6, [day * d for d in (5.0, 5.1, 5.2, 5.0, 5.1, 5.2)]
    assert made("time_to_95_pct_ms", [*first], [*second]) == (
        "`four-waves` takes 2.1 days longer than `all-at-once` to upgrade 95 % of the targeted devices, "
        "95 % CI 2.0 to 2.2."
    )


def test_noise_is_not_told_as_a_difference() -> None:
    text = made("bytes_wasted", [1e6, 2e6, 3e6, 4e6, 5e6], [2e6, 1e6, 4e6, 3e6, 5.1e6])
    assert text.startswith("Bytes wasted: no difference shown at this precision between `four-waves` and `all-at-once`")


def test_an_interval_clear_of_zero_that_is_not_shown_says_what_all_comparisons_leave_of_it() -> None:
    noise = ("bytes_sent", "energy_J", "energy_wasted_J")
    wasted = [-5.0, -1.0, -4.0, -2.0, -6.0, 0.5]  # p about 0.03: too much for one of four

    def runs(scale: float) -> dict[int, dict[str, Measurement]]:
        return {
            k: measured(1000.0, 1000.0)
            | {"bytes_wasted": Measurement("bytes_wasted", 1e7 + scale * 1e6 * change)}
            | {name: Measurement(name, 1e6 + scale * (-1) ** k * (j + k)) for j, name in enumerate(noise)}
            for k, change in enumerate(wasted)
        }

    a = Variant("all-at-once", BARE, "a")
    found = compare([a, replace(a, name="four-waves")], [runs(0.0), runs(1.0)], ["bytes_wasted", *noise])
    row = found.report["differences"][0]
    assert not row["shown"]
    assert row["high"] < 0 < row["high_simultaneous"]
    ends = row["low_simultaneous"] / 1e6, row["high_simultaneous"] / 1e6
    told = f"; allowing for all comparisons {ends[0]:+.0f} to {ends[1]:+.0f} MB).".replace("-", "−")
    assert row["sentence"].endswith(told)


def test_a_time_that_some_do_not_reach_is_never_the_mean_of_the_lucky() -> None:
    text = made("time_to_95_pct_ms", [1e8] * 6, [1e8, None, 1e8, None, 1e8, 1e8])
    assert text == (
        "Time to 95 % of targeted upgraded: `four-waves` reaches it in 4 of 6 replications and `all-at-once` reaches "
        "it in all 6 replications, so no difference is given."
    )


def test_tables_say_in_how_many_replications_a_time_is_reached() -> None:
    def runs(days: list[int | None]) -> dict[int, dict[str, Measurement]]:
        time = "time_to_95_pct_ms"
        return {
            k: {**measured(1000.0, 1000.0), time: Measurement(time, None if day is None else day * 86_400_000.0)}
            for k, day in enumerate(days)
        }

    a = Variant("all-at-once", BARE, "a")
    b, c = replace(a, name="four-waves"), replace(a, name="never")
    found = compare([a, b, c], [runs([2] * 6), runs([1, None, 1, 1, 1, 1]), runs([None] * 6)], ["time_to_95_pct_ms"])
    lines = [line.split("  ") for line in compare_text(found.report).splitlines() if line.startswith("time to 95 %")]
    assert [[cell.strip() for cell in line if cell][1:3] for line in lines] == [
        ["2 d", "in 5 of 6 runs"],
        ["2 d", "not reached"],
    ]
    table = means_table(found.report)
    assert [row[1].text for row in table.rows] == ["2 d", "in 5 of 6 runs", "not reached"]
    assert "no mean" in table.note


def test_what_is_the_same_is_said_to_be_the_same() -> None:
    assert made("outcome_bricked", [0.0] * 6, [0.0] * 6, 100) == (
        "Bricked, of all devices: `four-waves` and `all-at-once` are the same in all replications (mean 0.00 %)."
    )


def test_fewer_than_five_replications_give_no_interval() -> None:
    text = made("outcome_bricked", [0.1, 0.2], [0.3, 0.3], 100)
    assert text.endswith("so far; no interval: 2 replications; an interval needs at least 5.")


def led(harm: float, began: float) -> dict[int, dict[str, Measurement]]:
    """Ten replications of a thousand devices of which ``began`` began, and about ``harm`` of those fail."""

    def run(k: int) -> dict[str, Measurement]:
        failed = harm + k % 3
        return measured(began, began - failed, failed)

    return {k: run(k) for k in range(10)}


def test_fewest_failed_is_not_won_by_a_variant_that_stopped_early() -> None:
    a = Variant("all", BARE, "a")
    variants = [a, replace(a, name="stopped")]
    report = compare(variants, [led(50, 1000), led(20, 100)], ["failed_of_targeted"]).report
    (row,) = report["best"]
    assert (row["metric"], row["instead_of"]) == ("failed_of_started", "failed_of_targeted")
    assert row["best"] == ["all"]
    assert report["exposures"] == {"all": 1.0, "stopped": 0.1}


def test_at_equal_exposure_harm_is_compared_as_it_is() -> None:
    a = Variant("all", BARE, "a")
    variants = [a, replace(a, name="careful")]
    (row,) = compare(variants, [led(50, 1000), led(20, 1000)], ["failed_of_targeted"]).report["best"]
    assert (row["metric"], row["instead_of"], row["best"]) == ("failed_of_targeted", None, ["careful"])


def test_who_never_reaches_a_time_is_behind_who_always_does() -> None:
    metric = "time_to_90_pct_ms"

    def runs(value: float | None) -> dict[int, dict[str, Measurement]]:
        return {k: {**measured(1000.0, 1000.0), metric: Measurement(metric, value)} for k in range(5)}

    a = Variant("fast", BARE, "a")
    variants = [a, replace(a, name="never")]
    (row,) = compare(variants, [runs(3.6e6), runs(None)], [metric]).report["best"]
    assert (row["best"], row["told_apart"], row["without"]) == (["fast"], True, ["never"])


def test_fewest_failed_is_not_won_by_a_variant_whose_devices_are_still_at_it() -> None:
    def runs(failed: float, still: float, upgraded: float) -> dict[int, dict[str, Measurement]]:
        return {k: measured(1000.0, upgraded - k % 3, failed + k % 3, still) for k in range(10)}

    variants = [Variant("fails", BARE, "a"), Variant("loops", BARE, "a"), Variant("heals", BARE, "a")]
    played = [runs(50, 0, 950), runs(0, 50, 950), runs(10, 0, 990)]
    report = compare(variants, played, ["outcome_failed", "outcome_upgraded"]).report
    rows = {(row["candidate"], row["metric"]): row for row in report["differences"]}
    assert rows["loops", "outcome_failed"]["shown"]
    assert rows["loops", "outcome_failed"]["moved"]
    assert not rows["heals", "outcome_failed"]["moved"]
    assert report["still_at_it"]["loops"] == {"devices": pytest.approx(50.0), "attempts": pytest.approx(30.0)}
    [lead] = [row for row in report["best"] if row["instead_of"] == "outcome_failed"]
    assert (lead["metric"], lead["best"]) == ("not_upgraded_of_started", ["heals"])
    told = comparison_answer(report)
    assert told[0].startswith("Take `heals`: compared with `fails`")


LOOPS = """\
horizon: 2d
question: What does a device cost that installs the same firmware again and again?
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - name: app-2
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 100kB}]
    defects: [{name: reports the old version, effect: wrong_version, probability: 10%}]
plan: {packages: [app-2]}
strategies:
  gives-up: {plan: {rollout: {retry: [{count: 2, delay: 30min}]}}}
  for-ever: {plan: {rollout: {retry: [{count: null, delay: 30min}]}}}
fleet:
  groups: [{name: m, count: 60, module: EC200U, mains: 100%, contact: {pattern: always, spread: 1h}}]
"""


def test_a_variant_that_lets_devices_loop_is_not_taken_for_its_few_failures(tmp_path: Path) -> None:
    path = tmp_path / "loops.yaml"
    path.write_text(LOOPS, encoding="utf-8")
    report = play_and_compare(find_variants([str(path)])[1:], 6, engine="reference").report
    assert report["baseline"] == "gives-up"
    left = report["still_at_it"]
    assert left["gives-up"]["devices"] == 0
    assert left["for-ever"]["devices"] > 2
    assert left["for-ever"]["attempts"] > 30
    told = " ".join(comparison_answer(report))
    assert told.startswith("Keep `gives-up`: `for-ever` wastes ")
    assert re.search(r"is no gain: [0-9.]+ are still at it at the end, after \d+ attempts each", told)
    report = play_and_compare(find_variants([str(path)])[:0:-1], 6, engine="reference").report
    told = comparison_answer(report)[0]
    assert told.startswith("Take `gives-up`: compared with `for-ever` it wastes ")
    assert "is not held against it: no fewer of those that began get there" in told


def test_fleets_that_differ_in_timers_are_paired_and_it_says_in_which(file: Path) -> None:
    one = find_variants([str(file)])[0]
    timers = ["fleet.groups[0].contact.pattern=wake", "fleet.groups[0].contact.every=3h"]
    other = Variant("rarely", load_scenario(file, [*timers, "plan.strategy.min_battery=90%"]), "")
    runs = [each.runs for each in play_variants([one, other], 5, engine="reference")]
    report = compare([one, other], runs).report
    assert all(each["paired"] for each in report["differences"])
    assert report["notes"] == [
        "rarely and strict: paired, with the same luck of each device; the devices differ in fleet.groups[0].contact"
    ]
    refused = [[run["outcome_refused"].value for run in each.values()] for each in runs]
    assert refused[0] == refused[1]  # who is below the minimum is a matter of the device alone
    assert len(set(refused[0])) > 1
    told = comparison_answer(report)[-1]
    assert "each with the same luck of each device for all variants" in told


def test_what_the_question_and_the_limits_are_about_is_compared_too_and_each_number_once(file: Path) -> None:
    usual = compared_metrics([Variant("a", load_scenario(file), "")], ())
    assert usual[0] == "outcome_bricked"  # a threshold is about it
    asked = load_scenario(file, ["key_metrics=[bytes_sent, success_of_fleet]"])
    found = compared_metrics([Variant("a", asked, "")], ())
    assert found[:3] == ["bytes_sent", "success_of_fleet", "outcome_bricked"]
    assert "outcome_upgraded" not in found  # which is the same number
    assert set(usual) - set(found) == {"outcome_upgraded"}
