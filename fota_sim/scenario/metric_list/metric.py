"""One metric: what it is called, measured in, made of, better at, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from fota_sim.scenario import units
from fota_sim.scenario.units import Unit

BYTES = Unit("size", {**units.SIZE.factors, "GB": 1e9, "TB": 1e12, "GiB": 2.0**30}, "2GB")
ENERGY = Unit("energy", {"J": 1.0, "kJ": 1e3, "MJ": 1e6, "Wh": 3600.0, "kWh": 3.6e6}, "500kJ")
TIME = units.DURATION
SHARE = units.RATIO

MONEY = "currency"
"""The unit of costs: what it is called is for the scenario to say."""

_WRITTEN: Mapping[str, Unit] = {"share": SHARE, "ms": TIME, "B": BYTES, "J": ENERGY, "mAh": units.CHARGE}
"""How limits are written, by the unit that is measured in; a plain number for all others."""

Better = Literal["more", "less"]
View = Literal["explorer", "report", "comparison", "leads", "sweep", "sensitivity"]
"""explorer: its tiles; report: key numbers of a run's page; comparison, sweep and sensitivity: what these commands look
at unless told otherwise; leads: what variants are judged by first."""


class Shown(NamedTuple):
    """Where a metric stands in a view, and what it is called there."""

    place: int
    """The lower, the earlier."""
    words: str = ""


class Says(NamedTuple):
    """What a variant does to it: words before and after the number in a sentence about a difference."""

    does: str
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric. It is ``value``, or ``part`` over ``whole``; these are names of quantities."""

    name: str
    label: str
    unit: str
    """``share``, ``ms``, ``B``, ``J``, ``mAh``, ``currency``, or what is counted."""
    value: str = ""
    part: str = ""
    whole: str = ""
    of: str = ""
    """What ``whole`` is, in words."""
    counts_devices: bool = False
    """Whether ``part`` and ``whole`` are numbers of devices: each is a case of which something is true or not."""
    counts_events: bool = False
    """Whether ``part`` is how many events, perhaps few, make up the value."""
    by_device: bool = False
    """Whether it is a sum to which devices contribute about alike, or a mean of that."""
    lost_of: str = ""
    """Of what is wasted: the quantity of which a device that began loses all that it took, if it does not get there."""
    price: str = ""
    """The field of ``PRICED`` without a price for which there is none of it; ``ANY_PRICE``: any of them will do."""
    grows: bool = False
    """Whether twice the fleet has twice as much of it."""
    percent: int = 0
    """Of a time that a run may end without: the share of the targeted devices that are upgraded by then, in %."""
    no_interval: str = ""
    """Why its mean is given without an interval; empty: it has one."""
    outcome: bool = False
    """Whether it is the share of an outcome: tables of outcomes show it, and others need not."""
    at_equal_exposure: str = ""
    """Of a harm that is less where fewer devices began: the metric that compares those that did."""
    of_fleet: str = ""
    """Of a reach that is more where fewer devices are targeted: the metric that compares it of all devices."""
    counted_in: str = ""
    """Of a harm that is less where devices are still at it, or lost on the way: the metric that counts these too."""
    better: Better | None = None
    """None: it only describes."""
    says: Says | None = None
    aliases: tuple[str, ...] = ()
    """What people write for it besides its name."""
    shown: Mapping[View, Shown] = field(default_factory=dict)

    @property
    def may_not_be_reached(self) -> bool:
        """Whether it is a time without which a run may end."""
        return self.percent > 0

    @property
    def within_the_fleet(self) -> bool:
        """Whether it is a number of devices, or of downloads at one time: no more than there are devices."""
        return self.unit in ("devices", "downloads")

    @property
    def written_in(self) -> Unit:
        """The unit of limits on it."""
        return _WRITTEN.get(self.unit, units.NUMBER)


def share_of_devices(name: str, label: str, part: str, whole: str, of: str, **more: Any) -> Metric:
    """A number of devices out of a number of devices."""
    return Metric(name=name, label=label, unit="share", part=part, whole=whole, of=of, counts_devices=True, **more)


def of_targeted(name: str, label: str, part: str, **more: Any) -> Metric:
    return share_of_devices(name, label, part, "targeted", "targeted devices", **more)


def of_all(name: str, label: str, part: str, **more: Any) -> Metric:
    return share_of_devices(name, label, part, "devices", "all devices", **more)


def number(name: str, label: str, unit: str, **more: Any) -> Metric:
    """A number as it is, by the quantity of its name."""
    return Metric(name=name, label=label, unit=unit, value=name, **more)


def ratio(name: str, label: str, unit: str, part: str, whole: str, of: str, **more: Any) -> Metric:
    return Metric(name=name, label=label, unit=unit, part=part, whole=whole, of=of, **more)
