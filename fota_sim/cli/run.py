"""``fota-sim run``: simulate a scenario."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli.console import answer, answer_json, progress_bar, say
from fota_sim.cli.validate import OVERRIDES
from fota_sim.errors import RunInterruptedError, ScenarioError

RESULTS = typer.Option(Path("results"), help="Folder of the results.")


def run(
    file: Path = typer.Argument(help="The scenario.", show_default=False),
    overrides: list[str] = OVERRIDES,
    seed: int | None = typer.Option(None, help="Other luck than the scenario's.", show_default=False),
    replications: int | None = typer.Option(
        None, help="Independent repetitions; five or more give 95 % intervals.", show_default=False
    ),
    json_: bool = typer.Option(False, "--json", help="Print the summary as one JSON object."),
    quiet: bool = typer.Option(False, help="Print only the result."),
    out: Path = RESULTS,
    write: bool = typer.Option(True, "--write/--no-write", help="Leave a result folder behind, or nothing."),
) -> None:
    """Simulate a scenario: a summary, and a folder with everything."""
    from fota_sim.scenario.loader import load_scenario

    changes = [*overrides, *luck(seed, replications)]
    scenario = load_scenario(file, changes)

    from fota_sim.analysis.study import run_study
    from fota_sim.cli.summary_text import summary_text
    from fota_sim.experiment.manifest import command_line

    with progress_bar(not (quiet or json_), scenario.name) as progress:
        study = run_study(scenario, read(file), out if write else None, command_line(), progress)
    if json_:
        answer_json(study.summary)
    else:
        answer(summary_text(study.summary))
    if study.folder is not None and not quiet:
        say(f"Result: {study.folder}")
    if study.interrupted:
        done = study.summary["replications"]
        raise RunInterruptedError(
            f"Interrupted after {done} of {scenario.replications} replications; what is above is those {done}. "
            "The same command starts again from the beginning and gives them the same numbers."
        )


def luck(seed: int | None, replications: int | None) -> list[str]:
    """``--seed`` and ``--replications`` as changes to the scenario, so that the result says them."""
    given = {"seed": seed, "replications": replications}
    return [f"{path}={value}" for path, value in given.items() if value is not None]


def read(file: Path) -> str:
    """The scenario as it was written; the loader has read the same file a moment ago."""
    from fota_sim.errors import Problem

    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError([Problem(str(file), 0, 0, "", f"cannot be read: {error.strerror}")]) from error
