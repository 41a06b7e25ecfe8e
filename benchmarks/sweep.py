"""What the machinery of a sweep costs: the same runs by it and by a plain Python loop, side by side.

    python benchmarks/sweep.py [--points N] [--replications N] [--devices N] [--workers N]

The plain loop plays one run after the other. The overhead is told in CPU time as well, which other programs on the
machine disturb less than the clock. The metrics of both have to be the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

from comparisons import script
from comparisons.measure import Table, plain

from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep
from fota_sim.engines.choice import load

SCENARIO = Path(__file__).parents[1] / "scenarios" / "battery_gate.yaml"

Found = TypeVar("Found")


def _timed(do: Callable[[], Found]) -> tuple[Found, float, float]:
    """What came of it, seconds on the clock, and of CPU time in this process."""
    began_s, began_cpu_s = perf_counter(), process_time()
    found = do()
    return found, perf_counter() - began_s, process_time() - began_cpu_s


def compare(points: int, replications: int, devices: int, workers: int) -> Table:
    """The loop, and the sweep with one worker and with several; raises SystemExit if their metrics differ."""
    spec = SweepSpec(
        SCENARIO,
        (axis("plan.strategy.min_battery", f"0%..50%/{points}"),),
        overrides=(f"fleet.groups.trackers.count={devices}",),
        replications=replications,
    )
    plan, planned_s, _ = _timed(lambda: plan_sweep(spec))
    play = load("compiled")
    play(plan.points[0].scenario, 0)  # compiled code is loaded once, for both

    def one_after_the_other() -> list[dict[str, float]]:
        return [
            measure(record.devices, record.downloads, terms_of(point.scenario))
            for point in plan.points
            for replication in range(replications)
            for record in [play(point.scenario, replication)]
        ]

    runs = len(plan.points) * replications
    loop, loop_s, loop_cpu_s = _timed(one_after_the_other)
    rows = [("plain loop", plain(loop_s), plain(runs / loop_s), "1", plain(loop_cpu_s), "")]
    for count in sorted({1, workers}):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "units.sqlite"
            done, spent_s, cpu_s = _timed(
                lambda count=count, store=store: run_sweep(plan, engine="compiled", workers=count, store=store)
            )
        if [each.measures for each in done.played] != loop:
            raise SystemExit("the sweep and the loop differ")
        rows.append(
            (
                f"sweep, {count} worker{'s' if count > 1 else ''}",
                plain(spent_s),
                plain(runs / spent_s),
                plain(loop_s / spent_s),
                plain(cpu_s),
                f"{cpu_s / loop_cpu_s - 1:+.1%}",
            )
        )
    return Table(
        f"{len(plan.points)} points x {replications} replications x {devices:,} devices = {runs:,} runs",
        ("", "s", "runs per second", "times as fast as the loop", "CPU, s", "CPU beyond the loop's"),
        rows,
        [f"reading and checking the points before that: {plain(planned_s)} s; one round"],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--replications", type=int, default=5)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    sizes = (2, 1, 600, 2) if asked.smallest else (asked.points, asked.replications, asked.devices, asked.workers)
    script.show(compare(*sizes))


if __name__ == "__main__":
    main()
