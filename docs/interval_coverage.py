"""How often 95 % intervals hold the long-run value: ``python docs/interval_coverage.py --keep FOLDER``.

Plays each case of ``CASES`` ten thousand times and cuts that into a thousand studies of ten replications. The mean of
all is what each study's interval should contain: its own error is a thirtieth of a study's. Prints the table of
docs/validation.md; three quarters of an hour of one core. What is played is kept in the folder, so that intervals can
be changed and measured again on the same replications, and a run that was broken off goes on. So may several share the
work: ``--first 500 --studies 500`` on another core plays the second half of each case into the same folder, and what is
called without ``--first`` afterwards finds all of it there.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import RARE
from fota_sim.analysis.numbers.metrics import Measurement, measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.engines.choice import COMPILED, load
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import METRICS

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
SIZE = 10
"""Replications of a study: as many as a run has if nobody says how many."""
STUDIES = 1000
"""Of each case: the standard error of a coverage of 95 % is 0.7 points."""
SEED = 999_983
PIECE = 500
"""Replications that are played and kept together."""
PRICES = (
    "prices={currency: EUR, per_MB: 0.15, per_visit: 85, per_device_day: 0.2, per_not_upgraded: 18, per_mAh: 0.004}"
)
"""Those of scenarios/library/gate_in_euros.yaml, so that costs are measured as well."""
RIGHT = (0.93, 0.97)
"""What a coverage should lie between."""
NONE = 0.995
"""If so many studies have no interval, the others are too few to say how often they hold."""


class Case(NamedTuple):
    """A shipped scenario, with changes that make it small."""

    scenario: str
    changes: tuple[str, ...] = ()


def counts(**groups: int) -> tuple[str, ...]:
    """The changes that make groups so small."""
    return tuple(f"fleet.groups.{name}.count={count}" for name, count in groups.items())


SOME_GONE = tuple(f"fleet.groups.{name}.gone=3%" for name in ("wifi", "cat1", "nb"))
_RARE = "packages[0].defects=[{name: rare, effect: boot_failure, probability: 0.2%}]"
CASES: Mapping[str, Case] = {
    "mixed": Case("mixed_40000", (*counts(wifi=120, cat1=90, nb=90), *SOME_GONE, _RARE, "horizon=4d")),
    "battery gate": Case("battery_gate"),
    "aged batteries": Case("aged_batteries", counts(meters=350, loggers=150)),
    "hidden regression": Case("hidden_regression_hw_rev", ("fleet.groups[0].count=1000",)),
    "weak signal": Case("weak_signal_tail"),
    "csv fleet": Case("csv_fleet"),
    "operator": Case("operator_suspend"),
    "night push": Case("night_push", ("fleet.groups[0].count=1000",)),
}
"""All shipped scenarios but those of one device. The mixed fleet has 300 devices, with a rare defect: some four are
bricked and two rolled back in a study."""


class Kept(NamedTuple):
    """Replications of a case; shape (replications, metrics), NaN where there is nothing."""

    values: NDArray[np.float64]
    parts: NDArray[np.float64]
    wholes: NDArray[np.float64]
    hangs_on: NDArray[np.float64]
    ones: NDArray[np.float64]

    def runs(self, metric: int, first: int, count: int) -> list[Measurement]:
        """Some of them, as they were measured."""
        name = list(METRICS)[metric]
        columns = [column[first : first + count, metric] for column in self]
        rows = (map(_or_none, row) for row in zip(*columns, strict=True))
        return [Measurement(name, *numbers, one=one) for *numbers, one in rows]


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def play(case: Case, first: int, count: int) -> Kept:
    """Replications ``first`` and the following of a case."""
    changes = [*case.changes, PRICES, f"seed={SEED}"]
    scenario, run = load_scenario(SCENARIOS / f"{case.scenario}.yaml", changes), load(COMPILED)
    rows = []
    for replication in range(first, first + count):
        record = run(scenario, replication)
        found = measure(record.devices, record.downloads, terms_of(scenario))
        rows.append(
            [(each.value, each.numerator, each.denominator, each.hangs_on, each.one) for each in found.values()]
        )
    return Kept(*np.array(rows, dtype=float).transpose(2, 0, 1))


def play_piece(case: Case, first: int, count: int, file: Path) -> Path:
    """Play what is not kept yet; a piece that somebody kept of fewer replications is played anew."""
    if not file.exists() or len(np.load(file)["arr_0"]) < count:
        with file.with_suffix(".partial").open("wb") as stream:
            np.savez_compressed(stream, *play(case, first, count), list(METRICS))
        file.with_suffix(".partial").replace(file)
    return file


def read(files: Sequence[Path]) -> Kept:
    """Pieces that were kept, one after the other."""
    pieces = [np.load(file) for file in files]
    if any("arr_5" not in piece or list(piece["arr_5"]) != list(METRICS) for piece in pieces):
        raise SystemExit("what is kept is of another version, with other metrics; choose another folder")
    return Kept(*(np.concatenate([piece[f"arr_{k}"] for piece in pieces]) for k in range(5)))


class Coverage(NamedTuple):
    """How one metric of one case fared; shares of the studies that gave an interval."""

    truth: float
    contained: float
    above: float
    below: float
    none: int
    """Studies without an interval."""
    studies: int


def coverage(kept: Kept, metric: int) -> Coverage | None:
    """None where the long run has no mean, or is the same in every replication."""
    truth = float(kept.values[:, metric].mean())
    if np.isnan(truth) or np.ptp(kept.values[:, metric]) == 0:
        return None
    found = []
    for first in range(0, len(kept.values) - SIZE + 1, SIZE):
        interval = metric_estimate(kept.runs(metric, first, SIZE)).interval
        found.append(2 if interval is None else 1 if truth > interval[1] else -1 if truth < interval[0] else 0)
    verdicts = np.array(found)
    given = max(int((verdicts != 2).sum()), 1)
    shares = [float((verdicts == verdict).sum()) / given for verdict in (0, 1, -1)]
    return Coverage(truth, *shares, int((verdicts == 2).sum()), len(verdicts))


def main() -> None:
    """Play, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, help="folder for what is played; what is there is not played again")
    options.add_argument("--processes", type=int, default=1)
    options.add_argument("--studies", type=int, default=STUDIES)
    options.add_argument("--first", type=int, default=0, help="the first study; those before are somebody else's")
    options.add_argument("--case", action="append", choices=list(CASES), help="only this one; repeatable")
    options.add_argument("--smallest", action="store_true", help="so little that figures mean nothing")
    given = options.parse_args()
    if given.first * SIZE % PIECE:
        options.error(f"--first: pieces of {PIECE // SIZE} studies are kept, so begin at a multiple of that")
    studies = 2 if given.smallest else given.studies
    cases = {name: CASES[name] for name in given.case or (["csv fleet"] if given.smallest else CASES)}
    with TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
            files = {name: _files(pool, folder, name, (given.first, studies)) for name in cases}
            kept = {name: read([piece.result() for piece in pieces]) for name, pieces in files.items()}
    print(_table(kept))


