"""A search for good strategies from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fota_sim.cli.pace import RUNS, TRIALS
from fota_sim.cli.progress import progress_bar
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.notebook.texts import each_text
from fota_sim.scenario.draft import as_overrides

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.analysis.tune.trials import Search, Tried


@dataclass(frozen=True, repr=False)
class Tuning:
    """What a search found."""

    search: Search
    tried: Sequence[Tried]
    report: dict[str, Any]
    """What ``fota-sim tune --json`` prints."""

    @property
    def recommended(self) -> dict[str, Any] | None:
        """The values to take, by path; None where fresh luck confirmed none."""
        from fota_sim.analysis.tune.rows import tuned_values

        return tuned_values(self.report)

    @property
    def reason(self) -> str:
        """Why these."""
        return str(self.report["reason"])

    @property
    def front(self) -> pd.DataFrame:
        """One row per point of the front and metric: as tuned, on fresh luck, difference to the scenario as it is."""
        from fota_sim.analysis.numbers.tidy import tidy
        from fota_sim.analysis.tune.rows import front_rows

        found: pd.DataFrame = tidy(front_rows(self.report)).to_pandas()
        return found

    @property
    def trials(self) -> pd.DataFrame:
        """One row per trial."""
        from fota_sim.analysis.numbers.tidy import tidy
        from fota_sim.analysis.tune.rows import trial_rows

        found: pd.DataFrame = tidy(trial_rows(self.search, self.tried)).to_pandas()
        return found

    def plot(self) -> Figure:
        """The trials and their Pareto front."""
        from fota_sim.analysis.tune.rows import trial_rows
        from fota_sim.report.figures import pareto_figure

        return pareto_figure(self.report, trial_rows(self.search, self.tried))

    def __repr__(self) -> str:
        from fota_sim.cli.tune_text import tune_text

        return tune_text(self.report)

    def _repr_html_(self) -> str:
        from fota_sim.report.page.card import tuning_card
        from fota_sim.report.page.render import render_card

        return render_card(tuning_card(self.report, self.search.scenario))


def tune(
    scenario: Source,
    knobs: Sequence[str],
    *,
    out: str | Path,
    minimise: Sequence[str] = (),
    maximise: Sequence[str] = (),
    constraints: Sequence[str] = (),
    trials: int | None = None,
    replications: int | None = None,
    fresh: int | None = None,
    devices: int | Literal["all"] | None = None,
    batch: int = 4,
    sampler: str = "tpe",
    seed: int = 1,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    strategy: str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> Tuning:
    """Search ``knobs`` for the best trade-offs that keep the scenario's thresholds and ``constraints``.

    ``devices``: so many of a large fleet answer for all in trials, or ``"all"`` are played; by default as many as are
    played in seconds.

    Trials are kept below ``out``; the same call again goes on where the last one stopped. ``rules`` are functions of
    your own in place of shipped rules, as for ``fota_sim.run``. Raises FotaSimError.
    """
    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.batch.sampling import ALL
    from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
    from fota_sim.analysis.tune.question import question, study_file
    from fota_sim.analysis.tune.trials import search
    from fota_sim.analysis.tune.verdict import fresh_replications, verdict_of_search
    from fota_sim.engines.own_rules import OwnRules

    check_counts(trials=trials, replications=replications, batch=batch, workers=workers)
    check_counts(FEWEST_REPLICATIONS, fresh=fresh)
    check_counts(devices=None if devices == ALL else devices)
    source = (source_of(scenario), as_overrides(overrides), strategy_of(scenario, strategy))
    sizes = (trials, replications, batch)
    aims = (each_text(minimise), each_text(maximise))
    what = question(source, each_text(knobs), aims, each_text(constraints), sizes, sampler, seed, None, devices)
    own = OwnRules(rules or {})
    study = study_file(what, Path(out), own)
    with progress_bar(progress, "search", TRIALS) as tell:
        tried = search(what, study, HowToPlay(engine, workers, progress=tell, own=own))
    with progress_bar(progress, "fresh luck", RUNS) as tell:
        again = HowToPlay(engine, workers, store=study.with_suffix(".sqlite"), progress=tell, own=own)
        return Tuning(what, tried, verdict_of_search(what, tried, fresh or fresh_replications(what), again))
