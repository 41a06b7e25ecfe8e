"""From Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.compare import HEADLINES, Comparison, play_variants, replications_for
from fota_sim.analysis.compare import compare as compare_runs
from fota_sim.analysis.study import Study, run_study
from fota_sim.analysis.variants import find_variants, pick_baseline
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metric_names import metric_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Result:
    """What a run found, as pandas frames and a picture."""

    study: Study

    @property
    def devices(self) -> pd.DataFrame:
        """One row per device per replication."""
        return self.study.devices

    @property
    def timeseries(self) -> pd.DataFrame:
        """Counts over time, per replication."""
        return self.study.timeseries

    @property
    def summary(self) -> dict[str, Any]:
        """What ``fota-sim run --json`` prints."""
        return self.study.summary

    @property
    def folder(self) -> Path | None:
        """The result folder, if one was written."""
        return self.study.folder

    def plot(self) -> Figure:
        """Adoption over time, and outcomes by cause."""
        from fota_sim.report.figures import overview_figure

        return overview_figure(self.study)

    def _repr_html_(self) -> str:
        from fota_sim.cli.summary_text import summary_text

        return f"<pre>{escape(summary_text(self.summary))}</pre>"


def run(
    path: str | Path,
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    out: str | Path | None = None,
    engine: str = "auto",
    workers: int | None = None,
    strategy: str | None = None,
) -> Result:
    """Simulate the scenario at ``path``; ``overrides`` are what ``--set`` takes, ``strategy`` is one of
    the scenario's named strategies.

    A result folder is written below ``out`` if it is given. ``engine`` and ``workers`` are those of the command line
    and change no number. Raises ScenarioError with every mistake at once, and
    ResultError if the folder cannot be written.
    """
    path = Path(path)
    given = {"seed": seed, "replications": replications}
    changes = [*overrides, *(f"{name}={value}" for name, value in given.items() if value is not None)]
    scenario = load_scenario(path, changes, strategy)
    chosen = [] if strategy is None else [f"strategy={strategy}"]
    argv = ["fota_sim.run", str(path), *changes, *chosen]
    root = None if out is None else Path(out)
    source = path.read_text(encoding="utf-8")
    return Result(run_study(scenario, source, root, argv, None, engine=engine, workers=workers))


@dataclass(frozen=True)
class Compared:
    """What a comparison found: sentences, and a frame."""

    comparison: Comparison

    @property
    def sentences(self) -> list[str]:
        """One per candidate and metric."""
        return self.comparison.sentences

    @property
    def table(self) -> pd.DataFrame:
        """One row per candidate and metric: difference, intervals, p-values."""
        return self.comparison.table

    @property
    def report(self) -> dict[str, Any]:
        """What ``fota-sim compare --json`` prints."""
        return self.comparison.report

    def _repr_html_(self) -> str:
        from fota_sim.cli.compare_text import compare_text

        return f"<pre>{escape(compare_text(self.report))}</pre>"


def compare(
    *what: str | Path,
    baseline: str | None = None,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] = HEADLINES,
    engine: str = "auto",
    workers: int | None = None,
) -> Compared:
    """Compare scenarios, ``"file.yaml:strategy"`` and result folders; one file alone: all of its strategies.

    The first, or ``baseline``, is what the others are compared with. Raises ScenarioError with every mistake at once,
    ResultError for a result that cannot be read, FotaSimError where there is nothing to compare.
    """
    changes = [*overrides, *([] if seed is None else [f"seed={seed}"])]
    variants = pick_baseline(find_variants([str(each) for each in what], changes), baseline)
    count = replications_for(variants, replications)
    runs = play_variants(variants, count, engine=engine, workers=workers)
    return Compared(compare_runs(variants, runs, [metric_name(name) for name in metrics]))
