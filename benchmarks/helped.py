"""One replication with the help of a second thread and without: the same record, how long it takes, and what it costs.

    python benchmarks/helped.py [--runs N] [--smallest]

Fleets that share a server and cells, each in turn without and with help, once with both cores free and once while
another process keeps one of them busy.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from comparisons import script
from comparisons.measure import Table, in_turn, ratios, spread
from comparisons.mixed import mixed

from fota_sim.engines import cores
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.record import RunRecord
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

METERS = Path(__file__).resolve().parents[1] / "fota_sim" / "scenario" / "templates" / "meters.yaml"
FLEETS = {"meters": (20_000, 200_000), "mixed": (40_000, 1_000_000)}
SMALLEST = {"meters": (10_000,), "mixed": (10_000,)}
BUSY = "while True: pass"


class Run(NamedTuple):
    """A replication, and what it took."""

    record: RunRecord
    wall_s: float
    cpu_s: float


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    if cores.cores() < 2:
        print("there is one core, and so no help", file=sys.stderr)
        return
    runs, fleets = (1, SMALLEST) if asked.smallest else (asked.runs, FLEETS)
    rows = [row(kind, devices, runs, busy) for kind in fleets for devices in fleets[kind] for busy in (False, True)]
    script.show(
        Table(
            f"A replication with the help of a second thread, {runs} runs in turn with those without",
            (
                "fleet",
                "the other core",
                "alone, loop, s",
                "helped, loop, s",
                "helped / alone",
                "CPU time, helped / alone",
            ),
            rows,
            ["CPU time: of the whole replication, with drawing the fleet and tables"],
        )
    )


def row(kind: str, devices: int, runs: int, busy: bool) -> tuple[str, ...]:
    """One fleet; raises SystemExit if the records are not the same."""
    scenario = mixed(devices) if kind == "mixed" else meters(devices)
    for warm_up in (alone, helped):
        warm_up(scenario)
    with another(busy):
        pairs = in_turn(lambda: alone(scenario), lambda: helped(scenario), runs)
    for one, other in pairs:
        if not same(one.record, other.record):
            raise SystemExit(f"{devices:,} devices of {kind}: the records differ")
    first, second = zip(*pairs, strict=True)
    loops = [[run.record.phases_s["loop"] for run in of] for of in (first, second)]
    return (
        f"{devices:,} of {kind}",
        "busy" if busy else "free",
        spread(loops[0]),
        spread(loops[1]),
        ratios(loops[1], loops[0]),
        ratios([run.cpu_s for run in second], [run.cpu_s for run in first]),
    )


def meters(devices: int) -> Scenario:
    """The template of meters, with as many to a cell as it has."""
    return load_scenario(METERS, [f"fleet.groups[0].count={devices}", f"fleet.groups[0].cells={devices // 50}"])


def alone(scenario: Scenario) -> Run:
    """On one core."""
    with cores.all_busy():
        return helped(scenario)


def helped(scenario: Scenario) -> Run:
    """On two, if they are free."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    record = run_replication(scenario, 0)
    return Run(record, time.perf_counter() - wall_s, time.process_time() - cpu_s)


@contextmanager
def another(busy: bool) -> Iterator[None]:
    """While another process computes, if ``busy``."""
    process = subprocess.Popen([sys.executable, "-c", BUSY]) if busy else None
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


def same(one: RunRecord, other: RunRecord) -> bool:
    """Whether devices and downloads are the same to the last bit."""
    return np.array_equal(one.downloads, other.downloads) and all(
        np.asarray(column).tobytes() == np.asarray(other.devices[name]).tobytes()
        for name, column in one.devices.items()
        if np.asarray(column).dtype != object
    )


if __name__ == "__main__":
    main()
