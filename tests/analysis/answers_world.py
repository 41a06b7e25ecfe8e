"""Summaries of runs whose devices are written down one by one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from fota_sim.analysis.numbers.counters import count
from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.summary import build_summary
from fota_sim.analysis.run.tally import groups, tally_of
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import FATES, NEVER
from fota_sim.scenario.loader import parse_scenario

HOUR_MS = 3_600_000
SCENARIO = """\
description: What happens?
horizon: 2d
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - {name: app-2, component: app, kind: full, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}
plan: {packages: [app-2]}
fleet: {groups: [{name: m, count: 12, module: EC200U}]}
"""


class Device(NamedTuple):
    """How one ended."""

    outcome: str = "upgraded"
    cause: str = ""
    after_h: float = 1.0
    believed: bool | None = None
    """None: as it is."""
    attempts: int | None = None
    """None: one, where it ended by one."""


def summary_of(runs: Sequence[Sequence[Device]], thresholds: Sequence[str] = ()) -> dict[str, Any]:
    """The summary of replications with these devices."""
    scenario = parse_scenario(f"{SCENARIO}thresholds: {list(thresholds)}\n")
    tables, terms = [_table(run) for run in runs], terms_of(scenario)
    measured = [measure(table, np.zeros((0, 5), dtype=np.int64), terms) for table in tables]
    tallies = [tally_of(count(table, terms), groups(table)) for table in tables]
    outlines = [Outline(number, *each, {}) for number, each in enumerate(zip(measured, tallies, strict=True))]
    return build_summary(scenario, "0123456789abcdef", "reference", outlines)


def _table(run: Sequence[Device]) -> dict[str, Any]:
    good = [device.outcome == "upgraded" for device in run]
    believed = [
        is_good if device.believed is None else device.believed for device, is_good in zip(run, good, strict=True)
    ]
    tried = np.array([device.outcome in ("upgraded", "failed", "bricked", "rolled_back") for device in run])
    times = [round(device.after_h * HOUR_MS) if is_good else NEVER for device, is_good in zip(run, good, strict=True)]
    attempts = [
        int(one) if each.attempts is None else each.attempts for each, one in zip(run, tried.tolist(), strict=True)
    ]
    nothing = np.zeros(len(run), dtype=np.int64)
    return {
        **{each.name: nothing for each in FATES if each.kind in ("count", "size", "number")},
        "outcome": Coded.of([device.outcome for device in run]),
        "cause": Coded.of([device.cause for device in run]),
        "belief": Coded.of(["Upgraded" if each else "Not Upgraded" for each in believed]),
        "group": Coded.same("m", len(run)),
        "module": Coded.same("EC200U", len(run)),
        "chemistry": Coded.same("li-ion", len(run)),
        "capacity_mAh": np.full(len(run), 2450.0),
        "mains": np.zeros(len(run), dtype=bool),
        "attempts": np.array(attempts, dtype=np.int64),
        "upgraded_ms": np.array(times, dtype=np.int64),
        "bytes_sent": 100_000 * tried.astype(np.int64),
        "bytes_wasted": 100_000 * (tried & ~np.array(good, dtype=bool)).astype(np.int64),
        "energy_J": 2.0 * tried,
    }
