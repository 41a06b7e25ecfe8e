"""Whom a variant leaves out: devices that another begins with, and upgrades of the whole fleet that it gives up.

A gate, a list or a stop that spares devices a failure spares them the upgrade too. Whoever looks at failures alone, or
at shares of those that are targeted, does not see that; so it is looked at whatever is compared.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from fota_sim.analysis.numbers.best import SAME_EXPOSURE, equally_targeted
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import Difference, measured_difference
from fota_sim.scenario.metrics import STARTED_OF_FLEET

Runs = Sequence[Mapping[str, Measurement]]

UPGRADED = "outcome_upgraded"
OF_FLEET = (UPGRADED, "success_of_fleet")
"""Upgrades as shares of all devices."""
OF_TARGETED = "success_of_targeted"
_NOT_BEGUN = ("outcome_refused", "outcome_not_offered", "outcome_unreachable", "outcome_cancelled")
"""How devices end that do not begin an upgrade."""
_TOLD = 0.1
"""The part of the devices left out from which on it is told that so many end in one way."""


class Unserved(NamedTuple):
    """Devices of the one that the other begins with."""

    devices: float
    """How many fewer begin, in the mean of the replications."""
    of: float
    """Devices of the fleet."""
    ends: Mapping[str, float]
    """By outcome, how many more end so, most first."""


def unserved(first: Runs, second: Runs, paired: bool, comparisons: int = 1) -> Unserved | None:
    """Whom ``second`` leaves out; None if it is not shown to begin with fewer, or with hardly fewer.

    ``comparisons``: how many differences are claimed together with it.
    """
    began = _difference(STARTED_OF_FLEET, first, second, paired)
    fewer = -(began.value or 0.0)
    if not began.shown(comparisons) or fewer <= SAME_EXPOSURE * _mean(STARTED_OF_FLEET, first):
        return None
    devices = _mean("devices", second)
    more = {metric: devices * (_mean(metric, second) - _mean(metric, first)) for metric in _NOT_BEGUN}
    ends = {
        metric.removeprefix("outcome_"): count
        for metric, count in sorted(more.items(), key=lambda item: -item[1])
        if count >= _TOLD * fewer * devices
    }
    return Unserved(fewer * devices, devices, ends)


class Unasked(NamedTuple):
    """Upgrades of the whole fleet that a choice gives up, where nobody asked about them."""

    fewer: float
    """Devices, in the mean of the replications."""
    interval: tuple[float, float] | None
    """Of that, 95 %; both ends above 0."""
    of: float
    """Devices of the fleet."""
    left_out: Unserved | None


def given_up(first: Runs, second: Runs, comparisons: int = 1) -> Unasked | None:
    """What ``second``, played with the same luck, gives up; None if it is not shown to upgrade fewer of the fleet."""
    change = _difference(UPGRADED, first, second, paired=True)
    if change.value is None or change.value >= 0 or not change.shown(comparisons):
        return None
    devices, ends = _mean("devices", second), change.interval()
    interval = None if ends is None else (-devices * ends[1], -devices * ends[0])
    return Unasked(-devices * change.value, interval, devices, unserved(first, second, True, comparisons))


def asks_about_reach(metrics: Collection[str], *runs: Runs) -> bool:
    """Whether one of the metrics tells how many of the fleet are upgraded, as all ``runs`` target equally many."""
    if any(metric in OF_FLEET for metric in metrics):
        return True
    return OF_TARGETED in metrics and equally_targeted({str(number): each for number, each in enumerate(runs)})


def _difference(metric: str, first: Runs, second: Runs, paired: bool) -> Difference:
    return measured_difference(metric, [run[metric] for run in first], [run[metric] for run in second], paired)


def _mean(metric: str, runs: Runs) -> float:
    return math.fsum(run[metric].value or 0.0 for run in runs) / max(len(runs), 1)
