"""The key numbers: value, interval, and the change against the pinned baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.compare import PlayedVariant, Runs, compare
from fota_sim.analysis.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.rounding import format_value
from fota_sim.analysis.sentences import same, signed
from fota_sim.analysis.study import Study
from fota_sim.analysis.summary import metric_estimate
from fota_sim.analysis.variants import Variant
from fota_sim.report.explore.player import Answer, Played

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
BASELINE, NOW = "the baseline", "now"


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
    changes = {row["metric"]: row for row in _differences(answer)}
    return [_number(metric, answer.now, changes.get(metric)) for metric in SHOWN]


def compared(answer: Answer) -> str:
    """How the numbers are compared with the baseline, in a sentence; empty if nothing is pinned."""
    if answer.pinned is None:
        return ""
    notes = _comparison(answer)["notes"]
    if notes:
        return f"{'; '.join(notes)}."
    return "Changes are against the pinned baseline: the same devices with the same luck, paired by replication."


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


def _differences(answer: Answer) -> Sequence[dict[str, Any]]:
    if answer.pinned is None:
        return ()
    rows: list[dict[str, Any]] = _comparison(answer)["differences"]
    return [{**row, "of": None} for row in rows]  # shares stay shares, in percentage points


def _comparison(answer: Answer) -> dict[str, Any]:
    """What ``fota-sim compare`` finds, of the replications that both have."""
    if answer.pinned is None:
        return {"notes": [], "differences": []}
    common = min(len(answer.now.outlines), len(answer.pinned.outlines))
    sides = ((BASELINE, answer.pinned), (NOW, answer.now))
    variants = [Variant(name, played.scenario, name) for name, played in sides]
    played = [_variant_played(side, common) for _, side in sides]
    return compare(variants, played, list(SHOWN)).report


def _variant_played(played: Played, common: int) -> PlayedVariant:
    runs: Runs = {each.replication: each.measured for each in played.outlines[:common]}
    return PlayedVariant(runs, Study(played.scenario, {}, {}, None))
