"""What the machinery of a sweep costs: the same runs by it and by a plain Python loop, side by side.

    python benchmarks/sweep.py [POINTS] [REPLICATIONS] [DEVICES] [WORKERS]

By default 20 points x 5 replications x 10,000 devices; the plain loop plays one run after the other. The overhead
is told in CPU time as well, which other programs on the machine disturb less than the clock.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from fota_sim.analysis.axes import axis
from fota_sim.analysis.metrics import measure
from fota_sim.analysis.sweep import run_sweep
from fota_sim.analysis.sweep_plan import SweepSpec, plan_sweep
from fota_sim.engines.choice import load

SCENARIO = Path(__file__).parents[1] / "scenarios" / "battery_gate.yaml"


def main(points: int = 20, replications: int = 5, devices: int = 10_000, workers: int = 2) -> None:
    """Print runs per second of both, and their ratio."""
    spec = SweepSpec(
        SCENARIO,
        (axis("plan.strategy.min_battery", f"0%..50%/{points}"),),
        overrides=(f"fleet.groups.trackers.count={devices}",),
        replications=replications,
    )
    began_s = perf_counter()
    plan = plan_sweep(spec)
    planned_s = perf_counter() - began_s
    play = load("compiled")
    play(plan.points[0].scenario, 0)  # compiled code is loaded once, for both

    began_s, began_cpu_s = perf_counter(), process_time()
    loop = [
        measure(record.devices, record.downloads)
        for point in plan.points
        for replication in range(replications)
        for record in [play(point.scenario, replication)]
    ]
    loop_s, loop_cpu_s = perf_counter() - began_s, process_time() - began_cpu_s

    runs = len(plan.points) * replications
    print(f"{len(plan.points)} points x {replications} replications x {devices:,} devices = {runs} runs")
    print(f"planning (loading every point): {planned_s:.2f} s, {1000 * planned_s / runs:.1f} ms a run")
    print(f"plain loop:            {loop_s:7.2f} s  {runs / loop_s:6.2f} runs/s  CPU {loop_cpu_s:.2f} s")
    for count in sorted({1, workers}):
        with tempfile.TemporaryDirectory() as folder:
            began_s, began_cpu_s = perf_counter(), process_time()
            done = run_sweep(plan, engine="compiled", workers=count, store=Path(folder) / "units.sqlite")
            spent_s, cpu_s = perf_counter() - began_s, process_time() - began_cpu_s
        if [each.measures for each in done.played] != loop:
            raise SystemExit("the sweep and the loop differ")
        print(
            f"sweep, {count} worker{'s' if count > 1 else ' '}:      {spent_s:7.2f} s  {runs / spent_s:6.2f} runs/s  "
            f"{loop_s / spent_s:5.2f} x the loop  CPU {cpu_s:.2f} s ({100 * (cpu_s / loop_cpu_s - 1):+.1f} %)"
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
