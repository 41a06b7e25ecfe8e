"""Which kind of result a name means, and the page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fota_sim.analysis.batch import folder as lab_folder
from fota_sim.analysis.batch.folder import read_lab
from fota_sim.analysis.compare import folder as comparison_folder
from fota_sim.analysis.compare.folder import load_comparison
from fota_sim.analysis.compare.playing import play_and_compare
from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.forecast import folder as forecast_folder
from fota_sim.analysis.forecast.folder import read_forecast
from fota_sim.analysis.run.study import load_study
from fota_sim.analysis.sweep import folder as sweep_folder
from fota_sim.analysis.sweep.stored import read_sweep
from fota_sim.errors import ResultError
from fota_sim.experiment.results import open_result
from fota_sim.report.page.comparison import comparison_page
from fota_sim.report.page.content import Page
from fota_sim.report.page.forecast import forecast_page
from fota_sim.report.page.run import run_page
from fota_sim.report.page.sensitivity import sensitivity_page
from fota_sim.report.page.sweep import sweep_page
from fota_sim.report.page.tuning import tuning_page


@dataclass(frozen=True)
class Reported:
    """A page, and the folder of the result it is about."""

    page: Page
    folder: Path | None
    """None if it is about several."""


def report_of(results: Sequence[str], root: Path) -> Reported:
    """The page of a result, or of a comparison of several runs; nothing is played.

    ``results``: paths to folders of any kind of result, or names of runs as ``open_result`` takes them, looked for in
    ``root``. Raises ResultError if one is missing, damaged, or not of the kind that can be compared.
    """
    for name in results:
        if Path(name).suffix in (".yaml", ".yml") and _folder(name) is None:
            raise ResultError(f"{name}: is a scenario and not a result; play it first with fota-sim run {name}")
    if len(results) == 1:
        return _report_of_one(results[0], root)
    for name in results:
        if (folder := _folder(name)) is not None and _kind(folder) is not None:
            raise ResultError(f"{name}: is no run, and only runs can be compared; report on it alone")
    variants = find_variants(results, root=root)
    comparison = play_and_compare(variants, 0)  # all of them are there, so nothing is played
    return Reported(comparison_page(comparison, {"argv": ["fota-sim", "compare", *results]}), None)


def _report_of_one(name: str, root: Path) -> Reported:
    folder = _folder(name)
    kind = None if folder is None else _kind(folder)
    if folder is None or kind is None:
        study = load_study(open_result(name, root).path)
        return Reported(run_page(study), study.folder)
    if kind == sweep_folder.REPORT:
        return Reported(sweep_page(read_sweep(folder)), folder)
    if kind == forecast_folder.REPORT:
        return Reported(forecast_page(read_forecast(folder)), folder)
    if kind == comparison_folder.REPORT:
        comparison = load_comparison(folder)
        return Reported(comparison_page(comparison, comparison.report.get("made")), folder)
    lab = read_lab(folder, kind)
    return Reported(tuning_page(lab) if kind == lab_folder.TUNE else sensitivity_page(lab), folder)


def _folder(name: str) -> Path | None:
    """The folder that a path means: itself, or that of a file in a result; None if it is no path of a result."""
    path = Path(name)
    if path.is_dir():
        return path
    return path.parent if path.is_file() and (_kind(path.parent) or (path.parent / "manifest.json").exists()) else None


def _kind(folder: Path) -> str | None:
    """The file that says what the folder is; None for a run, or for no result at all."""
    names = (
        *(sweep_folder.REPORT, comparison_folder.REPORT, forecast_folder.REPORT),
        *(lab_folder.TUNE, lab_folder.SENSITIVITY),
    )
    return next((name for name in names if (folder / name).is_file()), None)
