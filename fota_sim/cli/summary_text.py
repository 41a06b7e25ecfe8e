"""The summary as text: the same numbers as in ``summary.json``, each with its denominator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fota_sim.analysis.answers.run import plan_answers, run_answer
from fota_sim.analysis.answers.wording import outcome_text, own_rules_texts, run_facts, value_text, why_no_interval
from fota_sim.analysis.numbers.rounding import format_interval, format_value
from fota_sim.cli.console import columns, paragraph
from fota_sim.cli.verdicts import precision_text, thresholds_text
from fota_sim.scenario.metrics import METRICS


def summary_text(summary: dict[str, Any], told: Sequence[str] = ()) -> str:
    """What ``fota-sim run`` and ``show`` print, from the dictionary of analysis/run/summary.py.

    ``told``: the answer in sentences, where more than the summary is known.
    """
    question = summary.get("question") or summary["description"]
    answers = [paragraph(question, told or run_answer(summary))]
    answers += [paragraph("", [plan]) for plan in plan_answers(summary)]
    parts = ["\n".join(answers), _heading(summary), _outcomes(summary)]
    if summary.get("plans"):
        parts.append(_plans(summary))
    if len(summary["groups"]) > 1:
        parts.append(_groups(summary))
    parts.append(_metrics(summary))
    if summary.get("learnt"):
        parts.append(_spread(summary["learnt"]))
    if summary.get("precision"):
        parts.append(precision_text(summary["precision"]))
    if summary.get("thresholds"):
        parts.append(thresholds_text(summary["thresholds"]))
    return "\n\n".join(parts)


def _heading(summary: dict[str, Any]) -> str:
    facts = ", ".join([summary["scenario"], *run_facts(summary)])
    return "\n".join([facts, *own_rules_texts(summary)])


def _outcomes(summary: dict[str, Any]) -> str:
    rows = [("Outcome", _devices(summary), "share of all")]
    for outcome in summary["outcomes"]:
        if not outcome["count"]:
            continue
        rows.append(
            (
                outcome_text(outcome["outcome"]),
                f"{outcome['count']:,}",
                format_value(outcome["share"], "share"),
            )
        )
        rows += [
            (f"  {cause['cause']}", f"{cause['count']:,}", format_value(cause["share"], "share"))
            for cause in summary["causes"]
            if cause["outcome"] == outcome["outcome"] and cause["cause"]
        ]
    return columns(rows, right=frozenset({1, 2}))


def _devices(summary: dict[str, Any]) -> str:
    """Above counts, which are of all replications together."""
    runs = summary["replications"]
    return "devices" if runs == 1 else f"devices in {runs:,} runs"


def _plans(summary: dict[str, Any]) -> str:
    """Each plan's devices; those that no plan takes are of none."""
    rows = [("Plan", _devices(summary), "targeted", "upgraded", "share of targeted", "95 % interval", "50 % after")]
    for plan in summary["plans"]:
        success, half = plan["metrics"]["success_of_targeted"], plan["metrics"]["time_to_50_pct_ms"]
        upgraded = next(row["count"] for row in plan["outcomes"] if row["outcome"] == "upgraded")
        rows.append(
            (
                plan["plan"],
                f"{sum(row['count'] for row in plan['outcomes']):,}",
                f"{success['denominator'] or 0:,.0f}",
                f"{upgraded:,}",
                format_value(success["value"], "share"),
                _interval(success),
                value_text("time_to_50_pct_ms", half),
            )
        )
    return columns(rows, right=frozenset({1, 2, 3, 4, 6}))


def _groups(summary: dict[str, Any]) -> str:
    rows = [("Group", _devices(summary), "upgraded", "share of group")]
    for group in summary["groups"]:
        upgraded = group["outcomes"]["upgraded"]
        share = format_value(group["upgraded_share"], "share")
        rows.append((group["group"], f"{group['devices']:,}", f"{upgraded:,}", share))
    return columns(rows, right=frozenset({1, 2, 3}))


def _metrics(summary: dict[str, Any]) -> str:
    """Outcome shares are left out: they stand in the table above."""
    metrics = {name: metric for name, metric in summary["metrics"].items() if not METRICS[name].outcome}
    rows = [("Measure", "value", "95 % interval", "of")]
    marks = why_no_interval(metrics.values())
    rows += [
        (
            metric["label"],
            value_text(name, metric),
            f"{_interval(metric)} {marks.get(metric['interval_note'], '')}".rstrip(),
            metric["denominator_text"],
        )
        for name, metric in metrics.items()
    ]
    notes = [f"{mark} {reason}" for reason, mark in marks.items()]
    return "\n".join([columns(rows, right=frozenset({1})), *notes])


_MOST_SPREADS = 8


def _spread(learnt: dict[str, Any]) -> str:
    """What of the spread between replications is not knowing the parameters."""
    rows = [("Spread between replications", "not knowing the parameters", "chance", "most of it")]
    by_share = sorted(learnt["spread"].items(), key=lambda each: (not METRICS[each[0]].outcome, -each[1]["parameters"]))
    for _, each in by_share[:_MOST_SPREADS]:
        most = each["of"][:1]
        said = f"{most[0]['name']} ({100 * most[0]['share']:.0f} %)" if most and most[0]["share"] > 0.1 else "–"
        shares = (f"{100 * each[part]:.0f} %" for part in ("parameters", "chance"))
        rows.append((each["label"], *shares, said))
    return "\n".join([columns(rows, right=frozenset({1, 2})), f"learnt from {learnt['source']}"])


def _interval(metric: dict[str, Any]) -> str:
    if metric["interval"] is None:
        return "–"
    return format_interval(metric["interval"], metric["unit"])
