"""The compiled engine beside its rivals: our SimPy engine, an analyst's SimPy, C, and itself at other sizes.

    python benchmarks/engines.py [--only simpy|analyst|c|growth|breakdown] [--quick] [--large] [--runs RUNS]

Prints Markdown. Every figure is measured in this run; medians are followed by least and most, and ratios are taken pair
by pair between runs that follow each other. Everybody has one core: what a second one does is in helped.py; and new
memory, as a process that plays once. Needs gcc for the comparison with C, and Linux.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace

from comparisons import analyst, breakdown, c_loop, growth, script, simpy_engine
from comparisons.measure import Options, Table
from rivals import flow

from fota_sim.engines import cores
from fota_sim.engines.compiled.stock import stock

COMPARISONS: dict[str, Callable[[Options], Table]] = {
    "simpy": simpy_engine.compare,
    "analyst": analyst.compare,
    "c": c_loop.compare,
    "growth": growth.compare,
    "breakdown": breakdown.compare,
}
FULL = Options(runs=5, devices=40_000, many=1_000_000, sizes=(10_000, 100_000, 1_000_000), counted=200)
QUICK = Options(runs=3, devices=2000, many=40_000, sizes=(10_000, 40_000), counted=200)
SMALLEST = Options(runs=1, devices=200, many=1000, sizes=(500, 1000), counted=20)
LARGEST = 10_000_000


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--only", choices=COMPARISONS, action="append", help="one comparison; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer devices and runs, for a look")
    parser.add_argument("--large", action="store_true", help="10,000,000 devices as well, in growth")
    parser.add_argument("--runs", type=int, help="of each")
    asked = parser.parse_args()
    options = SMALLEST if asked.smallest else QUICK if asked.quick else FULL
    if asked.large:
        options = replace(options, sizes=(*options.sizes, LARGEST))
    if asked.runs:
        options = replace(options, runs=asked.runs)
    names = asked.only or list(COMPARISONS)
    if "c" in names and shutil.which(flow.COMPILE[0]) is None:
        _without_c(names, asked.smallest)
    script.begin(asked.smallest)
    os.environ[cores.VARIABLE] = "1"  # for processes that it starts as well
    stock.most_B = 0
    for name in names:
        script.show(COMPARISONS[name](options))


def _without_c(names: list[str], smallest: bool) -> None:
    """Say that gcc is missing. Figures without that rival are none; to see whether all else runs, it is left out."""
    missing = f"{flow.COMPILE[0]} is not installed, which the comparison with C needs"
    if not smallest:
        raise SystemExit(f"{missing}; install it, or name other comparisons with --only")
    print(f"{missing}: left out", file=sys.stderr)
    names.remove("c")


if __name__ == "__main__":
    main()
