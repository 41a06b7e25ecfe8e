"""What answers say of costs: who is cheapest, what that saves, from which price on; and nothing without prices."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.answers.comparison import comparison_answer
from fota_sim.analysis.answers.money import amount_text, money_text, pays_text
from fota_sim.analysis.answers.run import run_answer
from fota_sim.analysis.answers.sweep import sweep_answer
from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.compare.playing import play_and_compare
from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep
from fota_sim.analysis.tune.question import question
from fota_sim.analysis.tune.trials import search
from fota_sim.analysis.tune.verdict import verdict_of_search
from fota_sim.errors import FotaSimError
from fota_sim.scenario.loader import load_scenario

# Below half a battery the new firmware often does not start: who is not refused may have to be visited.
SOURCE = """
question: Which gate is the cheapest?
horizon: 2d
replications: 6
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - name: p
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 20kB}]
    defects: [{name: dead, effect: boot_failure, probability: 50%, where: battery < 50}]
plan: {packages: [p], strategy: {min_battery: 0%}}
strategies:
  none: {description: no gate}
  half: {description: a gate of half, plan: {strategy: {min_battery: 50%}}}
prices: {currency: EUR, per_visit: 85, per_device_day: 2, per_mAh: 0.01}
fleet:
  groups:
    - {name: meters, count: 40, module: EC800K, host: careful, mains: 0%, gone: 0%, rssi: -75dBm,
       battery: {chemistry: li-po, capacity: 2Ah, level: {uniform: [20%, 100%]}, resistance: 0ohm, self_discharge: 0%},
       battery_life: 1y}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("priced") / "priced.yaml"
    file.write_text(SOURCE, encoding="utf-8")
    return file


def told(path: Path, *overrides: str) -> str:
    variants = find_variants([str(path)], [*overrides])
    found = play_and_compare(variants, 6, engine="compiled", workers=1)
    return " ".join(comparison_answer(found.report))


def test_a_comparison_takes_the_cheaper_and_says_what_it_saves_and_from_which_price_on(path: Path) -> None:
    text = told(path)
    assert text.startswith("Take `half`: it saves ")
    assert " EUR (95 % interval " in text
    assert ", and pays from " in text
    assert " EUR a visit on (95 % interval " in text
    assert "the scenario says 85)" in text
    assert "up to " in text
    assert " EUR a device and day" in text
    assert "fewer devices" in text
    assert "which is in the cost as far as it has a price" in text


def test_where_a_visit_is_cheap_the_baseline_is_kept_and_the_other_would_pay_from_a_price_on(path: Path) -> None:
    text = told(path, "prices.per_visit=1")
    assert text.startswith("Keep `none`, the cheapest: `half` costs ")
    assert " EUR (95 % interval " in text
    assert " more, and would pay " in text
    assert " EUR a visit on (95 % interval " in text
    assert "the scenario says 1)" in text


def test_a_gate_that_leaves_many_behind_is_not_the_cheapest_where_that_has_a_price(path: Path) -> None:
    kept = "prices.per_not_upgraded=600"
    text = told(path, kept)
    assert text.startswith("Keep `none`, the cheapest: `half` costs ")
    assert re.search(r"up to [0-9.]+ EUR a device not upgraded \(95 % interval [^)]*; the scenario says 600\)", text)
    summary = run_study(load_scenario(path, [kept], "half"), SOURCE, None, engine="reference", workers=1).summary
    left = summary["metrics"]["not_upgraded"]["value"]
    assert left > 5
    assert summary["metrics"]["cost_not_upgraded"]["value"] == pytest.approx(600 * left)
    assert " for devices not upgraded" in " ".join(run_answer(summary))


def test_without_prices_nothing_of_cost_is_told(path: Path) -> None:
    variants = find_variants([str(path)], ["prices=null"])
    report = play_and_compare(variants, 6, engine="compiled", workers=1).report
    assert report["break_even"] == []
    assert not any("cost" in row["metric"] for row in report["differences"])
    assert "EUR" not in " ".join(comparison_answer(report))
    summary = run_study(load_scenario(path, ["prices=null"]), SOURCE, None, engine="compiled", workers=1).summary
    assert not any("cost" in name or name == "visits" for name in summary["metrics"])
    text = " ".join(run_answer(summary))
    assert "costs" not in text
    assert "From batteries it takes " in text
    with pytest.raises(FotaSimError, match="there is no cost_total, for the scenario has no prices"):
        play_and_compare(variants, 6, ["cost_total"], engine="compiled", workers=1)
    with pytest.raises(FotaSimError, match="no cost_data"):
        plan_sweep(SweepSpec(path, (axis("plan.strategy.retries", "0,1"),), metrics=("cost_data",)))


