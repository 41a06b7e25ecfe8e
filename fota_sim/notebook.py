"""From Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``.

What may take long has ``progress``: whether to show how far it is. By default it is shown in a notebook or a terminal,
if it takes longer than two seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.compare import HEADLINES, Comparison, play_and_compare, replications_for
from fota_sim.analysis.study import Study, run_study
from fota_sim.analysis.variants import find_variants, pick_baseline
from fota_sim.cli.pace import DAYS, RUNS, TRIALS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.own_rules import OwnRules
from fota_sim.errors import FotaSimError
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metric_names import metric_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.analysis.sweep import Sweep
    from fota_sim.analysis.tune import Search, Tried
    from fota_sim.report.explore.cell import Cell


def _columns(text: str) -> str:
    """As HTML whose columns stay under each other: some pages set ``pre`` in uneven letters, or break its lines."""
    style = "font-family: monospace; white-space: pre; overflow-x: auto; line-height: 1.25"
    return f'<pre style="{style}">{escape(text)}</pre>'


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
        return _columns(repr(self))


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
    the scenario's named strategies.

    A result folder is written below ``out`` if it is given. ``engine`` and ``workers`` are those of the command line
    and change no number. ``rules`` are functions of your own in place of shipped rules, by name, such as
    ``{"link.chunk_failure": mine}`` (docs/own_rules.md); the reference engine plays them in this process.
    Raises ScenarioError with every mistake at once, ResultError if the folder cannot be written, and FotaSimError
    for rules that do not fit.
    """
    path = Path(path)
    given = {"seed": seed, "replications": replications}
    changes = [*overrides, *(f"{name}={value}" for name, value in given.items() if value is not None)]
    scenario = load_scenario(path, changes, strategy)
    chosen = [] if strategy is None else [f"strategy={strategy}"]
    argv = ["fota_sim.run", str(path), *changes, *chosen]
    root = None if out is None else Path(out)
    source = path.read_text(encoding="utf-8")
    own = OwnRules(rules or {})
    with progress_bar(progress, scenario.name, DAYS) as tell:
        return Result(run_study(scenario, source, root, argv, tell, engine=engine, workers=workers, own_rules=own))


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
        return _columns(repr(self))


def compare(
    *what: str | Path,
    baseline: str | None = None,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] = HEADLINES,
    engine: str = "auto",
    workers: int | None = None,
    progress: bool | None = None,
) -> Compared:
    """Compare scenarios, ``"file.yaml:strategy"`` and result folders; one file alone: all of its strategies.

    The first, or ``baseline``, is what the others are compared with. Raises ScenarioError with every mistake at once,
    ResultError for a result that cannot be read, FotaSimError where there is nothing to compare.
    """
    changes = [*overrides, *([] if seed is None else [f"seed={seed}"])]
    variants = pick_baseline(find_variants([str(each) for each in what], changes), baseline)
    count = replications_for(variants, replications)
    chosen = [metric_name(name) for name in metrics]
    with progress_bar(progress, "compare", RUNS) as tell:
        return Compared(play_and_compare(variants, count, chosen, engine=engine, workers=workers, progress=tell))


@dataclass(frozen=True)
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


def sweep(
    path: str | Path,
    axes: Mapping[str, str | Sequence[Any]] | None = None,
    *,
    where: Sequence[str] = (),
    overrides: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    cluster: str | None = None,
    store: str | Path | None = None,
    progress: bool | None = None,
) -> SweepResult:
    """Play the scenario at ``path`` over the grid of ``axes``: values or a range such as ``"10%..50%/5"`` by path.

    Without axes: minimum battery by minimum signal. ``where`` are conditions between axes. ``store`` is a file that
    keeps finished runs, which are not played again. Raises ScenarioError with every mistake of any point, and
    FotaSimError for axes that do not fit.
    """
    from fota_sim.analysis.axes import axis
    from fota_sim.analysis.sweep import run_sweep
    from fota_sim.analysis.sweep_plan import READY, SweepSpec, plan_sweep

    given = axes or {}
    texts = {name: v if isinstance(v, str) else ",".join(map(str, v)) for name, v in given.items()}
    chosen = tuple(axis(name, text) for name, text in texts.items()) or READY["battery-signal"]
    spec = SweepSpec(
        Path(path), chosen, where=tuple(where), overrides=tuple(overrides), seed=seed, replications=replications
    )
    kept = None if store is None else Path(store)
    plan = plan_sweep(spec)
    with progress_bar(progress, plan.name, RUNS) as tell:
        return SweepResult(run_sweep(plan, engine=engine, workers=workers, cluster=cluster, store=kept, progress=tell))


def canary(
    rate: float,
    confidence: float = 0.95,
    *,
    failures: int = 1,
    fleet: int | None = None,
    background: float = 0.0,
    alpha: float = 0.05,
    delay: str | None = None,
    hold_s: float | None = None,
    abort: str | None = None,
    after: int = 1,
    group: int | None = None,
    in_flight: int = 0,
) -> dict[str, Any]:
    """How many devices show a defect, for how long, and what an abort rule costs: what ``fota-sim canary`` answers.

    Shares are numbers between 0 and 1; ``delay`` and ``abort`` are texts as on the command line. Raises FotaSimError.
    """
    from fota_sim.analysis.abort_rule import parse_rule
    from fota_sim.analysis.canary_answer import Question, answer
    from fota_sim.analysis.delay import parse_delay

    return answer(
        Question(
            rate,
            confidence,
            failures,
            fleet,
            background=background,
            alpha=alpha,
            delay=None if delay is None else parse_delay(delay),
            hold_s=hold_s,
            rule=None if abort is None else parse_rule(abort, after),
            group=group,
            in_flight=in_flight,
        )
    )


