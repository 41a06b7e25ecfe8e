"""Replications one after the other, in threads and in processes: seconds on the compiled engine.

    python benchmarks/workers.py [--rounds N]

Plays four replications of 200,000 devices of scenarios/mixed_40000.yaml with two workers. The rounds take turns, so
that what else the machine does falls on all three.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from comparisons import script
from comparisons.measure import Table, ratios, spread

from fota_sim.engines.choice import COMPILED, load
from fota_sim.experiment.crew import ThreadCrew, play_apart
from fota_sim.experiment.processes import ProcessCrew
from fota_sim.experiment.turns import Dealt
from fota_sim.experiment.worker import Job
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parent.parent / "scenarios" / "mixed_40000.yaml"
REPLICATIONS, WORKERS = 4, 2
ALONE = "one after the other"


def _seconds(play: Callable[[], Iterator[object]]) -> float:
    began = time.perf_counter()
    for _ in play():
        pass
    return time.perf_counter() - began


def compare(devices: int, rounds: int) -> Table:
    """All three ways in turn."""
    sizes = [f"fleet.groups[{group}].count={round(devices / 3)}" for group in range(3)]
    scenario = load_scenario(SCENARIO, [*sizes, f"replications={REPLICATIONS}"])
    job, engine = Job(scenario, COMPILED), load(COMPILED)
    engine(scenario, 0)  # compiled, and loaded
    whole = Dealt(1, 1, "")  # these devices share a server
    ways: dict[str, Callable[[], Iterator[object]]] = {
        ALONE: lambda: (engine(scenario, replication) for replication in range(REPLICATIONS)),
        "threads": lambda: play_apart(ThreadCrew(job), whole.turns(REPLICATIONS), WORKERS, None),
        "processes": lambda: play_apart(ProcessCrew(job, WORKERS), whole.turns(REPLICATIONS), WORKERS, None),
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, play in ways.items():
            found[way].append(_seconds(play))
    return Table(
        f"{REPLICATIONS} replications of {devices:,} devices with {WORKERS} workers, {rounds} rounds in turn",
        ("", "s", "of the time one after the other"),
        [
            (way, spread(seconds), "1" if way == ALONE else ratios(seconds, found[ALONE]))
            for way, seconds in found.items()
        ],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--devices", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    script.show(compare(300, 1) if asked.smallest else compare(asked.devices, asked.rounds))


if __name__ == "__main__":
    main()
