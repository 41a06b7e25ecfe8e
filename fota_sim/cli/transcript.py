"""``fota-sim transcript``: the dialogue of one device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, progress_bar, say
from fota_sim.cli.results import RESULT
from fota_sim.cli.run import RESULTS
from fota_sim.errors import ResultError

if TYPE_CHECKING:
    from fota_sim.experiment.results import Result


def transcript(
    result: str = RESULT,
    device: str = typer.Option(help="Its id, or its number in the fleet (from 0).", show_default=False),
    platform: bool = typer.Option(False, "--platform", help="The platform's log instead of the module's dialogue."),
    out: Path = RESULTS,
) -> None:
    """Print what one module and its host said, line by line with times (first replication)."""
    from fota_sim.experiment.results import open_result
    from fota_sim.experiment.transcripts import file_name

    opened = open_result(result, out)
    opened.require()
    device_id = _device_id(opened, device)
    name = file_name(device_id, 0, platform=platform)
    kept = (opened.path / name).is_file()
    answer((opened.text(name) if kept else _simulate_again(opened, device_id, name)).rstrip("\n"))


def _device_id(result: Result, device: str) -> str:
    """The id that the user means; raises ResultError when the result has no such device."""
    from difflib import get_close_matches

    table = result.table("devices.parquet").select(["device", "id"]).to_pydict()
    ids: dict[int, str] = dict(zip(table["device"], table["id"], strict=True))
    known = set(ids.values())
    if device in known:
        return device
    if device.isdecimal() and int(device) in ids:
        return ids[int(device)]
    near = get_close_matches(device, sorted(known), 1)
    numbers = f"it has numbers 0 to {len(ids) - 1} and ids such as {ids[min(ids)]}"
    hint = f"did you mean {near[0]}?" if near else numbers
    raise ResultError(f"{result.name} has no device {device!r}; {hint}")


def _simulate_again(result: Result, device_id: str, name: str) -> str:
    """The same run once more, this time keeping what the device said: the same seed says the same."""
    from zoneinfo import ZoneInfo

    from fota_sim.cli.again import stored_scenario
    from fota_sim.engines.reference.run import run_replication
    from fota_sim.experiment.transcripts import transcript_files

    say(f"The result kept no transcript of {device_id}; simulating again.")
    scenario = stored_scenario(result)
    with progress_bar(True, device_id) as progress:
        record = run_replication(scenario, 0, progress, frozenset([device_id]))
    start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone))
    return dict(transcript_files([record], start, scenario.name))[name]
