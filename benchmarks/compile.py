"""What it takes to compile the engine on a machine that never did, beside a yardstick.

    python benchmarks/compile.py [--runs RUNS]

Each time in a process of its own with an empty cache folder; then once more with what is kept there. The yardstick is
sixty plain numba functions of one loop each, compiled in a fresh process, in turn with the engine: what a machine or a
version of numba makes slower, it makes slower for both. All times include starting Python and importing. The engine's
also include playing 100 devices.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from comparisons import process, script
from comparisons.measure import Table, ratios, spread
from comparisons.process import Spent

BENCHMARKS = Path(__file__).resolve().parent
FUNCTIONS = 60


def child(module: str, argument: str, cache: Path) -> Spent:
    """Run a module of ours with its compiled code in this folder."""
    env = {**os.environ, "FOTA_SIM_CACHE": str(cache)}
    return process.run([sys.executable, "-m", f"comparisons.{module}", argument], cwd=BENCHMARKS, env=env)


def in_turn(what: str, functions: int) -> tuple[Spent, Spent, Spent, int]:
    """Cold, warm, the yardstick, and bytes that were kept; raises SystemExit if none were: then it was not cold."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        cold = child("cold", what, cache)
        kept_B = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
        if not kept_B:
            raise SystemExit(f"{cache} is empty after compiling into it: compiled code is kept elsewhere")
        return cold, child("cold", what, cache), child("yardstick", str(functions), cache), kept_B


def compare(what: str, functions: int, runs: int) -> Table:
    """All three in turn."""
    found = [in_turn(what, functions) for _ in range(runs)]
    cold, warm, yardstick = ([each[place] for each in found] for place in range(3))
    yardstick_s = [each.cpu_s for each in yardstick]

    def row(name: str, spent: list[Spent]) -> tuple[str, ...]:
        cpu_s = [each.cpu_s for each in spent]
        return (
            name,
            spread(cpu_s),
            ratios(cpu_s, yardstick_s),
            spread([each.wall_s for each in spent]),
            spread([each.peak_B / 1e6 for each in spent]),
        )

    return Table(
        f"Compiling the {what}, {runs} runs in turn",
        ("", "CPU, s", "of the yardstick", "clock, s", "peak, MB"),
        [
            (row(f"{what}, nothing kept", cold)),
            (row(f"{what}, loaded", warm)),
            (row(f"yardstick: {functions} functions", yardstick)),
        ],
        [f"{found[-1][3] / 1e6:.1f} MB are kept"],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    script.show(compare("rule", 2, 1) if asked.smallest else compare("engine", FUNCTIONS, asked.runs))


if __name__ == "__main__":
    main()
