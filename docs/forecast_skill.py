"""How good are forecasts of rollouts under way? Simulated rollouts as the truth, forecast as they would have been.

    python docs/forecast_skill.py [--truths 25] [--only NAME ...] [--rows FILE] [--spoil KIND ...] [--smallest]

Each truth has its own parameters, drawn evenly from the ranges of what is not known, and its own luck. Its log is cut
at 5, 10, 25 and 50 % of the time, and forecast from the scenario as it is written, which is not the truth. Scored are
the devices upgraded half-way from then to the end, and at the end: how often the 90 % interval holds them, and the
continuous ranked probability score (CRPS; T. Gneiting and A. Raftery, J. Am. Stat. Assoc. 102, 2007), in per cent of
the fleet; less is better. Beside it two extrapolations of the same log, with the uncertainty that they have: a constant
hazard (each device that is not upgraded is as likely to be in the next hour as those before were; Gamma posterior), and
a logistic curve (least squares, of bootstrapped logs).

An interval of whole devices with many members at its ends holds more than its share. So it is also told how often what
came has a rank among the members that is within the middle 90 % of ranks, where it has several by the part of them that
is. ``--rows`` keeps each forecast in a file as soon as it is made; a run that was ended goes on where it was.

With ``--spoil`` each log is written at the time of the forecast as a table that somebody keeps by hand, damaged as
reality does (docs/spoiled_logs.py) and read back, of fleets of 120 devices, each forecast after a tenth and a quarter
of the time. The truths of all kinds of damage are the same, so what a kind costs is told beside ``nothing``.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import curve_fit

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "histories"))

from history_exports import PLATFORMS, export  # noqa: E402
from spoiled_logs import SPOILS, TABLES  # noqa: E402

from fota_sim.analysis.forecast.forecast import forecast  # noqa: E402
from fota_sim.analysis.forecast.question import Question  # noqa: E402
from fota_sim.analysis.forecast.unknowns import Unknowns  # noqa: E402
from fota_sim.engines.compiled.run import run_replication  # noqa: E402
from fota_sim.engines.record import RunRecord  # noqa: E402
from fota_sim.experiment.tables import device_tables  # noqa: E402
from fota_sim.histories.reading import read_histories  # noqa: E402
from fota_sim.histories.results import of_devices, start_s  # noqa: E402
from fota_sim.histories.table import Histories  # noqa: E402
from fota_sim.scenario.loader import parse_scenario  # noqa: E402
from fota_sim.scenario.model import Scenario  # noqa: E402
from fota_sim.scenario.variation import varied  # noqa: E402

Floats = NDArray[np.float64]

SHARES = (0.05, 0.10, 0.25, 0.50)
"""Of the time, at which is forecast."""
DRAWS = 200
"""Of each extrapolation."""
MEMBERS = (60, 50)
"""Rollouts a round, and played on: about as few as a forecast of any fleet has (analysis/forecast/members.py)."""
LEVEL = 0.9
KEPT_BY_HAND = "spreadsheet"
UNDATED = ("early",)
"""Damage of which nobody says when the log was exported; of all others it is said to be at the time of the forecast."""
SPOILED_DEVICES = 120
SPOILED_SHARES = (0.10, 0.25)
SPOILED_MEMBERS = MEMBERS
_MODEL = "product: {model: {components: [{identifier: app}]}}"
_PACKAGE = '{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]'
SCENARIOS = {
    "meters": f"""
description: Meters that wake every three days, all at once
horizon: 5d
{_MODEL}
packages: [{_PACKAGE}}}]
plan: {{packages: [two]}}
fleet:
  groups:
    - {{name: meters, count: 400, module: BC66, contact: {{pattern: wake, every: 72h, jitter: 1h}}}}
""",
    "trackers": f"""
description: Trackers released at a rate
horizon: 4d
{_MODEL}
packages: [{_PACKAGE}}}]
plan: {{packages: [two], rollout: {{rate: {{devices: 6, every: 1h}}, order: random}}}}
fleet:
  groups:
    - {{name: trackers, count: 400, module: BG95, contact: {{pattern: wake, every: 6h, jitter: 30min}}}}
""",
    "waves": f"""
description: Two models in waves, one of which the firmware spoils
horizon: 6d
{_MODEL}
packages: [{_PACKAGE}, defects: [{{name: spoils, where: hardware == "B", effect: verify_failure, probability: 40%}}]}}]
plan:
  packages: [two]
  strategy: {{retries: 1}}
  rollout: {{order: random, waves: [{{share: 5%}}, {{share: 25%, opens: {{after: 12h}}}}, {{opens: {{after: 36h}}}}]}}
