"""``fota-sim doctor``: whether this installation works."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, lines_of, terminal_width
from fota_sim.cli.examples import Example
from fota_sim.cli.options import OVERRIDES, QUIET, RESULTS, luck
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.cli.twins import check_twins
from fota_sim.errors import FotaSimError

EXAMPLES = (
    Example("fota-sim doctor", "does everything work here?"),
    Example("fota-sim doctor --warm", "compile now what the first large run would compile"),
    Example(
        "fota-sim doctor --twins my.yaml --replications 2", "do both engines agree on this scenario, event by event?"
    ),
)
WIDTH = 100
"""Columns of the answer."""


def doctor(
    out: Path = RESULTS,
    warm: bool = typer.Option(False, "--warm", help="Compile the engine now, if it is not; half a minute, once."),
    twins: Path | None = typer.Option(
        None,
        metavar="FILE",
        help="Instead: whether both engines play this scenario alike.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = typer.Option(None, help="With --twins: one of its strategies.", show_default=False),
    replications: int | None = typer.Option(None, help="With --twins: how many of them.", show_default=False),
    devices: str = typer.Option(
        "", metavar="IDS", help="With --twins: describe these, separated by commas, where they differ."
    ),
    quiet: bool = QUIET,
) -> None:
    """Check this installation: versions, time zones, memory, folders, the compiled engine, a device from end to end.

    A note says what could be better; the exit code is 2 if something does not work.
    """
    if twins is not None:
        changes = [*overrides, *luck(None, replications)]
        check_twins(twins, changes, strategy, [name for name in devices.split(",") if name], quiet)
        return
    from fota_sim.cli.checkup import checks

    failed = []
    for name, check in checks(out, warm).items():
        try:
            with progress_bar(not quiet, "doctor", RUNS):  # it may compile
                status, text = check()
        except Exception as error:  # what fails is what the doctor is asked about
            failed.append(name)
            status, text = "FAILED", f"{type(error).__name__}: {error}"
        answer(_row(name, status, text))
    if failed:
        raise FotaSimError(f"Failed: {', '.join(failed)}. Installing again in a new environment often helps.")


def _row(name: str, status: str, text: str) -> str:
    """Three columns, the last of them wrapped."""
    start = f"{name:<12}{status:<8}"
    width = min(WIDTH, terminal_width(sys.stdout) or WIDTH)
    return "\n".join(lines_of(text, width, start, " " * len(start)))
