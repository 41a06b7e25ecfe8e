"""``fota-sim sensitivity``: which assumptions matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, answer_json, answer_words, columns, say
from fota_sim.cli.engine import tell_engines
from fota_sim.cli.examples import Example
from fota_sim.cli.long_work import tell_design
from fota_sim.cli.options import (
    CLUSTER,
    DESIGN_SEED,
    ENGINE,
    JSON,
    OVERRIDES,
    QUIET,
    SCENARIO,
    STRATEGY,
    WORKERS,
    share,
)
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import phase, progress_bar
from fota_sim.errors import FotaSimError, RunInterruptedError
from fota_sim.quoting import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fota_sim.analysis.sensitivity.effects import Design
    from fota_sim.analysis.sensitivity.parameters import Parameter
    from fota_sim.scenario.model import Scenario

SAMPLES = {"oat": 0, "morris": 10, "sobol": 64}
"""Trajectories of Morris (10 is his and later authors' usual number), base samples of Sobol (a power of two)."""

EXAMPLES = (
    Example("fota-sim sensitivity my.yaml --all-assumptions", "which assumptions matter"),
    Example(
        "fota-sim sensitivity my.yaml --vary plan.strategy.min_battery=10%..70% --metric refused",
        "one value and one measure",
    ),
    Example(
        "fota-sim sensitivity my.yaml --all-assumptions --method morris --list", "how many runs another method needs"
    ),
)


def sensitivity(
    file: Path = SCENARIO,
    vary: list[str] = typer.Option([], metavar="PATH=LOW..HIGH", help="Vary this value between two ends. Repeatable."),
    all_assumptions: bool = typer.Option(False, "--all-assumptions", help="Vary every assumption of this scenario."),
    spread: str = typer.Option("50%", help="How far assumptions are varied, below and above; levels by 6 dB."),
    method: str = typer.Option("oat", help="oat (one at a time), morris or sobol."),
    metric: list[str] = typer.Option(
        [],
        metavar="METRIC",
        help="A metric as in summary.json. Repeatable.",
        show_default=False,
        autocompletion=complete.metrics,
    ),
    replications: int | None = typer.Option(
        None,
        min=1,
        help="Of every point; by default the scenario's, or as many as the question needs.",
        show_default=False,
    ),
    samples: int | None = typer.Option(
        None, min=2, help="Trajectories (morris, 10) or base samples (sobol, 64, a power of two).", show_default=False
    ),
    devices: str | None = typer.Option(
        None,
        metavar="N|all",
        help="Let so many of a large fleet answer for all, or play all; by default as many as are played in seconds.",
        show_default=False,
    ),
    seed: int = DESIGN_SEED,
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    list_: bool = typer.Option(False, "--list", help="Name the parameters, their ranges and the size; play nothing."),
    out: Path = typer.Option(Path("sensitivity"), "-o", "--out", help="Folder of the results."),
    json_: bool = JSON,
    quiet: bool = QUIET,
    engine: str = ENGINE,
    workers: int | None = WORKERS,
    cluster: str | None = CLUSTER,
) -> None:
    """Say which assumptions matter: vary them, and see what changes."""
    from fota_sim.scenario.loader import load_scenario

    samples = checked_samples(method, samples)
    scenario = load_scenario(file, overrides, strategy)
    parameters = _parameters(scenario, vary, all_assumptions, share("--spread", spread), quiet)

    from fota_sim.analysis.batch.sampling import parse_devices, sized
    from fota_sim.analysis.sensitivity.effects import design, looked_at
    from fota_sim.analysis.sensitivity.effects import sensitivity as play
    from fota_sim.analysis.tune.question import called

    metrics = looked_at(scenario, [called("--metric", word) for word in metric])
    plan = design(scenario, parameters, method, samples, seed)
    points, count = sized(scenario, plan.points, replications, parse_devices(devices))
    plan = replace(plan, points=points)
    size = _size(plan, count)
    if list_:
        answer(_listed(parameters, size))
        return
    started = datetime.now(UTC)
    if not quiet:
        say(f"{number_of(len(parameters), 'parameter')} of {scenario.name}, {size}")
        if devices is None and points[0].sample is None:
            tell_design(scenario, len(points), count)

    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.batch.points import engines_for
    from fota_sim.cli.sensitivity_text import sensitivity_text
    from fota_sim.experiment.folder import slug

    tell_engines(engines_for(plan.points, count, engine).values(), quiet)
    with progress_bar(not (quiet or json_), scenario.name, RUNS) as progress:
        store = out / slug(scenario.name) / "units.sqlite"  # what is in it is not played again
        try:
            found = play(plan, metrics, count, HowToPlay(engine, workers, cluster, store, progress))
        except KeyboardInterrupt:
            raise RunInterruptedError(
                f"Interrupted; what was finished is kept in {store}, and the same command goes on from there."
            ) from None
    found = {"scenario": scenario.name, "seed": scenario.seed, "design_seed": seed, **found}
    with phase(not (quiet or json_), scenario.name, "drawing and writing the result"):
        folder = _write(out, scenario, plan, found, started)
    if json_:
        answer_json(found)
    else:
        answer_words(sensitivity_text(found))
    if not quiet:
        say(f"Result: {folder}")


def checked_samples(method: str, samples: int | None) -> int:
    """The size of the design; raises FotaSimError that says what would do."""
    if method == "oat" and samples is not None:
        raise FotaSimError("--samples is for morris and sobol; one at a time plays both ends of each parameter")
    return SAMPLES.get(method, 0) if samples is None else samples


def _parameters(
    scenario: Scenario, vary: Sequence[str], everything: bool, spread: float, quiet: bool
) -> list[Parameter]:
    from fota_sim.analysis.sensitivity.assumptions import assumptions_of
    from fota_sim.analysis.sensitivity.parameters import parse_vary
    from fota_sim.scenario.variation import by_names

    chosen: dict[str, Parameter] = {}
    if everything or not vary:
        found, zeros = assumptions_of(scenario, spread)
        chosen |= {each.path: each for each in found}
        given = {by_names(text.partition("=")[0].strip(), scenario) for text in vary}
        lacking = [path for path in zeros if path not in given]
        if lacking and not quiet:
            say(f"Not varied, because a share of 0 is 0: {', '.join(lacking)}; give a range with --vary.")
    for text in vary:
        span = parse_vary(text, scenario)
        chosen[by_names(span.path, scenario)] = span
    return list(chosen.values())


def _size(plan: Design, count: int) -> str:
    """``123 points x 10 replications = 1,230 runs of 2,000 of the 40,000 devices``."""
    runs = f"{number_of(len(plan.points) * count, 'run')}"
    part = plan.points[0].sample
    of = "" if part is None else f" of {part.devices:,} of the {part.of:,} devices (--devices all plays all)"
    return f"{number_of(len(plan.points), 'point')} x {number_of(count, 'replication')} = {runs}{of}"


def _listed(parameters: Sequence[Parameter], size: str) -> str:
    rows = [("Parameter", "scenario says", "low", "high")]
    for each in parameters:
        said = each.base if isinstance(each.base, str | int | float) else "a distribution" if each.base else "–"
        rows.append((each.path, str(said), *each.ends()))
    return f"{columns(rows, frozenset({1, 2, 3}))}\n{size}"


def _write(out: Path, scenario: Scenario, plan: Design, found: dict[str, Any], started: datetime) -> Path:
    from fota_sim.analysis.numbers.tidy import tidy
    from fota_sim.analysis.sensitivity.effects import effect_rows
    from fota_sim.experiment.folder import ResultFolder
    from fota_sim.experiment.manifest import command_line, made
    from fota_sim.report.figures.png import png
    from fota_sim.report.figures.tornado import tornado_figure
    from fota_sim.scenario.dump import dump_yaml, scenario_hash

    points = [{"point": point.id, **point.labels} for point in plan.points]
    with ResultFolder(out, scenario.name, scenario_hash(scenario)[:8], datetime.now(UTC)) as folder:
        folder.write_json("sensitivity.json", {**found, **made(command_line(), started)})
        folder.write_text("scenario.resolved.yaml", dump_yaml(scenario))
        folder.write_bytes("tornado.png", png(tornado_figure(found)))
        for name, rows in (("effects.parquet", effect_rows(found)), ("points.parquet", points)):
            sink = folder.table(name)
            sink.add(tidy(rows))
            sink.close()
        return folder.commit()
