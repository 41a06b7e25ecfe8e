"""A sweep from Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.errors import FotaSimError
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.sources import Source, source_of
from fota_sim.notebook.texts import each_text
from fota_sim.scenario.draft import as_overrides
from fota_sim.scenario.metrics import metric_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.analysis.sweep.sweep import Sweep


@dataclass(frozen=True, repr=False)
class SweepResult:
    """What a sweep found, as pandas frames and pictures."""

    played: Sweep

    @property
    def surface(self) -> pd.DataFrame:
        """One row per point and metric, with mean and interval."""
        return self.played.surface

    @property
    def units(self) -> pd.DataFrame:
        """One row per run."""
        return self.played.units

    def plot(self, metric: str = "failed_of_targeted") -> Figure:
        """The metric over the axes; raises FotaSimError for a metric that there is not."""
        from fota_sim.report.figures import sweep_figure

        try:
            return sweep_figure(self.played, metric_name(metric))
        except ValueError as error:
            raise FotaSimError(str(error)) from error

    def __repr__(self) -> str:
        from fota_sim.cli.sweep import sweep_text

        return sweep_text(self.played)

    def _repr_html_(self) -> str:
        from fota_sim.report.page.card import sweep_card
        from fota_sim.report.page.render import render_card

        return render_card(sweep_card(self.played))


def _values(given: Any) -> str:
    """The values of an axis as on the command line: a text is one, a single value is a list of it."""
    if isinstance(given, str):
        return given
    return ",".join(map(str, given if isinstance(given, Iterable) else [given]))


def sweep(
    scenario: Source,
    axes: Mapping[str, str | Sequence[Any]] | None = None,
    *,
    where: Sequence[str] = (),
    overrides: Sequence[str] | Mapping[str, Any] = (),
    seed: int | None = None,
    replications: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    cluster: str | None = None,
    store: str | Path | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> SweepResult:
    """Play a scenario over the grid of ``axes``: values or a range such as ``"10%..50%/5"`` by path.

    Without axes: minimum battery by minimum signal, the larger the fleet, the fewer values. ``where`` are conditions
    between axes. ``store`` is a file that keeps finished runs, which are not played again. ``rules`` are functions of
    your own in place of shipped rules, as for ``fota_sim.run``; other processes play them if they can import them.
    Raises ScenarioError with every mistake of any point, and FotaSimError for axes that do not fit.

    >>> import fota_sim as fs
    >>> scenario = fs.template("plugs")
    >>> scenario["fleet.groups.plugs.count"] = 20
    >>> found = fs.sweep(scenario, {"plan.strategy.retries": [0, 5]}, workers=1)
    >>> found.surface["plan.strategy.retries"].unique().tolist()
    [0.0, 5.0]
    """
    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.sweep.axes import axis
    from fota_sim.analysis.sweep.knowing import with_spread
    from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
    from fota_sim.analysis.sweep.sweep import run_sweep
    from fota_sim.engines.own_rules import OwnRules

    check_counts(replications=replications, workers=workers)
    given = axes or {}
    texts = {name: _values(value) for name, value in given.items()}
    chosen = tuple(axis(name, text) for name, text in texts.items())
    spec = SweepSpec(
        source_of(scenario),
        chosen,
        where=tuple(each_text(where)),
        overrides=tuple(as_overrides(overrides)),
        seed=seed,
        replications=replications,
    )
    kept = None if store is None else Path(store)
    plan, own = plan_sweep(spec), OwnRules(rules or {})
    with progress_bar(progress, plan.name, RUNS) as tell:
        done = run_sweep(plan, engine=engine, workers=workers, cluster=cluster, store=kept, progress=tell, own=own)
        return SweepResult(with_spread(done, HowToPlay(engine, workers, cluster, kept, tell, own)))
