"""Figures asked for by name from Python, and those of comparisons, sweeps and searches."""

from __future__ import annotations

from pathlib import Path

import pytest
from figure_text import faults, said
from figure_world import ONE, played, source
from matplotlib.figure import Figure

import fota_sim as fs
from fota_sim import Compared, Result, SweepResult
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.folder import load_comparison, write_comparison
from fota_sim.analysis.sweep.choice import choose_point
from fota_sim.errors import FotaSimError
from fota_sim.report.figures import OF_COMPARISONS, OF_RUNS
from fota_sim.report.figures.differences import differences_finding
from fota_sim.report.figures.heatmap import sweep_figure, sweep_finding
from fota_sim.report.figures.strategies import strategies_finding
from fota_sim.report.figures.tornado import sensitivity_finding
from fota_sim.scenario.metrics import spoken


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenarios") / "figures.yaml"
    path.write_text(source(ONE), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def comparison(scenario: Path) -> Comparison:
    return fs.compare(f"{scenario}:strict", f"{scenario}:lax", replications=5, engine="compiled").comparison


@pytest.fixture(scope="module")
def battery(scenario: Path) -> SweepResult:
    axes = {"plan.strategy.min_battery": "0%,30%,60%", "plan.strategy.min_signal": "-113dBm,-105dBm"}
    return fs.sweep(scenario, axes, engine="compiled")


def test_a_run_plots_every_figure_by_its_name() -> None:
    result = Result(played(source(ONE)))
    assert result.plot().get_suptitle() == result.plot("overview").get_suptitle()
    for name in OF_RUNS:
        assert isinstance(result.plot(name), Figure)


def test_a_name_that_there_is_not_is_answered_with_those_there_are() -> None:
    result = Result(played(source(ONE)))
    with pytest.raises(FotaSimError, match="there is no figure 'funel'; there are overview, adoption, causes, funnel,"):
        result.plot("funel")


def test_a_comparison_plots_differences_and_strategies(comparison: Comparison) -> None:
    compared = Compared(comparison)
    for name in OF_COMPARISONS:
        assert isinstance(compared.plot(name), Figure)
    with pytest.raises(FotaSimError, match="there are strategies, differences"):
        compared.plot("funnel")


def test_the_differences_tell_how_many_are_shown(comparison: Comparison) -> None:
    rows = comparison.report["differences"]
    shown = sum(row["shown"] for row in rows)
    assert differences_finding(comparison.report) == f"lax against strict: {shown} of {len(rows)} differences shown"
    text = said(OF_COMPARISONS["differences"](comparison)).replace("\n", " ")
    assert "paired by replication" in text
    assert all(row["label"] in text for row in rows)
    assert "Left out, since no variant differs: bricked, of all devices" in text


def test_the_strategies_tell_who_upgrades_most(comparison: Comparison) -> None:
    shares = {
        about["name"]: study.summary["metrics"]["success_of_fleet"]["value"]
        for about, study in zip(comparison.report["variants"], comparison.studies, strict=True)
    }
    best = max(shares, key=lambda name: shares[name])
    assert strategies_finding(comparison).startswith(
        f"Most upgrades, {100 * shares[best]:.2f} % of all devices: {best}; no brick anywhere"
    )


def test_a_comparison_read_back_has_the_same_figures(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "compared")
    again = load_comparison(tmp_path / "compared")
    for make in OF_COMPARISONS.values():
        assert said(make(again)) == said(make(comparison))


@pytest.mark.parametrize(
    "metric", ["success_of_targeted", "outcome_refused", "upgraded_per_hour_middle_90_pct", "downloads_peak_ms"]
)
def test_a_sweep_marks_its_best_point_and_says_which(battery: SweepResult, metric: str) -> None:
    figure = battery.plot(metric)
    assert faults(figure) == []
    choice = choose_point(battery.played, metric) if metric != "downloads_peak_ms" else None
    stars = [line for axes in figure.axes for line in axes.get_lines() if line.get_marker() == "*"]
    assert len(stars) == (choice is not None)
    assert figure.get_suptitle().replace("\n", " ") == sweep_finding(battery.played, metric, choice)


def test_the_title_of_a_heat_map_has_the_value_of_what_its_points_are_compared_by(scenario: Path) -> None:
    """Where gates let unequally many begin, failures are compared among those that do, and the map shows others."""
    axes = {"plan.strategy.min_battery": "0%,60%", "plan.strategy.retries": "0,1"}
    sweep = fs.sweep(scenario, axes, replications=5, engine="compiled").played
    choice = choose_point(sweep, "failed_of_targeted")
    assert choice.metric != "failed_of_targeted"
    assert choice.point is not None
    runs = [each.measures for each in sweep.played if each.point == choice.point.id and each.measures is not None]
    value = sum(run[choice.metric].value or 0.0 for run in runs) / len(runs)
    title = sweep_finding(sweep, "failed_of_targeted", choice)
    assert title.startswith(f"Lowest {spoken(sweep.metric(choice.metric).label)}: {100 * value:.2f} % at ")
    foot = " ".join(text.get_text() for text in sweep_figure(sweep, "failed_of_targeted").texts)
    assert f"the best of all 4 points in {spoken(sweep.metric(choice.metric).label)}, as not" in " ".join(foot.split())


def test_ties_of_a_sweep_are_marked_and_counted(battery: SweepResult) -> None:
    choice = choose_point(battery.played, "outcome_bricked")
    assert len(choice.tied) == 5  # nobody is bricked anywhere
    assert sweep_finding(battery.played, "outcome_bricked", choice).endswith("; 5 other points the same")
    marks = [line for axes in battery.plot("outcome_bricked").axes for line in axes.get_lines()]
    assert sorted(line.get_marker() for line in marks) == ["*", *["D"] * 5]


def test_a_sweep_of_one_axis_and_one_of_samples_mark_it_too(scenario: Path) -> None:
    line = fs.sweep(scenario, {"plan.strategy.min_battery": "0%,30%,60%"}, engine="compiled").plot()
    assert faults(line) == []
    assert [each.get_marker() for each in line.axes[0].get_lines()].count("*") == 1


def test_a_metric_that_there_is_not_is_answered_with_the_nearest(battery: SweepResult) -> None:
    with pytest.raises(FotaSimError, match="did you mean 'success_of_targeted'"):
        battery.plot("success_of_targetd")


def test_the_tornado_says_what_is_strongest_and_where_that_is_not_shown() -> None:
    rows = [{"path": "radios.nb.rssi", "low_interval": [-0.1, 0.2], "high_interval": None}]
    sure = [{"path": "plan.retries", "low_interval": [0.1, 0.2], "high_interval": [-0.1, 0.1]}]
    found = {
        "metrics": {
            "a": {"label": "failed", "note": "", "rows": rows},
            "b": {"label": "upgraded", "note": "", "rows": sure},
            "c": {"label": "bricked", "note": "none of the parameters changes it", "rows": []},
        }
    }
    assert sensitivity_finding(found) == (
        "Largest effects: signal of the radio nb (not shown at this precision) on failed; retries on upgraded"
    )
