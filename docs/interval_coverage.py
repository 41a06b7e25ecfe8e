"""How often 95 % intervals contain the long-run value: ``python docs/interval_coverage.py``, from anywhere; 10 minutes.

Plays many small studies, each with a seed of its own, and one long one, and prints the table of docs/validation.md.
"""
# ruff: noqa: T201

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.metrics import Measurement, measure
from fota_sim.analysis.run.summary import metric_estimate
from fota_sim.engines.choice import load
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

HERE = Path(__file__).parent
STUDIES = 1000
REPLICATIONS = 10
LONG_RUN = 20_000
"""Replications of the long study: its own error is a forty-fifth of a small study's."""
MANY = 40
"""The long study is also cut into studies of so many replications."""
LONG_SEED = 999_983
BATCH = 250
OVERRIDES = (
    "fleet.groups.wifi.count=120",
    "fleet.groups.cat1.count=90",
    "fleet.groups.nb.count=90",
    "fleet.groups.wifi.gone=3%",
    "fleet.groups.cat1.gone=3%",
    "fleet.groups.nb.gone=3%",
    "packages[0].defects=[{name: rare, effect: boot_failure, probability: 0.2%}]",
    "horizon=4d",
    "replications=1",
)
"""An eighth of a percent of the mixed fleet, with a rare defect: four devices bricked and two rolled back per study."""
METRICS = (
    "success_of_fleet",
    "success_of_started",
    "failed_of_targeted",
    "refused_of_targeted",
    "outcome_unreachable",
    "outcome_failed",
    "outcome_bricked",
    "outcome_rolled_back",
    "attempts_per_started",
    "download_failures_per_started",
    "time_to_50_pct_ms",
    "time_to_90_pct_ms",
    "upgraded_per_hour",
    "upgraded_per_hour_peak",
    "downloads_peak",
    "bytes_sent",
    "bytes_wasted",
    "bytes_wasted_share",
    "energy_J",
    "energy_per_upgraded_J",
    "energy_wasted_J",
    "success_as_platform_shows",
    "believed_not_upgraded",
    "belief_agreement",
)


def small_fleet(seed: int) -> Scenario:
    """The mixed fleet with 300 devices."""
    return load_scenario(HERE.parent / "scenarios" / "mixed_40000.yaml", [*OVERRIDES, f"seed={seed}"])


def runs(seed: int, first: int, count: int) -> list[dict[str, Measurement]]:
    """The metrics of some replications of one seed."""
    scenario, engine = small_fleet(seed), load("compiled")
    records = (engine(scenario, replication) for replication in range(first, first + count))
    found = [measure(record.devices, record.downloads) for record in records]
    return [{name: metrics[name] for name in METRICS} for metrics in found]


def long_run_value(name: str, long: Sequence[dict[str, Measurement]]) -> tuple[float, float]:
    """What the mean over replications tends to, and its own standard error; NaN where some have no value."""
    values = np.array([math.nan if run[name].value is None else run[name].value for run in long], dtype=float)
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def verdicts(name: str, truth: float, studies: Iterable[Sequence[dict[str, Measurement]]]) -> NDArray[np.int8]:
    """Of each study: 1 its interval contains the truth, 0 the truth is above it, -1 below it, 2 there is none."""
    found = []
    for study in studies:
        interval = metric_estimate([run[name] for run in study]).interval
        if interval is None:
            found.append(2)
        elif truth > interval[1]:
            found.append(0)
        else:
            found.append(1 if truth >= interval[0] else -1)
    return np.array(found, dtype=np.int8)


def main() -> None:
    """Play, and print the table."""
    processes = ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))
    with processes as pool:
        long_parts = [pool.submit(runs, LONG_SEED, first, BATCH) for first in range(0, LONG_RUN, BATCH)]
        short_parts = [pool.submit(runs, seed, 0, REPLICATIONS) for seed in range(STUDIES)]
        long = [run for part in long_parts for run in part.result()]
        studies = [part.result() for part in short_parts]
    print(
        f"| metric | long-run value | its error | contained | value above | value below | none | {MANY} replications |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in METRICS:
        truth, error = long_run_value(name, long)
        if math.isnan(truth):
            print(f"| {name} | not reached in every replication | | | | | | |")
            continue
        found = verdicts(name, truth, studies)
        given = int((found != 2).sum())
        shares = [f"{100 * (found == verdict).sum() / max(given, 1):.1f} %" for verdict in (1, 0, -1)]
        many = verdicts(name, truth, (long[first : first + MANY] for first in range(0, LONG_RUN, MANY)))
        with_many = f"{100 * (many == 1).sum() / max(int((many != 2).sum()), 1):.1f} %"
        print(f"| {name} | {truth:.6g} | {error:.1g} | {' | '.join(shares)} | {(found == 2).sum()} | {with_many} |")


if __name__ == "__main__":
    main()
