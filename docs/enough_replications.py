"""How often the number of replications that is told for a difference shows it.

    python docs/enough_replications.py --keep FOLDER [--smallest]

Plays the pairs of docs/difference_coverage.py as that does, into the same folder. Prints the table of
docs/validation.md. *If it is so*: of every metric that differs in the long run the number is told for that difference,
and studies of that size are drawn from all replications. *As told*: each study of ten that shows nothing tells its
number for what comes nearest to a difference, as ``compare`` does, and one study of that size is drawn.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from difference_coverage import COMPARISONS, PAIRS, played
from interval_coverage import SIZE, Kept, commit
from numpy.typing import NDArray

from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.paired import FEW_EVENTS, Difference, measured_difference, one_change
from fota_sim.analysis.numbers.rare_changes import RareChanges, of_pairs
from fota_sim.scenario.metrics import METRICS, shown_in

DRAWN = 40
"""Studies of each metric that are drawn."""
LARGEST = 4
"""A study has no more than one in so many of the replications that were played, so that two share few of them."""


class Shown(NamedTuple):
    """Of studies that were drawn."""

    numbers: Sequence[int]
    """How many replications each had."""
    shown: Sequence[bool]

    def __str__(self) -> str:
        """``81 % of 320 (20 to 480 replications)``."""
        if not self.numbers:
            return "none"
        ends = f"{min(self.numbers)} to {max(self.numbers)}"
        return f"{100 * np.mean(self.shown):.0f} % of {len(self.shown)} ({ends} replications)"


def if_it_is_so(both: Sequence[Kept], metrics: Sequence[str], luck: np.random.Generator) -> Shown:
    """Of every metric whose long-run difference is known."""
    numbers: list[int] = []
    shown: list[bool] = []
    size = len(both[0].values)
    for metric in metrics:
        known = _difference(metric, both, np.arange(size))
        sign = known.value and known.shown(100)
        needed = replications_to_show(_as_of(known, metric, both), SIZE, len(metrics)) if sign else None
        if needed is None or not SIZE < needed <= size // LARGEST:
            continue
        for _ in range(DRAWN):
            drawn = luck.choice(size, needed, replace=False)
            numbers.append(needed)
            shown.append(_difference(metric, both, drawn).shown(len(metrics)))
    return Shown(numbers, shown)


def as_told(both: Sequence[Kept], metrics: Sequence[str], luck: np.random.Generator) -> tuple[Shown, int, int]:
    """Of what studies of ten tell where they show nothing; and how many these are, and how many tell a number."""
    numbers: list[int] = []
    shown: list[bool] = []
    silent, told, size = 0, 0, len(both[0].values)
    for first in range(0, size - SIZE + 1, SIZE):
        study = {metric: _difference(metric, both, np.arange(first, first + SIZE)) for metric in metrics}
        if any(each.shown(len(metrics)) for each in study.values()):
            continue
        silent += 1
        needed = {metric: replications_to_show(each, SIZE, len(metrics)) for metric, each in study.items()}
        number, metric = min(((count, metric) for metric, count in needed.items() if count), default=(None, ""))
        told += number is not None
        if number is not None and number <= size // LARGEST:
            drawn = luck.choice(size, max(number, SIZE), replace=False)
            numbers.append(number)
            shown.append(_difference(metric, both, drawn).shown(len(metrics)))
    return Shown(numbers, shown), silent, told


def _as_of(known: Difference, metric: str, both: Sequence[Kept]) -> Difference:
    """A known difference as a study of ten has it in the mean."""
    size = len(both[0].values)
    number = list(METRICS).index(metric)
    one = one_change(*(kept.runs(number, 0, size) for kept in both))
    differences = both[1].values[:, number] - both[0].values[:, number]
    rare = None
    if one:
        every = of_pairs(differences, one)
        rare = RareChanges(every.up * SIZE / size, every.down * SIZE / size, one / SIZE, one / SIZE)
    few = rare is not None and rare.changes < FEW_EVENTS
    error = float(differences.std(ddof=1)) / SIZE**0.5
    return replace(known, error=error, freedom=SIZE - 1.0, rare=rare if few else None)


def _difference(metric: str, both: Sequence[Kept], which: NDArray[np.int64]) -> Difference:
    """Of these replications."""
    number = list(METRICS).index(metric)
    few = [Kept(*(column[which] for column in kept)).runs(number, 0, len(which)) for kept in both]
    return measured_difference(metric, few[0], few[1], paired=True)


def main() -> None:
    """Play, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, help="folder for what is played; what is there is not played again")
    options.add_argument("--pairs", type=int, default=COMPARISONS, help="studies of each pair of variants")
    options.add_argument("--smallest", action="store_true", help="so little that figures mean nothing")
    given = options.parse_args()
    only, size = (["retries 5, 4"], 20 * SIZE) if given.smallest else (list(PAIRS), given.pairs * SIZE)
    metrics = list(shown_in("comparison"))
    print(f"Commit {commit()}; {size} replications of each variant; {len(metrics)} metrics are compared together.\n")
    print("| variants | if it is so | studies that show nothing | that tell a number | shown by as many as were told |")
    print("|---|---|---|---|---|")
    with TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in only:
            both, luck = [played(case, size, folder) for case in PAIRS[name]], np.random.default_rng(1)
            sure = if_it_is_so(both, metrics, luck)
            told, silent, numbers = as_told(both, metrics, luck)
            print(f"| {name} | {sure} | {silent} of {size // SIZE} | {numbers} | {told} |")


if __name__ == "__main__":
    main()
