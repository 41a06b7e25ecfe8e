"""The compiled engine beside its rivals: our SimPy engine, an analyst's SimPy, C, and itself at other sizes.

    python benchmarks/engines.py [--only simpy|analyst|c|growth|breakdown] [--quick] [--large] [--runs RUNS]

Prints Markdown. Every figure is measured in this run; medians are followed by least and most, and ratios are taken pair
by pair between runs that follow each other. Needs gcc for the comparison with C, and Linux.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from comparisons import analyst, breakdown, c_loop, growth, machine, simpy_engine
from comparisons.measure import Options, Table

COMPARISONS: dict[str, Callable[[Options], Table]] = {
    "simpy": simpy_engine.compare,
    "analyst": analyst.compare,
    "c": c_loop.compare,
    "growth": growth.compare,
    "breakdown": breakdown.compare,
}
FULL = Options(runs=5, devices=40_000, many=1_000_000, sizes=(10_000, 100_000, 1_000_000))
QUICK = Options(runs=3, devices=2000, many=40_000, sizes=(10_000, 40_000))
LARGEST = 10_000_000


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=COMPARISONS, action="append", help="one comparison; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer devices and runs, for a look")
    parser.add_argument("--large", action="store_true", help="10,000,000 devices as well, in growth")
    parser.add_argument("--runs", type=int, help="of each")
    asked = parser.parse_args()
    few = QUICK if asked.quick else FULL
    sizes = (*few.sizes, LARGEST) if asked.large else few.sizes
    options = Options(asked.runs or few.runs, few.devices, few.many, sizes)
    print(machine.described())
    for name in asked.only or COMPARISONS:
        print(f"\n{COMPARISONS[name](options).markdown()}", flush=True)


if __name__ == "__main__":
    main()
