"""One replication in parts: the same numbers in any number of them, on one core and on two, and memory that stays flat.

    python benchmarks/split.py [--runs N] [--devices N] [--largest]

Devices of scenarios/mixed_40000.yaml whose server and cells have no limits, so that they share nothing. Each run is a
process of its own, from the scenario to its summary; no tables are written. --largest adds 100,000,000 devices, which
take minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

from comparisons import process, script
from comparisons.measure import Table, plain, ratios, spread
from comparisons.mixed import FILE, changes

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.engines.choice import COMPILED
from fota_sim.scenario.loader import load_scenario

WHOLE = 1
LARGEST = 100_000_000
FREE = ("network.server={connections: null, egress: null}", "network.cells.enforce=false")


class Way(NamedTuple):
    """How a fleet is played."""

    devices: int
    workers: int
    parts: int | None
    """None: as many as the program makes of it by itself."""


class Run(NamedTuple):
    """What came of it."""

    wall_s: float
    cpu_s: float
    peak_B: int
    parts: int
    summary: str
    """A digest of all that the summary says."""


def play(way: Way) -> Run:
    """In a process of its own."""
    given = json.dumps(way._asdict())
    spent = process.run([sys.executable, __file__, "--play", given], cwd=Path(__file__).parent)
    told = json.loads(spent.printed)
    return Run(spent.wall_s, spent.cpu_s, spent.peak_B, told["parts"], told["summary"])


def child(way: Way) -> None:
    """Play, and print what came of it."""
    scenario = load_scenario(FILE, [*changes(way.devices), *FREE])
    study = run_study(scenario, "", None, engine=COMPILED, workers=way.workers, parts=way.parts, keep_tables=False)
    said = json.dumps(study.summary, sort_keys=True).encode()
    assert study.dealt is not None
    print(json.dumps({"parts": study.dealt.parts, "summary": hashlib.sha256(said).hexdigest()}))


def cores(devices: int, runs: int, parts: int | None = None) -> Table:
    """In one piece, in parts on one core, and in parts on two, in turn."""
    ways = {
        "in one piece": Way(devices, 1, WHOLE),
        "in parts, one core": Way(devices, 1, parts),
        "in parts, two cores": Way(devices, 2, parts),
    }
    rounds = [[play(way) for way in ways.values()] for _ in range(runs)]
    _check_same([run for found in rounds for run in found])
    first_s = [found[0].wall_s for found in rounds]
    rows = []
    for place, name in enumerate(ways):
        found = [each[place] for each in rounds]
        seconds = [run.wall_s for run in found]
        rows.append(
            (
                name,
                str(found[0].parts),
                spread(seconds),
                ratios(first_s, seconds),
                spread([run.cpu_s for run in found]),
                spread([run.peak_B / 1e6 for run in found]),
            )
        )
    header = ("", "parts", "s", "times as fast as in one piece", "CPU time, s", "most memory, MB")
    return Table(f"{devices:,} devices that share nothing, {runs} rounds in turn, a process each", header, rows)


def sizes(devices: list[int]) -> Table:
    """Larger and larger fleets on two cores."""
    rows = []
    for count in devices:
        run = play(Way(count, 2, None))
        rows.append(
            (
                f"{count:,}",
                f"{run.parts:,}",
                plain(run.wall_s),
                plain(1e6 * run.wall_s / count),
                plain(run.cpu_s),
                plain(run.peak_B / 1e6),
            )
        )
    header = ("devices", "parts", "s", "us per device", "CPU time, s", "most memory, MB")
    return Table("Larger and larger fleets on two cores, one run each", header, rows)


def _check_same(found: list[Run]) -> None:
    """Raise SystemExit if not all runs gave the same summary."""
    if len({run.summary for run in found}) != 1:
        raise SystemExit("the summaries differ, and must not")


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--largest", action="store_true", help=f"{LARGEST:,} devices as well")
    parser.add_argument("--play", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.play:
        child(Way(**json.loads(asked.play)))
        return
    script.begin(asked.smallest)
    if asked.smallest:
        script.show(cores(2_000, 1, 3))
        script.show(sizes([21_000]))
        return
    script.show(cores(asked.devices, asked.runs))
    script.show(sizes([100_000, 1_000_000, 10_000_000, *([LARGEST] if asked.largest else [])]))


if __name__ == "__main__":
    main()
