"""Simulation-based calibration of ``fota-sim fit``.

    python docs/fit_calibration.py [--truths N] [--rows FILE] [--spoil NAME] [--devices N] [--smallest]

For each of N truths, parameters are drawn from a prior, a rollout is simulated with them, written as one platform
would export it (the platforms take turns), read back and fitted, blind: the scenario that is fitted has other values.
If intervals mean what they say, the rank of the truth among the fit's draws is uniform, and intervals of 50, 80 and
95 % hold the truth that often (Talts, Betancourt, Simpson, Vehtari and Gelman 2018). Prints Markdown for
docs/validation.md. With ``--rows`` each truth is written to a file as soon as it is fitted, and one that the file has
is not fitted again: a run that was ended goes on where it was. With ``--spoil`` each log is damaged before it is
written, as reality does (docs/spoiled_logs.py).
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.special import chdtri

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "histories"))

from history_exports import PLATFORMS, export  # noqa: E402
from spoiled_logs import SPOILS, Spoil  # noqa: E402

from fota_sim.histories.reading import read_histories  # noqa: E402
from fota_sim.histories.results import start_s  # noqa: E402
from fota_sim.learning.fitting import fit  # noqa: E402
from fota_sim.learning.trials import Trials  # noqa: E402
from fota_sim.scenario.loader import parse_scenario  # noqa: E402
from fota_sim.scenario.model import Scenario  # noqa: E402
from fota_sim.scenario.variation import varied  # noqa: E402
from fota_sim.version import MODEL_VERSION  # noqa: E402

RANKED = 99
"""Draws among which the truth is ranked."""
BINS = 10
LEVELS = (0.5, 0.8, 0.95)
SCENARIO = """
horizon: 5d
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 150kB}]}]
plan: {name: Everybody, packages: [two], strategy: {retries: 3}}
fleet:
  groups:
    - name: meters
      count: 800
      module: EC200U
      radio: nb-iot
      mains: 100%
      rssi: {normal: {mean: -103dBm, sd: 10dB}, min: -128dBm, max: -70dBm}
      contact: {pattern: wake, every: 12h}
      gone: 8%
"""
"""What is fitted: nobody has told it the truth."""


class Truth(NamedTuple):
    """A parameter: its name in a fit, and how a value of the prior is said and compared."""

    key: str
    low: float
    high: float
    logarithm: bool
    """Whether the prior is flat over the logarithm, and the fit's draws are logarithms."""
    path: str
    unit: str


PRIOR = (
    Truth("gone/meters", 2.0, 20.0, False, "fleet.groups.meters.gone", "%"),
    Truth("contact/meters", 6 * 3600.0, 30 * 3600.0, True, "fleet.groups.meters.contact.every", "s"),
    Truth("speed/nb-iot", 0.5, 2.0, True, "radios.nb-iot.speed", ""),
    Truth("s50/nb-iot", -124.0, -117.0, False, "radios.nb-iot.s50", "dBm"),
    Truth("verify/EC200U", 0.2, 6.0, False, "modules.EC200U.verify_failure", "%"),
    Truth("rolled_back", 0.0, 5.0, False, "boot_failure", "%"),
    Truth("silent", 0.0, 4.0, False, "never_reconnects", "%"),
)


def drawn(luck: np.random.Generator) -> dict[str, float]:
    """One truth, in the units of the scenario."""
    found = {}
    for each in PRIOR:
        u = luck.random()
        if each.logarithm:
            found[each.key] = math.exp(math.log(each.low) + u * (math.log(each.high) - math.log(each.low)))
        else:
            found[each.key] = each.low + u * (each.high - each.low)
    return found


def with_truth(scenario: Scenario, truth: dict[str, float]) -> Scenario:
    """The scenario of the rollout as it really is."""
    values: dict[str, Any] = {}
    defects = []
    for each in PRIOR:
        value = truth[each.key]
        if each.path in ("boot_failure", "never_reconnects"):
            defects.append({"name": each.path, "effect": each.path, "probability": f"{value:.6f}%"})
        else:
            values[each.path] = f"{value:.6f}{each.unit}" if each.unit else round(value, 6)
    return varied(scenario, {**values, "packages[0].defects": defects})


def in_scale(each: Truth, value: float) -> float:
    """A truth in the scale of the fit's draws."""
    if each.logarithm:
        return math.log(value)
    return value / 100.0 if each.unit == "%" else value


class Placed(NamedTuple):
    """Where a truth lies among the draws of its fit."""

    platform: str
    key: str
    rank: int
    """From 0 to ``RANKED``."""
    inside: tuple[bool, ...]
    """Of the intervals of ``LEVELS``."""


