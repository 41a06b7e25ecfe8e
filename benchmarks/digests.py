"""Digests of what both engines leave, to hold a change against that must not change a number.

    python benchmarks/digests.py FILE [--random N] [--first-seed SEED]      writes them, as JSON
    python benchmarks/digests.py FILE --against OTHER                       and says which are not those of OTHER

Of every shipped scenario at 200 devices with all its events, by both engines, and as it is shipped, by the compiled
one; and of N random scenarios (tests/engines/scenarios_strategy.py), by both. A digest is over devices, downloads,
events, dialogues and the plan's log of a replication, and over the summary. Run it before and after, in two checkouts.
The exit code is 1 if some digest differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engines"))

from comparisons import script
from scenarios_dice import Dice
from scenarios_strategy import drawn

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import EVENT_COLUMNS, RunRecord, spelled_out
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
DEVICES = 200
"""Of a shipped scenario, where both engines play it."""
FULL = 200_000
"""The largest shipped scenario that is played as it is."""
ENGINES: dict[str, Callable[..., RunRecord]] = {"reference": reference, "compiled": compiled}


def digest(record: RunRecord) -> str:
    """All that a record says, as digits."""
    found = hashlib.sha256()
    columns: dict[str, Any] = dict(record.devices)
    if record.events is not None:
        columns |= {f"event {name}": values for name, values in record.event_columns().items()}
        assert all(f"event {name}" in columns for name in EVENT_COLUMNS)
    columns["downloads"] = record.downloads
    for name, column in columns.items():
        values = np.asarray(spelled_out(column))
        found.update(name.encode())
        if values.dtype == object:
            found.update(repr(values.tolist()).encode())
        else:  # integers of any width are the same number
            whole = np.issubdtype(values.dtype, np.integer)
            found.update(np.ascontiguousarray(values, dtype=np.int64 if whole else values.dtype).tobytes())
    found.update(repr((record.transcripts, record.platform_logs, record.plan_log)).encode())
    return found.hexdigest()[:16]


def smaller(scenario: Scenario) -> list[str]:
    """Overrides that cut a scenario to so many devices, one replication, and all events kept."""
    groups = scenario.fleet.groups
    total = max(1, sum(group.count for group in groups))
    counts = [min(group.count, max(1, group.count * DEVICES // total)) for group in groups]
    cut = [f"fleet.groups[{k}].count={count}" for k, count in enumerate(counts)]
    return [*cut, "replications=1", "keep={events: true, transcripts: 5}"]


def shipped(few: bool) -> Iterator[tuple[str, str]]:
    """Of the shipped scenarios; only one, if ``few``."""
    paths = sorted((ROOT / "scenarios").glob("*.yaml"))
    for path in paths[:1] if few else paths:
        whole = load_scenario(path)
        cut = load_scenario(path, smaller(whole))
        for name, engine in ENGINES.items():
            yield f"{path.stem}, {DEVICES} devices, {name}", digest(engine(cut, 0))
        if not few and sum(group.count for group in whole.fleet.groups) <= FULL:
            yield f"{path.stem}, as shipped, compiled", digest(compiled(whole, 0))


def drawn_at_random(count: int, first_seed: int) -> Iterator[tuple[str, str]]:
    """Of random scenarios."""
    for seed in range(first_seed, first_seed + count):
        with drawn(Dice(random.Random(seed).randint)).scenario() as scenario:
            for name, engine in ENGINES.items():
                try:
                    told = " ".join(digest(engine(scenario, k)) for k in range(scenario.replications))
                except ScenarioError as error:
                    told = f"refused: {error}"
                yield f"random {seed}, {name}", told


def main() -> int:
    """Write the digests, and compare them."""
    command = script.parser(__doc__)
    command.add_argument("file", type=Path, nargs="?")
    command.add_argument("--random", type=int, default=500)
    command.add_argument("--first-seed", type=int, default=0)
    command.add_argument("--against", type=Path)
    options: argparse.Namespace = command.parse_args()
    script.begin(options.smallest)
    count = 2 if options.smallest else options.random
    found = dict([*shipped(options.smallest), *drawn_at_random(count, options.first_seed)])
    if options.file is not None:
        options.file.write_text(json.dumps(found, indent=1))
    print(f"{len(found)} digests")
    if options.against is None:
        return 0
    before = json.loads(options.against.read_text())
    differing = sorted(name for name in before.keys() | found.keys() if before.get(name) != found.get(name))
    print("\n".join(differing) if differing else "all are the same")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
