"""Options that several commands share, so that they are called, explained and completed alike."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli import complete
from fota_sim.errors import FotaSimError

SCENARIO = typer.Argument(
    metavar="FILE", help="The scenario.", show_default=False, autocompletion=complete.scenario_files
)
RESULT = typer.Argument(
    metavar="RESULT",
    help="A result folder, a scenario's name (its latest), the beginning of a result's name, or latest.",
    show_default=False,
    autocompletion=complete.results,
)
OVERRIDES = typer.Option(
    [],
    "--set",
    metavar="PATH=VALUE",
    help="Change one value, for example plan.strategy.min_battery=50%. Repeatable.",
    show_default=False,
)
STRATEGY = typer.Option(
    None,
    "--strategy",
    metavar="NAME",
    help="One of the scenario's named strategies.",
    show_default=False,
    autocompletion=complete.strategies,
)
SEED = typer.Option(None, "--seed", help="Other luck than the scenario's.", show_default=False)
DESIGN_SEED = typer.Option(1, "--seed", min=0, help="Luck of the search or design; that of devices is the scenario's.")
ENGINE = typer.Option(
    "auto",
    metavar="NAME",
    help="Who plays: reference (SimPy), compiled, or auto, which goes by the size. Results are the same.",
    autocompletion=complete.engines,
)
WORKERS = typer.Option(
    None,
    min=1,
    help="Cores to use, each for a run or for a part of one whose devices share nothing; by default all that there is "
    "work for. Results are the same.",
    show_default=False,
)
CLUSTER = typer.Option(
    None,
    metavar="ADDRESS",
    help="A Dask scheduler whose workers play instead, such as tcp://10.0.0.5:8786.",
    show_default=False,
)
PLAN = typer.Option(
    None,
    "--plan",
    metavar="NAME",
    help="Whose log it is, where the scenario has several plans; the others are played beside it.",
    show_default=False,
    autocompletion=complete.plans,
)
RESULTS = typer.Option(Path("results"), "--out", help="Folder of the results.")
RESULTS_TO = typer.Option(Path("results"), "-o", "--out", help="Folder of the results.")
JSON = typer.Option(False, "--json", help="Print the answer as one JSON object.")
QUIET = typer.Option(False, "--quiet", help="Print only the answer.")
FORCE = typer.Option(False, "--force", help="Overwrite files that exist.")


def luck(seed: int | None, replications: int | None) -> list[str]:
    """``--seed`` and ``--replications`` as changes to the scenario, so that the result says them."""
    given = {"seed": seed, "replications": replications}
    return [f"{path}={value}" for path, value in given.items() if value is not None]


def share(option: str, text: str, zero: bool = False) -> float:
    """A share above 0 (or from 0, with ``zero``) and below 1; raises FotaSimError that names the option."""
    from fota_sim.scenario.units import RATIO

    try:
        value = RATIO.parse(0 if text == "0" else text)
    except ValueError as error:
        raise FotaSimError(f"{option}: {error}") from error
    if not (0 <= value < 1 if zero else 0 < value < 1):
        raise FotaSimError(f"{option} {text}: must be {'at least' if zero else 'above'} 0% and below 100%")
    return value
