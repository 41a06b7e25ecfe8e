"""What has a price, and what prices make of a rollout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fota_sim.scenario.metric_list.metric import MONEY, Metric, Says, Shown, number

PRICED = ("per_MB", "per_visit", "per_device_day", "per_not_upgraded", "per_mAh")
"""What may have a price in a scenario (scenario/prices.py), in the order to tell."""
ANY_PRICE = "prices"
COST = "cost_total"
"""What decides where a scenario has prices."""


def _cost(name: str, label: str, price: str, rest: str, **more: Any) -> Metric:
    says = Says("costs", f" for {rest}")
    return number(f"cost_{name}", label, MONEY, grows=True, price=price, better="less", says=says, **more)


class CostPart(NamedTuple):
    """What a price is of: the cost that it makes, and the quantity that it is multiplied with."""

    cost: str
    quantity: str
    per: float
    """How much of the quantity, in the unit that it is measured in, has the price."""
    one: str
    """What has the price, in words: ``62 EUR a visit``."""
    noun: str
    """What it is the price of."""


COST_PARTS: Mapping[str, CostPart] = {
    "per_MB": CostPart("cost_data", "bytes_sent", 1e6, "an MB", "data"),
    "per_visit": CostPart("cost_visits", "visits", 1.0, "a visit", "visits"),
    "per_device_day": CostPart("cost_waiting", "device_days_waited", 1.0, "a device and day", "waiting"),
    "per_not_upgraded": CostPart(
        "cost_not_upgraded", "not_upgraded", 1.0, "a device not upgraded", "devices not upgraded"
    ),
    "per_mAh": CostPart("cost_battery", "battery_mAh", 1.0, "a mAh", "battery"),
}
"""By the field of ``PRICED``."""

COSTS = (
    number(
        COST,
        "cost of the rollout",
        MONEY,
        grows=True,
        price=ANY_PRICE,
        by_device=True,
        better="less",
        says=Says("costs"),
        aliases=("cost",),
        shown={
            "explorer": Shown(5, "cost"),
            "report": Shown(5, "cost of the rollout"),
            "comparison": Shown(5),
            "leads": Shown(5, "cheapest"),
            "sweep": Shown(5),
            "sensitivity": Shown(5),
        },
    ),
    _cost("data", "cost of data", "per_MB", "data", by_device=True),
    _cost("visits", "cost of visits", "per_visit", "visits", part="visits", counts_events=True),
    _cost("waiting", "cost of waiting on the old version", "per_device_day", "waiting", by_device=True),
    _cost(
        "not_upgraded",
        "cost of devices that are not upgraded",
        "per_not_upgraded",
        "devices not upgraded",
        part="not_upgraded",
        counts_events=True,
    ),
    _cost("battery", "cost of battery", "per_mAh", "battery", by_device=True),
    Metric(
        name="visits",
        label="devices that somebody has to go to",
        unit="visits",
        value="visits",
        part="visits",
        counts_events=True,
        price="per_visit",
        grows=True,
        better="less",
        says=Says("takes", " visits"),
    ),
    Metric(
        name="not_upgraded",
        label="devices of the plan that are not upgraded at the end",
        unit="devices",
        value="not_upgraded",
        part="not_upgraded",
        counts_events=True,
        price="per_not_upgraded",
        grows=True,
        better="less",
        says=Says("leaves", " not upgraded"),
    ),
    number(
        "device_days_waited",
        "days on the old version, of all devices together",
        "device-days",
        price="per_device_day",
        grows=True,
        by_device=True,
        better="less",
        says=Says("waits", " device-days"),
    ),
)
"""In the order to show them."""