def test_a_run_says_what_it_costs_for_what_and_what_of_the_batteries_life(path: Path) -> None:
    summary = run_study(load_scenario(path), SOURCE, None, engine="compiled", workers=1).summary
    text = " ".join(run_answer(summary))
    assert "The rollout costs " in text
    assert " EUR (95 % interval " in text
    assert " for visits, " in text
    assert "days of life for each device on battery" in text
    assert "of the 1 year that a battery is to last." in text
    assert summary["metrics"]["cost_total"]["unit"] == "EUR"


def test_an_expected_life_that_nobody_said_is_called_an_assumption(path: Path) -> None:
    changes = [
        "fleet.groups.meters.battery=null",
        "fleet.groups.meters.battery_life=null",
        "fleet.groups.meters.module=BC66",
        "replications=1",
    ]
    summary = run_study(load_scenario(path, changes), SOURCE, None, engine="compiled", workers=1).summary
    assert "of the 10 years that a battery is to last, an assumption." in " ".join(run_answer(summary))
    of_chargeable = load_scenario(path, ["fleet.groups.meters.battery_life=null", "replications=1"])
    summary = run_study(of_chargeable, SOURCE, None, engine="compiled", workers=1).summary
    assert "whose expected life the scenario does not say" in " ".join(run_answer(summary))


def test_a_sweep_takes_the_cheapest_point_and_says_from_which_price_on(path: Path) -> None:
    spec = SweepSpec(path, (axis("plan.strategy.min_battery", "0%,50%,90%"),))
    sweep = run_sweep(plan_sweep(spec), engine="compiled", workers=1)
    text = " ".join(sweep_answer(sweep))
    assert sweep.plan.spec.metrics[0] == "cost_total"
    assert "Take minimum battery 50 %: the rollout costs " in text
    assert "the least of all 3 points" in text
    assert "pays from " in text
    assert "a visit on" in text


def test_points_that_price_different_things_are_refused(path: Path) -> None:
    with pytest.raises(FotaSimError, match="price the same things"):
        plan_sweep(SweepSpec(path, (axis("prices.per_MB", "0.1,null"),)))


def test_tune_makes_cost_small_and_says_what_that_saves(path: Path, tmp_path: Path) -> None:
    source = (path, [], "none")
    what = question(source, ["plan.strategy.min_battery=0%..90%"], ((), ()), (), (3, 5, 3), "tpe", 1, None)
    assert next((each.metric, each.maximise) for each in what.objectives) == ("cost_total", False)
    how = HowToPlay("compiled", 1)
    found: dict[str, Any] = verdict_of_search(what, search(what, tmp_path / "study.log", how), 10, how)
    assert {found["objectives"][0]["unit"], found["metrics"]["cost_total"]["unit"]} == {"EUR"}
    text = " ".join(tuning_answer(found))
    assert "lowest cost of the rollout" in text
    assert "Against the scenario as it is, it saves " in text
    assert "a visit on" in text


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (4123.4, 800, "4,100"),
        (4123.4, 20, "4,120"),
        (0.3478, 0.02, "0.35"),
        (61.7, 8, "62"),
        (3.24, 50, "3.2"),
        (4123.4, None, "4,120"),
        (0.0, None, "0"),
    ],
)
def test_an_amount_has_the_digits_that_it_is_known_to(value: float, half: float | None, text: str) -> None:
    assert amount_text(value, half) == text


def test_a_difference_and_a_border_are_told_without_signs() -> None:
    assert money_text(-4123.0, "EUR", (-4700.0, -3600.0)) == "4,100 EUR (95 % interval 3,600 to 4,700)"
    row = {"price": "per_visit", "now": 85.0, "at": 61.7, "low": 54.6, "high": 71.2, "from_on": True}
    assert pays_text([row], "EUR") == "pays from 62 EUR a visit on (95 % interval 55 to 71; the scenario says 85)"
    days = row | {"price": "per_device_day", "now": 0.2, "at": 0.44, "low": 0.37, "high": 0.51, "from_on": False}
    assert pays_text([days], "EUR", would=True) == (
        "would pay up to 0.44 EUR a device and day (95 % interval 0.37 to 0.51; the scenario says 0.2)"
    )
