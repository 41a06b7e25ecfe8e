"""Pieces of sentences that several figures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.rounding import format_duration, format_value
from fota_sim.analysis.study import Study
from fota_sim.scenario.model import Scenario

_UNITS_MS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))


def span(ms: float) -> str:
    """A round duration in words, ``7 days`` or ``90 minutes``; any other in two steps."""
    for name, unit_ms in _UNITS_MS:
        if ms >= unit_ms and ms % unit_ms == 0:
            return number_of(ms // unit_ms, name)
    return format_duration(ms)


def number_of(count: float, noun: str) -> str:
    """``1 device``, ``40,000 devices``, ``39,204.5 devices``: a mean over replications need not be whole."""
    return f"{count_text(count)} {noun}{'' if count == 1 else 's'}"


def count_text(count: float) -> str:
    """``40,000``, or ``39,204.5`` for a mean that is not whole."""
    return f"{count:,.{0 if count == int(count) else 1}f}"


def targeted(study: Study) -> str:
    """``the 39,600 targeted devices``, without the article."""
    return number_of(study.summary["metrics"]["targeted"]["value"], "targeted device")


def replications(study: Study) -> str:
    """``mean of 5 replications``."""
    count = study.summary["replications"]
    return "one replication" if count == 1 else f"mean of {count} replications"


def share_with_interval(metric: Mapping[str, Any], what: str = "") -> str:
    """``54.30 % of ... (95 %: 53.10 to 54.90 %)``, from a metric of the summary that has a value."""
    text = f"{format_value(metric['value'], 'share')} {what}".rstrip()
    if metric["interval"] is None:
        return text
    low, high = (format_value(bound, "share") for bound in metric["interval"])
    return f"{text} (95 %: {low} to {high})"


def outcome_name(outcome: str) -> str:
    """An outcome as it is read."""
    return outcome.replace("_", " ")


def strategy_of(scenario: Scenario) -> str:
    """The scenario's name, and that of its strategy where there is one."""
    return scenario.name if scenario.strategy is None else f"{scenario.name}, {scenario.strategy}"
