"""Learning from a log, and forecasting a rollout under way: time, CPU time and memory.

    python benchmarks/learning.py [--devices N] [--hours N] [--runs RUNS]

Simulates a rollout of scenarios/mixed_40000.yaml, scaled to the number of devices, with luck that no trial has, and
writes it as hawkBit exports actions with their entries, at its end and after so many hours. Then ``fota-sim fit``
learns from the first and ``fota-sim forecast`` continues the second, each from command to answer as a process of its
own, on all cores. What was compiled before is loaded. On a machine that does other things as well, CPU time over the
number of cores says how long it would take.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from comparisons import mixed, process, script
from comparisons.measure import Table, plain, spread

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "histories"))

from history_exports import PLATFORMS, export  # noqa: E402

from fota_sim.learning.trials import Trials  # noqa: E402
from fota_sim.scenario.loader import load_scenario  # noqa: E402

PLATFORM = "hawkbit"
SEED = 77
"""Of the rollout that is logged; the scenario that is fitted has its own."""


def log(folder: Path, changes: list[str]) -> Path:
    """A rollout as the platform exports it, into a folder."""
    scenario = load_scenario(mixed.FILE, [*changes, f"seed={SEED}"])
    shown, _ = next(Trials(scenario, "compiled", PLATFORMS[PLATFORM].view).play([{}]))
    export(PLATFORM, shown, folder)
    return folder


def compare(devices: int, hours: float, runs: int, more: dict[str, list[str]]) -> Table:
    """A row for each command; the commands in turn."""
    changes = mixed.changes(devices)
    given = [word for change in changes for word in ("--set", change)]
    cores = str(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        whole = log(Path(folder, "whole"), changes)
        so_far = log(Path(folder, "so_far"), [*changes, f"horizon={hours:g}h"])
        commands = {
            "fit": ["fit", str(whole), "--fleet", str(mixed.FILE), "--workers", cores],
            "forecast": ["forecast", str(mixed.FILE), "--so-far", str(so_far), "--workers", cores],
        }
        start = [sys.executable, "-m", "fota_sim"]
        spent: dict[str, list[process.Spent]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                spent[name].append(process.run([*start, *command, *given, "--json", *more.get(name, [])], cwd=ROOT))
    rows = [
        (
            name,
            spread([each.wall_s for each in those]),
            spread([each.cpu_s for each in those]),
            spread([each.cpu_s / each.wall_s for each in those]),
            plain(max(each.peak_B for each in those) / 1e6),
        )
        for name, those in spent.items()
    ]
    title = f"{devices:,} devices, {runs} run{'' if runs == 1 else 's'} of each command on {cores} cores"
    return Table(
        title,
        ("", "s", "CPU, s", "cores that it had, on average", "peak memory, MB"),
        rows,
        [
            "fit: the rollout to its end; reading, trials, and forty rollouts of what was learnt beside the log",
            f"forecast: the rollout after {hours:g} h; reading, members up to then, and every way to go on",
        ],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--devices", type=int, default=40_000)
    parser.add_argument("--hours", type=float, default=12.0)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    if asked.smallest:
        script.show(compare(600, asked.hours, 1, {"fit": ["--trials", "30"], "forecast": ["--members", "20"]}))
    else:
        script.show(compare(asked.devices, asked.hours, asked.runs, {}))


if __name__ == "__main__":
    main()
