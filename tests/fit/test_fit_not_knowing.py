"""Of a fitted scenario every answer says what of a spread is not knowing what was learnt, and what chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import fota_sim as fs
from fota_sim.analysis.answers.comparison import comparison_answer
from fota_sim.analysis.answers.not_knowing import not_knowing
from fota_sim.analysis.answers.run import study_answer
from fota_sim.analysis.run.known import Draws, apart
from fota_sim.report.page.run import run_page

TEXT = """
name: fitted
horizon: 2d
product: {{model: {{components: [{{identifier: app}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 60kB}}]}}]
plan: {{packages: [two], strategy: {{min_battery: 30%}}}}
strategies:
  all: {{plan: {{strategy: {{min_battery: 0%}}}}}}
  full-ones: {{plan: {{strategy: {{min_battery: 60%}}}}}}
fleet:
  groups:
    - {{name: meters, count: 80, module: BG95, gone: 20%, battery_level: {{uniform: [10%, 100%]}}, mains: 0%,
       contact: {{pattern: wake, every: 12h, jitter: 10min}}}}
learnt:
  source: last year's log
  devices: 60
  parameters:
    - {{name: "gone for good, meters", paths: [fleet.groups.meters.gone], mean: 20%, interval: [2%, 60%],
       n: 60, default: 10%}}
  draws: {{fleet.groups.meters.gone: [{shares}]}}
"""
SHARES = ", ".join(f"{100 * share:.1f}%" for share in np.linspace(0.02, 0.6, 20))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "fitted.yaml"
    path.write_text(TEXT.format(shares=SHARES), encoding="utf-8")
    return path


def test_a_run_says_it_in_its_answer(file: Path) -> None:
    found = fs.run(file, replications=8, workers=1, progress=False, out="results")
    spread = found.summary["learnt"]["spread"]["success_of_targeted"]
    assert spread["parameters"] > 0.7
    assert spread["of"][0]["name"] == "gone for good, meters"
    (said,) = [each for each in study_answer(found.study) if "not knowing" in each]
    assert f"{100 * spread['parameters']:.0f} % is not knowing what was learnt" in said
    (section,) = [each for each in run_page(found.study).sections if each.title == "What was learnt"]
    assert [each.caption for each in section.blocks][1] == "Learnt from last year's log of 60 devices"


def test_a_comparison_says_it_of_the_difference(file: Path) -> None:
    found = fs.compare(file, replications=8, workers=1, progress=False)
    told = found.report["learnt"]["full-ones"]
    assert told["of"] == "difference"
    gated = told["spread"]["outcome_upgraded"]
    assert gated["parameters"] + gated["chance"] == pytest.approx(1.0)
    assert 0.0 < gated["parameters"] < 1.0
    (said,) = [each for each in comparison_answer(found.report) if "not knowing" in each]
    assert "between `all` and `plan`" in said


def test_a_sweep_says_it_at_the_point_that_it_recommends(file: Path) -> None:
    axes = {"plan.strategy.min_battery": ["0%", "60%"]}
    found = fs.sweep(file, axes, replications=8, workers=1, progress=False)
    assert "is not knowing what was learnt" in " ".join(repr(found).split())


def test_a_search_says_it_on_fresh_luck(file: Path) -> None:
    found = fs.tune(
        file,
        ["plan.strategy.min_battery=0%..70%"],
        out="tuned",
        maximise=["success_of_targeted"],
        trials=5,
        replications=5,
        fresh=8,
        workers=1,
        progress=False,
    )
    assert "is not knowing what was learnt" in " ".join(repr(found).split())


def test_what_is_swept_is_known(file: Path) -> None:
    axes = {"fleet.groups.meters.gone": ["5%", "50%"]}
    found = fs.sweep(file, axes, replications=8, workers=1, progress=False)
    assert "not knowing" not in repr(found)


def test_a_parameter_that_changes_nothing_has_no_part_in_the_spread() -> None:
    luck = np.random.default_rng(1)
    values = luck.normal(size=(30, 2))
    fixed = luck.normal(size=30)
    drawn = fixed + 2.0 * values[:, 0]
    found = apart(drawn, fixed, Draws(["moves", "idle"], values))
    assert found is not None
    assert found["parameters"] == pytest.approx(0.8, abs=0.1)
    assert [each["name"] for each in found["of"]] == ["moves", "idle"]
    assert found["of"][1]["share"] == pytest.approx(0.0, abs=1e-9)
    assert apart(fixed, fixed, Draws(["idle"], values[:, 1:])) == {"parameters": 0.0, "chance": 1.0, "of": []}


def test_nothing_is_said_where_nothing_is_told() -> None:
    assert not not_knowing(None, ["outcome_upgraded"])
    assert not not_knowing({"spread": {}}, ["outcome_upgraded"])
