"""The metrics: an entry says of each what it is called, measured in, made of, better at, and where it is shown.

What reads a scenario's thresholds, what counts a replication, sentences, tables and pages all look here. Entries name
the *quantities* that a number is made of. How those are counted is in ``fota_sim/analysis/numbers/quantities.py``,
which a scenario is checked without; the sum of a column of the device table over all devices is a quantity by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from fota_sim.quoting import quoted
from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario import units
from fota_sim.scenario.units import Unit
from fota_sim.scenario.wording import did_you_mean

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
    def written_in(self) -> Unit:
        """The unit of limits on it."""
        return _WRITTEN.get(self.unit, units.NUMBER)


def _devices(name: str, label: str, part: str, whole: str, of: str, **more: Any) -> Metric:
    """A number of devices out of a number of devices."""
    return Metric(name=name, label=label, unit="share", part=part, whole=whole, of=of, counts_devices=True, **more)


def _of_targeted(name: str, label: str, part: str, **more: Any) -> Metric:
    return _devices(name, label, part, "targeted", "targeted devices", **more)


def _of_all(name: str, label: str, part: str, **more: Any) -> Metric:
    return _devices(name, label, part, "devices", "all devices", **more)


def _number(name: str, label: str, unit: str, **more: Any) -> Metric:
    """A number as it is, by the quantity of its name."""
    return Metric(name=name, label=label, unit=unit, value=name, **more)


def _ratio(name: str, label: str, unit: str, part: str, whole: str, of: str, **more: Any) -> Metric:
    return Metric(name=name, label=label, unit=unit, part=part, whole=whole, of=of, **more)


NOT_UPGRADED = "not_upgraded_of_started"
"""The metric that counts all who began and did not get there, however they ended or did not."""

_UPGRADES, _REFUSES = Says("upgrades"), Says("leaves", " refused by their hosts")

_OUTCOME: Mapping[str, dict[str, Any]] = {
    "upgraded": {
        "better": "more",
        "says": _UPGRADES,
        "shown": {"comparison": Shown(40), "leads": Shown(20, "most upgraded, of all devices")},
    },
    "failed": {
        "at_equal_exposure": "failed_of_started",
        "counted_in": NOT_UPGRADED,
        "shown": {"comparison": Shown(20), "leads": Shown(40, "fewest failed, of all devices")},
    },
    "refused": {"says": _REFUSES},
    "bricked": {
        "says": Says("bricks"),
        "at_equal_exposure": "bricked_of_started",
        "shown": {
            "explorer": Shown(30, "bricked"),
            "report": Shown(20, "bricked, of all devices"),
            "comparison": Shown(10),
            "leads": Shown(30, "fewest bricked, of all devices"),
            "sensitivity": Shown(20),
        },
    },
    "rolled_back": {"counted_in": NOT_UPGRADED, "shown": {"comparison": Shown(30)}},
    "already_on_target": {"better": None, "says": None},
}
"""What is not the same for all outcomes."""


OUTCOME_WORDS: Mapping[str, str] = {
    "in_progress": "still in progress at the end",
    "refused": "refused by the host",
    "unreachable": "out of reach",
    "already_on_target": "on the target version before",
}
"""Outcomes whose names do not read as what they are."""


def _outcome(name: str) -> Metric:
    words = OUTCOME_WORDS.get(name, name.replace("_", " "))
    usual = {"better": "less", "says": Says("leaves", f" {words}")}
    more = usual | _OUTCOME.get(name, {})
    return _of_all(f"outcome_{name}", f"{words}, of all devices", name, outcome=True, aliases=(name,), **more)


QUANTILES_PCT = (50, 90, 95, 99)
"""Shares of the targeted devices by whose upgrade a rollout is timed."""

_TIMED: Mapping[int, dict[View, Shown]] = {
    50: {
        "explorer": Shown(60, "to 50 % upgraded"),
        "report": Shown(30, "until half of the targeted are upgraded"),
        "comparison": Shown(50),
        "leads": Shown(70, "fastest to half of the targeted devices"),
    },
    90: {
        "explorer": Shown(70, "to 90 % upgraded"),
        "report": Shown(40, "until 90 % of the targeted are upgraded"),
        "comparison": Shown(60),
        "leads": Shown(60, "fastest to 90 % of the targeted devices"),
    },
    95: {"comparison": Shown(70), "sensitivity": Shown(30)},
}


def _time_to(percent: int) -> Metric:
    """When at least that share of the targeted devices is upgraded."""
    return Metric(
        name=f"time_to_{percent}_pct_ms",
        label=f"time to {percent} % of targeted upgraded",
        unit="ms",
        value=f"reached_{percent}_pct_ms",
        part=f"upgrades_to_{percent}_pct",
        whole="targeted",
        of="targeted devices",
        percent=percent,
        better="less",
        says=Says("takes", f" to upgrade {percent} % of the targeted devices"),
        aliases=(f"time_to_{percent}", f"time_to_{percent}_pct"),
        shown=_TIMED.get(percent, {}),
    )


PRICED = ("per_MB", "per_visit", "per_device_day", "per_not_upgraded", "per_mAh")
"""What may have a price in a scenario (scenario/prices.py), in the order to tell."""
ANY_PRICE = "prices"
COST = "cost_total"
"""What decides where a scenario has prices."""


def _cost(name: str, label: str, price: str, rest: str, **more: Any) -> Metric:
    says = Says("costs", f" for {rest}")
    return _number(f"cost_{name}", label, MONEY, grows=True, price=price, better="less", says=says, **more)


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

_STARTED = "devices that began an upgrade"

_MOMENT = "where peaks are about as high, the highest is at one or at another, and a mean lies between them"

UNFINISHED = "unfinished_of_started"
"""The metric that says how many are still at it at the horizon."""
ATTEMPTS_OF_UNFINISHED = "attempts_per_unfinished"
"""The metric that says how often these have tried."""

STARTED_OF_FLEET = "started_of_fleet"
"""The metric that says to how many devices an update could do harm."""

_ALL = (
    _number("devices", "devices", "devices", grows=True),
    _number("targeted", "targeted devices", "devices", grows=True),
    _of_all("success_of_fleet", "upgraded, of the fleet", "upgraded", better="more", says=_UPGRADES),
    _of_targeted(
        "success_of_targeted",
        "upgraded, of targeted",
        "upgraded",
        better="more",
        says=_UPGRADES,
        aliases=("success",),
        shown={
            "explorer": Shown(10, "upgraded"),
            "report": Shown(10, "upgraded, of targeted devices"),
            "leads": Shown(10, "most upgraded, of targeted devices"),
            "sweep": Shown(20),
            "sensitivity": Shown(10),
        },
    ),
    _devices(
        "success_of_started",
        "upgraded, of started",
        "started_upgraded",
        "started_ended",
        f"{_STARTED} and are not still in it",
        better="more",
    ),
    _devices(
        "failed_of_started",
        "failed, rolled back or bricked, of started",
        "started_failed",
        "started",
        _STARTED,
        better="less",
        counted_in=NOT_UPGRADED,
    ),
    _devices(
        NOT_UPGRADED,
        "failed, lost or still at it, of started",
        "started_not_upgraded",
        "started",
        _STARTED,
        better="less",
    ),
    _devices(UNFINISHED, "still at it at the end, of started", "started_unfinished", "started", _STARTED),
    _devices("bricked_of_started", "bricked, of started", "started_bricked", "started", _STARTED, better="less"),
    _of_all(STARTED_OF_FLEET, "began an upgrade, of all devices", "started"),
    _of_targeted(
        "failed_of_targeted",
        "failed, rolled back or bricked, of targeted",
        "failed_in_any_way",
        better="less",
        says=Says("leaves", " failed, rolled back or bricked"),
        at_equal_exposure="failed_of_started",
        counted_in=NOT_UPGRADED,
        shown={
            "explorer": Shown(20, "failed or bricked"),
            "leads": Shown(50, "fewest failed, rolled back or bricked, of targeted devices"),
            "sweep": Shown(10),
        },
    ),
    _of_targeted(
        "refused_of_targeted",
        "refused by the host, of targeted",
        "refused",
        better="less",
        says=_REFUSES,
        shown={"explorer": Shown(40, "refused")},
    ),
    _of_targeted(
        "not_offered_of_targeted",
        "not offered, of targeted",
        "withheld",
        better="less",
        says=Says("leaves", " not offered"),
        shown={"explorer": Shown(50, "not offered")},
    ),
    *map(_outcome, OUTCOMES),
    _ratio(
        "attempts_per_started",
        "attempts per started device",
        "attempts",
        "attempts",
        "started",
        _STARTED,
        by_device=True,
        better="less",
        says=Says("takes", " attempts for each device that began"),
    ),
    _ratio(
        ATTEMPTS_OF_UNFINISHED,
        "attempts of a device that is still at it",
        "attempts",
        "attempts_of_unfinished",
        "started_unfinished",
        "devices that began an upgrade and are still in it at the end",
    ),
    _ratio(
        "download_failures_per_started",
        "download failures per started device",
        "failures",
        "download_failures",
        "started",
        _STARTED,
        better="less",
    ),
    *map(_time_to, QUANTILES_PCT),
    _ratio(
        "upgraded_per_hour_middle_90_pct",
        "upgraded per hour, middle 90 % of upgrades",
        "devices/h",
        "middle_upgrades",
        "middle_hours",
        "hours in which the middle 90 % of the upgrades happen",
        grows=True,
        better="more",
        aliases=("throughput",),
        shown={"sweep": Shown(30)},
    ),
    _ratio(
        "upgraded_per_hour_to_last",
        "upgraded per hour until the last upgrade",
        "devices/h",
        "upgrades",
        "hours_of_upgrades",
        "hours until the last upgrade",
        grows=True,
        no_interval="a single straggler rules it, and may be in none of ten replications",
    ),
    _number("upgraded_per_hour_peak", "upgraded in the busiest hour", "devices", grows=True),
    _number("upgraded_per_hour_peak_ms", "start of the busiest hour", "ms", no_interval=_MOMENT),
    _number(
        "downloads_peak",
        "most downloads at once",
        "downloads",
        grows=True,
        better="less",
        says=Says("has", " downloads at once at its peak"),
        aliases=("peak_downloads",),
        shown={"explorer": Shown(80, "most downloads at once"), "comparison": Shown(100)},
    ),
    _number("downloads_peak_ms", "time of most downloads", "ms", no_interval=_MOMENT),
    _number(
        "bytes_sent",
        "bytes sent",
        "B",
        grows=True,
        by_device=True,
        better="less",
        says=Says("sends"),
        shown={"explorer": Shown(90, "sent"), "report": Shown(50, "sent")},
    ),
    _number(
        "bytes_wasted",
        "bytes wasted",
        "B",
        grows=True,
        better="less",
        says=Says("wastes"),
        shown={"comparison": Shown(80), "sensitivity": Shown(40)},
    ),
    _ratio(
        "bytes_wasted_share", "bytes wasted, share", "share", "bytes_wasted", "bytes_sent", "bytes sent", better="less"
    ),
    _number(
        "energy_J",
        "energy of the update",
        "J",
        grows=True,
        by_device=True,
        better="less",
        says=Says("uses", " of energy"),
        aliases=("energy",),
    ),
    _ratio(
        "energy_per_upgraded_J",
        "energy per upgraded device",
        "J",
        "energy_J",
        "upgraded",
        "upgraded devices",
        by_device=True,
        better="less",
        aliases=("energy_per_upgraded",),
        shown={"report": Shown(60, "energy for each upgraded device")},
    ),
    _number(
        "energy_wasted_J",
        "energy wasted",
        "J",
        grows=True,
        better="less",
        says=Says("wastes", " of energy"),
        aliases=("energy_wasted",),
        shown={"explorer": Shown(100, "energy wasted"), "comparison": Shown(90)},
    ),
    _ratio(
        "energy_wasted_share",
        "energy wasted, share",
        "share",
        "energy_wasted_J",
        "energy_J",
        "energy of the update",
        better="less",
    ),
    _number(
        "battery_mAh",
        "charge that the update takes from batteries",
        "mAh",
        grows=True,
        by_device=True,
        better="less",
        says=Says("takes", " from batteries"),
        aliases=("battery",),
    ),
    _ratio(
        "battery_life_days",
        "battery life that the update takes from a device",
        "days",
        "life_days_taken",
        "batteries_drawn_on",
        "devices whose battery the update drew on, and whose expected life is known",
        by_device=True,
        better="less",
        says=Says("takes", " days of battery life from a device"),
        aliases=("battery_life",),
        shown={"report": Shown(70, "of battery life for each device on battery")},
    ),
    _number(
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
    _number(
        "device_days_waited",
        "days on the old version, of all devices together",
        "device-days",
        price="per_device_day",
        grows=True,
        by_device=True,
        better="less",
        says=Says("waits", " device-days"),
    ),
    _devices(
        "success_as_platform_shows",
        "success rate as the platform shows it",
        "believed_upgraded",
        "shown_as_ended",
        "devices shown as Upgraded or Upgrade Failed",
    ),
    _devices(
        "believed_not_upgraded",
        "believed upgraded, but not",
        "believed_wrongly",
        "believed_upgraded",
        "devices the platform believes upgraded",
        better="less",
    ),
    _devices(
        "upgraded_not_believed",
        "upgraded, but not believed",
        "upgraded_unnoticed",
        "upgraded",
        "upgraded devices",
        better="less",
    ),
    _of_all("belief_agreement", "platform is right about who is upgraded", "believed_rightly", better="more"),
)

METRICS: Mapping[str, Metric] = {each.name: each for each in _ALL}
"""By name, in the order to show them."""

OF_DEVICES = tuple(each.name for each in _ALL if each.counts_devices)
"""Shares that count devices."""

ALIASES: Mapping[str, str] = {alias: each.name for each in _ALL for alias in each.aliases}
"""What people write for a metric besides its name."""

BETTER: Mapping[str, Better] = {each.name: each.better for each in _ALL if each.better is not None}
"""Which way is better, by metric; those that only describe are not in it."""

TAKEN_UNITS = frozenset(each.unit for each in _ALL)
"""What no currency may be called."""

QUANTITIES = frozenset(name for each in _ALL for name in (each.value, each.part, each.whole) if name)
"""What metrics are made of."""


def told_with(priced: Collection[str]) -> tuple[str, ...]:
    """The metrics that there are where these fields of ``PRICED`` have a price, in the order to show them."""
    return tuple(each.name for each in _ALL if _is_told(each, priced))


def lacking(metric: str, priced: Collection[str]) -> str:
    """What a scenario lacks to have this metric, and what would do; empty if it has it."""
    price = METRICS[metric].price
    if _is_told(METRICS[metric], priced):
        return ""
    example = f"prices: {{currency: EUR, {'per_visit' if price == ANY_PRICE else price}: 85}}"
    what = "has no prices" if price == ANY_PRICE or not priced else f"has no price {price}"
    return f"there is no {metric}, for the scenario {what}; add {example}"


def _is_told(metric: Metric, priced: Collection[str]) -> bool:
    return not metric.price or metric.price in priced or (metric.price == ANY_PRICE and bool(priced))


def shown_in(view: View, priced: Collection[str] = PRICED) -> dict[str, str]:
    """The metrics of a view in its order, and what each is called there; ``priced``: what has a price."""
    views = (each for each in _ALL if view in each.shown and _is_told(each, priced))
    places = sorted((each.shown[view].place, each.name) for each in views)
    return {name: METRICS[name].shown[view].words for _, name in places}


def best_first(metric: str, value: float) -> float:
    """A key to sort by: the better, the smaller. Raises KeyError for a metric without a better side."""
    return -value if BETTER[metric] == "more" else value


def metric_name(word: str) -> str:
    """The metric that ``word`` names; raises ValueError with what was perhaps meant."""
    name = ALIASES.get(word.strip(), word.strip())
    if name not in METRICS:
        known: Sequence[str] = [*ALIASES, *METRICS]
        raise ValueError(f"there is no metric {quoted(word.strip())}{did_you_mean(word.strip(), known)}")
    return name
