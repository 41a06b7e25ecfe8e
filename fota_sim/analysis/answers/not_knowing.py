"""Of a fitted scenario, in a sentence: what of a spread is not knowing what was learnt, and what chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.scenario.metrics import short_label, spoken

TOLD = 0.1
"""The least part of a spread for which a single parameter is named."""


def not_knowing(learnt: Mapping[str, Any] | None, metrics: Sequence[str], against: str = "") -> str:
    """Of the first of ``metrics`` whose spread analysis/run/known.py tells; empty if there is none.

    ``against``: between what its difference is told, ``between a and b``; empty where it is told of the number itself.
    """
    spread = {} if not learnt else learnt["spread"]
    row = next((spread[name] for name in metrics if name in spread), None)
    if row is None:
        return ""
    label = spoken(short_label(row["label"]))
    of = f"the difference in {label} {against}" if against else label
    known, chance = _percent(row["parameters"]), _percent(row["chance"])
    return (
        f"Of the spread of {of} over replications, {known} is not knowing what was learnt{_most(row)}, which a log of "
        f"more devices would narrow; {chance} is chance, which more replications average out."
    )


def _most(row: Mapping[str, Any]) -> str:
    first = next(iter(row["of"]), None)
    if first is None or first["share"] < TOLD:
        return ""
    return f" ({first['name']} alone {_percent(first['share'])})" if first["share"] < row["parameters"] else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