fleet:
  groups:
    - {{name: old, count: 200, module: BG95, hardware: {{A: 60%, B: 40%}}, contact: {{pattern: wake, every: 24h}}}}
    - {{name: new, count: 200, module: EC200U, gone: 10%, contact: {{pattern: wake, every: 48h, jitter: 1h}}}}
""",
    "nights": f"""
description: Sensors that are always there, released at a rate and pushed at night only
horizon: 7d
start: 2026-01-05T08:00:00
{_MODEL}
packages: [{_PACKAGE}}}]
plan: {{packages: [two], push: true, push_period: "01:00-05:00",
       rollout: {{rate: {{devices: 4, every: 1h}}, order: random}}}}
hosts: {{pushed: {{extends: careful, asks: false}}}}
fleet:
  groups:
    - {{name: sensors, count: 400, module: EC200U, host: pushed, gone: 10%, churn: 10%,
       contact: {{pattern: always, spread: 10min}}}}
""",
}
"""By name."""


@dataclass(frozen=True)
class Truth:
    """A rollout as it was, and what there is to say of it at a time."""

    record: RunRecord
    upgraded_ms: Floats
    """Ascending."""

    @property
    def devices(self) -> int:
        """How many."""
        return len(self.record.devices["device"])

    def by(self, at_ms: float) -> int:
        """Upgraded by then."""
        return int(np.searchsorted(self.upgraded_ms, at_ms, side="right"))


def truth_of(scenario: Scenario, number: int, luck: np.random.Generator) -> Truth:
    """One with parameters and luck of its own."""
    unknowns = Unknowns.of(scenario, [])
    drawn = unknowns.at(luck.random(unknowns.count)).model_copy(update={"seed": 10_000 + number})
    record = run_replication(drawn, 0)
    at_ms = record.devices["finished_ms"][record.column("outcome") == "upgraded"]
    return Truth(record, np.sort(at_ms.astype(np.float64)))


def logged(scenario: Scenario, truth: Truth, now_s: float, spoil: str, luck: np.random.Generator) -> Histories:
    """What is in the log; ``spoil``: how it was damaged, empty for fota-sim's own result."""
    table = pa.concat_tables(device_tables(truth.record))
    if not spoil:
        return of_devices(table, scenario)
    log = of_devices(table, scenario, PLATFORMS[KEPT_BY_HAND].view).until(now_s)
    log = SPOILS[spoil](log, luck) if spoil in SPOILS else log
    with tempfile.TemporaryDirectory() as folder:
        files = export(KEPT_BY_HAND, log, Path(folder))
        if spoil in TABLES:
            TABLES[spoil](files[0], luck)
        return read_histories(files, as_of_s=None if spoil in UNDATED else now_s)


def simulated(
    scenario: Scenario, log: Histories, now_s: float, targets: Floats, members: tuple[int, int], workers: int
) -> list[Floats] | None:
    """Upgraded devices at the targets by member; None where it says that it does not explain the log."""
    question = Question(scenario, log, now_s=min(now_s, log.until_s), decides=False, members=members, workers=workers)
    found = forecast(question)
    if not found.continued:
        return None
    grid_ms = np.unique(np.linspace(0, scenario.horizon_ms, 121).astype(np.int64))
    curves = np.array([each.ways["go on"].adopted for each in found.continued], dtype=float)
    return [np.array([np.interp(at, grid_ms, curve) for curve in curves]) for at in targets]


def constant_hazard(truth: Truth, now_ms: float, targets: Floats, luck: np.random.Generator) -> list[Floats]:
    """Everybody who is left is upgraded at the rate of those before."""
    done_ms = truth.upgraded_ms[truth.upgraded_ms <= now_ms]
    left = truth.devices - len(done_ms)
    exposure = float(done_ms.sum() + left * now_ms)
    rate = luck.gamma(len(done_ms) + 0.5, 1.0, DRAWS) / exposure
    return [len(done_ms) + luck.binomial(left, -np.expm1(-rate * (at - now_ms))).astype(float) for at in targets]


