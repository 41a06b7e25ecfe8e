"""Whom a recommendation leaves out: a gate or a list that spares failures is no gain by that alone."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from fota_sim.analysis.answers.comparison import comparison_answer
from fota_sim.analysis.answers.sweep import sweep_answer
from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.compare.comparison import compare
from fota_sim.analysis.compare.playing import PlayedVariant, play_variants
from fota_sim.analysis.compare.unserved import unserved
from fota_sim.analysis.compare.variants import Variant, find_variants
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep
from fota_sim.analysis.tune.knobs import parse_knob
from fota_sim.analysis.tune.question import limit
from fota_sim.analysis.tune.trials import Objective, Search, search
from fota_sim.analysis.tune.verdict import verdict_of_search
from fota_sim.scenario.loader import load_scenario

TEXT = """\
horizon: 2d
replications: 6
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - name: app-2
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 100kB}]
    defects: [{name: spoils, where: hardware == "B", effect: verify_failure, probability: 60%}]
plan: {packages: [app-2], strategy: {min_battery: 0%, retries: 0}}
strategies:
  open: {}
  battery: {plan: {strategy: {min_battery: 60%}}}
  enforced: {plan: {strategy: {min_battery: 60%, enforced_by: platform}}}
  signal: {plan: {strategy: {min_signal: -80dBm}}}
  blacklist: {plan: {blacklist: {where: hardware == "B"}}}
  whitelist: {plan: {whitelist: {where: hardware == "A"}}}
fleet:
  groups:
    - {name: m, count: 60, module: EC200U, mains: 0%, battery_level: {uniform: [30%, 100%]}, hardware: {A: 50%, B: 50%}}
"""
LOOKED_AT = ("failed_of_targeted", "outcome_failed", "success_of_targeted", "success_of_fleet", "bytes_wasted")
HOW = {
    "battery": "refused by the host",
    "enforced": "not offered",
    "signal": "refused by the host",
    "blacklist": "not offered",
    "whitelist": "not offered",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("left_out") / "my.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


Strategies = dict[str, tuple[Variant, PlayedVariant]]
"""Each, and what it shows."""


@pytest.fixture(scope="module")
def played(file: Path) -> Strategies:
    variants = find_variants([str(file)])
    found = play_variants(variants, 6, engine="compiled", workers=1)
    return {each.name: (each, shown) for each, shown in zip(variants, found, strict=True)}


def told(played: Strategies, name: str, metrics: tuple[str, ...]) -> str:
    """What a comparison with the open strategy says first."""
    variants, shown = zip(played["open"], played[name], strict=True)
    return " ".join(comparison_answer(compare(variants, [each.runs for each in shown], metrics).report))


@pytest.mark.parametrize("name", HOW)
def test_who_upgrades_fewer_of_the_fleet_is_never_just_taken(played: Strategies, name: str) -> None:
    for metrics in [some for count in (1, 2, 3) for some in combinations(LOOKED_AT, count)]:
        text = told(played, name, metrics)
        assert not text.startswith("Take"), metrics
        if text.startswith(f"`{name}` instead of `open` is a trade"):
            assert "upgrades" in text.split("The price: ")[1].split(".")[0], metrics
            assert "Of 60 devices" in text
            assert f"with which `open` begins ({HOW[name]})." in text


@pytest.mark.parametrize("name", HOW)
def test_devices_left_out_are_those_that_do_not_begin_and_end_as_it_is_said(played: Strategies, name: str) -> None:
    first, second = ([shown.runs[k] for k in range(6)] for _, shown in (played["open"], played[name]))
    found = unserved(first, second, paired=True)
    assert found is not None
    began = [sum(round(60 * (run["started_of_fleet"].value or 0)) for run in runs) for runs in (first, second)]
    assert found.devices == pytest.approx((began[0] - began[1]) / 6)
    assert sum(found.ends.values()) == pytest.approx(found.devices, rel=0.1)
    assert unserved(second, first, paired=True) is None
    assert unserved(first, first, paired=True) is None


def test_a_larger_share_of_fewer_targeted_is_no_gain(played: Strategies) -> None:
    text = told(played, "blacklist", ("success_of_targeted",))
    assert text.startswith("Keep `open`: `blacklist` upgrades")
    assert "Upgrades are compared among all devices, as the variants do not target equally many of the fleet" in text


@pytest.mark.parametrize(("first", "second"), list(combinations([*HOW, "open"], 2)))
def test_that_most_devices_are_upgraded_under_neither_is_said(played: Strategies, first: str, second: str) -> None:
    variants, shown = zip(played[first], played[second], strict=True)
    report = compare(variants, [each.runs for each in shown], ("outcome_upgraded",)).report
    most = max(np.mean([run["outcome_upgraded"].value for run in each.runs.values()]) for each in shown)
    assert ("Under either of them no more than" in " ".join(comparison_answer(report))) == (most < 0.5)


FEWER_FAILED = ("failed_of_targeted",)


def test_a_sweep_that_looks_at_failures_alone_names_its_price(file: Path) -> None:
    spec = SweepSpec(file, (axis("strategy", "open,signal,blacklist"),), metrics=FEWER_FAILED)
    text = " ".join(sweep_answer(run_sweep(plan_sweep(spec), engine="compiled", workers=1)))
    assert text.startswith("A trade, for the fleet's owner to make, is strategy blacklist: ")
    assert "(--metric success_of_targeted is)" in text
    assert "Of 60 devices it leaves out" in text


def test_a_sweep_of_lists_reads_upgrades_of_the_whole_fleet(file: Path) -> None:
    spec = SweepSpec(file, (axis("strategy", "open,blacklist"),))
    text = " ".join(sweep_answer(run_sweep(plan_sweep(spec), engine="compiled", workers=1)))
    assert text.startswith("Take strategy open: ")
    assert "upgraded of the fleet" in text


@pytest.mark.parametrize("asks", [False, True])
def test_a_search_for_few_failures_names_its_price_unless_it_asks_about_upgrades(
    file: Path, tmp_path: Path, asks: bool
) -> None:
    scenario = load_scenario(file)
    knobs = [parse_knob("plan.strategy.min_signal=-113dBm,-90dBm,-80dBm", scenario)]
    limits = [limit("success > 1%")] if asks else []
    what = Search(scenario, knobs, [Objective(FEWER_FAILED[0], False)], limits, replications=5, trials=6)
    how = HowToPlay(engine="compiled", workers=1)
    found = verdict_of_search(what, search(what, tmp_path / "study.log", how), 6, how)
    text = " ".join(tuning_answer(found))
    assert text.startswith("Take" if asks else "A trade, for the fleet's owner to make, is minimum signal −80")
    assert ("The price: it upgrades" in text) is not asks
