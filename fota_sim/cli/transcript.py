"""``fota-sim transcript``: the dialogue of one device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, say
from fota_sim.cli.engine import chosen_engine
from fota_sim.cli.examples import Example
from fota_sim.cli.options import ENGINE, QUIET, RESULT, RESULTS
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import progress_bar
from fota_sim.cli.transcript_text import read_log, told_difference
from fota_sim.errors import FotaSimError

if TYPE_CHECKING:
    from fota_sim.experiment.results import Result

EXAMPLES = (
    Example("fota-sim transcript latest --device 0", "what the first module and its host said"),
    Example("fota-sim transcript latest --device meters-17 --platform", "what the platform logged about a device"),
    Example("fota-sim transcript latest --device 0 --bare", "without times, as the vendor's guide has it"),
    Example("fota-sim transcript latest --device 0 --against real.log", "the first line where a real log differs"),
)


def transcript(
    result: str = RESULT,
    device: str = typer.Option(help="Its id, or its number in the fleet (from 0).", show_default=False),
    platform: bool = typer.Option(False, "--platform", help="The platform's log instead of the module's dialogue."),
    bare: bool = typer.Option(False, "--bare", help="Without times, each line as in the vendor's guide: [TX]AT..."),
    against: Path | None = typer.Option(
        None,
        metavar="LOG",
        help="Instead: the first line where this log of a real module differs. With [TX] and [RX], or as a terminal "
        "shows it; with times or not; whole or a piece.",
        show_default=False,
    ),
    out: Path = RESULTS,
    engine: str = ENGINE,
    quiet: bool = QUIET,
) -> None:
    """Print what one module and its host said, line by line with times (first replication).

    With --against the exit code is 2 if a line differs.
    """
    from fota_sim.analysis.run.again import device_id
    from fota_sim.experiment.results import open_result
    from fota_sim.experiment.transcripts import file_name
    from fota_sim.protocol.bare import read, render

    if platform and (bare or against is not None):
        raise FotaSimError("--bare and --against are about the module's dialogue; leave out --platform")
    log = None if against is None else read_log(against)
    opened = open_result(result, out)
    opened.require()
    id_ = device_id(opened.table("devices.parquet", ["device", "id"]), device, opened.name)
    name = file_name(id_, 0, platform=platform)
    kept = (opened.path / name).is_file()
    text = opened.text(name) if kept else _simulate_again(opened, id_, name, engine, quiet)
    if "\n" not in text.strip() and not platform and not quiet:  # a heading only
        say(f"{id_} and its host said nothing in this replication; fota-sim devices --id {id_} says what became of it.")
    if log is not None:
        answer(told_difference(text, log, str(against), id_))
    else:
        answer((render(read(text)) if bare else text).rstrip("\n"))


def _simulate_again(result: Result, id_: str, name: str, engine: str, quiet: bool) -> str:
    """The same run once more, this time keeping what the device said: the same seed says the same."""
    from fota_sim.analysis.run.again import dialogue, stored_scenario

    if not quiet:
        say(f"The result kept no transcript of {id_}; simulating again.")
    scenario = stored_scenario(result)
    chosen = chosen_engine(scenario, engine, quiet)
    with progress_bar(not quiet, id_, REPLICATIONS) as progress:
        return dialogue(scenario, id_, name, chosen, progress)
