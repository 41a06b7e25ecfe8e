"""The compiled engine against itself: what a device costs, in time and in memory, as fleets grow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from comparisons.measure import Options, Table, plain, played_s, ratios, spread
from comparisons.mixed import mixed
from fota_sim.engines.compiled.run import run_replication

_BENCHMARKS = Path(__file__).resolve().parents[1]
_PEAK = "VmHWM:"  # unlike ru_maxrss, it does not begin with the parent's


def compare(options: Options) -> Table:
    """All sizes in turn, each run in a process of its own."""
    rounds = [[_in_a_process(devices) for devices in options.sizes] for _ in range(options.runs)]
    smallest_s = [of_sizes[0]["device_s"] for of_sizes in rounds]
    rows = []
    for place, devices in enumerate(options.sizes):
        runs = [of_sizes[place] for of_sizes in rounds]
        device_s = [run["device_s"] for run in runs]
        state_B = runs[-1]["state_bytes"]
        rows.append(
            (
                f"{devices:,}",
                spread([1e6 * seconds for seconds in device_s]),
                ratios(device_s, smallest_s),
                "not counted" if state_B is None else plain(state_B),
                spread([run["process_bytes"] for run in runs]),
            )
        )
    return Table(
        f"The compiled engine as fleets grow, {options.runs} rounds of all sizes, a process each",
        (
            "devices",
            "loop, us per device",
            "times the smallest",
            "engine, bytes per device",
            "process, bytes per device",
        ),
        rows,
        ["process: growth of its peak resident memory in a whole run (fleet, loop, tables) after one of 1,000 devices"],
    )


def _in_a_process(devices: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "comparisons.growth", str(devices)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_BENCHMARKS).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


def _peak_B() -> int:
    """The process's peak resident memory so far, as Linux has it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith(_PEAK))


def main(devices: int) -> None:
    """Print what one run of so many devices costs each of them."""
    run_replication(mixed(1000), 0)
    scenario, before_B = mixed(devices), _peak_B()
    record = run_replication(scenario, 0)
    state_B = getattr(record, "counters", {}).get("state_bytes")
    found = {
        "device_s": played_s(record) / devices,
        "process_bytes": (_peak_B() - before_B) / devices,
        "state_bytes": None if state_B is None else state_B / devices,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
