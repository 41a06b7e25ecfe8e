"""Limits that a rollout has to keep, as people write them: ``bricked < 0.01%``, ``time_to_95 <= 7d``.

Of several plans, ``meters: bricked < 0.01%`` is about the devices of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator

from fota_sim.quoting import quoted
from fota_sim.scenario.metrics import METRICS, MONEY, TIME, metric_name
from fota_sim.scenario.units import RATIO, Unit

Comparison = Literal["<", "<=", ">", ">="]
_MONEY = re.compile(r"(.*\d)\s*([^\W\d_]{2,}|[^\w\s%])")
_FORM = re.compile(r"\s*(?:([A-Za-z0-9_\-]+)\s*:)?\s*([A-Za-z_][A-Za-z0-9_]*)\s*(<=|>=|<|>)\s*(.+?)\s*$")


@dataclass(frozen=True)
class Threshold:
    """One limit. ``limit`` is in the unit that the metric is measured in: shares of 1, ms, B, J."""

    text: str
    metric: str
    comparison: Comparison
    limit: float
    plan: str = ""
    """Of several plans the one whose devices it is about; empty: all devices."""
    currency: str = ""
    """What a limit on a cost is written in; empty if it says nothing."""

    @property
    def from_above(self) -> bool:
        """Whether the metric has to stay below the limit."""
        return self.comparison in ("<", "<=")

    def holds(self, value: float) -> bool:
        """Whether ``value`` keeps the limit."""
        return {
            "<": value < self.limit,
            "<=": value <= self.limit,
            ">": value > self.limit,
            ">=": value >= self.limit,
        }[self.comparison]


def parse_threshold(text: str) -> Threshold:
    """The limit in ``text``; raises ValueError that says what would do."""
    match = _FORM.match(text)
    if match is None:
        raise ValueError(
            f"{quoted(text)} is not a threshold; write a metric, <, <=, > or >=, and a value: bricked < 0.01%"
        )
    metric = metric_name(match[2])
    comparison: Comparison = match[3]  # type: ignore[assignment]  # the pattern allows these four only
    amount, currency = _without_currency(metric, match[4])
    limit = parse_amount(metric, amount)
    _check_reach(metric, comparison, limit, amount)
    return Threshold(" ".join(text.split()), metric, comparison, limit, match[1] or "", currency)


def _check_reach(metric: str, comparison: Comparison, limit: float, amount: str) -> None:
    """Raise ValueError for a limit beyond all that a metric can be: no run keeps it, or none fails it."""
    is_share = METRICS[metric].written_in is RATIO
    if limit < 0 or (is_share and limit > 1):
        reach = "from 0% to 100%" if is_share else "never below 0"
        raise ValueError(f"{metric} is {reach}, and {amount} lies outside; write another limit")
    if (comparison == "<" and limit == 0) or (comparison == ">" and is_share and limit == 1):
        raise ValueError(f"no run keeps {metric} {comparison} {amount}; write a limit that can be kept")


def _without_currency(metric: str, text: str) -> tuple[str, str]:
    """An amount, and the word or sign behind it if the metric is a cost."""
    match = _MONEY.fullmatch(text) if METRICS[metric].unit == MONEY else None
    return (match[1], match[2]) if match else (text, "")


def parse_amount(metric: str, text: str) -> float:
    """``text`` as a value of the metric, in the unit it is measured in; raises ValueError."""
    unit = METRICS[metric].written_in
    try:
        return in_measured_unit(unit, unit.parse(text))
    except ValueError as error:
        raise ValueError(f"{metric}: {error}") from None


def in_measured_unit(unit: Unit, value: float) -> float:
    """Times are written in seconds and measured in milliseconds; everything else is the same."""
    return value * 1000 if unit is TIME else value


def _checked(text: str) -> str:
    parse_threshold(text)
    return text


ThresholdText = Annotated[str, AfterValidator(_checked)]
"""A threshold as it is written in a scenario."""


MetricName = Annotated[str, AfterValidator(metric_name)]
"""A metric by its name or a shorter one, as it is written in a scenario."""


def of_all_devices(texts: Iterable[str]) -> list[str]:
    """Those that are not about one of several plans: what is known where only the numbers of all devices are."""
    return [text for text in texts if not parse_threshold(text).plan]
