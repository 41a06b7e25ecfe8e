"""``fota-sim sweep``: a scenario over the values of some of its fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.cli import complete
from fota_sim.cli.console import answer, answer_json, answer_words, columns, paragraph, say
from fota_sim.cli.examples import Example
from fota_sim.cli.options import CLUSTER, ENGINE, JSON, OVERRIDES, QUIET, RESULTS_TO, SEED, WORKERS
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import phase, progress_bar
from fota_sim.errors import FotaSimError, RunInterruptedError
from fota_sim.quoting import number_of
from fota_sim.scenario.plain_names import plain_name, plain_value

if TYPE_CHECKING:
    from fota_sim.analysis.batch.points import Played
    from fota_sim.analysis.sweep.plan import SweepPlan, SweepSpec
    from fota_sim.analysis.sweep.sweep import Sweep

PART_FAILED = 5
"""Exit code when some runs failed and the others did not."""
MOST_ROWS = 60
"""Points in the printed table; more are read from the files."""

EXAMPLES = (
    Example("fota-sim sweep my.yaml", "minimum battery by minimum signal"),
    Example(
        'fota-sim sweep my.yaml --axis "plan.strategy.retries=0,1,2,5" --replications 10',
        "one field, ten repetitions of each value",
    ),
    Example(
        "fota-sim sweep my.yaml --axis plan.strategy.retries=0,5 --axis strategy=all-at-once,four-waves --list",
        "show what would be run, and run nothing",
    ),
)


def sweep(
    file: Path = typer.Argument(
        metavar="FILE",
        help="The scenario, or a sweep file.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    axes: list[str] = typer.Option(
        [],
        "--axis",
        metavar="PATH=VALUES",
        help="A field and its values: 10%,30%,50% or -113dBm..-95dBm/7 or log(1..100/5); "
        "strategy=a,b takes named strategies. Repeatable.",
    ),
    ready: str | None = typer.Option(
        None, help="Axes that are ready: battery-signal, which is also taken if none are given.", show_default=False
    ),
    random: int | None = typer.Option(
        None, min=1, help="So many points at random instead of the grid.", show_default=False
    ),
    lhs: int | None = typer.Option(
        None, min=1, help="So many points of a Latin hypercube instead of the grid.", show_default=False
    ),
    where: list[str] = typer.Option(
        [], metavar="CONDITION", help="Keep points that meet it: 'min_battery >= 20% or retries > 0'. Repeatable."
    ),
    metric: list[str] = typer.Option(
        [], metavar="METRIC", help="What to show and draw; repeatable.", autocompletion=complete.metrics
    ),
    overrides: list[str] = OVERRIDES,
    seed: int | None = SEED,
    replications: int | None = typer.Option(
        None,
        min=1,
        help="Runs of each point; by default the scenario's, or as many as the question needs.",
        show_default=False,
    ),
    list_: bool = typer.Option(False, "--list", help="Show the plan and run nothing."),
    only: list[str] = typer.Option([], metavar="ID", help="Only the point of this id; repeatable."),
    resume: bool = typer.Option(False, "--resume", help="Take what is stored and play only what is missing."),
    fail_fast: bool = typer.Option(False, "--fail-fast", help="Stop at the first run that fails."),
    workers: int | None = WORKERS,
    cluster: str | None = CLUSTER,
    engine: str = ENGINE,
    json_: bool = JSON,
    quiet: bool = QUIET,
    out: Path = RESULTS_TO,
) -> None:
    """Play a scenario over the values of some fields: a table, heat maps, and a folder with both."""
    from fota_sim.analysis.sweep.folder import store_path, write_sweep
    from fota_sim.analysis.sweep.plan import plan_sweep

    spec = _spec(file, axes, ready, random, lhs, where, metric, overrides, seed, replications)
    plan = _only(plan_sweep(spec), only)
    store = store_path(out, plan)
    known = _known(plan, store)
    _announce(plan, known, resume, quiet or list_)
    if list_:
        _show_plan(plan, known, json_)
        return

    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.sweep.knowing import with_spread
    from fota_sim.analysis.sweep.sweep import run_sweep
    from fota_sim.experiment.manifest import command_line

    started = datetime.now(UTC)
    try:
        with progress_bar(not (quiet or json_), plan.name, RUNS) as progress:
            done = run_sweep(
                plan,
                engine=engine,
                workers=workers,
                cluster=cluster,
                store=store,
                resume=resume,
                fail_fast=fail_fast,
                progress=progress,
                failed=_tell(plan),
            )
            done = with_spread(done, HowToPlay(engine, workers, cluster, store, progress))
    except KeyboardInterrupt:
        kept = len(_known(plan, store))
        raise RunInterruptedError(
            f"Interrupted; {kept} of {_count(plan)} runs are stored. The same command with --resume plays the others."
        ) from None
    if all(each.error for each in done.played):
        raise FotaSimError("every run failed, so there is no table; what went wrong is above")
    with phase(not (quiet or json_), plan.name, "drawing and writing the result"):
        folder = write_sweep(done, out, _figures(done), command_line(), started)
    if json_:
        from fota_sim.analysis.sweep.folder import describe

        answer_json({**describe(done), "folder": str(folder), "surface": _records(done)})
    else:
        answer_words(sweep_text(done))
    if not quiet:
        say(f"Result: {folder}")
    if done.failures:
        say(f"{len(done.failures)} of {len(done.played)} runs failed; they are in units.parquet with what went wrong.")
        raise typer.Exit(PART_FAILED)


def _spec(
    file: Path,
    axes: list[str],
    ready: str | None,
    random: int | None,
    lhs: int | None,
    where: list[str],
    metric: list[str],
    overrides: list[str],
    seed: int | None,
    replications: int | None,
) -> SweepSpec:
    """From the command line, over what a sweep file says."""
    from fota_sim.analysis.sweep.axes import parse_axis
    from fota_sim.analysis.sweep.file import is_sweep_file, load_sweep
    from fota_sim.analysis.sweep.plan import SweepSpec
    from fota_sim.analysis.sweep.ready import READY

    if random is not None and lhs is not None:
        raise FotaSimError("--random and --lhs are two ways to sample; give one of them")
    if ready is not None and ready not in READY:
        raise FotaSimError(f"there is no ready sweep {ready!r}; there are {', '.join(READY)}")
    if ready is not None and axes:
        raise FotaSimError("--ready brings its own axes; give --ready or --axis")
    spec = load_sweep(file) if is_sweep_file(file) else SweepSpec(file)
    if axes:
        spec = replace(spec, axes=tuple(parse_axis(text) for text in axes))
    elif ready is not None:
        spec = replace(spec, axes=())
    if random is not None or lhs is not None:
        spec = replace(spec, way="random" if random is not None else "lhs", samples=random or lhs or 0)
    return replace(
        spec,
        where=(*spec.where, *where),
        overrides=(*spec.overrides, *overrides),
        metrics=_metrics(metric) or _metrics(list(spec.metrics)),
        seed=spec.seed if seed is None else seed,
        replications=spec.replications if replications is None else replications,
    )


def _metrics(names: list[str]) -> tuple[str, ...]:
    """Names that are metrics; raises FotaSimError for others, before anything runs."""
    from fota_sim.analysis.tune.question import called

    return tuple(called("--metric", name) for name in names)


def _only(plan: SweepPlan, ids: list[str]) -> SweepPlan:
    if not ids:
        return plan
    known = {point.id for point in plan.points}
    for id_ in ids:
        if id_ not in known:
            raise FotaSimError(f"the plan has no point {id_!r}; --list shows the ids")
    return replace(plan, points=tuple(point for point in plan.points if point.id in ids))


def _known(plan: SweepPlan, store: Path) -> dict[Any, float]:
    """Seconds of each unit of the plan that is stored."""
    from fota_sim.analysis.batch.store import Key, UnitStore
    from fota_sim.analysis.batch.unit import identity

    if not store.exists():
        return {}
    try:
        keys = [
            Key(identity(point.scenario), point.scenario.seed, replication)
            for point in plan.points
            for replication in range(plan.replications)
        ]
    except OSError:
        return {}  # a file has gone; the runs that need it will say so
    with UnitStore(store) as kept:
        return {key: outcome.seconds for key, outcome in kept.find(keys).items()}


def _count(plan: SweepPlan) -> int:
    return len(plan.points) * plan.replications


def _size(plan: SweepPlan) -> str:
    return f"{number_of(len(plan.points), 'point')} x {number_of(plan.replications, 'replication')}"


def _announce(plan: SweepPlan, known: dict[Any, float], resume: bool, quiet: bool) -> None:
    if quiet:
        return
    left = f" ({_are(plan.left_out, 'combination')} left out)" if plan.left_out else ""
    count = _count(plan)
    say(f"{_size(plan)} = {number_of(count, 'run')}, seed {plan.seed}{left}")
    if known and resume:
        say(f"{_are(len(known), 'run')} stored; {count - len(known)} are to be played{_estimate(plan, known)}.")
    elif known:
        say(f"{_are(len(known), 'run')} stored and played again; with --resume what is stored is taken as it is.")


def _are(count: int, noun: str) -> str:
    return f"{number_of(count, noun)} {'is' if count == 1 else 'are'}"


def _estimate(plan: SweepPlan, known: dict[Any, float]) -> str:
    """How long the rest takes on one core, from the mean of what is stored."""
    missing = _count(plan) - len(known)
    if not known or not missing:
        return ""
    return f", about {format_duration(1000 * missing * sum(known.values()) / len(known))} on one core"


def _show_plan(plan: SweepPlan, known: dict[Any, float], json_: bool) -> None:
    if json_:
        answer_json(
            {
                "scenario": plan.name,
                "seed": plan.seed,
                "replications": plan.replications,
                "points": [{"id": point.id, **point.labels} for point in plan.points],
                "runs": _count(plan),
                "runs_stored": len(known),
            }
        )
        return
    paths = [each.path for each in plan.spec.axes]
    rows = [("id", *paths), *((point.id, *(point.labels[path] for path in paths)) for point in plan.points)]
    answer(columns(rows))
    estimate = _estimate(plan, known) or ("; no run of it is stored, so there is no estimate yet" if not known else "")
    say(f"{_size(plan)} = {number_of(_count(plan), 'run')}, seed {plan.seed}, {len(known)} stored{estimate}")


def _tell(plan: SweepPlan) -> Any:
    """Say a failure at once, with what it was about."""
    labels = {point.id: ", ".join(f"{k}={v}" for k, v in point.labels.items()) for point in plan.points}

    def tell(played: Played) -> None:
        say(f"failed: {played.point} ({labels[played.point]}), replication {played.replication}: {played.error}")

    return tell


def _figures(done: Sweep) -> dict[str, bytes]:
    from fota_sim.report.figures.heatmap import sweep_figure
    from fota_sim.report.figures.png import png

    return {f"{name}.png": png(sweep_figure(done, name)) for name in done.plan.spec.metrics}


def _records(done: Sweep) -> list[dict[str, Any]]:
    """The surface of the chosen metrics, with null where there is no number."""
    from fota_sim.analysis.sweep.sweep import surface_table

    return [row for row in surface_table(done).to_pylist() if row["metric"] in done.plan.spec.metrics]


def sweep_text(done: Sweep) -> str:
    from fota_sim.analysis.answers.sweep import sweep_answer, sweep_question

    plan, names = done.plan, done.plan.spec.metrics
    paths = [each.path for each in plan.spec.axes]
    cells = {(row["point"], row["metric"]): row for row in _records(done)}
    rows = [("id", *(plain_name(path) for path in paths), *(done.metric(name).label for name in names))]
    for point in plan.points[:MOST_ROWS]:
        found = [cells[point.id, name] for name in names]
        texts = [_with_interval(row) for row in found]
        rows.append((point.id, *(plain_value(point.labels[path]) for path in paths), *texts))
    text = columns(rows, right=frozenset(range(1, len(rows[0]))))
    more = len(plan.points) - MOST_ROWS
    left = f"\nand {more} more points in surface.parquet" if more > 0 else ""
    return f"{paragraph(sweep_question(done), sweep_answer(done))}\n\n{text}{left}"


def _with_interval(row: dict[str, Any]) -> str:
    from fota_sim.analysis.numbers.rounding import format_interval, format_value

    mean = format_value(row["mean"], row["unit"])
    if row["low"] is None:
        return str(mean)
    return f"{mean} ({format_interval((row['low'], row['high']), row['unit'])})"
