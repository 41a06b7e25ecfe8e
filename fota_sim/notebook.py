"""From Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.study import Study, run_study
from fota_sim.scenario.loader import load_scenario

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
) -> Result:
    """Simulate the scenario at ``path``; ``overrides`` are what ``--set`` takes.

    A result folder is written below ``out`` if it is given. ``engine`` and ``workers`` are those of the command line
    and change no number. Raises ScenarioError with every mistake at once, and
    ResultError if the folder cannot be written.
    """
    path = Path(path)
    given = {"seed": seed, "replications": replications}
    changes = [*overrides, *(f"{name}={value}" for name, value in given.items() if value is not None)]
    scenario = load_scenario(path, changes)
    argv = ["fota_sim.run", str(path), *changes]
    root = None if out is None else Path(out)
    source = path.read_text(encoding="utf-8")
    return Result(run_study(scenario, source, root, argv, None, engine=engine, workers=workers))
