"""``fota-sim run``: simulate a scenario."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import BEGAN_S
from fota_sim.cli.allocator import give_arrays_back, start_no_idle_threads
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.engine import chosen_engine
from fota_sim.cli.examples import Example
from fota_sim.cli.options import (
    CLUSTER,
    ENGINE,
    JSON,
    OVERRIDES,
    QUIET,
    RESULTS_TO,
    SCENARIO,
    SEED,
    STRATEGY,
    WORKERS,
    luck,
)
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import phase, progress_bar
from fota_sim.cli.report import write_report
from fota_sim.cli.timings import timings_text
from fota_sim.cli.verdicts import threshold_code
from fota_sim.errors import FotaSimError, RunInterruptedError, ScenarioError

if TYPE_CHECKING:
    from fota_sim.analysis.run.precision import Sufficiency
    from fota_sim.errors import Problem
    from fota_sim.scenario.document import Document
    from fota_sim.scenario.model import Scenario

PRECISION = typer.Option(
    [],
    "--precision",
    metavar="WIDTH",
    help="Add replications until 95 % intervals are that narrow to each side: 5% of the mean, or METRIC=WIDTH, for "
    "example bricked=0.005%. Repeatable.",
    show_default=False,
)

EXAMPLES = (
    Example("fota-sim run my.yaml --report", "a summary, a folder with everything, and a page to open in the browser"),
    Example(
        "fota-sim run my.yaml --set plan.strategy.min_battery=50% --replications 40",
        "one value changed; more repetitions than by default, for narrower 95 % intervals",
    ),
    Example(
        "fota-sim run my.yaml --strategy four-waves --precision 5%",
        "a named strategy, with as many repetitions as it takes",
    ),
    Example("fota-sim run my.yaml --no-write --json", "for a script: one JSON object, no folder"),
)


def run(
    file: Path = SCENARIO,
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    seed: int | None = SEED,
    replications: int | None = typer.Option(
        None,
        help="Independent repetitions; by default the scenario's, or as many as the question needs.",
        show_default=False,
    ),
    precision: list[str] = PRECISION,
    max_replications: int = typer.Option(
        1000, min=5, help="With --precision: stop here even if the intervals are still wider."
    ),
    json_: bool = JSON,
    quiet: bool = QUIET,
    out: Path = RESULTS_TO,
    write: bool = typer.Option(True, "--write/--no-write", help="Leave a result folder behind, or nothing."),
    report: bool = typer.Option(False, "--report", help="Also leave a page to open in the browser: report.html."),
    engine: str = ENGINE,
    workers: int | None = WORKERS,
    cluster: str | None = CLUSTER,
    timings: bool = typer.Option(False, "--timings", help="Say where the time went, and the most memory used."),
) -> None:
    """Simulate a scenario: a summary, and a folder with everything.

    Where the scenario has thresholds, the exit code is 3 if one failed, 4 if one is undecided at this precision.
    """
    give_arrays_back()
    start_no_idle_threads()
    from fota_sim.analysis.run.replications import settled
    from fota_sim.engines.choice import load
    from fota_sim.engines.phases import timed
    from fota_sim.scenario.loader import load_located

    if report and not write:
        raise FotaSimError("--report leaves its page in the result's folder, and --no-write leaves no folder: drop one")
    changes = [*overrides, *luck(seed, replications)]
    spent_s = {"libraries": perf_counter() - BEGAN_S}
    with timed(spent_s, "scenario"):
        scenario, document = load_located(file, changes, strategy)
        warnings = warnings_of_files(scenario, document) if scenario.fleet.tables else []
    for warning in () if quiet else warnings:
        say(str(warning))
    until = _sufficiency(scenario, precision)
    most = settled(scenario).replications if until is None else max(max_replications, scenario.replications)
    scenario = scenario.model_copy(update={"replications": most})
    with timed(spent_s, "libraries"):
        chosen = chosen_engine(scenario, engine, quiet)
        from fota_sim.analysis.answers.run import study_answer
        from fota_sim.analysis.run.carrying_out import run_study
        from fota_sim.cli.summary_text import summary_text
        from fota_sim.experiment.manifest import command_line

        load(chosen)

    with progress_bar(not (quiet or json_), scenario.name, REPLICATIONS) as progress:
        study = run_study(
            scenario,
            read(file),
            out if write else None,
            command_line(),
            progress,
            engine=chosen,
            workers=workers,
            cluster=cluster,
            keep_tables=False,
            spent_s=spent_s,
            until=until,
        )
    if json_:
        answer_json(study.summary)
    else:
        answer_words(summary_text(study.summary, study_answer(study)))
    if study.folder is not None:
        if not quiet:
            say(f"Result: {study.folder}")
        if report:
            with phase(not (quiet or json_), scenario.name, "drawing the report"):
                page, _ = write_report([str(study.folder)], out, None, force=False)
            if not quiet:
                say(f"Page to open in the browser: {page}")
    if timings:
        say(timings_text(study.phases_s, study.processes > 0, study.dealt))
    if study.interrupted:
        done = study.summary["replications"]
        raise RunInterruptedError(
            f"Interrupted after {done} of {scenario.replications} replications; what is above is those {done}. "
            "The same command starts again from the beginning and gives them the same numbers."
        )
    if code := threshold_code(study.summary["thresholds"]):
        raise typer.Exit(code)


def warnings_of_files(scenario: Scenario, document: Document) -> list[Problem]:
    """What ``validate`` warns of in CSV files; raises ScenarioError for what is wrong in them."""
    from fota_sim.fleet.files import read_files
    from fota_sim.scenario.lint import facts_of, of_plan, warnings
    from fota_sim.scenario.lint.files import lint_files

    rows = read_files(scenario).rows
    every = [facts_of(one, document) for one in scenario.each_plan]
    return warnings(
        dict.fromkeys(found for facts in every for found in of_plan(facts, lint_files(facts, rows))), document
    )


def _sufficiency(scenario: Scenario, precision: list[str]) -> Sufficiency | None:
    """What says how many replications are enough; None if nobody asked."""
    if not precision:
        return None
    from fota_sim.analysis.run.precision import Sufficiency, parse_targets

    return Sufficiency(parse_targets(precision, scenario.thresholds, scenario.priced), scenario.replications)


def read(file: Path) -> str:
    """The scenario as it was written; the loader has read the same file a moment ago."""
    from fota_sim.errors import Problem

    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError([Problem(str(file), 0, 0, "", f"cannot be read: {error.strerror}")]) from error
