"""Devices that have tried and are neither upgraded nor failed at the horizon: what fewer failures are worth.

A device that downloads, installs and reports the old version until the horizon never fails. So a variant that retries
without end has no failures, and no more upgrades. Failures are gained, or lost, only as far as those that began an
upgrade got there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import Difference, independent_difference, measured_difference, paired_difference
from fota_sim.scenario.metrics import ATTEMPTS_OF_UNFINISHED, METRICS, NOT_UPGRADED, STARTED_OF_FLEET, UNFINISHED

Runs = Sequence[Mapping[str, Measurement]]


class StillAtIt(NamedTuple):
    """Devices of one variant that began an upgrade and are still in it at the horizon."""

    devices: float
    """In the mean of the replications."""
    attempts: float
    """Of each, in the mean of these devices; 0 where there are none."""


def moved(metric: str, found: Difference, first: Runs, second: Runs, paired: bool, comparisons: int) -> bool:
    """Whether a difference in a harm is none in who got there: its devices only end otherwise, or do not end.

    Who begins with fewer has less harm, and that counts. ``comparisons``: how many differences are claimed together
    with it. False for a metric that hides nothing so.
    """
    if not METRICS[metric].counted_in or found.value is None:
        return False
    net = _in_vain(metric, first, second, paired)
    return not (net.value and net.shown(comparisons) and (net.value > 0) == (found.value > 0))


def _in_vain(metric: str, first: Runs, second: Runs, paired: bool) -> Difference:
    """The difference in those that began and are not upgraded, of what the metric is a share of."""
    if METRICS[metric].whole == METRICS[NOT_UPGRADED].whole:
        return measured_difference(
            NOT_UPGRADED, [run[NOT_UPGRADED] for run in first], [run[NOT_UPGRADED] for run in second], paired
        )
    values = [[_share(run) for run in runs] for runs in (first, second)]
    if not paired:
        return independent_difference(values[0], values[1])
    fleet = [run["devices"].value or 0.0 for run in (*first, *second)]
    devices = math.fsum(_share(run) * each for run, each in zip((*first, *second), fleet, strict=True))
    return paired_difference(values[0], values[1], devices, 1 / max(*fleet, 1.0))


def _share(run: Mapping[str, Measurement]) -> float:
    """Of all devices, those that began and are not upgraded."""
    return (run[STARTED_OF_FLEET].value or 0.0) - (run["success_of_fleet"].value or 0.0)


LIMBO_OF = (NOT_UPGRADED, "failed_of_started")
"""Metrics of whose devices the first has more by those that began, and neither got there nor failed."""


def with_limbo(metric: str, runs: Runs) -> list[Mapping[str, Measurement]]:
    """The runs in which a harm counts those as well that began, and neither got there nor failed.

    As they are of a metric that hides nothing so.
    """
    if not METRICS[metric].counted_in:
        return list(runs)
    return [{**run, metric: _counting(run[metric], *(run[name] for name in LIMBO_OF))} for run in runs]


def _counting(harm: Measurement, not_upgraded: Measurement, failed: Measurement) -> Measurement:
    more = (not_upgraded.numerator or 0.0) - (failed.numerator or 0.0)
    if harm.value is None or not harm.denominator or not more:
        return harm
    hit = (harm.numerator or 0.0) + more
    return replace(harm, value=hit / harm.denominator, numerator=hit)


def still_at_it(runs: Runs) -> StillAtIt:
    """How many of a variant's devices are, and how often they tried."""
    rows = [(_count(run), run[ATTEMPTS_OF_UNFINISHED].value or 0.0) for run in runs]
    devices = math.fsum(count for count, _ in rows)
    attempts = math.fsum(count * each for count, each in rows)
    return StillAtIt(devices / max(len(rows), 1), attempts / devices if devices else 0.0)


def _count(run: Mapping[str, Measurement]) -> float:
    """Of one replication, from what is stored of it."""
    shares = (run[UNFINISHED].value or 0.0) * (run[STARTED_OF_FLEET].value or 0.0)
    return shares * (run["devices"].value or 0.0)
