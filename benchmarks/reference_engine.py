"""Devices per second of the reference engine, and its events against bare SimPy.

    python benchmarks/reference_engine.py

Plays 2,000 devices of scenarios/mixed_40000.yaml (the groups in their proportions, the server scaled with them) once
to warm up and three times for the median. The bare loop is SimPy processes, one per device, that do nothing but wait
out timeouts, as many events in all as the engine handled.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Generator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import simpy

from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parent.parent / "scenarios" / "mixed_40000.yaml"
DEVICES = 2000
OVERRIDES = (
    "fleet.groups.wifi.count=800",
    "fleet.groups.cat1.count=600",
    "fleet.groups.nb.count=600",
    "fleet.groups.cat1.cells=15",
    "fleet.groups.nb.cells=20",
    "network.server.connections=100",
    "network.server.egress=25Mbit/s",
)
RUNS = 3


def _seconds(play: Callable[[], object]) -> list[float]:
    """How long each of the runs takes after one that warms up."""
    play()
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        play()
        found.append(time.perf_counter() - began)
    return found


def _events_of(play: Callable[[], object]) -> int:
    """How many events the engine handles; counted in a run of its own, so that the timed ones are not slowed."""
    handled = 0
    step = FleetEnvironment.step

    def counting(env: FleetEnvironment) -> None:
        nonlocal handled
        handled += 1
        step(env)

    FleetEnvironment.step = counting  # type: ignore[method-assign, assignment]
    try:
        play()
    finally:
        FleetEnvironment.step = step  # type: ignore[method-assign]
    return handled


def _bare(events: int) -> None:
    """SimPy alone: ``DEVICES`` processes waiting out timeouts, ``events`` events in all."""
    env = simpy.Environment()

    def wait(times: int, every: int) -> Generator[simpy.Event, Any, None]:
        for _ in range(times):
            yield env.timeout(every)

    # a process is an event at its start and one at its end
    for number in range(DEVICES):
        env.process(wait(events // DEVICES - 2, 1000 + number))
    env.run()


def main() -> None:
    """Print the measurements."""
    scenario = load_scenario(SCENARIO, OVERRIDES)

    def play() -> object:
        return run_replication(scenario, 0)

    events = _events_of(play)
    engine, bare = _seconds(play), _seconds(lambda: _bare(events))
    engine_s, bare_s = statistics.median(engine), statistics.median(bare)
    packages = ", ".join(f"{name} {version(name)}" for name in ("simpy", "numba", "numpy"))
    print(f"Python {platform.python_version()}, {packages}, {platform.machine()}")
    print(f"{DEVICES} devices, {events} events ({events / DEVICES:.1f} per device)")
    for name, runs, median in (("engine", engine, engine_s), ("bare SimPy", bare, bare_s)):
        print(f"{name:11s} {median:8.3f} s, median of " + " ".join(f"{s:.3f}" for s in runs))
    print(f"engine      {DEVICES / engine_s:8.0f} devices per second, {events / engine_s:.0f} events per second")
    print(f"bare SimPy  {events / bare_s:8.0f} events per second")
    print(f"engine / bare SimPy, time for as many events: {engine_s / bare_s:.1f}")


if __name__ == "__main__":
    main()
