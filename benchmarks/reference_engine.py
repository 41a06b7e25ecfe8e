"""Devices per second of the reference engine, and its events against bare SimPy.

    python benchmarks/reference_engine.py [--devices N] [--runs RUNS]

Plays 2,000 devices of scenarios/mixed_40000.yaml (the groups in their proportions, the server scaled with them). The
bare loop is SimPy processes, one per device, that do nothing but wait out timeouts, as many events in all as the engine
handled. Both once to warm up, then in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import simpy
from comparisons import script
from comparisons.measure import Table, in_turn, plain, ratios, spread
from comparisons.mixed import mixed

from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.run import run_replication


def _seconds(play: Callable[[], object]) -> float:
    began = time.perf_counter()
    play()
    return time.perf_counter() - began


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


def _bare(devices: int, events: int) -> None:
    """SimPy alone: a process per device waiting out timeouts, ``events`` events in all."""
    env = simpy.Environment()

    def wait(times: int, every: int) -> Generator[simpy.Event, Any, None]:
        for _ in range(times):
            yield env.timeout(every)

    # a process is an event at its start and one at its end
    for number in range(devices):
        env.process(wait(events // devices - 2, 1000 + number))
    env.run()


def compare(devices: int, runs: int) -> Table:
    """The engine and the bare loop, in turn."""
    scenario = mixed(devices)

    def engine() -> object:
        return run_replication(scenario, 0)

    events = _events_of(engine)

    def bare() -> None:
        _bare(devices, events)

    bare()
    pairs = in_turn(lambda: _seconds(engine), lambda: _seconds(bare), runs)
    engine_s, bare_s = (list(each) for each in zip(*pairs, strict=True))
    return Table(
        f"The reference engine and bare SimPy, {devices:,} devices, {events:,} events, {runs} runs in turn",
        ("", "s", "devices per second", "events per second"),
        [
            (
                "reference engine",
                spread(engine_s),
                spread([devices / each for each in engine_s]),
                spread([events / each for each in engine_s]),
            ),
            ("bare SimPy", spread(bare_s), "", spread([events / each for each in bare_s])),
            ("times as long", ratios(engine_s, bare_s), "", ""),
        ],
        [f"{plain(events / devices)} events per device; the engine's time includes drawing the fleet, not writing"],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--devices", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    script.show(compare(20, 1) if asked.smallest else compare(asked.devices, asked.runs))


if __name__ == "__main__":
    main()