def one(number: int, scenario: Scenario, trials: int, spoil: Spoil) -> list[Placed]:
    """A truth, from the draw to its rank in each parameter that the platform's log teaches, spoiled or not."""
    platform = [*PLATFORMS][number % len(PLATFORMS)]
    scenario = varied(scenario, {"seed": number})  # trials with luck of their own, or all truths share what is in it
    luck = np.random.default_rng([2026, number])
    truth = drawn(luck)
    real = with_truth(scenario, truth)
    view = PLATFORMS[platform].view
    shown, _ = next(Trials(real, "compiled", view, number=5_000 + number).play([{}]))
    shown = spoil(shown, luck)
    with tempfile.TemporaryDirectory() as folder:
        files = export(platform, shown, Path(folder))
        until_s = min(shown.until_s, start_s(real) + real.horizon_ms / 1000.0)
        targeted = None if shown.view.lists_all else shown.targeted
        histories = read_histories(files, as_of_s=until_s, targeted=targeted)
    found = {each.key: each for each in fit(histories, scenario, engine="compiled", workers=1, trials=trials).learned}
    placed = []
    for each in PRIOR:
        # a log without a word for the old firmware restored shows it as an installation that never succeeds
        key = "lasting" if each.key == "rolled_back" and "lasting" in found else each.key
        if key not in found:
            continue
        value, draws = in_scale(each, truth[each.key]), found[key].draws
        ranked = luck.choice(draws, RANKED, replace=False)
        ends = [np.quantile(draws, [0.5 - level / 2, 0.5 + level / 2]) for level in LEVELS]
        inside = tuple(bool(low <= value <= high) for low, high in ends)
        placed.append(Placed(platform, each.key, int((ranked < value).sum()), inside))
    return placed


class Rows:
    """Truths that are placed already, a line each in a file; without a file nothing is kept."""

    def __init__(self, path: Path | None, asked: str) -> None:
        """``asked``: what the rows are of; raises SystemExit if the file has rows of something else."""
        self._path, self._asked = path, asked
        self._done: dict[int, list[Placed]] = {}
        if path is None or not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["asked"] != asked:
                raise SystemExit(f"{path} has rows of {row['asked']}, and asked is {asked}; name another file")
            self._done[row["truth"]] = [Placed(*each[:3], tuple(each[3])) for each in row["placed"]]

    def placed(self, number: int, make: Callable[[], list[Placed]]) -> list[Placed]:
        """Of one truth, made if it is not there."""
        if number not in self._done:
            self._done[number] = make()
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    row = {"asked": self._asked, "truth": number, "placed": self._done[number]}
                    file.write(f"{json.dumps(row)}\n")
        return self._done[number]


def chi_square(ranks: list[int]) -> float:
    """Of ranks over ``BINS`` equal bins, against uniform."""
    counts = np.bincount(np.array(ranks) * BINS // (RANKED + 1), minlength=BINS)
    expected = len(ranks) / BINS
    return float(((counts - expected) ** 2 / expected).sum())


def table(placed: list[Placed]) -> str:
    """By parameter, then by platform, as Markdown."""
    lines = ["| of | fits | chi-square, 9 df | 50 % | 80 % | 95 % |", "|---|---|---|---|---|---|"]
    by_key = {each.key: [row for row in placed if row.key == each.key] for each in PRIOR}
    by_platform = {name: [row for row in placed if row.platform == name] for name in PLATFORMS}
    for name, rows in {**by_key, **by_platform, "all": placed}.items():
        if not rows:
            continue
        shares = [f"{100 * np.mean([row.inside[k] for row in rows]):.0f} %" for k in range(len(LEVELS))]
        lines.append(f"| {name} | {len(rows)} | {chi_square([row.rank for row in rows]):.1f} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truths", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first truth")
    parser.add_argument("--trials", type=int, default=120)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rows", type=Path, help="file of truths that are placed already; new ones are added")
    parser.add_argument("--spoil", choices=[*SPOILS], default="nothing", help="how logs are damaged")
    parser.add_argument("--devices", type=int, default=800)
    parser.add_argument("--smallest", action="store_true", help="only show that the script runs")
    asked = parser.parse_args()
    scenario = parse_scenario(SCENARIO, Path("calibration.yaml"), [])
    scenario = varied(scenario, {"fleet.groups.meters.count": asked.devices})
    truths, trials = asked.truths, asked.trials
    if asked.smallest:
        scenario = varied(scenario, {"fleet.groups.meters.count": 200})
        truths, trials = len(PLATFORMS), 30
    of = f"{trials} trials, {scenario.fleet.drawn} devices, model {MODEL_VERSION}"
    rows = Rows(asked.rows, of if asked.spoil == "nothing" else f"{of}, {asked.spoil}")
    with ThreadPoolExecutor(asked.workers) as threads:

        def place(number: int) -> list[Placed]:
            return rows.placed(number, lambda: one(number, scenario, trials, SPOILS[asked.spoil]))

        numbers = range(asked.first, asked.first + truths)
        placed = [row for of_truth in threads.map(place, numbers) for row in of_truth]
    print(f"{truths} truths, {trials} trials each, {scenario.fleet.drawn} devices; ranks of {len(placed)} parameters")
    print(f"99 % point of chi-square with {BINS - 1} df: {chdtri(BINS - 1, 0.01):.2f}\n")
    print(table(placed))


if __name__ == "__main__":
    main()