def logistic(truth: Truth, now_ms: float, targets: Floats, luck: np.random.Generator) -> list[Floats]:
    """A logistic curve through the log, of as many as there are devices at most."""
    done_ms = truth.upgraded_ms[truth.upgraded_ms <= now_ms]
    if len(done_ms) < 5:
        return [np.full(DRAWS, float(len(done_ms))) for _ in targets]
    n, time = float(truth.devices), np.linspace(0, now_ms, 40)[1:]

    def curve(at: Floats, top: float, middle: float, width: float) -> Floats:
        return np.asarray(top / (1 + np.exp(-np.clip((at - middle) / width, -60, 60))))

    found = []
    for _ in range(DRAWS // 4):
        again = np.sort(luck.choice(done_ms, luck.poisson(len(done_ms))))
        counts = np.searchsorted(again, time, side="right").astype(float)
        begin = (min(n, 2.0 * max(1, len(again))), now_ms / 2, now_ms / 8)
        limits = ([max(1.0, len(done_ms)), -20 * now_ms, now_ms / 200], [n, 20 * now_ms, 20 * now_ms])
        begin = tuple(np.clip(begin, np.array(limits[0]) * (1 + 1e-9), np.array(limits[1]) * (1 - 1e-9)))
        try:
            fitted, _ = curve_fit(curve, time, counts, p0=begin, bounds=limits, max_nfev=2000)
        except RuntimeError:
            continue
        found.append([max(len(done_ms), float(curve(np.array(at), *fitted))) for at in targets])
    return (
        [np.array(column) for column in zip(*found, strict=True)]
        if found
        else [np.full(DRAWS, float(len(done_ms)))] * 2
    )


def crps(draws: Floats, came: float) -> float:
    """Of a forecast that is draws."""
    ordered = np.sort(draws)
    n = len(ordered)
    spread = 2 * float((ordered * (2 * np.arange(1, n + 1) - n - 1)).sum()) / (n * n)
    return float(np.abs(ordered - came).mean()) - spread / 2


def held(draws: Floats, came: float) -> bool:
    """Whether the 90 % interval has it."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    return bool(low <= came <= high)


def among(draws: Floats, came: float) -> float:
    """The part of the ranks that it has among the draws which is within the middle ``LEVEL`` of all ranks."""
    ranks = len(draws) + 1
    first, last = float((draws < came).sum()), float((draws <= came).sum() + 1)
    low, high = (1 - LEVEL) / 2 * ranks, (1 + LEVEL) / 2 * ranks
    return max(0.0, min(last, high) - max(first, low)) / (last - first)


@dataclass(frozen=True)
class Scored:
    """One forecast of one truth."""

    scenario: str
    truth: int
    share: float
    """Of the time, at which it was made."""
    held: list[bool]
    """At each target; empty where it said that it does not explain the log."""
    among: list[float]
    crps: dict[str, list[float]]
    """By who says it, at each target, in shares of the fleet."""


def spoiled(name: str, number: int, share: float, spoil: str, members: tuple[int, int], workers: int) -> Scored:
    """Make one forecast from a damaged log, of a smaller fleet, and score it."""
    groups = parse_scenario(SCENARIOS[name]).fleet.groups
    fewer = {f"fleet.groups.{each.name}.count": SPOILED_DEVICES // len(groups) for each in groups}
    scenario = varied(parse_scenario(SCENARIOS[name]), fewer)
    truth = truth_of(scenario, number, np.random.default_rng([7, [*SCENARIOS].index(name), number]))
    now_ms = share * scenario.horizon_ms
    now_s = start_s(scenario) + now_ms / 1000
    targets = np.array([(now_ms + scenario.horizon_ms) / 2, scenario.horizon_ms])
    came = [truth.by(at) for at in targets]
    log = logged(scenario, truth, now_s, spoil, np.random.default_rng([10, number]))
    ours = simulated(scenario, log, now_s, targets, members, workers) or []
    pairs = [*zip(ours, came, strict=False)]
    found = {"forecast": [crps(*pair) / truth.devices for pair in pairs]}
    return Scored(spoil, number, share, [held(*pair) for pair in pairs], [among(*pair) for pair in pairs], found)


def scored(name: str, number: int, share: float, members: tuple[int, int], workers: int) -> Scored:
    """Make one forecast, and score it."""
    scenario = parse_scenario(SCENARIOS[name])
    place = [*SCENARIOS].index(name)
    truth = truth_of(scenario, number, np.random.default_rng([7, place, number]))
    luck = np.random.default_rng([8, place, number, round(1000 * share)])
    now_ms = share * scenario.horizon_ms
    now_s = start_s(scenario) + now_ms / 1000
    log = logged(scenario, truth, now_s, "", luck)
    targets = np.array([(now_ms + scenario.horizon_ms) / 2, scenario.horizon_ms])
    came = [truth.by(at) for at in targets]
    told = {
        "forecast": simulated(scenario, log, now_s, targets, members, workers),
        "constant hazard": constant_hazard(truth, now_ms, targets, luck),
        "logistic": logistic(truth, now_ms, targets, luck),
    }
    ours = told["forecast"] or []
    return Scored(
        name,
        number,
        share,
        [held(*pair) for pair in zip(ours, came, strict=False)],
        [among(*pair) for pair in zip(ours, came, strict=False)],
        {
            who: [crps(*pair) / truth.devices for pair in zip(said, came, strict=True)]
            for who, said in told.items()
            if said is not None
        },
    )


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truths", type=int, default=25, help="of each scenario")
    parser.add_argument("--only", nargs="*", choices=[*SCENARIOS], default=[*SCENARIOS], help="these scenarios")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rows", type=Path, help="file of forecasts that are made already; new ones are added")
    parser.add_argument("--spoil", nargs="*", choices=[*SPOILS, *TABLES], default=[], help="how logs are damaged")
    parser.add_argument("--smallest", action="store_true", help="only show that it runs")
    asked = parser.parse_args()
    if asked.spoil:
        print("\n".join(of_spoiled(asked)))
        return
    truths, members = (1, (20, 20)) if asked.smallest else (asked.truths, MEMBERS)
    shares, names = (SHARES[2:3], asked.only[:1]) if asked.smallest else (SHARES, asked.only)
    kept = _Kept(asked.rows)
    rows = [
        kept.get((name, number, share)) or kept.add(scored(name, number, share, members, asked.workers))
        for number in range(truths)
        for name in names
        for share in shares
    ]
    print(f"{truths} truths of each scenario; {members[0]} rollouts a round, {members[1]} played on.\n")
    print("\n".join(table(rows)))


def of_spoiled(asked: argparse.Namespace) -> list[str]:
    """The table of damaged logs; each truth is of the next scenario."""
    truths, members = (1, (12, 10)) if asked.smallest else (asked.truths, SPOILED_MEMBERS)
    shares = SPOILED_SHARES[1:] if asked.smallest else SPOILED_SHARES
    kept = _Kept(asked.rows)
    lines = ["| damage | none | half-way, held | end, held | by rank | CRPS |", "|---|---|---|---|---|---|"]
    for spoil in asked.spoil:
        rows = []
        for number in range(truths):
            name = asked.only[number % len(asked.only)]
            for share in shares:
                row = kept.get((spoil, number, share))
                rows.append(row or kept.add(spoiled(name, number, share, spoil, members, asked.workers)))
        told = [row for row in rows if row.held]
        cells = [f"{len(rows) - len(told)} of {len(rows)}"]
        if told:
            cells += [f"{value:.0f} %" for value in 100 * np.mean([row.held for row in told], axis=0)]
            cells.append(f"{100 * np.mean([row.among for row in told]):.0f} %")
            cells.append(f"{100 * np.mean([row.crps['forecast'] for row in told]):.2f}")
        lines.append(f"| {spoil} | {' | '.join(cells)} |")
    return lines


class _Kept:
    """Forecasts that are made already, a line each in a file; without a file nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines: Sequence[str] = (
            path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else ()
        )
        rows = [Scored(**json.loads(line)) for line in lines]
        self._done = {(row.scenario, row.truth, row.share): row for row in rows}

    def get(self, key: tuple[str, int, float]) -> Scored | None:
        return self._done.get(key)

    def add(self, row: Scored) -> Scored:
        self._done[row.scenario, row.truth, row.share] = row
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(asdict(row))}\n")
        return row


