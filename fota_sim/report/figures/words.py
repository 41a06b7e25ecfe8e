"""Pieces of sentences that several figures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.wording import count_of, outcome_text, targeted_text
from fota_sim.analysis.numbers.rounding import format_interval, format_value
from fota_sim.analysis.run.study import Study


def targeted(study: Study) -> str:
    """``39,600 targeted devices``, ``the one targeted device``."""
    number = study.summary["metrics"]["targeted"]["value"]
    return "the one targeted device" if number == 1 else targeted_text(number)


def all_of(number: float, noun: str) -> str:
    """``all 40,000 devices``, ``the one device``."""
    return f"the one {noun}" if number == 1 else f"all {count_of(number, noun)}"


def replications(study: Study) -> str:
    """``mean of 5 replications``."""
    count = study.summary["replications"]
    return "one replication" if count == 1 else f"mean of {count} replications"


def share_with_interval(metric: Mapping[str, Any], what: str = "") -> str:
    """``54.30 % of ... (95 %: 53.10 to 54.90 %)``, from a metric that has a value; as tables have its interval."""
    text = f"{format_value(metric['value'], 'share')} {what}".rstrip()
    if metric["interval"] is None:
        return text
    return f"{text} (95 %: {format_interval(metric['interval'], 'share')})"


def outcome_name(outcome: str) -> str:
    """An outcome as it is read."""
    return outcome_text(outcome)
