"""The compiled engine against an event loop in C (rivals/flow.c)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from rivals import flow

from comparisons import upgraded
from comparisons.measure import Options, Table, counted, in_turn, plain, played_s, ratios, spread
from comparisons.mixed import mixed
from fota_sim.engines.compiled.run import run_replication


def compare(options: Options) -> Table:
    """The C program and the compiled engine on the same fleet, in turn."""
    devices = options.many
    scenario = mixed(devices)
    run_replication(mixed(200), 0)
    with tempfile.TemporaryDirectory() as folder:
        program, fleet = flow.build(Path(folder)), Path(folder) / "fleet"
        flow.write_input(scenario, 0, fleet)
        pairs = in_turn(lambda: flow.play(program, fleet), lambda: run_replication(scenario, 0), options.runs)
    theirs_s = [run.loop_s for run, _ in pairs]
    ours_s = [played_s(record) for _, record in pairs]
    theirs, ours = pairs[-1]
    return Table(
        f"A C event loop and the compiled engine, {devices:,} devices, {options.runs} runs in turn",
        ("", "loop, s", "us per device", "events per device", "draws per device", "upgraded: wifi, cat1, nb"),
        [
            (
                "C",
                spread(theirs_s),
                spread([1e6 * seconds / devices for seconds in theirs_s]),
                plain(theirs.events / devices),
                plain(theirs.draws / devices),
                upgraded.shares(theirs.outcomes),
            ),
            (
                "compiled engine",
                spread(ours_s),
                spread([1e6 * seconds / devices for seconds in ours_s]),
                counted(ours, "events", devices),
                counted(ours, "draws", devices),
                upgraded.shares(upgraded.of_record(ours)),
            ),
            ("times as long", ratios(theirs_s, ours_s), "", "", "", ""),
        ],
        [f"{_compiler()}, {' '.join(flow.COMPILE[1:])}; a device's state is {theirs.device_bytes} bytes"],
    )


def _compiler() -> str:
    said = subprocess.run([flow.COMPILE[0], "--version"], check=True, capture_output=True, text=True).stdout
    return said.splitlines()[0]
