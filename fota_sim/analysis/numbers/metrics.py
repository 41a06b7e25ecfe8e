"""The numbers of one replication, each with its numerator and denominator, as ``scenario/metrics.py`` lists them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.counters import Counters, Devices, Upgrades, count, read_upgrades, upgrades
from fota_sim.analysis.numbers.quantities import Counted, hangs_on_ms, luck_of, needed, quantity
from fota_sim.analysis.numbers.terms import Terms
from fota_sim.experiment.concurrency import END, START, Concurrency, changes, concurrency
from fota_sim.scenario.metrics import COST, COST_PARTS, METRICS, MONEY, STARTED_OF_FLEET, Metric, told_with
from fota_sim.scenario.prices import Prices

SHARE = "share"
"""Unit of a number between 0 and 1."""


@dataclass(frozen=True)
class Measurement:
    """One metric of one replication: ``numerator / denominator`` where it is a ratio; ``value`` None: there is none."""

    name: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    hangs_on: float | None = None
    """Of a time: what the luck of a few devices may make of it, as far as this replication shows (quantities.py). Of a
    sum to which devices contribute, or a mean of that: what one device more makes of it, or one visit."""
    currency: str = ""
    """What costs are in; empty where nothing has a price."""
    most: float | None = None
    """Of a number of devices, how many there are; None of anything else."""
    one: float | None = None
    """What one device makes of it, or one event, where that is known."""

    @property
    def stored(self) -> tuple[Any, ...]:
        """All but its name, in order: ``Measurement(name, *stored)`` is the same again."""
        return tuple(getattr(self, each.name) for each in fields(self)[1:])

    @property
    def metric(self) -> Metric:
        """All that there is to say of it."""
        return METRICS[self.name]

    @property
    def label(self) -> str:
        """What it is called."""
        return self.metric.label

    @property
    def unit(self) -> str:
        """What it is measured in."""
        return unit_of(self.name, self.currency)

    @property
    def denominator_text(self) -> str:
        """What it is a share of."""
        return self.metric.of

    @property
    def counts_devices(self) -> bool:
        """Whether it is a number of devices over a number of devices, and both are known."""
        return self.metric.counts_devices and self.denominator is not None


def unit_of(metric: str, currency: str) -> str:
    """What a metric is measured in, where costs are in ``currency``."""
    return currency if METRICS[metric].unit == MONEY else METRICS[metric].unit


def measure(devices: Devices, downloads: NDArray[np.int64], terms: Terms) -> dict[str, Measurement]:
    """Every metric of one replication by name, in the order to show them; of costs those that are priced.

    ``devices``: the device table of that replication; ``downloads``: shape (downloads, 5); both as in
    :class:`~fota_sim.engines.record.RunRecord`. ``terms``: those of its scenario.
    """
    counters = count(devices, terms)
    load = concurrency([changes(downloads[:, START], downloads[:, END])], np.zeros(1, dtype=np.int64))
    return measured(counters, read_upgrades([upgrades(devices)], needed(counters)), load, terms)


def measured(counters: Counters, times: Upgrades, load: Concurrency, terms: Terms) -> dict[str, Measurement]:
    """Every metric from what was counted; ``times`` of as many upgrades as ``quantities.needed`` says."""
    counted = Counted(counters, times, load, terms)
    return {name: _measurement(METRICS[name], counted) for name in terms.told}


def _measurement(metric: Metric, counted: Counted) -> Measurement:
    part, whole = (quantity(name, counted) if name else None for name in (metric.part, metric.whole))
    ratio = part / whole if part is not None and whole else None
    value = quantity(metric.value, counted) if metric.value else ratio
    if metric.percent:
        hangs_on = hangs_on_ms(metric.percent, counted)
    else:
        hangs_on = _one_more(metric, value, quantity("devices", counted), counted.terms.prices)
    most = quantity("devices", counted) if metric.within_the_fleet else None
    one = _one(metric, value, whole, hangs_on, lambda name: quantity(name, counted), counted.terms.prices)
    return Measurement(metric.name, value, part, whole, hangs_on, counted.terms.currency, most, one)


def _one_more(metric: Metric, value: float | None, devices: float | None, prices: Prices | None) -> float | None:
    """What one device more makes of it, if all contribute alike; of the whole cost also one of what is counted."""
    if not metric.by_device or value is None or not devices:
        return None
    counted = [each for each, part in COST_PARTS.items() if METRICS[part.quantity].counts_events]
    told = [prices.of(each) for each in counted if each in prices.priced] if metric.name == COST and prices else []
    return max(value / devices, *told, 0.0)


def _one(
    metric: Metric,
    value: float | None,
    whole: float | None,
    hangs_on: float | None,
    known: Callable[[str], float | None],
    prices: Prices | None,
) -> float | None:
    """What one device that began makes of it, or one event; of a time, one upgrade more or less about it.

    ``whole``: what it is a share of; ``known``: quantities by name.
    """
    if metric.counts_devices:
        return 1 / whole if whole else None
    if metric.counts_events:
        return prices.of(metric.price) if metric.unit == MONEY and prices else 1.0
    if metric.percent:
        targeted = known("targeted")
        told = hangs_on is not None and math.isfinite(hangs_on) and bool(targeted)
        return (hangs_on or 0.0) / (2 * max(luck_of(targeted or 0.0, metric.percent), 1)) if told else None
    started = known("started")
    if not started:
        return None
    if metric.lost_of:
        return (known(metric.lost_of) or 0.0) / started / (whole or 1.0)
    if not metric.by_device or value is None:
        return None
    there = []
    if metric.name == COST and prices:
        events = {field: part.quantity for field, part in COST_PARTS.items() if METRICS[part.quantity].counts_events}
        there = [prices.of(field) for field, name in events.items() if field in prices.priced and known(name)]
    return max(value / started, *there, 0.0)


def remeasured(values: Mapping[str, float | None], prices: Prices | None) -> dict[str, Measurement]:
    """The measurements of a replication from their values, as tables keep them; raises KeyError for a metric missing.

    ``prices``: those of its scenario.

    Of shares that count devices the numbers behind them follow where it is known of how many: of a quantity that is a
    metric itself, or of as many as ``<metric>_of`` says.
    """
    found = {}
    known = {**values, "started": round((values[STARTED_OF_FLEET] or 0.0) * (values["devices"] or 0.0))}.get
    currency = "" if prices is None else prices.currency
    for name in told_with(() if prices is None else prices.priced):
        value, metric = values[name], METRICS[name]
        among = _among(metric, values) if metric.counts_devices else None
        hits = None if among is None else float(round((value or 0.0) * among))
        if metric.may_not_be_reached:
            hangs_on = values.get(hangs_on_name(name))
        else:
            hangs_on = _one_more(metric, values[name], values["devices"], prices)
        hits = values[metric.part] if metric.counts_events else hits
        most = values["devices"] if metric.within_the_fleet else None
        of = among if metric.counts_devices else values.get(metric.whole)
        one = _one(metric, value, of, hangs_on, known, prices)
        found[name] = Measurement(name, value, hits, among, hangs_on, currency, most, one)
    return found


def _among(metric: Metric, values: Mapping[str, float | None]) -> float | None:
    told = values.get(whole_name(metric.name))
    return values[metric.whole] if told is None and whole_is_a_metric(metric.name) else told


def whole_name(metric: str) -> str:
    """The column that says of how many devices a metric is a share."""
    return f"{metric}_of"


def hangs_on_name(metric: str) -> str:
    """The column that says by how much a time hangs on a few devices."""
    return f"{metric}_hangs_on"


def hanging(measures: Mapping[str, Measurement]) -> dict[str, float | None]:
    """These columns of a replication, for all times."""
    return {hangs_on_name(name): each.hangs_on for name, each in measures.items() if each.metric.may_not_be_reached}


def whole_is_a_metric(metric: str) -> bool:
    """Whether a column of its own says of how many devices a metric is a share."""
    whole = METRICS[metric].whole
    return whole in METRICS and METRICS[whole].value == whole
