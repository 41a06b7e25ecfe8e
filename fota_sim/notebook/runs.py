"""A run from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.run.replications import settled
from fota_sim.analysis.run.study import Study, run_study
from fota_sim.cli.pace import DAYS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.own_rules import OwnRules
from fota_sim.notebook.html import columns_html
from fota_sim.scenario.loader import load_scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
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

    def plot(self, name: str = "overview") -> Figure:
        """A figure by its name, such as ``"funnel"``; raises FotaSimError with all the names for any other."""
        from fota_sim.report.figures import OF_RUNS, figure_named

        return figure_named(OF_RUNS, name)(self.study)

    def __repr__(self) -> str:
        from fota_sim.cli.summary_text import summary_text

        return summary_text(self.summary)

    def _repr_html_(self) -> str:
        return columns_html(repr(self))


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
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> Result:
    """Simulate the scenario at ``path``; ``overrides`` are what ``--set`` takes, ``strategy`` is one of
    the scenario's named strategies. Without ``replications`` here or in the scenario there are as many as the question
    needs (docs/statistics.md).

    A result folder is written below ``out`` if it is given. ``engine`` and ``workers`` are those of the command line
    and change no number. ``rules`` are functions of your own in place of shipped rules, by name, such as
    ``{"link.chunk_failure": mine}`` (docs/own_rules.md); the reference engine plays them in this process.
    Raises ScenarioError with every mistake at once, ResultError if the folder cannot be written, and FotaSimError
    for rules that do not fit.
    """
    path = Path(path)
    given = {"seed": seed, "replications": replications}
    changes = [*overrides, *(f"{name}={value}" for name, value in given.items() if value is not None)]
    scenario = settled(load_scenario(path, changes, strategy))
    chosen = [] if strategy is None else [f"strategy={strategy}"]
    argv = ["fota_sim.run", str(path), *changes, *chosen]
    root = None if out is None else Path(out)
    source = path.read_text(encoding="utf-8")
    own = OwnRules(rules or {})
    with progress_bar(progress, scenario.name, DAYS) as tell:
        return Result(run_study(scenario, source, root, argv, tell, engine=engine, workers=workers, own_rules=own))
