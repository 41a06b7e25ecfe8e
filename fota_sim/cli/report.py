"""``fota-sim report``: a result as one page that can be mailed, printed and opened without a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, answer_json, say
from fota_sim.cli.examples import Example
from fota_sim.cli.files import save
from fota_sim.cli.options import RESULTS
from fota_sim.cli.progress import phase
from fota_sim.errors import FotaSimError

NAME = "report.html"
EXAMPLES = (
    Example("fota-sim report latest", "the newest result; report.html stands in its folder afterwards"),
    Example("fota-sim report comparison --output ours.html --force", "a comparison that compare --out left"),
)


def report(
    results: list[str] = typer.Argument(
        metavar="RESULT",
        help="A run as show takes it, or the folder of a comparison, sweep, search, forecast or sensitivity study. "
        "Several runs are compared.",
        show_default=False,
        autocompletion=complete.results,
    ),
    output: Path | None = typer.Option(
        None,
        "-o",
        "--output",
        metavar="FILE",
        help=f"Where to write; by default {NAME} in the folder of the result, or here if there are several.",
        show_default=False,
    ),
    open_: bool = typer.Option(False, "--open", help="Show it in the browser."),
    force: bool = typer.Option(False, "--force", help="Overwrite a report that is there."),
    json_: bool = typer.Option(False, "--json", help="Print path and size as one JSON object."),
    out: Path = RESULTS,
) -> None:
    """Write a result as one HTML page: question, answer, figures, tables, assumptions, and how to make it again."""
    with phase(not json_, "report", "drawing the report"):
        path, size_B = write_report(results, out, output, force)
    if json_:
        answer_json({"path": str(path), "size_B": size_B})
    else:
        answer(f"{path} ({size_B / 1e6:.2f} MB)")
    if open_:
        _show(path)


def write_report(results: Sequence[str], root: Path, output: Path | None, force: bool) -> tuple[Path, int]:
    """Write the page of ``results``: where it is now, and its size in bytes. Raises FotaSimError."""
    from fota_sim.report.page.kinds import report_of

    if output is not None:
        _room(output, force)
    reported = report_of(results, root)
    path = output or (reported.folder / NAME if reported.folder is not None else Path(NAME))
    _room(path, force)

    from fota_sim.report.page.render import render

    html = render(reported.page)
    save(path, html, force)
    return path, len(html.encode())


def _room(path: Path, force: bool) -> None:
    """Before anything is drawn: can the page be written there?"""
    if path.is_dir():
        raise FotaSimError(f"{path} is a folder; write a file's name, for example {path / NAME}")
    if not path.parent.is_dir():
        raise FotaSimError(f"{path.parent}: there is no such folder to write {path.name} in; make it first")
    if path.exists() and not force:
        raise FotaSimError(f"{path} exists already; choose another name with --output, or add --force to overwrite it")


def _show(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        say(f"No browser could be started; open {path} yourself.")