def table(rows: list[Scored]) -> list[str]:
    """By scenario and time, by time, and all together."""
    lines = [
        "| scenario | time | none | held, % | half-way | end | by rank | CRPS | constant hazard | logistic |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    names, shares = list(dict.fromkeys(row.scenario for row in rows)), sorted({row.share for row in rows})
    parts = [(name, f"{100 * share:g} %", [row for row in rows if row.scenario == name and row.share == share])
             for name in names for share in shares]  # fmt: skip
    parts += [("all", f"{100 * share:g} %", [row for row in rows if row.share == share]) for share in shares]
    lines += [_line(*part) for part in [*parts, ("**all**", "all", rows)]]
    luck = np.random.default_rng(9)
    truths = sorted({(row.scenario, row.truth) for row in rows})
    by_truth = [[each for row in rows if (row.scenario, row.truth) == truth for each in row.among] for truth in truths]
    by_truth = [each for each in by_truth if each]
    again = [luck.choice(len(by_truth), len(by_truth)) for _ in range(1000)]
    spread = np.std([np.mean([each for k in some for each in by_truth[k]]) for some in again])
    lines.append(
        f"\nOne standard deviation of luck in all that is held, truths drawn again: {100 * spread:.1f} points."
    )
    return lines


def _line(name: str, time: str, rows: list[Scored]) -> str:
    told = [row for row in rows if row.held]
    cells = [f"{len(rows) - len(told)} of {len(rows)}"]
    if told:
        halves = 100 * np.mean([row.held for row in told], axis=0)
        ranked = 100 * np.mean([row.among for row in told])
        cells += [f"{value:.0f}" for value in (halves.mean(), *halves, ranked)]
        who = ("forecast", "constant hazard", "logistic")
        cells += [f"{100 * np.mean([row.crps[each] for row in told]):.2f}" for each in who]
    else:
        cells += [""] * 7
    return f"| {name} | {time} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