@dataclass(frozen=True)
class Sensitivity:
    """Which assumptions matter."""

    report: dict[str, Any]
    """What ``fota-sim sensitivity --json`` prints."""

    @property
    def effects(self) -> pd.DataFrame:
        """One row per metric and parameter, the strongest of each metric first."""
        from fota_sim.analysis.sensitivity import effect_rows
        from fota_sim.analysis.tidy import tidy

        found: pd.DataFrame = tidy(effect_rows(self.report)).to_pandas()
        return found

    def plot(self) -> Figure:
        """A tornado for each metric."""
        from fota_sim.report.figures import tornado_figure

        return tornado_figure(self.report)


def sensitivity(
    path: str | Path,
    vary: Sequence[str] = (),
    *,
    method: str = "oat",
    metrics: Sequence[str] = (),
    replications: int = 5,
    samples: int = 16,
    seed: int = 1,
    overrides: Sequence[str] = (),
    strategy: str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: bool | None = None,
) -> Sensitivity:
    """Vary what ``vary`` says (``"plan.strategy.min_battery=10%..70%"``), or every assumption where it says nothing.

    ``method``: oat, morris or sobol; ``samples``: trajectories of Morris or base samples of Sobol. Raises FotaSimError.
    """
    from fota_sim.analysis.assumptions import assumptions_of
    from fota_sim.analysis.parameters import Parameter, parse_vary
    from fota_sim.analysis.playing import HowToPlay
    from fota_sim.analysis.sensitivity import METRICS, design
    from fota_sim.analysis.sensitivity import sensitivity as play

    scenario = load_scenario(path, overrides, strategy)
    parameters: list[Parameter] = [parse_vary(text, scenario) for text in vary]
    plan = design(scenario, parameters or assumptions_of(scenario)[0], method, samples, seed)
    looked_at = [metric_name(name) for name in metrics] or METRICS
    with progress_bar(progress, scenario.name, RUNS) as tell:
        return Sensitivity(play(plan, looked_at, replications, HowToPlay(engine, workers, progress=tell)))


@dataclass(frozen=True)
class Tuning:
    """What a search found."""

    search: Search
    tried: Sequence[Tried]
    report: dict[str, Any]
    """What ``fota-sim tune --json`` prints."""

    @property
    def recommended(self) -> dict[str, Any] | None:
        """The values to take, by path; None where fresh luck confirmed none."""
        from fota_sim.analysis.front import tuned_values

        return tuned_values(self.report)

    @property
    def reason(self) -> str:
        """Why these."""
        return str(self.report["reason"])

    @property
    def front(self) -> pd.DataFrame:
        """One row per point of the front and metric: as tuned, on fresh luck, difference to the scenario as it is."""
        from fota_sim.analysis.front import front_rows
        from fota_sim.analysis.tidy import tidy

        found: pd.DataFrame = tidy(front_rows(self.report)).to_pandas()
        return found

    @property
    def trials(self) -> pd.DataFrame:
        """One row per trial."""
        from fota_sim.analysis.front import trial_rows
        from fota_sim.analysis.tidy import tidy

        found: pd.DataFrame = tidy(trial_rows(self.search, self.tried)).to_pandas()
        return found

    def plot(self) -> Figure:
        """The trials and their Pareto front."""
        from fota_sim.analysis.front import trial_rows
        from fota_sim.report.figures import pareto_figure

        return pareto_figure(self.report, trial_rows(self.search, self.tried))


def tune(
    path: str | Path,
    knobs: Sequence[str],
    *,
    out: str | Path,
    minimise: Sequence[str] = (),
    maximise: Sequence[str] = (),
    constraints: Sequence[str] = (),
    trials: int = 60,
    replications: int = 5,
    fresh: int = 20,
    batch: int = 4,
    sampler: str = "tpe",
    seed: int = 1,
    overrides: Sequence[str] = (),
    strategy: str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: bool | None = None,
) -> Tuning:
    """Search ``knobs`` for the best trade-offs that keep the scenario's thresholds and ``constraints``.

    Trials are kept below ``out``; the same call again goes on where the last one stopped. Raises FotaSimError.
    """
    from fota_sim.analysis.front import verdict_of_search
    from fota_sim.analysis.playing import HowToPlay
    from fota_sim.analysis.tune import search
    from fota_sim.analysis.tune_question import question, study_file

    source, sizes = (Path(path), overrides, strategy), (trials, replications, batch)
    what = question(source, knobs, (minimise, maximise), constraints, sizes, sampler, seed, None)
    study = study_file(what, Path(out))
    with progress_bar(progress, "search", TRIALS) as tell:
        tried = search(what, study, HowToPlay(engine, workers, progress=tell))
    with progress_bar(progress, "fresh luck", RUNS) as tell:
        again = HowToPlay(engine, workers, store=study.with_suffix(".sqlite"), progress=tell)
        return Tuning(what, tried, verdict_of_search(what, tried, fresh, again))


def explore(
    scenario: str | Path = "meters", *, overrides: Sequence[str] = (), strategy: str | None = None, engine: str = "auto"
) -> Cell:
    """The page of ``fota-sim explore`` in a notebook: a scenario's file, or the name of a template.

    It begins with its first numbers in it. Raises ScenarioError with every mistake at once, FotaSimError if there is
    neither file nor template.
    """
    from fota_sim.report.explore.cell import Cell
    from fota_sim.report.explore.source import open_source

    return Cell(open_source(scenario, overrides, strategy), engine)
