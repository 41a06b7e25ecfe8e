"""``fota-sim tune``: search knobs for the scenarios that keep the constraints at least cost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.engine import tell_engines
from fota_sim.cli.examples import Example
from fota_sim.cli.long_work import tell_search
from fota_sim.cli.options import CLUSTER, DESIGN_SEED, ENGINE, JSON, OVERRIDES, QUIET, SCENARIO, STRATEGY, WORKERS
from fota_sim.cli.pace import RUNS, TRIALS
from fota_sim.cli.progress import phase, progress_bar
from fota_sim.errors import FotaSimError, RunInterruptedError
from fota_sim.quoting import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fota_sim.analysis.tune.trials import Search, Tried

EXAMPLES = (
    Example(
        "fota-sim tune my.yaml --knob plan.strategy.min_battery=10%..70% --minimise refused --minimise failed",
        "the best trade-offs between two measures",
    ),
    Example(
        "fota-sim tune my.yaml --knob plan.strategy.retries=0..5 --maximise success_of_targeted --minimise failed",
        "the most upgraded devices with few failures",
    ),
    Example(
        "fota-sim tune my.yaml --knob plan.strategy.retries=0..5 --minimise failed --out other",
        "in another folder, where --resume would go on with it",
    ),
)


def tune(
    file: Path = SCENARIO,
    knob: list[str] = typer.Option(
        [], metavar="PATH=LOW..HIGH", help="What may be turned: a range, or choices a,b,c. Repeatable."
    ),
    minimise: list[str] = typer.Option(
        [], metavar="METRIC", help="Make this small. Repeatable; the first leads.", autocompletion=complete.metrics
    ),
    maximise: list[str] = typer.Option(
        [], metavar="METRIC", help="Make this large. Repeatable.", autocompletion=complete.metrics
    ),
    constraint: list[str] = typer.Option(
        [],
        metavar="LIMIT",
        help='Beside the scenario\'s thresholds: "bricked < 0.01%". Repeatable.',
        autocompletion=complete.metrics,
    ),
    trials: int | None = typer.Option(
        None,
        min=1,
        help="How many to play, those of an earlier session among them; by default 60, or 32 where a fleet is large.",
        show_default=False,
    ),
    replications: int | None = typer.Option(
        None,
        min=1,
        max=1000,
        help="Of every trial, the same for all; by default the scenario's, or as many as the question needs.",
        show_default=False,
    ),
    fresh: int | None = typer.Option(
        None,
        min=5,
        help="Replications that no trial has seen, to confirm the front with; by default 20, or what many devices "
        "leave of them.",
        show_default=False,
    ),
    devices: str | None = typer.Option(
        None,
        metavar="N|all",
        help="Let so many of a large fleet answer for all in trials, or play all; by default as many as are played in "
        "seconds. The front is confirmed with all.",
        show_default=False,
    ),
    sampler: str = typer.Option("tpe", help="What proposes trials: tpe or nsga2."),
    batch: int = typer.Option(4, min=1, help="Trials proposed together."),
    seed: int = DESIGN_SEED,
    timeout: str | None = typer.Option(None, help="Propose no more after this, such as 10min.", show_default=False),
    resume: bool = typer.Option(False, "--resume", help="Go on with the same search where it stopped."),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    out: Path = typer.Option(Path("tuning"), "-o", "--out", help="Folder of the searches and their results."),
    json_: bool = JSON,
    quiet: bool = QUIET,
    engine: str = ENGINE,
    workers: int | None = WORKERS,
    cluster: str | None = CLUSTER,
) -> None:
    """Search for the best trade-offs: a Pareto front, confirmed on fresh luck, and one point with its reason."""
    from fota_sim.analysis.batch.sampling import parse_devices
    from fota_sim.analysis.tune.question import question, study_file
    from fota_sim.analysis.tune.verdict import fresh_replications

    what = question(
        (file, overrides, strategy),
        knob,
        (minimise, maximise),
        constraint,
        (trials, replications, batch),
        sampler,
        seed,
        timeout,
        parse_devices(devices),
    )
    replications, fresh = what.replications, fresh or fresh_replications(what)
    study = study_file(what, out)
    check_study(study, resume)

    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.tune.trials import search, settled
    from fota_sim.analysis.tune.verdict import verdict_of_search
    from fota_sim.cli.tune_text import tune_text

    started = datetime.now(UTC)
    if not quiet:
        part = "" if what.sample is None else f" on {what.sample:,} devices that answer for all"
        size = f"{number_of(what.trials, 'trial')} x {number_of(replications, 'replication')} of {what.scenario.name}"
        say(f"{number_of(len(what.knobs), 'knob')}, {size}{part}, then {number_of(fresh, 'fresh one')} of the front")
        if what.sample is None and devices is None:
            tell_search(what, trials, fresh)
    tell_engines([settled(what, HowToPlay(engine)).engine], quiet)
    try:
        with progress_bar(not (quiet or json_), "search", TRIALS) as progress:
            tried = search(what, study, HowToPlay(engine, workers, cluster, None, progress))
        with progress_bar(not (quiet or json_), "fresh luck", RUNS) as progress:
            again = HowToPlay(engine, workers, cluster, study.with_suffix(".sqlite"), progress)
            found = verdict_of_search(what, tried, fresh, again)
    except KeyboardInterrupt:
        if not study.exists():
            raise
        raise RunInterruptedError("Interrupted; the trials are kept. The same command with --resume goes on.") from None
    with phase(not (quiet or json_), what.scenario.name, "drawing and writing the result"):
        folder = _write(what, tried, found, out, started)
    if json_:
        answer_json(found)
    else:
        answer_words(tune_text(found))
    if not quiet:
        say(f"Result: {folder}")


def check_study(study: Path, resume: bool) -> None:
    """Raises FotaSimError if there are trials that nobody asked to go on with, or none to go on with."""
    from fota_sim.analysis.tune.trials import tried_before

    if study.exists() and not resume:
        raise FotaSimError(
            f"{study}: this search was begun and has {number_of(tried_before(study), 'trial')}; go on with --resume, "
            "or choose another folder with --out"
        )
    if resume and not study.exists():
        raise FotaSimError(f"{study}: there is no such search to resume; the same options without --resume begin it")


def _write(what: Search, tried: Sequence[Tried], found: dict[str, Any], out: Path, started: datetime) -> Path:
    from fota_sim.analysis.numbers.tidy import tidy
    from fota_sim.analysis.tune.rows import front_rows, trial_rows, tuned_values
    from fota_sim.analysis.tune.trials import turned
    from fota_sim.experiment.folder import ResultFolder
    from fota_sim.experiment.manifest import command_line, made
    from fota_sim.report.figures.pareto import pareto_figure
    from fota_sim.report.figures.png import png
    from fota_sim.scenario.dump import dump_yaml, scenario_hash

    trials = trial_rows(what, tried)
    values = tuned_values(found)
    with ResultFolder(out, what.scenario.name, scenario_hash(what.scenario)[:8], datetime.now(UTC)) as folder:
        folder.write_json("tune.json", {**found, **made(command_line(), started)})
        folder.write_text("scenario.resolved.yaml", dump_yaml(what.scenario))
        folder.write_bytes("pareto.png", png(pareto_figure(found, trials)))
        if values is not None:
            folder.write_text("tuned.yaml", dump_yaml(turned(what, values)))
        for name, rows in (("trials.parquet", trials), ("front.parquet", front_rows(found))):
            sink = folder.table(name)
            sink.add(tidy(rows))
            sink.close()
        return folder.commit()
