"""``fota-sim fit``: what the log of a real rollout teaches a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.engine import tell_engines
from fota_sim.cli.examples import Example
from fota_sim.cli.files import room_for, save
from fota_sim.cli.log_options import LOG_OPTIONS, reads_log
from fota_sim.cli.long_work import FEWEST_TRIALS, tell_fit
from fota_sim.cli.options import (
    ENGINE,
    FORCE,
    JSON,
    OVERRIDES,
    PLAN,
    QUIET,
    STRATEGY,
)
from fota_sim.cli.pace import RUNS, TRIALS
from fota_sim.cli.progress import phase, progress_bar

if TYPE_CHECKING:
    from fota_sim.learning.reading import Reading

EXAMPLES = (
    Example("fota-sim fit executions.json things.json --fleet my.yaml -o fitted.yaml", "an AWS IoT job and its things"),
    Example("fota-sim fit rows.csv --fleet my.yaml --columns device=IMEI --map status:Weird=failed", "a spreadsheet"),
    Example("fota-sim fit real.log --fleet my.yaml --device 17", "times of a module, from what fota-sim drive logged"),
    Example("fota-sim fit latest --fleet two.yaml --plan meters", "a result of fota-sim, and one of its plans"),
)


@reads_log
def fit(
    logs: list[Path] = typer.Argument(
        metavar="LOG...", help="Files or a folder of one rollout, or a result of fota-sim.", show_default=False
    ),
    fleet: Path = typer.Option(
        ...,
        "--fleet",
        metavar="FILE",
        help="The scenario of that rollout: its fleet, packages and plan.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    output: Path | None = typer.Option(
        None, "-o", "--output", help="Write the fitted scenario to this file.", show_default=False
    ),
    report: Path | None = typer.Option(
        None,
        "--report",
        metavar="FILE",
        help="Write a page to this file: the log beside the fitted simulation.",
        show_default=False,
    ),
    plan: str | None = PLAN,
    how: Reading = LOG_OPTIONS,
    trials: int | None = typer.Option(
        None,
        min=FEWEST_TRIALS,
        help="Simulated rollouts to learn by; by default by the fleet's size.",
        show_default=False,
    ),
    device: str = typer.Option(
        "0", help="Of logs of fota-sim drive: whose module it was, an id or a number in the fleet (from 0)."
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    force: bool = FORCE,
    json_: bool = JSON,
    quiet: bool = QUIET,
    engine: str = ENGINE,
    workers: int = typer.Option(2, min=1, help="Cores to use. Results are the same."),
) -> None:
    """Learn from the log of a real rollout: values with their uncertainty, and what could not be learnt."""
    from fota_sim.learning.dialogues import is_dialogue
    from fota_sim.learning.fitting import fit as fitted
    from fota_sim.learning.logs import read_log
    from fota_sim.learning.told import told
    from fota_sim.scenario.loader import load_scenario

    room_for(output, report, force=force)
    scenario = load_scenario(fleet, overrides, strategy)
    if any(map(is_dialogue, logs)):
        from fota_sim.cli.fit_dialogues import fit_dialogues

        fit_dialogues(logs, scenario, fleet, device, output, report, force=force, json_=json_, quiet=quiet)
        return
    histories = read_log(logs, scenario, how, plan)
    if not quiet:
        tell_fit(scenario, trials)
    with progress_bar(not (quiet or json_), "fit", TRIALS) as progress:
        found = fitted(histories, scenario, plan=plan, engine=engine, workers=workers, trials=trials, progress=progress)
    tell_engines([found.engine], quiet)
    from fota_sim.cli.fit_text import beside_text, fit_text
    from fota_sim.learning.beside import beside

    with progress_bar(not (quiet or json_), "fitted simulation", RUNS) as progress:
        compared = beside(found, workers=workers, progress=progress)

    if json_:
        answer_json(told(found))
    else:
        answer_words(f"{fit_text(told(found))}\n\n{beside_text(compared)}")
    if report is not None:
        from fota_sim.experiment.manifest import command_line
        from fota_sim.report.page.fit import fit_page
        from fota_sim.report.page.render import render

        with phase(not (quiet or json_), scenario.name, "drawing the report"):
            save(report, render(fit_page(found, compared, command_line())), force)
        if not quiet:
            say(f"Page to open in the browser: {report}")
    if output is not None:
        from fota_sim.learning.writing import fitted_text

        save(output, fitted_text(found, fleet, output.parent), force)
        if not quiet:
            each = "; each replication takes other values of what was learnt" if found.learned else ""
            say(f"Next: fota-sim run {output}{each}")
