"""The key numbers: value, interval, and the change against the pinned baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.compare.sentences import same, signed
from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import SHARE, Measurement
from fota_sim.analysis.numbers.paired import measured_difference
from fota_sim.analysis.numbers.rounding import NARROW, format_interval, format_value
from fota_sim.report.explore.player import Answer, Played
from fota_sim.scenario.metrics import shown_in

SHOWN = shown_in("explorer")
"""Metrics by name, in the order to show them, each with its short label; of costs those that are priced."""


_OF = {"targeted devices": "targeted"}
"""Denominators as a tile has room for them."""


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
    sample: str = ""
    """Of how many devices it is worked out; empty: of all."""


def numbers(answer: Answer) -> list[Number]:
    """The key numbers of an answer with at least one replication."""
    changes = _differences(answer)
    told = shown_in("explorer", answer.now.scenario.priced)
    return [_number(metric, answer.now, changes.get(metric)) for metric in told]


def compared(answer: Answer) -> str:
    """How the numbers are compared with the baseline, in a sentence; empty if nothing is pinned."""
    if answer.pinned is None:
        return ""
    if not _same_luck(answer.now, answer.pinned):
        seeds = f"seeds {answer.now.scenario.seed} and {answer.pinned.scenario.seed}"
        return (
            f"Changes are against the pinned baseline, not paired ({seeds}): intervals are those of independent runs."
        )
    if answer.now.sample is not None:
        return "Changes are against a sample of the pinned baseline with the same luck."
    common = min(len(answer.now.outlines), len(answer.pinned.outlines))
    runs = f"{common} replication{'' if common == 1 else 's'}"
    return f"Changes are against the pinned baseline with the same luck, paired over {runs}."


def replications(played: Played) -> str:
    """How many replications, and how many devices, the numbers rest on, and what that means for them."""
    if played.sample is not None:
        sample = played.sample
        return f"A sample: {sample.devices:,} of {sample.of:,} devices, scaled up; all of them are being played"
    done, asked = len(played.outlines), played.scenario.replications
    count = f"{done} of {asked} replications" if done < asked else f"{asked} replication{'' if asked == 1 else 's'}"
    if done < FEWEST_REPLICATIONS:
        return f"{count}; 95 % intervals from {FEWEST_REPLICATIONS} on"
    return f"{count}, means with 95 % intervals"


def _number(metric: str, played: Played, row: Mapping[str, Any] | None) -> Number:
    runs = [each.measured[metric] for each in played.outlines]
    found, unit = metric_estimate(runs), runs[0].unit
    interval = "" if found.interval is None else f"95 %: {_range(found.interval, unit)}"
    value = _short(found.value, unit)
    sample = ""
    if played.sample is not None:
        interval = sample = f"sample of {played.sample.devices:,} devices"
        value = f"≈ {value}" if found.value is not None else value
    if found.value is None and found.note:
        interval = "not reached" if unit == "ms" and "no value" in found.note else found.note
    change, change_interval, clear = ("", "", False) if row is None else _change(row)
    if sample and change and change != "–":
        change, change_interval = f"≈ {change}", ""
    of = _OF.get(runs[0].denominator_text, runs[0].denominator_text) if unit == SHARE else ""
    of = f"of {of}" if of else ""
    return Number(metric, SHOWN[metric], of, value, interval, change, change_interval, clear, sample)


def _short(value: float | None, unit: str) -> str:
    """A value as a tile has room for it: counts without decimals that nobody needs, and without what the label says."""
    if unit == "downloads" and value is not None:
        return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
    return format_value(value, unit)


def _range(ends: tuple[float, float], unit: str) -> str:
    """Both ends, of shares as tables have them; a unit that they share is said once."""
    if unit == SHARE:
        return format_interval(ends, unit)
    low, high = (_short(end, unit) for end in ends)
    if low == high:
        return NARROW
    number, _, low_unit = low.rpartition(" ")
    if low_unit == high.rpartition(" ")[2] and " " not in number and number:
        low = number
    return f"{low} to {high}"


def _change(row: Mapping[str, Any]) -> tuple[str, str, bool]:
    """The change, its interval or why there is none, and whether that leaves out zero."""
    if same(row):
        return "no change", "", False
    if row["difference"] is None:
        return "–", row["note"], False
    change = _points(signed(row, "difference"))
    if row["low"] is None:
        return change, row["note"] if row["note"].startswith("too rare") else "", False
    return change, f"95 %: {_points(signed(row, 'low', 'high'))}", not row["low"] <= 0 <= row["high"]


def _points(text: str) -> str:
    return text.replace("percentage points", "points")


def _differences(answer: Answer) -> dict[str, dict[str, Any]]:
    """By metric, what analysis/compare/sentences.py writes: now minus baseline, of the replications that both have.

    Shares stay shares, in percentage points.
    """
    if answer.pinned is None:
        return {}
    common = min(len(answer.now.outlines), len(answer.pinned.outlines))
    now, base = answer.now.outlines[:common], answer.pinned.outlines[:common]
    found = {}
    for metric in shown_in("explorer", answer.now.scenario.priced & answer.pinned.scenario.priced):
        first, second = [each.measured[metric] for each in base], [each.measured[metric] for each in now]
        difference = measured_difference(metric, first, second, _same_luck(answer.now, answer.pinned))
        low, high = difference.interval() or (None, None)
        note = _not_reached(first, second) if difference.value is None else difference.note
        row: dict[str, Any] = {"metric": metric, "unit": first[0].unit, "of": None, "note": note}
        found[metric] = row | {"difference": difference.value, "low": low, "high": high}
    return found


def _not_reached(base: Sequence[Measurement], now: Sequence[Measurement]) -> str:
    """Who lacks a value, in a tile's words."""
    if all(run.value is None for run in (*base, *now)):
        return "without a value before and now"
    lacking = [
        f"{who} in {missing} of {len(runs)}"
        for who, runs in (("baseline", base), ("now", now))
        if (missing := sum(run.value is None for run in runs))
    ]
    return f"without a value: {', '.join(lacking)}"


def _same_luck(now: Played, base: Played) -> bool:
    """Whether replications of one number have the same draws: a device's depend on the seed and its id alone."""
    return now.scenario.seed == base.scenario.seed
