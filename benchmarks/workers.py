"""Replications one after the other, in threads and in processes: seconds on the compiled engine.

    python benchmarks/workers.py [ROUNDS]

Plays four replications of 200,000 devices of scenarios/mixed_40000.yaml with two workers. The rounds take turns, so
that what else the machine does falls on all three; the shortest of each is the one least disturbed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fota_sim.engines.choice import COMPILED, load
from fota_sim.experiment.crew import ThreadCrew, play_apart
from fota_sim.experiment.processes import ProcessCrew
from fota_sim.experiment.turns import Dealt
from fota_sim.experiment.worker import Job
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parent.parent / "scenarios" / "mixed_40000.yaml"
REPLICATIONS, WORKERS = 4, 2
OVERRIDES = [f"fleet.groups[{group}].count=66667" for group in range(3)]


def _seconds(play: Callable[[], Iterator[object]]) -> float:
    began = time.perf_counter()
    for _ in play():
        pass
    return time.perf_counter() - began


def main(rounds: int) -> None:
    """Print the measurements."""
    scenario = load_scenario(SCENARIO, [*OVERRIDES, f"replications={REPLICATIONS}"])
    job, engine = Job(scenario, COMPILED), load(COMPILED)
    engine(scenario, 0)  # compiled, and loaded
    whole = Dealt(1, 1, "")  # these devices share a server
    horizon_ms = scenario.horizon_ms
    ways: dict[str, Callable[[], Iterator[object]]] = {
        "one after the other": lambda: (engine(scenario, replication) for replication in range(REPLICATIONS)),
        "threads": lambda: play_apart(ThreadCrew(job), whole.turns(REPLICATIONS), WORKERS, horizon_ms, None),
        "processes": lambda: play_apart(
            ProcessCrew(job, WORKERS), whole.turns(REPLICATIONS), WORKERS, horizon_ms, None
        ),
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, play in ways.items():
            found[way].append(_seconds(play))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    for way, seconds in found.items():
        print(f"{way:20s} {min(seconds):6.2f} s at best, of " + " ".join(f"{each:.2f}" for each in seconds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
