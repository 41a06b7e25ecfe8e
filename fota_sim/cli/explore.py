"""``fota-sim explore``: a page that answers while one drags."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, say
from fota_sim.cli.examples import Example
from fota_sim.cli.log_options import LOG_OPTIONS, reads_log
from fota_sim.cli.options import (
    ENGINE,
    OVERRIDES,
    STRATEGY,
)
from fota_sim.errors import FotaSimError

if TYPE_CHECKING:
    from fota_sim.learning.reading import Reading

TEMPLATE = "meters"
"""What is explored if nobody says what."""
EXAMPLES = (
    Example("fota-sim explore my.yaml", "opens in the browser; Ctrl-C ends it"),
    Example("fota-sim explore my.yaml --so-far jobs.json", "a rollout under way beside what would be"),
    Example("fota-sim explore my.yaml --strategy four-waves --no-open --port 8080", "only says the address"),
)


@reads_log
def explore(
    scenario: str = typer.Argument(
        TEMPLATE,
        metavar="FILE",
        help="The scenario, or a template that fota-sim new --list names.",
        autocompletion=complete.scenario_files,
    ),
    so_far: list[Path] = typer.Option(
        [],
        "--so-far",
        metavar="LOG",
        help="The log of a rollout under way, drawn beside what is played: files of a platform, or a result of "
        "fota-sim. Repeatable.",
        show_default=False,
    ),
    plan: str | None = typer.Option(
        None,
        "--plan",
        metavar="NAME",
        help="Whose knobs are turned and whose numbers are shown, where the scenario has several plans.",
        show_default=False,
        autocompletion=complete.plans,
    ),
    how: Reading = LOG_OPTIONS,
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    port: int = typer.Option(0, min=0, max=65_535, help="Port on this machine; 0 is a free one."),
    open_: bool = typer.Option(True, "--open/--no-open", help="Open the page in the browser, or only say where it is."),
    engine: str = ENGINE,
) -> None:
    """Turn the scenario's knobs in the browser and watch the numbers follow.

    The page is served to this machine only. "Save as scenario" writes what fota-sim run plays to the same numbers.
    Ctrl-C ends it.
    """
    from fota_sim.report.explore.source import open_source

    if not so_far and (said := how.arguments()):
        raise FotaSimError(f"{' '.join(said)}: says how a log is to be read, and there is none; name it with --so-far")
    source = open_source(scenario, overrides, strategy, plan)
    if so_far:
        from fota_sim.report.explore.so_far import read_so_far

        source = replace(source, so_far=read_so_far(so_far, source.scenario((), strategy), how, source.plan))

    from fota_sim.report.explore.playing import engine_for
    from fota_sim.report.explore.server import explore_server

    engine_for(source.scenario((), strategy), engine)  # what it cannot play is said before anything is served
    server, address = explore_server(source, engine, port)
    answer(address)
    say("Ctrl-C ends it.")
    if open_:
        import webbrowser

        server.io_loop.add_callback(lambda: webbrowser.open(address))
    server.start()
    try:
        server.io_loop.start()
    except KeyboardInterrupt:
        server.stop()
