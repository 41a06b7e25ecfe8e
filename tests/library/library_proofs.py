"""What each scenario of the library proves: the trouble, the cure, and the number that tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.paired import Difference, paired_difference
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.engines.choice import COMPILED, load
from fota_sim.engines.record import RunRecord
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LOWER, HIGHER = -1, 1


@dataclass(frozen=True)
class Proof:
    """Strategy ``cure`` has a lower or higher ``metric`` than ``trouble``."""

    file: str
    """Below scenarios/."""
    trouble: str
    cure: str
    metric: str
    """A name of scenario/metrics.py, or of ``OWN``."""
    better: int
    """LOWER or HIGHER."""

    @property
    def path(self) -> Path:
        return SCENARIOS / self.file


def _of_library(name: str, *rows: tuple[str, str, str, int]) -> list[Proof]:
    return [Proof(f"library/{name}.yaml", *row) for row in rows]


PROOFS = [
    *_of_library("silent_brick", ("no-timeout", "report-timeout", "outcome_bricked", LOWER)),
    *_of_library("premature_success", ("trusts-status", "waits-for-version", "outcome_rolled_back", LOWER)),
    *_of_library(
        "thundering_herd",
        ("all-at-once", "backoff-with-jitter", "outcome_failed", LOWER),
        ("all-at-once", "paced-release", "outcome_failed", LOWER),
        ("paced-on-the-grid", "paced-release", "outcome_failed", LOWER),
    ),
    *_of_library("load_shedding_burns_retries", ("shed-counts", "shed-is-free", "outcome_failed", LOWER)),
    Proof("weak_signal_tail.yaml", "everybody", "minimum-signal", "energy_wasted_J", LOWER),
    Proof("weak_signal_tail.yaml", "everybody", "one-attempt-a-day", "success_of_fleet", HIGHER),
    *_of_library(
        "cell_congestion",
        ("all-at-once", "per-cell", "outcome_failed", LOWER),
        ("global-cap", "per-cell", "outcome_failed", LOWER),
    ),
    *_of_library(
        "battery_gate_sweep",
        ("gate-0", "gate-10", "outcome_failed", LOWER),
        ("gate-70", "gate-10", "success_of_fleet", HIGHER),
    ),
    *_of_library("stale_battery_telemetry", ("last-heard", "device-measures", "outcome_failed", LOWER)),
    *_of_library(
        "offline_canary",
        ("share-of-group", "share-of-finished", "success_of_fleet", HIGHER),
        ("share-of-group", "deadline", "success_of_fleet", HIGHER),
    ),
    *_of_library("overnight_window_dst", ("plan-clock", "device-clock", "begun_by_day", LOWER)),
    *_of_library("slot_leak", ("kept-for-ever", "expires", "success_of_fleet", HIGHER)),
    *_of_library("reconnect_storm", ("asking-is-free", "asking-needs-a-slot", "downloads_peak", LOWER)),
    *_of_library(
        "url_expiry",
        ("quarter-hour", "two-hours", "outcome_failed", LOWER),
        ("quarter-hour", "two-hours", "bytes_wasted", LOWER),
    ),
    *_of_library(
        "push_to_sleepers",
        ("weekly", "every-20-hours", "success_of_fleet", HIGHER),
        ("weekly", "edrx", "success_of_fleet", HIGHER),
    ),
    *_of_library("late_joiners", ("at-once", "last-wave", "upgraded_per_hour_peak", LOWER)),
    *_of_library(
        "delta_mismatch_510",
        ("delta", "delta-once", "bytes_wasted", LOWER),
        ("delta", "full", "outcome_failed", LOWER),
    ),
    *_of_library(
        "reinstall_loop",
        ("until-it-works", "one-a-day", "bytes_wasted", LOWER),
        ("until-it-works", "two-retries", "bytes_wasted", LOWER),
    ),
    *_of_library("truncated_image", ("flashes-what-it-has", "checks-first", "outcome_bricked", LOWER)),
    *_of_library("metered_only_fleet", ("unmetered-only", "everybody-delta", "success_of_fleet", HIGHER)),
    *_of_library("watchdog_too_short", ("two-minutes", "half-an-hour", "success_of_fleet", HIGHER)),
    *_of_library(
        "gate_in_euros",
        ("no-gate", "gate-20", "cost_total", LOWER),
        ("gate-35", "gate-20", "cost_total", LOWER),
    ),
    *_of_library("learnt_from_last_year", ("last-year", "lower-gate", "success_of_fleet", HIGHER)),
    Proof("hidden_regression_hw_rev.yaml", "all-at-once", "by-revision", "outcome_bricked", LOWER),
    Proof("hidden_regression_hw_rev.yaml", "four-waves", "by-revision", "outcome_bricked", LOWER),
    Proof("hidden_regression_hw_rev.yaml", "watched-waves", "by-revision", "success_of_fleet", HIGHER),
]

HOUR_MS = 3_600_000
NIGHT_H = (22, 4)
"""The window of overnight_window_dst, local time."""


def begun_by_day(scenario: Scenario, record: RunRecord) -> float:
    """Share of the confirmed upgrades that were confirmed outside 22:00 to 04:00 where the device is."""
    began = record.devices["confirmed_ms"] != NEVER
    at_ms = record.devices["confirmed_ms"][began]
    zones = record.column("time_zone")[began]
    start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone)).timestamp()
    hours = [_local_hour(start + ms / 1000, zone) for ms, zone in zip(at_ms.tolist(), zones, strict=True)]
    first, last = NIGHT_H
    return float(np.mean([last <= hour < first for hour in hours]))


def _local_hour(seconds: float, zone: str) -> int:
    from datetime import datetime

    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).hour


OWN: Mapping[str, Callable[[Scenario, RunRecord], float]] = {"begun_by_day": begun_by_day}
"""Numbers that only one scenario needs."""
OWN_LABELS = {"begun_by_day": "begun outside 22:00 to 04:00 local time"}


@dataclass(frozen=True)
class Number:
    """One number of one replication."""

    label: str
    unit: str
    value: float | None


@cache
def played(path: Path, strategy: str, replications: int) -> tuple[dict[str, Number], ...]:
    """Every number of each replication of a strategy, by metric; kept, for several proofs ask for the same."""
    scenario = load_scenario(path, strategy=strategy)
    play = load(COMPILED)
    found = []
    for replication in range(replications):
        record = play(scenario, replication)
        measured = measure(record.devices, record.downloads, terms_of(scenario))
        numbers = {name: Number(m.label, m.unit, m.value) for name, m in measured.items()}
        for name, own in OWN.items():
            numbers[name] = Number(OWN_LABELS[name], "share", own(scenario, record))
        found.append(numbers)
    return tuple(found)


def values(proof: Proof, strategy: str, replications: int) -> list[float | None]:
    """The metric of the proof for one strategy, replication by replication."""
    return [numbers[proof.metric].value for numbers in played(proof.path, strategy, replications)]


def difference(proof: Proof, replications: int) -> Difference:
    """Cure minus trouble, paired by replication: both meet the same fleet with the same luck."""
    return paired_difference(values(proof, proof.trouble, replications), values(proof, proof.cure, replications))


def interval(found: Difference) -> tuple[float, float] | None:
    """The 95 % interval; of a difference that is the same in all replications, that difference."""
    if found.value is not None and found.error is None and found.note.startswith("differ by the same"):
        return found.value, found.value
    return found.interval()
