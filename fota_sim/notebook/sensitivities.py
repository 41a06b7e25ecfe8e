"""Which assumptions matter, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.notebook.texts import each_text, metric_names
from fota_sim.scenario.draft import as_overrides
from fota_sim.scenario.loader import load_scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.scenario.model import Scenario as Resolved


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """Which assumptions matter."""

    report: dict[str, Any]
    """What ``fota-sim sensitivity --json`` prints."""
    scenario: Resolved
    """As it was before it was varied."""

    @property
    def effects(self) -> pd.DataFrame:
        """One row per metric and parameter, the strongest of each metric first."""
        from fota_sim.analysis.numbers.tidy import tidy
        from fota_sim.analysis.sensitivity.effects import effect_rows

        found: pd.DataFrame = tidy(effect_rows(self.report)).to_pandas()
        return found

    def plot(self) -> Figure:
        """A tornado for each metric."""
        from fota_sim.report.figures import tornado_figure

        return tornado_figure(self.report)

    def __repr__(self) -> str:
        from fota_sim.cli.sensitivity_text import sensitivity_text

        return sensitivity_text(self.report)

    def _repr_html_(self) -> str:
        from fota_sim.report.page.card import sensitivity_card
        from fota_sim.report.page.render import render_card

        return render_card(sensitivity_card(self.report, self.scenario))


def sensitivity(
    scenario: Source,
    vary: Sequence[str] = (),
    *,
    method: str = "oat",
    metrics: Sequence[str] = (),
    replications: int | None = None,
    devices: int | Literal["all"] | None = None,
    samples: int | None = None,
    seed: int = 1,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    strategy: str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: bool | None = None,
) -> Sensitivity:
    """Vary what ``vary`` says (``"plan.strategy.min_battery=10%..70%"``), or every assumption where it says nothing.

    ``devices``: so many of a large fleet answer for all, or ``"all"`` are played; by default as many as are played in
    seconds.

    ``method``: oat, morris or sobol; ``samples``: trajectories of Morris (by default 10) or base samples of Sobol (64,
    a power of two). Raises FotaSimError.
    """
    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.batch.sampling import ALL, sized
    from fota_sim.analysis.sensitivity.assumptions import assumptions_of
    from fota_sim.analysis.sensitivity.effects import design, looked_at
    from fota_sim.analysis.sensitivity.effects import sensitivity as play
    from fota_sim.analysis.sensitivity.parameters import Parameter, parse_vary
    from fota_sim.cli.sensitivity import checked_samples

    check_counts(replications=replications, workers=workers)
    check_counts(devices=None if devices == ALL else devices)
    resolved = load_scenario(source_of(scenario), as_overrides(overrides), strategy_of(scenario, strategy))
    parameters: list[Parameter] = [parse_vary(text, resolved) for text in each_text(vary)]
    plan = design(resolved, parameters or assumptions_of(resolved)[0], method, checked_samples(method, samples), seed)
    chosen = looked_at(resolved, metric_names(metrics))
    points, count = sized(resolved, plan.points, replications, devices)
    plan = replace(plan, points=points)
    with progress_bar(progress, resolved.name, RUNS) as tell:
        found = play(plan, chosen, count, HowToPlay(engine, workers, progress=tell))
    return Sensitivity({"scenario": resolved.name, "seed": resolved.seed, "design_seed": seed, **found}, resolved)
