"""The key numbers: value, interval, and the change against the pinned baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.metrics import Measurement
from fota_sim.analysis.paired import Difference, independent_difference, paired_difference
from fota_sim.analysis.rounding import format_value
from fota_sim.analysis.sentences import same, signed
from fota_sim.analysis.summary import metric_estimate
from fota_sim.report.explore.player import Answer, Played
from fota_sim.scenario.metric_names import OF_DEVICES

SHOWN = {
    "success_of_targeted": "upgraded",
    "failed_of_targeted": "failed, rolled back or bricked",
    "outcome_bricked": "bricked",
    "refused_of_targeted": "refused by the host",
    "not_offered_of_targeted": "not offered",
    "time_to_50_pct_ms": "to 50 % upgraded",
    "time_to_90_pct_ms": "to 90 % upgraded",
    "downloads_peak": "downloads at once, at most",
    "bytes_sent": "sent",
    "energy_wasted_J": "energy wasted",
}
"""Metrics by name (analysis/metrics.py), in the order to show them, each with its short label."""


@dataclass(frozen=True)
class Number:
    """One key number in words."""

    metric: str
    label: str
    of: str
    """What a share is of; empty for what is no share."""
    value: str
    interval: str
    """Of the value; empty where there is none."""
    change: str
    """Against the baseline; empty if nothing is pinned."""
    change_interval: str
    """Or why there is none."""
    clear: bool
    """Whether the interval of the change leaves out zero."""


def numbers(answer: Answer) -> list[Number]:
    """The key numbers of an answer with at least one replication."""
    changes = _differences(answer)
    return [_number(metric, answer.now, changes.get(metric)) for metric in SHOWN]


def compared(answer: Answer) -> str:
    """How the numbers are compared with the baseline, in a sentence; empty if nothing is pinned."""
    if answer.pinned is None:
        return ""
    if not _same_luck(answer.now, answer.pinned):
        seeds = f"seeds {answer.now.scenario.seed} and {answer.pinned.scenario.seed}"
        return (
            f"Changes are against the pinned baseline, not paired ({seeds}): intervals are those of independent runs."
        )
    common = min(len(answer.now.outlines), len(answer.pinned.outlines))
    runs = f"{common} replication{'' if common == 1 else 's'}"
    return f"Changes are against the pinned baseline with the same luck, paired over {runs}."


def replications(played: Played) -> str:
    """How many replications the numbers rest on, and what that means for them."""
    done, asked = len(played.outlines), played.scenario.replications
    count = f"{done} of {asked} replications" if done < asked else f"{asked} replication{'' if asked == 1 else 's'}"
    if done < FEWEST_REPLICATIONS:
        return f"{count}; 95 % intervals from {FEWEST_REPLICATIONS} on"
    return f"{count}, means with 95 % intervals"


def _number(metric: str, played: Played, row: dict[str, Any] | None) -> Number:
    runs = [each.measured[metric] for each in played.outlines]
    found, unit = metric_estimate(runs), runs[0].unit
    interval = "" if found.interval is None else _range(found.interval, unit)
    value = format_value(found.value, unit)
    if found.value is None and found.note:
        interval = "not reached" if unit == "ms" and "no value" in found.note else found.note
    change, change_interval, clear = ("", "", False) if row is None else _change(row)
    of = runs[0].denominator_text if unit == "share" else ""
    return Number(metric, SHOWN[metric], f"of {of}" if of else "", value, interval, change, change_interval, clear)


def _range(ends: tuple[float, float], unit: str) -> str:
    """Both ends; a unit that they share is said once."""
    low, high = (format_value(end, unit) for end in ends)
    _, _, low_unit = low.rpartition(" ")
    if unit != "ms" and low.count(" ") == 1 and high.endswith(f" {low_unit}"):
        low = low.removesuffix(f" {low_unit}")
    return f"{low} to {high}"


def _change(row: dict[str, Any]) -> tuple[str, str, bool]:
    if same(row):
        return "no change", "", False
    if row["difference"] is None:
        return "–", row["note"], False
    if row["low"] is None:
        return signed(row, "difference"), row["note"] if row["note"].startswith("too rare") else "", False
    return signed(row, "difference"), signed(row, "low", "high"), not row["low"] <= 0 <= row["high"]


def _differences(answer: Answer) -> dict[str, dict[str, Any]]:
    """By metric, what analysis/sentences.py writes: now minus baseline, of the replications that both have.

    Shares stay shares, in percentage points.
    """
    if answer.pinned is None:
        return {}
    common = min(len(answer.now.outlines), len(answer.pinned.outlines))
    now, base = answer.now.outlines[:common], answer.pinned.outlines[:common]
    found = {}
    for metric in SHOWN:
        first, second = [each.measured[metric] for each in base], [each.measured[metric] for each in now]
        difference = _difference(metric, first, second, _same_luck(answer.now, answer.pinned))
        low, high = difference.interval() or (None, None)
        row: dict[str, Any] = {"metric": metric, "unit": first[0].unit, "of": None, "note": difference.note}
        found[metric] = row | {"difference": difference.value, "low": low, "high": high}
    return found


def _difference(metric: str, base: Sequence[Measurement], now: Sequence[Measurement], paired: bool) -> Difference:
    first, second = [run.value for run in base], [run.value for run in now]
    if not paired:
        return independent_difference(first, second)
    events = math.fsum(run.numerator or 0.0 for run in (*base, *now)) if metric in OF_DEVICES else None
    return paired_difference(first, second, events)


def _same_luck(now: Played, base: Played) -> bool:
    """Whether replications of one number have the same draws: a device's depend on the seed and its id alone."""
    return now.scenario.seed == base.scenario.seed
