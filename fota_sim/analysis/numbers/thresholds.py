"""Did a rollout keep its limits? Pass, fail, or undecided at this precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fota_sim.analysis.numbers.certainty import Certainty, certainty
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.rounding import format_value, joined_ends
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import METRICS
from fota_sim.scenario.thresholds import Threshold, parse_threshold

Verdict = Literal["pass", "fail", "undecided"]
PASS: Verdict = "pass"
FAIL: Verdict = "fail"
UNDECIDED: Verdict = "undecided"


Measured = Sequence[Mapping[str, Measurement]]
"""The metrics of each replication."""


def judge(
    thresholds: Sequence[str], measured: Measured, horizon_ms: int, by_plan: Mapping[str, Measured] | None = None
) -> list[dict[str, Any]]:
    """A row per threshold: threshold, metric, label, unit, limit, value, interval (to decide on), verdict, reason.

    ``by_plan``: what was measured of each of several plans, for thresholds that name one; where that is not known, as
    in comparisons and sweeps, they are undecided.
    """
    of_plans = by_plan or {}
    found = []
    for threshold in map(parse_threshold, thresholds):
        if threshold.plan and threshold.plan not in of_plans:
            row = _judge(threshold, measured, horizon_ms)
            reason = "it is about one plan, and only the numbers of all devices are known here; fota-sim run judges it"
            found.append(row | {"value": None, "interval": None, "verdict": UNDECIDED, "reason": reason})
        else:
            found.append(_judge(threshold, of_plans.get(threshold.plan, measured), horizon_ms))
    return found


def overall(verdicts: Sequence[Mapping[str, Any]]) -> Verdict:
    """The verdict on all: fail if any failed, else undecided if any is, else pass."""
    found = {row["verdict"] for row in verdicts}
    return FAIL if FAIL in found else UNDECIDED if UNDECIDED in found else PASS


def _judge(threshold: Threshold, measured: Sequence[Mapping[str, Measurement]], horizon_ms: int) -> dict[str, Any]:
    runs = [run[threshold.metric] for run in measured]
    known = certainty(threshold.metric, runs)
    verdict, reason = _verdict(threshold, known, runs, horizon_ms)
    return {
        "threshold": threshold.text,
        "metric": threshold.metric,
        "label": runs[0].label,
        "unit": runs[0].unit,
        "limit": threshold.limit,
        "value": known.value,
        "interval": None if known.interval is None else list(known.interval),
        "verdict": verdict,
        "reason": reason,
    }


def _verdict(
    threshold: Threshold, known: Certainty, runs: Sequence[Measurement], horizon_ms: int
) -> tuple[Verdict, str]:
    if known.interval is None:
        return _without_interval(threshold, known, runs, horizon_ms)
    low, high = known.interval
    if threshold.holds(low) and threshold.holds(high):
        return PASS, f"the whole {_range(known, runs[0].unit)} keeps it"
    if not threshold.holds(low) and not threshold.holds(high):
        return FAIL, f"the whole {_range(known, runs[0].unit)} breaks it"
    return (
        UNDECIDED,
        f"the {_range(known, runs[0].unit)} reaches over the limit; more replications narrow it",
    )


def _without_interval(
    threshold: Threshold, known: Certainty, runs: Sequence[Measurement], horizon_ms: int
) -> tuple[Verdict, str]:
    """A time that is not reached within the horizon is longer than the horizon: enough to break a shorter limit."""
    reached = sum(run.value is not None for run in runs)
    if not METRICS[threshold.metric].may_not_be_reached or reached == len(runs):
        return UNDECIDED, known.note
    if reached == 0 and len(runs) >= 5 and threshold.from_above and threshold.limit <= horizon_ms:
        return FAIL, f"not reached within the horizon in any of {len(runs)} replications"
    return (
        UNDECIDED,
        f"reached within the horizon in {reached} of {number_of(len(runs), 'replication')}, so there is no mean",
    )


def _range(known: Certainty, unit: str) -> str:
    """The interval that decides, called cautious where it is not the one that stands beside the value in tables."""
    if known.interval is None:
        return ""
    low, high = known.interval
    ends = joined_ends(*(format_share(end, unit) for end in (low, high))) if low != high else format_share(low, unit)
    return f"{'cautious ' if known.cautious else ''}95 % interval {ends}"


def format_share(value: float, unit: str) -> str:
    """As ``format_value``, but small shares keep two digits, for limits are small: 0.0018 %."""
    if unit == "share" and 0 < value < 0.01:
        return f"{float(f'{100 * value:.2g}'):f}".rstrip("0").rstrip(".") + " %"
    return format_value(value, unit)
