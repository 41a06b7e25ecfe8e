"""The time left that progress tells, beside the time that is really left.

    python benchmarks/time_left.py

Plays a plain run and a push period on both engines, and a sweep, and looks at every tenth of the time. What is shown is
the time left as it is told, over the time until the last word: 1 is right, 2 is twice too long. Time is that of the
processor, so that what else the machine does has no part in it; of sweeps, whose processes are several, by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from comparisons import script
from comparisons.measure import Table

from fota_sim.analysis.sweep.axes import parse_axis
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import run_sweep
from fota_sim.cli.pace import REPLICATIONS, RUNS, Pace, Unit
from fota_sim.engines.choice import COMPILED, REFERENCE, load
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
GROUPS = {"mixed_40000": 3, "night_push": 1, "battery_gate": 1}
RUNS_OF = (
    ("plain run", "mixed_40000", COMPILED, 600_000),
    ("push period", "night_push", COMPILED, 200_000),
    ("plain run", "mixed_40000", REFERENCE, 3_000),
    ("push period", "night_push", REFERENCE, 2_000),
    ("refused again and again", "battery_gate", REFERENCE, 1_500),
)
SWEEPS = (("sweep, 20 points", "mixed_40000"), ("sweep of a push period, 42 points", "night_push"))
TENTHS = range(1, 10)

Play = Callable[[Callable[[int, int], None]], object]


class Told(NamedTuple):
    """A word of progress."""

    at_s: float
    done: int
    total: int


def listen(play: Play, clock_s: Callable[[], float]) -> list[Told]:
    """Every word, by ``clock_s`` since the first."""
    told: list[Told] = []
    play(lambda done, total: told.append(Told(clock_s(), done, total)))
    return [each._replace(at_s=each.at_s - told[0].at_s) for each in told]


def forecasts(told: Sequence[Told], unit: Unit) -> list[float | None]:
    """At each tenth of the time, what is told to be left over what is."""
    now_s = 0.0
    pace, heard, found = Pace(unit, lambda: now_s), 0, []
    whole_s = told[-1].at_s
    for tenth in TENTHS:
        at_s = whole_s * tenth / 10
        while heard < len(told) - 1 and told[heard].at_s <= at_s:
            now_s = told[heard].at_s
            pace.hear(told[heard].done, told[heard].total)
            heard += 1
        now_s = at_s
        left_s = pace.look().left_s
        found.append(left_s / (whole_s - at_s) if left_s is not None and whole_s else None)
    return found


def run(name: str, engine: str, devices: int) -> Play:
    """One replication of a shipped scenario, with so many devices."""
    scenario, play = sized(name, devices), load(engine)
    play(sized(name, min(devices, 200)), 0)  # compiled, and loaded
    return lambda hear: play(scenario, 0, progress=hear)


def sized(name: str, devices: int) -> Scenario:
    """A shipped scenario with so many devices, as many in each group."""
    sizes = [f"fleet.groups[{group}].count={devices // GROUPS[name]}" for group in range(GROUPS[name])]
    return load_scenario(SCENARIOS / f"{name}.yaml", sizes)


def sweep(name: str, *axes: str, overrides: tuple[str, ...] = ()) -> Play:
    """The sweep of a shipped scenario that is ready, or one over ``axes``, with two workers."""
    plan = plan_sweep(SweepSpec(SCENARIOS / f"{name}.yaml", tuple(map(parse_axis, axes)), overrides=overrides))
    return lambda hear: run_sweep(plan, workers=2, progress=hear)


def row(name: str, told: Sequence[Told], unit: Unit) -> tuple[str, ...]:
    """Its cells."""
    cells = ["–" if each is None else f"{each:.2f}" for each in forecasts(told, unit)]
    return name, f"{told[-1].at_s:.1f}", *cells


def measure(smallest: bool) -> Table:
    """All of them."""
    rows = []
    for what, name, engine, devices in RUNS_OF:
        count = min(devices, 100) if smallest else devices
        told = listen(run(name, engine, count), time.process_time)
        rows.append(row(f"{what}, {engine} engine, {count:,} devices", told, REPLICATIONS))
    for what, name in SWEEPS[:0] if smallest else SWEEPS:
        rows.append(row(what, listen(sweep(name), time.perf_counter), RUNS))
    if smallest:
        small = sweep("battery_gate", "plan.strategy.retries=0,1", overrides=("fleet.groups[0].count=20",))
        rows.append(row("sweep", listen(small, time.perf_counter), RUNS))
    head = ("", "s", *(f"{tenth}/10" for tenth in TENTHS))
    return Table("Time left as it is told, over the time that is left, at each tenth of the time", head, rows)


def main() -> None:
    """Measure, and print."""
    asked = script.parser(__doc__).parse_args()
    script.begin(asked.smallest)
    script.show(measure(asked.smallest))


if __name__ == "__main__":
    main()
