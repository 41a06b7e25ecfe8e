"""``fota-sim transcript``: the dialogue of one device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, say
from fota_sim.cli.engine import chosen_engine
from fota_sim.cli.examples import Example
from fota_sim.cli.options import ENGINE, QUIET, RESULT, RESULTS
from fota_sim.cli.pace import DAYS
from fota_sim.cli.progress import progress_bar
from fota_sim.errors import ResultError
from fota_sim.quoting import quoted

if TYPE_CHECKING:
    from pyarrow import ChunkedArray

    from fota_sim.experiment.results import Result

MOST_COMPARED = 10_000
"""Ids looked through for one that the user may have meant."""

EXAMPLES = (
    Example("fota-sim transcript latest --device 0", "what the first module and its host said"),
    Example("fota-sim transcript latest --device meters-17 --platform", "what the platform logged about a device"),
)


def transcript(
    result: str = RESULT,
    device: str = typer.Option(help="Its id, or its number in the fleet (from 0).", show_default=False),
    platform: bool = typer.Option(False, "--platform", help="The platform's log instead of the module's dialogue."),
    out: Path = RESULTS,
    engine: str = ENGINE,
    quiet: bool = QUIET,
) -> None:
    """Print what one module and its host said, line by line with times (first replication)."""
    from fota_sim.experiment.results import open_result
    from fota_sim.experiment.transcripts import file_name

    opened = open_result(result, out)
    opened.require()
    device_id = _device_id(opened, device)
    name = file_name(device_id, 0, platform=platform)
    kept = (opened.path / name).is_file()
    answer((opened.text(name) if kept else _simulate_again(opened, device_id, name, engine, quiet)).rstrip("\n"))


def _device_id(result: Result, device: str) -> str:
    """The id that the user means; raises ResultError when the result has no such device."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = result.table("devices.parquet", ["device", "id"])
    if len(found := table.filter(pc.equal(table["id"], pa.scalar(device)))):
        return str(found["id"][0])
    if device.isdecimal() and len(found := table.filter(pc.equal(table["device"], pa.scalar(int(device))))):
        return str(found["id"][0])
    numbers = f"it has numbers 0 to {pc.max(table['device'])} and ids such as {table['id'][0]}"
    hint = f"did you mean {near}?" if (near := _near(device, table["id"])) else numbers
    raise ResultError(f"{result.name} has no device {quoted(device)}; {hint}")


def _near(device: str, ids: ChunkedArray) -> str:
    """An id that looks like it, of those that can be compared in a moment; empty if there is none."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(device, sorted(set(ids.slice(0, MOST_COMPARED).to_pylist())), 1)), "")


def _simulate_again(result: Result, device_id: str, name: str, engine: str, quiet: bool) -> str:
    """The same run once more, this time keeping what the device said: the same seed says the same."""
    from zoneinfo import ZoneInfo

    from fota_sim.cli.again import stored_scenario
    from fota_sim.engines.choice import load
    from fota_sim.experiment.transcripts import transcript_files

    if not quiet:
        say(f"The result kept no transcript of {device_id}; simulating again.")
    scenario = stored_scenario(result)
    play = load(chosen_engine(scenario, engine, quiet))
    with progress_bar(not quiet, device_id, DAYS) as progress:
        record = play(scenario, 0, progress, frozenset([device_id]))
    start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone))
    return dict(transcript_files(record, start, scenario.name))[name]
