"""``fota-sim explore``: a page that answers while one drags."""

from __future__ import annotations

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, say
from fota_sim.cli.examples import Example
from fota_sim.cli.options import ENGINE, OVERRIDES, STRATEGY

TEMPLATE = "meters"
"""What is explored if nobody says what."""
EXAMPLES = (
    Example("fota-sim explore my.yaml", "opens in the browser; Ctrl-C ends it"),
    Example("fota-sim explore my.yaml --strategy four-waves --no-open --port 8080", "only says the address"),
)


def explore(
    scenario: str = typer.Argument(
        TEMPLATE,
        metavar="FILE",
        help="The scenario, or a template that fota-sim new --list names.",
        autocompletion=complete.scenario_files,
    ),
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

    source = open_source(scenario, overrides, strategy)

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
