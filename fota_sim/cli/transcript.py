"""``fota-sim transcript``: the dialogue of one device."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli.console import answer, progress_bar, say
from fota_sim.cli.results import RESULT
from fota_sim.cli.run import RESULTS
from fota_sim.errors import ResultError


def transcript(
    result: str = RESULT,
    device: str = typer.Option(help="Its id, or its number in the fleet (from 0).", show_default=False),
    platform: bool = typer.Option(False, help="The platform's upgrade log instead of the module's dialogue."),
    out: Path = RESULTS,
) -> None:
    """Print what one module and its host said, line by line with times."""
    from fota_sim.analysis.study import transcript_path
    from fota_sim.experiment.folder import open_result

    folder = open_result(result, out)
    device_id = _device_id(folder, device)
    kept = transcript_path(folder, device_id, of_platform=platform)
    if kept.is_file():
        answer(kept.read_text(encoding="utf-8").rstrip("\n"))
        return
    answer(_simulate_again(folder, device_id, platform).rstrip("\n"))


def _device_id(folder: Path, device: str) -> str:
    """The id that the user means; raises ResultError when the result has no such device."""
    from difflib import get_close_matches

    import pandas as pd

    try:
        table = pd.read_parquet(folder / "devices.parquet", columns=["device", "id"])
    except (OSError, ValueError) as error:
        raise ResultError(f"{folder}/devices.parquet cannot be read: {error}; run the scenario again") from error
    ids = dict(zip(table["device"].tolist(), table["id"].tolist(), strict=True))
    known = set(ids.values())
    if device in known:
        return device
    if device.isdecimal() and int(device) in ids:
        return str(ids[int(device)])
    near = get_close_matches(device, sorted(known), 1)
    hint = f"did you mean {near[0]}?" if near else f"there are 0 to {len(ids) - 1}, and ids such as {ids[min(ids)]}"
    raise ResultError(f"{folder} has no device {device!r}; {hint}")


def _simulate_again(folder: Path, device_id: str, platform: bool) -> str:
    """The same run once more, this time keeping what the device said: the same seed says the same."""
    from fota_sim.cli.again import stored_scenario
    from fota_sim.engines.reference.run import run_replication
    from fota_sim.protocol.transcript import render_platform_log, render_transcript

    say(f"The result kept no transcript of {device_id}; simulating again.")
    scenario = stored_scenario(folder)
    with progress_bar(True, device_id) as progress:
        record = run_replication(scenario, 0, progress, keep_ids=frozenset([device_id]))
    heading = f"device {device_id}, replication 0, clock in {scenario.time_zone}"
    if platform:
        return render_platform_log(record.platform_logs.get(device_id, []), scenario.start, heading)
    return render_transcript(record.transcripts.get(device_id, []), scenario.start, heading)
