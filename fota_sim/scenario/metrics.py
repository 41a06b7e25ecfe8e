"""The metrics: an entry says of each what it is called, measured in, made of, better at, and where it is shown.

The entries stand in ``metric_list``, a file for what they are of; whoever asks for a metric asks here.
What reads a scenario's thresholds, what counts a replication, sentences, tables and pages all look here. Entries name
the *quantities* that a number is made of. How those are counted is in ``fota_sim/analysis/numbers/quantities.py``,
which a scenario is checked without; the sum of a column of the device table over all devices is a quantity by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fota_sim.quoting import quoted
from fota_sim.scenario.metric_list.amounts import AMOUNTS
from fota_sim.scenario.metric_list.beliefs import BELIEFS
from fota_sim.scenario.metric_list.costs import ANY_PRICE, COST, COST_PARTS, COSTS, PRICED
from fota_sim.scenario.metric_list.fates import (
    ATTEMPTS_OF_UNFINISHED,
    FATES,
    NOT_UPGRADED,
    OUTCOME_WORDS,
    STARTED_OF_FLEET,
    UNFINISHED,
)
from fota_sim.scenario.metric_list.metric import MONEY, SHARE, TIME, Better, Metric, View
from fota_sim.scenario.metric_list.speed import QUANTILES_PCT, SPEED
from fota_sim.scenario.wording import did_you_mean

__all__ = [
    "ALIASES",
    "ANY_PRICE",
    "ATTEMPTS_OF_UNFINISHED",
    "BETTER",
    "COST",
    "COST_PARTS",
    "METRICS",
    "MONEY",
    "NOT_UPGRADED",
    "OF_DEVICES",
    "OUTCOME_WORDS",
    "PRICED",
    "QUANTILES_PCT",
    "QUANTITIES",
    "SHARE",
    "STARTED_OF_FLEET",
    "TAKEN_UNITS",
    "TIME",
    "UNFINISHED",
    "Metric",
    "View",
    "best_first",
    "lacking",
    "metric_name",
    "short_label",
    "shown_in",
    "spoken",
    "told_with",
]

_ALL = (*FATES, *SPEED, *AMOUNTS, *COSTS, *BELIEFS)

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


def short_label(label: str) -> str:
    """``bricked`` for ``bricked, of all devices``, where what it is of is said or does not matter."""
    return label.removesuffix(", of all devices")


_WHOLES = {"targeted": "the targeted", "started": "those that began"}
_OTHER_PARTS = {"share": "as a share", "middle 90 % of upgrades": "in the middle 90 % of upgrades"}


def spoken(label: str) -> str:
    """A label within a sentence, where a comma would end a clause: ``upgraded of the targeted``.

    >>> spoken("failed, rolled back or bricked, of started"), spoken("bytes wasted, share")
    ('failed, rolled back or bricked of those that began', 'bytes wasted as a share')
    """
    name, comma, part = label.rpartition(", ")
    if comma and part in _OTHER_PARTS:
        return f"{name} {_OTHER_PARTS[part]}"
    if comma and part.startswith("of "):
        whole = part.removeprefix("of ")
        return f"{name} of {_WHOLES.get(whole, whole)}"
    return label


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
