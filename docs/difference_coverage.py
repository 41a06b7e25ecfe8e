"""How often 95 % intervals of paired differences hold the long-run one.

    python docs/difference_coverage.py --keep FOLDER [--pairs 200] [--only NAME ...] [--smallest]

Plays both variants of each pair of ``PAIRS`` two thousand times, with the same luck, and cuts that into two hundred
comparisons of ten replications. The mean difference of all is what the interval of each should contain. Prints the
table of docs/validation.md: of each metric, per cent of the intervals that do, beside those of Student's t alone. What
is played is kept in the folder, so intervals can be changed and measured again on the same replications, and a run that
was broken off goes on.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from interval_coverage import PIECE, SIZE, SOME_GONE, Case, Kept, commit, counts, play_piece, read

from fota_sim.analysis.numbers.paired import measured_difference
from fota_sim.scenario.metrics import METRICS

COMPARISONS = 200
"""Of each pair: the standard error of a coverage of 95 % is 1.5 points."""


def _gate(level: str) -> Case:
    return Case("battery_gate", ("fleet.groups[0].count=200", f"plan.strategy.min_battery={level}"))


def _retries(count: int) -> Case:
    return Case("weak_signal_tail", ("fleet.groups[0].count=300", f"plan.strategy.retries={count}"))


def _defect(share: str) -> Case:
    rare = f"packages[0].defects=[{{name: rare, effect: boot_failure, probability: {share}}}]"
    return Case("mixed_40000", (*counts(wifi=120, cat1=90, nb=90), *SOME_GONE, rare, "horizon=4d"))


def _abort(share: str) -> Case:
    stop = f"plan.rollout={{order: random, abort: [{{share: {share}, minimum: 50}}]}}"
    return Case("hidden_regression_hw_rev", ("fleet.groups[0].count=1000", stop))


PAIRS: Mapping[str, tuple[Case, Case]] = {
    "gate 20, 21 %": (_gate("20%"), _gate("21%")),
    "gate 20, 25 %": (_gate("20%"), _gate("25%")),
    "gate 10, 20 %": (_gate("10%"), _gate("20%")),
    "retries 5, 4": (_retries(5), _retries(4)),
    "defect 0.2, 0.3 %": (_defect("0.2%"), _defect("0.3%")),
    "abort 1.2, 1.6 %": (_abort("1.2%"), _abort("1.6%")),
}
"""Baseline and candidate: of those that hardly differ, and of those that differ in most devices."""


class Held(NamedTuple):
    """How the intervals of one metric fared in the comparisons of a pair that have one."""

    student: float
    """Share of Student's t intervals that contain the long-run difference."""
    given: float
    """The same of those that are given."""
    wider: float
    """How many times as wide as Student's these are, in the median."""
    comparisons: int
    none: int
    """Comparisons without an interval."""


def held(metric: str, first: Kept, second: Kept) -> Held | None:
    """None where the long run has no difference, or always the same."""
    number = list(METRICS).index(metric)
    differences = second.values[:, number] - first.values[:, number]
    truth = float(differences.mean())
    if np.isnan(truth) or np.ptp(differences) == 0:
        return None
    found, comparisons = [], len(differences) // SIZE
    for at in range(0, comparisons * SIZE, SIZE):
        runs = (kept.runs(number, at, SIZE) for kept in (first, second))
        difference = measured_difference(metric, *runs, paired=True)
        given, student = difference.interval(), replace(difference, rare=None).interval()
        if given is not None and student is not None:
            width = (given[1] - given[0]) / (student[1] - student[0])
            found.append((student[0] <= truth <= student[1], given[0] <= truth <= given[1], width))
    if not found:
        return Held(np.nan, np.nan, np.nan, comparisons, comparisons)
    student, given, wider = np.array(found, dtype=float).T
    none = comparisons - len(found)
    return Held(float(student.mean()), float(given.mean()), float(np.median(wider)), comparisons, none)


def _cell(found: Held | None) -> str:
    """``62 → 100 (x 2.8)``: Student's, what is given, and how much wider; one number where that is Student's."""
    if found is None:
        return ""
    if found.none > 0.9 * found.comparisons:
        return "none"
    told = f"{100 * found.given:.0f}"
    if round(found.wider, 2) > 1 or round(100 * found.student) != round(100 * found.given):
        told = f"{100 * found.student:.0f} → {told} (x {found.wider:.1f})"
    return told if found.given >= 0.9 else f"**{told}**"


def main() -> None:
    """Play, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, help="folder for what is played; what is there is not played again")
    options.add_argument("--pairs", type=int, default=COMPARISONS, help="comparisons of each pair")
    options.add_argument("--only", nargs="*", choices=list(PAIRS), default=list(PAIRS))
    options.add_argument("--smallest", action="store_true", help="so little that figures mean nothing")
    given = options.parse_args()
    only, size = (given.only[:1], 2 * SIZE) if given.smallest else (given.only, given.pairs * SIZE)
    with TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        kept = {name: [played(case, size, folder) for case in PAIRS[name]] for name in only}
    lines = [f"Commit {commit()}; comparisons: {size // SIZE} of each.", "", f"| metric | {' | '.join(kept)} |"]
    lines.append(f"|---{'|---' * len(kept)}|")
    for metric in METRICS:
        cells = [_cell(held(metric, *both)) for both in kept.values()]
        if any(cell not in ("", "none") for cell in cells):
            lines.append(f"| {metric} | {' | '.join(cells)} |")
    print("\n".join(lines))


def played(case: Case, size: int, folder: Path) -> Kept:
    """So many replications, from the folder as far as they are there; variants of several pairs are played once."""
    slug = f"{case.scenario}-{sha256(repr(case.changes).encode()).hexdigest()[:8]}"
    pieces = range(0, size, PIECE)
    return read([play_piece(case, at, min(PIECE, size - at), folder / f"{slug}-{at}.npz") for at in pieces])


if __name__ == "__main__":
    main()
