"""How good are forecasts of rollouts under way? Simulated rollouts as the truth, forecast as they would have been.

    python docs/forecast_skill.py [--truths 20] [--workers 2] [--smallest]

Each truth has its own parameters, drawn evenly from the ranges of what is not known, and its own luck. Its log is cut
at 5, 10, 25 and 50 % of the time, and forecast from the scenario as it is written, which is not the truth. Scored are
the devices upgraded half-way from then to the end, and at the end: how often the 90 % interval holds them, and the
continuous ranked probability score (CRPS; T. Gneiting and A. Raftery, J. Am. Stat. Assoc. 102, 2007), in per cent of
the fleet; less is better. Beside it two extrapolations of the same log, with the uncertainty that they have: a constant
hazard (each device that is not upgraded is as likely to be in the next hour as those before were; Gamma posterior), and
a logistic curve (least squares, of bootstrapped logs).
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from fota_sim.analysis.forecast.forecast import Question, forecast
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.tables import device_tables
from fota_sim.histories.results import of_devices, start_s
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

Floats = NDArray[np.float64]

SHARES = (0.05, 0.10, 0.25, 0.50)
"""Of the time, at which is forecast."""
DRAWS = 200
"""Of each extrapolation."""
_COMMON = """
horizon: 4d
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
"""
SCENARIOS = {
    "meters that wake once a day": f"""
name: wake
{_COMMON}
plan: {{packages: [two]}}
fleet:
  groups:
    - {{name: meters, count: 400, module: BC66, contact: {{pattern: wake, every: 24h, jitter: 30min}}}}
""",
    "trackers released at a rate": f"""
name: rate
{_COMMON}
plan: {{packages: [two], rollout: {{rate: {{devices: 6, every: 1h}}, order: random}}}}
fleet:
  groups:
    - {{name: trackers, count: 400, module: BG95, contact: {{pattern: wake, every: 6h, jitter: 30min}}}}
""",
}


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


def simulated(
    scenario: Scenario, truth: Truth, now_ms: float, targets: Floats, members: tuple[int, int], workers: int
) -> list[Floats] | None:
    """Upgraded devices at the targets by member; None where it says that it does not explain the log."""
    log = of_devices(pa.concat_tables(device_tables(truth.record)), scenario)
    now_s = start_s(scenario) + now_ms / 1000
    question = Question(scenario, log, now_s=now_s, decides=False, members=members, workers=workers)
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
    low, high = np.quantile(draws, [0.05, 0.95], method="inverted_cdf")
    return bool(low <= came <= high)


def main() -> None:
    """Print both tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truths", type=int, default=20, help="of each scenario")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--smallest", action="store_true", help="only show that it runs")
    asked = parser.parse_args()
    truths, members = (1, (20, 20)) if asked.smallest else (asked.truths, (50, 50))
    print(f"{truths} truths of each scenario; {members[0]} rollouts a round, {members[1]} played on.\n")
    print("| scenario | time | held, % | half-way | end | CRPS | constant hazard | logistic | none |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, text in SCENARIOS.items():
        _score(name, parse_scenario(text), truths, members, asked.workers, SHARES[2:3] if asked.smallest else SHARES)


def _score(
    name: str, scenario: Scenario, truths: int, members: tuple[int, int], workers: int, shares: tuple[float, ...]
) -> None:
    luck = np.random.default_rng(7)
    were = [truth_of(scenario, number, luck) for number in range(truths)]
    others: dict[str, Callable[[Truth, float, Floats, np.random.Generator], list[Floats]]] = {
        "constant hazard": constant_hazard,
        "logistic": logistic,
    }
    for share in shares:
        now_ms = share * scenario.horizon_ms
        targets = np.array([(now_ms + scenario.horizon_ms) / 2, scenario.horizon_ms])
        within: list[list[bool]] = []
        scores: dict[str, list[float]] = {"forecast": [], **{other: [] for other in others}}
        none = 0
        for truth in were:
            came = [truth.by(at) for at in targets]
            told = simulated(scenario, truth, now_ms, targets, members, workers)
            if told is None:
                none += 1
                continue
            within.append([held(*pair) for pair in zip(told, came, strict=True)])
            scores["forecast"] += [crps(*pair) / truth.devices for pair in zip(told, came, strict=True)]
            for other, extrapolated in others.items():
                said = extrapolated(truth, now_ms, targets, luck)
                scores[other] += [crps(*pair) / truth.devices for pair in zip(said, came, strict=True)]
        halves = 100 * np.mean(within, axis=0) if within else np.full(2, np.nan)
        means = [f"{100 * np.mean(each):.2f}" if each else "" for each in scores.values()]
        print(
            f"| {name} | {100 * share:.0f} % | {halves.mean():.0f} | {halves[0]:.0f} | {halves[1]:.0f} "
            f"| {' | '.join(means)} | {none} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
