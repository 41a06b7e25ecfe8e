"""Pieces of sentences that several figures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.wording import count_of, outcome_text
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study


def targeted(study: Study) -> str:
    """``the 39,600 targeted devices``, without the article."""
    return count_of(study.summary["metrics"]["targeted"]["value"], "targeted device")


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
    return f"{text} (95 %: {low.removesuffix(' %')} to {high})"


def outcome_name(outcome: str) -> str:
    """An outcome as it is read."""
    return outcome_text(outcome)
