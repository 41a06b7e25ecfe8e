"""``fota-sim fleet``: what can be known of a file of devices before anything is simulated."""

from __future__ import annotations

import shlex
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, say
from fota_sim.cli.examples import Example, epilog
from fota_sim.cli.files import room_for, save
from fota_sim.cli.help import HelpCommand, HelpGroup
from fota_sim.cli.options import FORCE
from fota_sim.errors import FotaSimError, ScenarioError, write_whole

if TYPE_CHECKING:
    from fota_sim.scenario.inspect.inspection import Inspection

INSPECT_EXAMPLES = (
    Example("fota-sim fleet inspect export.csv", "what is in it, what looks wrong, and the block that reads it"),
    Example("fota-sim fleet inspect export.csv --picture export.png", "its distributions as a picture as well"),
    Example(
        "fota-sim fleet inspect export.csv --scenario my.yaml -o mine.yaml", "my.yaml with these devices, ready to run"
    ),
)
TABLE_EXAMPLES = (
    Example("fota-sim fleet table things.json -o things.csv", "devices of a platform's JSON, a row each"),
    Example("fota-sim fleet table page1.json page2.json -o devices.csv", "pages of one export together"),
)
EXAMPLES = (*INSPECT_EXAMPLES[:2], TABLE_EXAMPLES[0])

app = typer.Typer(
    cls=HelpGroup,
    help="Look at a file of devices and describe it for a scenario.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=epilog(EXAMPLES),
)


@app.callback()
def _fleet() -> None:
    """Look at a file of devices and describe it for a scenario."""


@app.command(
    "inspect", cls=HelpCommand, short_help="Guess how a file of devices is to be read", epilog=epilog(INSPECT_EXAMPLES)
)
def inspect(
    file: Path = typer.Argument(
        metavar="FILE",
        help="Devices, one a row: CSV in any dialect, or .xlsx.",
        show_default=False,
        autocompletion=complete.fleet_files,
    ),
    scenario: Path | None = typer.Option(
        None,
        metavar="FILE",
        help="Put the devices into this scenario, in place of its own.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    output: Path | None = typer.Option(None, "-o", "--output", help="Write to this file.", show_default=False),
    picture: Path | None = typer.Option(None, help="Write the distributions to this PNG.", show_default=False),
    module: str | None = typer.Option(
        None, metavar="NAME", help="The module of devices whose file does not say it.", show_default=False
    ),
    sheet: str | None = typer.Option(
        None, metavar="NAME", help="The sheet of a workbook, if not the one guessed.", show_default=False
    ),
    encoding: str | None = typer.Option(None, metavar="NAME", help="Not guessed but this one.", show_default=False),
    delimiter: str | None = typer.Option(
        None, metavar="CHARACTER", help="Not guessed but this one; tab for a tab.", show_default=False
    ),
    header: int | None = typer.Option(
        None,
        min=1,
        max=1000,
        metavar="LINE",
        help="The line that names the columns, if not the one guessed.",
        show_default=False,
    ),
    force: bool = FORCE,
) -> None:
    """Look at a file of devices: what it holds, what looks wrong, and the block of a scenario that reads it.

    Every guess says what it rests on and what to write where it is wrong. A file that no block can read is told with
    what has to be mended in it, and nothing is written.
    """
    from fota_sim.cli.fleet_text import overview
    from fota_sim.scenario.inspect.findings import Told
    from fota_sim.scenario.inspect.inspection import inspect_file, laid_over
    from fota_sim.scenario.inspect.writing import block_text
    from fota_sim.scenario.types import known_encoding

    if encoding is not None:
        try:
            known_encoding(encoding)
        except ValueError as error:
            raise FotaSimError(str(error)) from None
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise FotaSimError(f"--delimiter is one character, or tab, not {delimiter!r}")
    found = inspect_file(file, Told(encoding, delimiter, header, sheet, module), scenario)
    say(overview(found) + "\n")
    if picture is not None:
        _draw(found, picture, force)
    if found.problems:
        answer(block_text(found.findings, file.name).rstrip("\n"))
        say("")
        raise ScenarioError(found.problems)
    if scenario is None:
        text = block_text(found.findings, file.name)
    else:
        base = scenario.read_text(encoding="utf-8-sig")
        text = laid_over(found, base, output if output is not None else scenario)
    if output is None:
        answer(text.rstrip("\n"))
    else:
        save(output, text, force)
        answer(str(output))
    if scenario is None:
        say(
            "This is the fleet of a scenario, and no plan yet. Next: fota-sim new my.yaml; fota-sim fleet inspect "
            f"{shlex.quote(str(file))} --scenario my.yaml -o mine.yaml"
        )
    elif output is not None:
        say(f"Next: fota-sim validate {output} --fleet; fota-sim run {output}")


@app.command("table", cls=HelpCommand, short_help="Make a CSV file of a platform's JSON", epilog=epilog(TABLE_EXAMPLES))
def table(
    files: list[Path] = typer.Argument(
        metavar="FILE...",
        help="JSON of devices: a list, pages of a platform, or an object a line.",
        show_default=False,
    ),
    output: Path | None = typer.Option(None, "-o", "--output", help="Write to this file.", show_default=False),
    force: bool = FORCE,
) -> None:
    """Make a CSV file of the JSON in which platforms export devices, a row for each object.

    What is nested becomes a column of its own, such as properties.reported.rssi. Pages of one export go together. The
    file is then looked at by fleet inspect, and read by run, fit and forecast as any other.
    """
    from fota_sim.scenario.inspect.json_table import read_json_table, rows_and_columns

    found = read_json_table(files)
    for remark in found.remarks():
        say(remark)
    if output is None:
        answer(found.text().rstrip("\n"))
        return
    save(output, found.text(), force)
    answer(str(output))
    say(f"{rows_and_columns(found)}. Next: fota-sim fleet inspect {output}")


def _draw(found: Inspection, picture: Path, force: bool) -> None:
    from fota_sim.report.figures.fleet_file import fleet_file_figure

    room_for(picture, force=force)
    if not found.distributions:
        raise FotaSimError("there is nothing to draw: no column holds numbers or a few names")
    figure = fleet_file_figure(found.path.name, found.table.rows, found.distributions)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=110)
    write_whole(picture, content.getvalue())
    say(f"Picture: {picture}")
