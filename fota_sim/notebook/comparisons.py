"""A comparison from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.metrics import compared_metrics
from fota_sim.analysis.compare.playing import play_and_compare, replications_for
from fota_sim.analysis.compare.variants import find_variants, pick_baseline
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.own_rules import OwnRules
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.notebook.texts import metric_names
from fota_sim.scenario.draft import as_overrides

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
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

    def plot(self, name: str = "strategies") -> Figure:
        """A figure by its name; raises FotaSimError with all the names for any other."""
        from fota_sim.report.figures import OF_COMPARISONS, figure_named

        return figure_named(OF_COMPARISONS, name)(self.comparison)

    def __repr__(self) -> str:
        from fota_sim.cli.compare_text import compare_text

        return compare_text(self.report)

    def _repr_html_(self) -> str:
        from fota_sim.report.page.card import comparison_card
        from fota_sim.report.page.render import render_card

        return render_card(comparison_card(self.comparison))


def compare(
    *what: Source,
    baseline: str | None = None,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    seed: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] = (),
    engine: str = "auto",
    workers: int | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> Compared:
    """Compare scenarios, ``"file.yaml:strategy"`` and result folders; one scenario alone: all of its strategies.

    The first, or ``baseline``, is what the others are compared with. ``rules`` are functions of your own in place of
    shipped rules, as for ``fota_sim.run``, for everything that is played now. Raises ScenarioError with every mistake
    at once, ResultError for a result that cannot be read, FotaSimError where there is nothing to compare.

    >>> import fota_sim as fs
    >>> scenario = fs.template("meters")
    >>> scenario["fleet.groups.meters.count"] = 20
    >>> found = fs.compare(scenario, replications=2, workers=1)
    >>> found.table["candidate"].unique().tolist()
    ['four-waves']
    """
    check_counts(replications=replications, workers=workers)
    changes = [*as_overrides(overrides), *([] if seed is None else [f"seed={seed}"])]
    given = [str(each) if isinstance(each, str | Path) else (source_of(each), strategy_of(each, None)) for each in what]
    variants = pick_baseline(find_variants(given, changes), baseline)
    count = replications_for(variants, replications)
    chosen = compared_metrics(variants, metric_names(metrics))
    own = OwnRules(rules or {})
    with progress_bar(progress, "compare", RUNS) as tell:
        return Compared(
            play_and_compare(variants, count, chosen, engine=engine, workers=workers, progress=tell, own=own)
        )
