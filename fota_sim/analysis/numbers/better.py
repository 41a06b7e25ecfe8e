"""Which way a metric is better: what a rollout wants more of, and less of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fota_sim.scenario.metric_names import METRICS

Better = Literal["more", "less"]

_MORE = (
    "success_of_fleet",
    "success_of_targeted",
    "success_of_started",
    "outcome_upgraded",
    "upgraded_per_hour",
    "belief_agreement",
)
_NEITHER = (
    "devices",
    "targeted",
    "outcome_already_on_target",
    "upgraded_per_hour_peak",
    "upgraded_per_hour_peak_ms",
    "downloads_peak_ms",
    "success_as_platform_shows",
)
"""Descriptions: no side of them is the better one."""

BETTER: Mapping[str, Better] = {name: "more" if name in _MORE else "less" for name in METRICS if name not in _NEITHER}
"""By metric; those that only describe are not in it."""


def best_first(metric: str, value: float) -> float:
    """A key to sort by: the better, the smaller. Raises KeyError for a metric without a better side."""
    return -value if BETTER[metric] == "more" else value
