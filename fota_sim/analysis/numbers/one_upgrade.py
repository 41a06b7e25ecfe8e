"""What one upgrade takes, to weigh other bytes and joules against: a mean over replications."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from fota_sim.analysis.numbers.metrics import Measurement

Runs = Sequence[Mapping[str, Measurement]]


def upgraded(runs: Runs) -> float:
    """Upgraded devices in the mean, by what every summary has: their share and how many devices there are."""
    return math.fsum(_value(run, "success_of_fleet") * _value(run, "devices") for run in runs) / len(runs)


def taken(runs: Runs, metric: str) -> float:
    """What the metric comes to for each upgraded device, in its unit; 0 where there are none."""
    devices = upgraded(runs)
    return math.fsum(_value(run, metric) for run in runs) / len(runs) / devices if devices else 0.0


def _value(run: Mapping[str, Measurement], metric: str) -> float:
    return run[metric].value or 0.0