def _files(pool: ProcessPoolExecutor, folder: Path, name: str, studies: tuple[int, int]) -> list[Future[Path]]:
    """The pieces of a case; ``studies``: the first and how many. Pieces begin where anybody's do, to be found again."""
    slug, (first, count) = name.replace(" ", "-"), studies
    begin, end = first * SIZE, (first + count) * SIZE
    return [
        pool.submit(play_piece, CASES[name], at, min(PIECE, end - at), folder / f"{slug}-{at}.npz")
        for at in range(begin, end, PIECE)
    ]


def _table(kept: Mapping[str, Kept]) -> str:
    """A row for each metric, a column for each case."""
    studies = ", ".join(f"{name} {len(runs.values) // SIZE}" for name, runs in kept.items())
    lines = [
        f"Commit {commit()}; studies: {studies}.",
        "",
        f"| metric | {' | '.join(kept)} |",
        f"|---{'|---' * len(kept)}|",
    ]
    for number, metric in enumerate(METRICS):
        cells = [_told(runs, number) for runs in kept.values()]
        if any(cells):
            lines.append(f"| {metric} | {' | '.join(cells)} |")
    return "\n".join(lines)


def commit() -> str:
    """The short name of what is measured."""
    told = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(told, cwd=SCENARIOS, capture_output=True, text=True, check=False).stdout.strip()


def _told(kept: Kept, metric: int) -> str:
    """Per cent of the intervals that contain the long-run value; in brackets, per cent of the studies without one.

    Bold: not between 93 and 97. With an asterisk: so few devices are counted in a study, or not counted, that there is
    hardly more than an upper end ("at most"). Empty: nothing varies, or the long run has no mean.
    """
    found = coverage(kept, metric)
    if found is None:
        return ""
    if found.none >= NONE * found.studies:
        return "none"
    none = f" ({100 * found.none / found.studies:.0f})" if found.none >= found.studies / 200 else ""
    share = f"{100 * found.contained:.1f}"
    if _rare(kept, metric):
        return f"{share}*{none}"
    return f"{share}{none}" if RIGHT[0] <= found.contained <= RIGHT[1] else f"**{share}**{none}"


def _rare(kept: Kept, metric: int) -> bool:
    """Whether fewer than ``RARE`` devices, give or take what luck makes of that, are counted in a study or left out.

    Or whether it is about one device, which is counted or is not.
    """
    if not METRICS[list(METRICS)[metric]].counts_devices:
        return False
    counted, whole = (float(column[:, metric].mean()) * SIZE for column in (kept.parts, kept.wholes))
    return min(counted, whole - counted) < 2 * RARE or len(np.unique(kept.parts[:, metric])) == 2


if __name__ == "__main__":
    main()
