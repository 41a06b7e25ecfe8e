"""What a result did not keep, from playing its scenario again: the same seed says the same."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fota_sim.analysis.run.study import KEPT, RESOLVED, of_another_version
from fota_sim.engines.choice import AUTO, choose, load
from fota_sim.errors import ResultError, ScenarioError
from fota_sim.experiment.results import Result
from fota_sim.experiment.transcripts import transcript_files
from fota_sim.quoting import quoted
from fota_sim.scenario.held import Held
from fota_sim.scenario.loader import check_resolved, load_resolved
from fota_sim.scenario.zones import zone_info

if TYPE_CHECKING:
    from fota_sim.experiment.execute import Progress
    from fota_sim.scenario.model import Scenario

MOST_COMPARED = 10_000
"""Ids looked through for one that the user may have meant."""
DOWNLOADS = pa.schema(
    [(name, pa.int64()) for name in ("replication", "device", "start_ms", "end_ms", "sent_B", "wasted_B")]
)
"""Of a table of downloads; what was wasted was sent for a download that came to nothing."""


def stored_scenario(result: Result) -> Scenario:
    """The scenario as it was run, with the files it names looked for where they were then.

    Raises:
        ResultError: the folder is no whole result, or one of another version.
        ScenarioError: it cannot be run any more; a file it names may be gone.

    """
    manifest = result.require()
    held = {name: Held(result.content(f"{KEPT}/{name}"), origin) for name, origin in manifest.get("kept", {}).items()}
    text, path = result.text(RESOLVED), Path(manifest["base_dir"]) / RESOLVED
    try:
        return check_resolved(text, path, held)
    except ScenarioError:
        with of_another_version(result):
            load_resolved(text, path)
        raise


def device_id(table: pa.Table, device: str, whose: str) -> str:
    """The id of the device that the user means, by its id or its number; raises ResultError if there is none.

    ``table``: the columns ``device`` and ``id`` of a device table; ``whose``: what the result is called.
    """
    if len(found := table.filter(pc.equal(table["id"], pa.scalar(device)))):
        return str(found["id"][0])
    if device.isdecimal() and len(found := table.filter(pc.equal(table["device"], pa.scalar(int(device))))):
        return str(found["id"][0])
    numbers = f"it has numbers 0 to {pc.max(table['device'])} and ids such as {table['id'][0]}"
    near = get_close_matches(device, sorted(set(table["id"].slice(0, MOST_COMPARED).to_pylist())), 1)
    raise ResultError(f"{whose} has no device {quoted(device)}; {f'did you mean {near[0]}?' if near else numbers}")


def dialogue(scenario: Scenario, id_: str, name: str, engine: str = AUTO, progress: Progress | None = None) -> str:
    """What one device said in the first replication; ``name``: that of the file where it would stand."""
    play = load(choose(scenario, engine).name)
    record = play(scenario, 0, progress, frozenset([id_]))
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    return dict(transcript_files(record, start, scenario.name))[name]


def downloads(scenario: Scenario, replications: int, engine: str = AUTO, progress: Progress | None = None) -> pa.Table:
    """Every download of the first so many replications, by replication, device and start."""
    play = load(choose(scenario, engine).name)
    pieces = []
    for replication in range(replications):
        record = play(scenario, replication, _of_all(progress, replication, replications))
        rows = np.asarray(record.downloads, dtype=np.int64).reshape(-1, 5)
        rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
        numbers = np.full((len(rows), 1), replication, dtype=np.int64)
        columns = np.hstack([numbers, rows]).T
        pieces.append(
            pa.Table.from_arrays([pa.array(np.ascontiguousarray(each)) for each in columns], schema=DOWNLOADS)
        )
    return pa.concat_tables(pieces)


def _of_all(progress: Progress | None, replication: int, replications: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done_ms, whole_ms: progress(replication * whole_ms + done_ms, replications * whole_ms)
