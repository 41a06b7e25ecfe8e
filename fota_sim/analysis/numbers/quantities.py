"""What metrics are made of: numbers of one replication by name, each counted in one place.

A function here is a quantity by its name, for entries of ``fota_sim/scenario/metric_list`` to use. The sum of a column
of the device table over all devices needs none.

Targeted devices are those that the plan is meant for: of its product, not kept out by a list and not on the target
version before it began. Started devices are those that were sent at least one download address.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from fota_sim.analysis.numbers.counters import DAY_MS, HOUR_MS, Counters, Upgrades
from fota_sim.analysis.numbers.terms import Terms
from fota_sim.experiment.concurrency import Concurrency
from fota_sim.rules import codes
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.rules.outcome import UPGRADE_FAILED
from fota_sim.rules.outcome import UPGRADED as BELIEVED_UPGRADED
from fota_sim.scenario.metrics import COST, COST_PARTS, QUANTILES_PCT
from fota_sim.scenario.prices import Prices

MIDDLE_FROM_PCT = 5
"""Share of the upgrades at either end that throughput leaves out, so that no straggler rules it. Assumption: as a
range from the 5th to the 95th percentile is usual."""


class Counted(NamedTuple):
    """All that is counted of a replication."""

    counters: Counters
    upgrades: Upgrades
    """Of as many upgrades as :func:`needed` says."""
    load: Concurrency
    terms: Terms


Quantity = Callable[[Counted], float | None]
_QUANTITIES: dict[str, Quantity] = {}
_Work = TypeVar("_Work", bound=Quantity)


def _quantity(work: _Work) -> _Work:
    """Let metrics use it by its name."""
    _QUANTITIES[work.__name__] = work
    return work


def known_quantities() -> frozenset[str]:
    """Names of the quantities that functions here count."""
    return frozenset(_QUANTITIES)


def quantity(name: str, counted: Counted) -> float | None:
    """The quantity of this name; None where it did not happen. Raises KeyError for a name of none."""
    if name in counted.counters.sums:
        return counted.counters.sum_of(name)
    found = _QUANTITIES[name](counted)
    return None if found is None else float(found)


def targeted_devices(counters: Counters) -> int:
    """How many devices the plan is meant for."""
    return counters.devices - _listed_out(counters) - counters.of(codes.ALREADY_ON_TARGET)


def needed(counters: Counters) -> tuple[int, ...]:
    """Of how many upgrades the time is wanted: about each of ``QUANTILES_PCT`` of the targeted, and ``middle``."""
    around = [_around(counters, percent) for percent in QUANTILES_PCT]
    return (*(count for counts in around for count in counts), *middle(counters))


def middle(counters: Counters) -> tuple[int, int]:
    """How many upgrades 5 % and 95 % of all are, rounded up: between them is their middle 90 %."""
    upgraded = counters.of(codes.UPGRADED)
    return -(-upgraded * MIDDLE_FROM_PCT // 100), -(-upgraded * (100 - MIDDLE_FROM_PCT) // 100)


def _wanted(counters: Counters, percent: int) -> int:
    return -(-targeted_devices(counters) * percent // 100)


def luck_of(targeted: float, percent: int) -> int:
    """Two standard errors of the number of upgrades that a share of the targeted devices is."""
    return math.ceil(2 * math.sqrt(-(-targeted * percent // 100) * (1 - percent / 100)))


def _around(counters: Counters, percent: int) -> tuple[int, int, int]:
    """How many upgrades a share of the targeted devices is, and two standard errors of such a number less and more."""
    wanted, luck = _wanted(counters, percent), luck_of(targeted_devices(counters), percent)
    return max(wanted - luck, 1), wanted, min(wanted + luck, max(targeted_devices(counters), wanted))


def hangs_on_ms(percent: int, counted: Counted) -> float | None:
    """By how much a time hangs on a few devices: what two standard errors of their number less and more make of it.

    Infinite if the larger number never was upgraded; None if the time was not reached.
    """
    first, wanted, last = (counted.upgrades.reached_ms.get(count) for count in _around(counted.counters, percent))
    if wanted is None or first is None:
        return None
    return math.inf if last is None else float(last - first)


def _listed_out(counters: Counters) -> int:
    return sum(counters.of(codes.NOT_OFFERED, cause) for cause in codes.LISTED)


# Devices by how they ended


def _of_outcome(outcome: int, counted: Counted) -> float:
    return counted.counters.of(outcome)


_QUANTITIES |= {label: partial(_of_outcome, outcome) for outcome, label in enumerate(OUTCOMES)}


@_quantity
def devices(counted: Counted) -> float:
    """All of them."""
    return counted.counters.devices


@_quantity
def targeted(counted: Counted) -> float:
    """Those that the plan is meant for."""
    return targeted_devices(counted.counters)


@_quantity
def failed_in_any_way(counted: Counted) -> float:
    """Failed, rolled back or bricked."""
    return sum(counted.counters.of(outcome) for outcome in (codes.FAILED, codes.ROLLED_BACK, codes.BRICKED))


@_quantity
def withheld(counted: Counted) -> float:
    """Not offered, though no list keeps them out."""
    return counted.counters.of(codes.NOT_OFFERED) - _listed_out(counted.counters)


@_quantity
def started(counted: Counted) -> float:
    """Began an upgrade."""
    return int(counted.counters.started.sum())


@_quantity
def started_ended(counted: Counted) -> float:
    """Began an upgrade and are not still in it."""
    return started(counted) - started_unfinished(counted)


@_quantity
def started_unfinished(counted: Counted) -> float:
    """Began an upgrade and are still in it."""
    return int(counted.counters.started[codes.IN_PROGRESS])


@_quantity
def started_not_upgraded(counted: Counted) -> float:
    """Began an upgrade and are not upgraded: failed, lost on the way, turned away at a retry, or still in it."""
    return int(counted.counters.started.sum() - counted.counters.started[codes.UPGRADED])


@_quantity
def attempts_of_unfinished(counted: Counted) -> float:
    """Download addresses sent to devices that are still in their upgrade."""
    return int(counted.counters.attempts[codes.IN_PROGRESS])


@_quantity
def started_upgraded(counted: Counted) -> float:
    """Began an upgrade and are upgraded."""
    return int(counted.counters.started[codes.UPGRADED])


@_quantity
def started_bricked(counted: Counted) -> float:
    """Began an upgrade and are bricked."""
    return int(counted.counters.started[codes.BRICKED])


@_quantity
def started_failed(counted: Counted) -> float:
    """Began an upgrade and failed, rolled back or bricked."""
    return int(counted.counters.started[[codes.FAILED, codes.ROLLED_BACK, codes.BRICKED]].sum())


# What the platform believes of them


@_quantity
def believed_upgraded(counted: Counted) -> float:
    """The platform believes so."""
    return int(counted.counters.beliefs[BELIEVED_UPGRADED].sum())


@_quantity
def shown_as_ended(counted: Counted) -> float:
    """Shown as Upgraded or Upgrade Failed."""
    return int(counted.counters.beliefs[[BELIEVED_UPGRADED, UPGRADE_FAILED]].sum())


@_quantity
def believed_wrongly(counted: Counted) -> float:
    """Believed upgraded, and not on the target version; who ran it before is on it."""
    believed = counted.counters.beliefs[BELIEVED_UPGRADED]
    return int(believed.sum() - believed[codes.UPGRADED] - believed[codes.ALREADY_ON_TARGET])


@_quantity
def upgraded_unnoticed(counted: Counted) -> float:
    """Upgraded, and not believed so."""
    return counted.counters.of(codes.UPGRADED) - int(counted.counters.beliefs[BELIEVED_UPGRADED, codes.UPGRADED])


@_quantity
def believed_rightly(counted: Counted) -> float:
    """The platform is right about whether they are upgraded."""
    return counted.counters.devices - believed_wrongly(counted) - upgraded_unnoticed(counted)


# Upgrades over time


@_quantity
def upgrades(counted: Counted) -> float:
    """How many there were."""
    return counted.upgrades.upgraded


@_quantity
def hours_of_upgrades(counted: Counted) -> float:
    """Hours until the last; 0 without any."""
    return counted.upgrades.last_ms / HOUR_MS if counted.upgrades.upgraded else 0.0


@_quantity
def middle_upgrades(counted: Counted) -> float:
    """Upgrades after the one that ends the first 5 %, up to the one that ends the first 95 %."""
    first, last = middle(counted.counters)
    return last - first


@_quantity
def middle_hours(counted: Counted) -> float:
    """Hours between these two upgrades; 0 without any."""
    reached = counted.upgrades.reached_ms
    times = [reached.get(which, 0) for which in middle(counted.counters)]
    return (times[1] - times[0]) / HOUR_MS


@_quantity
def upgraded_per_hour_peak(counted: Counted) -> float:
    """How many in the busiest hour."""
    return int(counted.upgrades.per_hour.max())


@_quantity
def upgraded_per_hour_peak_ms(counted: Counted) -> float | None:
    """When that hour began."""
    return int(np.argmax(counted.upgrades.per_hour)) * HOUR_MS if counted.upgrades.upgraded else None


def _reached_ms(percent: int, counted: Counted) -> float | None:
    """When at least that share of the targeted devices was upgraded."""
    return counted.upgrades.reached_ms.get(_wanted(counted.counters, percent))


def _upgrades_to(percent: int, counted: Counted) -> float:
    """How many of the upgrades that this takes there were."""
    return min(_wanted(counted.counters, percent), counted.upgrades.upgraded)


for _percent in QUANTILES_PCT:
    _QUANTITIES[f"reached_{_percent}_pct_ms"] = partial(_reached_ms, _percent)
    _QUANTITIES[f"upgrades_to_{_percent}_pct"] = partial(_upgrades_to, _percent)


# Load


@_quantity
def downloads_peak(counted: Counted) -> float:
    """The most downloads at once."""
    return counted.load.most


@_quantity
def downloads_peak_ms(counted: Counted) -> float | None:
    """When there were so many first."""
    return counted.load.most_at_ms


# What it costs


@_quantity
def visits(counted: Counted) -> float:
    """Devices whose outcome or cause is among those that somebody has to go for."""
    after, causes = _prices(counted).visit_after, counted.counters.causes
    by_outcome = np.array([name in after for name in OUTCOMES])
    by_cause = np.array([name in after for name in CAUSES])
    return int(causes[by_outcome[:, None] | by_cause].sum())


@_quantity
def not_upgraded(counted: Counted) -> float:
    """Targeted devices that are not upgraded at the horizon, whatever befell them."""
    return targeted_devices(counted.counters) - counted.upgrades.upgraded


@_quantity
def device_days_waited(counted: Counted) -> float:
    """Days from activation until the upgrade, or to the horizon, of all targeted devices together."""
    return (counted.upgrades.waited_ms + not_upgraded(counted) * counted.terms.horizon_ms) / DAY_MS


def _cost(field: str, counted: Counted) -> float:
    """What has this price, times it."""
    part = COST_PARTS[field]
    amount = quantity(part.quantity, counted)
    assert amount is not None  # every one of them is a sum
    return amount / part.per * _prices(counted).of(field)


for _field, _part in COST_PARTS.items():
    _QUANTITIES[_part.cost] = partial(_cost, _field)


def _cost_total(counted: Counted) -> float:
    """All parts that have a price."""
    return math.fsum(_cost(field, counted) for field in COST_PARTS if field in _prices(counted).priced)


_QUANTITIES[COST] = _cost_total


def _prices(counted: Counted) -> Prices:
    """Only metrics that a scenario prices are measured, so there are some."""
    prices = counted.terms.prices
    assert prices is not None
    return prices
