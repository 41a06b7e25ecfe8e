"""The compiled engine against the reference engine, loop against loop and run against run."""

from __future__ import annotations

import time
from collections.abc import Callable

from comparisons import upgraded
from comparisons.measure import Options, Table, counted, in_turn, played_s, ratios, spread
from comparisons.mixed import mixed
from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.scenario.model import Scenario

Engine = Callable[[Scenario, int], RunRecord]


def compare(options: Options) -> Table:
    """Both engines on the same fleet, in turn."""
    scenario = mixed(options.devices)
    warm_up = mixed(200)
    for engine in (reference, compiled):
        engine(warm_up, 0)
    pairs = in_turn(lambda: _timed(reference, scenario), lambda: _timed(compiled, scenario), options.runs)
    rows = []
    for name, runs in zip(("reference engine (SimPy)", "compiled engine"), zip(*pairs, strict=True), strict=True):
        record = runs[-1][1]
        rows.append(
            (
                name,
                spread([played_s(record) for _, record in runs]),
                spread([whole_s for whole_s, _ in runs]),
                counted(record, "events", options.devices),
                upgraded.shares(upgraded.of_record(record)),
            )
        )
    first, second = zip(*pairs, strict=True)
    rows.append(
        (
            "times as long",
            ratios([played_s(record) for _, record in first], [played_s(record) for _, record in second]),
            ratios([whole_s for whole_s, _ in first], [whole_s for whole_s, _ in second]),
            "",
            "",
        )
    )
    return Table(
        f"SimPy engine and compiled engine, {options.devices:,} devices, {options.runs} runs in turn",
        ("", "loop, s", "whole run, s", "events per device", "upgraded: wifi, cat1, nb"),
        rows,
        ["loop: from a fleet in memory to what became of each device; whole run: with drawing the fleet and tables"],
    )


def _timed(engine: Engine, scenario: Scenario) -> tuple[float, RunRecord]:
    began = time.perf_counter()
    record = engine(scenario, 0)
    return time.perf_counter() - began, record
