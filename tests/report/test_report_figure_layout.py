"""Whatever the run, no text of a figure covers another or leaves the picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from figure_text import faults, said
from figure_world import LONG_NAME, ONE, SHAPES, played, source
from matplotlib.figure import Figure

from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.playing import play_and_compare
from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import load_study
from fota_sim.report.figures import OF_COMPARISONS, OF_RUNS
from fota_sim.scenario.loader import parse_scenario


def test_texts_that_cover_each_other_or_leave_the_picture_are_found() -> None:
    figure = Figure(figsize=(4, 3))
    figure.text(0.5, 0.5, "one")
    figure.text(0.52, 0.5, "other")
    figure.text(0.95, 0.2, "far too long for the rest of the line")
    figure.text(0.1, 0.9, "alone")
    assert faults(figure) == [
        "'one' and 'other' overlap",
        "'far too long for the rest of the line' leaves the picture by 219 pixels",
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_overlaps_in_a_figure_of_a_run(shape: str) -> None:
    groups, overrides = SHAPES[shape]
    study = played(source(groups), overrides)
    found = {name: faults(make(study)) for name, make in OF_RUNS.items()}
    assert found == {name: [] for name in OF_RUNS}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    path = tmp_path_factory.mktemp("scenarios") / "figures.yaml"
    more = "".join(f"  {LONG_NAME[:57]}-{k:02d}: {{}}\n" for k in range(10))
    path.write_text(source(ONE).replace("strategies:\n", f"strategies:\n{more}"), encoding="utf-8")
    return play_and_compare(find_variants([str(path)]), 5, engine="compiled")


@pytest.mark.parametrize("name", OF_COMPARISONS)
def test_nothing_overlaps_in_a_figure_of_a_comparison(comparison: Comparison, name: str) -> None:
    assert faults(OF_COMPARISONS[name](comparison)) == []


def test_figures_of_a_run_read_back_are_those_of_the_run(tmp_path: Path) -> None:
    groups, overrides = SHAPES["waves"]
    scenario = parse_scenario(source(groups), "scenario.yaml", overrides)
    study = run_study(scenario, source(groups), tmp_path, engine="compiled", workers=1)
    assert study.folder is not None
    (study.folder / "devices.parquet").write_bytes(b"")  # figures need no row for each device
    again = load_study(study.folder)
    kept = played(source(groups), overrides)
    for make in OF_RUNS.values():
        assert said(make(again)) == said(make(kept))
