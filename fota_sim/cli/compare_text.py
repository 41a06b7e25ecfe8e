"""A comparison as text: sentences first, then the numbers behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.comparison import are_many, candidates_answer, comparison_answer, mean_told, side_by_side
from fota_sim.analysis.compare.sentences import same, seen_in, signed
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.cli.console import columns, paragraph
from fota_sim.cli.verdicts import thresholds_text
from fota_sim.quoting import number_of


def compare_text(report: Mapping[str, Any]) -> str:
    """What ``fota-sim compare`` prints, from the report of analysis/compare/comparison.py."""
    candidates = [_candidate(report, variant["name"]) for variant in report["variants"][1:]]
    if are_many(report):
        each_told = [paragraph("", [sentence]) for sentence in candidates_answer(report)]
        candidates = ["\n".join(each_told), _side_by_side(report)]
    thresholds = [
        f"Thresholds of {variant['name']}\n{thresholds_text(variant['thresholds'])}"
        for variant in report["variants"]
        if variant["thresholds"]
    ]
    question = paragraph(report["variants"][0]["question"], comparison_answer(report))
    parts = [question, _heading(report), *candidates, *thresholds, _footing(report)]
    return "\n\n".join(part for part in parts if part)


def _heading(report: Mapping[str, Any]) -> str:
    first, *others = report["variants"]
    runs = "; ".join(dict.fromkeys(number_of(each["replications"], "replication") for each in report["variants"]))
    paired = all(row["paired"] for row in report["differences"])
    fleet = "same fleet" if report.get("same_devices", True) else "fleets that differ (see below)"
    how = f"{fleet}, same luck, paired by replication" if paired else "not all paired, see below"
    who = f"{len(others)} variants" if are_many(report) else ", ".join(each["name"] for each in others)
    return f"{who} against {first['name']}: {runs}, {how}"


def _candidate(report: Mapping[str, Any], name: str) -> str:
    rows = [row for row in report["differences"] if row["candidate"] == name]
    told = _sentences(rows)
    if all(same(row) or row["candidate_reached"] == row["baseline_reached"] == 0 for row in rows):
        return "\n".join(told)  # a table would say that again
    table = [("Measure", report["baseline"], name, "difference", "95 % interval", "all together", "adjusted p")]
    table += [
        (
            row["label"],
            mean_told(row, "baseline"),
            mean_told(row, "candidate"),
            signed(row, "difference"),
            _interval(row, "low", "high"),
            _interval(row, "low_simultaneous", "high_simultaneous"),
            "–" if row["p_adjusted"] is None else _p(row["p_adjusted"]),
        )
        for row in rows
    ]
    return "\n".join([*told, "", columns(table, right=frozenset({1, 2, 3, 6}))])


def _side_by_side(report: Mapping[str, Any]) -> str:
    """A line for each measure and candidate that is shown to differ: of many candidates nobody reads all tables."""
    table = [("Measure", report["baseline"], "variant", "", "difference", "95 % interval")]
    for rows in side_by_side(report).values():
        label, base = rows[0]["label"], mean_told(rows[0], "baseline")
        for row in rows:
            if row["shown"]:
                change = (signed(row, "difference"), _interval(row, "low", "high"))
                table.append((label, base, row["candidate"], mean_told(row, "candidate"), *change))
                label = base = ""
    if len(table) == 1:
        return ""
    return columns(table, right=frozenset({1, 3, 4})) + "\n--json and a report (--out) have the others too."


def _sentences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is the same is told in one sentence."""
    found = [row["sentence"] for row in rows if not same(row)]
    equal = [row for row in rows if same(row)]
    if len(equal) > 1:
        labels = "; ".join(row["label"] for row in equal)
        who = f"`{equal[0]['candidate']}` and `{equal[0]['baseline']}`"
        found.append(f"{who} are the same in {seen_in(equal[0])} in: {labels}.")
    return found if len(equal) != 1 else [*found, equal[0]["sentence"]]


def _interval(row: Mapping[str, Any], low: str, high: str) -> str:
    return "–" if row[low] is None else signed(row, low, high)


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _footing(report: Mapping[str, Any]) -> str:
    count = report["comparisons"]
    lines = list(report["notes"])
    if min(each["replications"] for each in report["variants"]) < FEWEST_REPLICATIONS:
        lines.append(
            f"With fewer than {FEWEST_REPLICATIONS} replications this is what they happened to show, and says nothing "
            "of others."
        )
    lines.append(
        f"A difference is shown if its p-value, adjusted for all {count} comparisons (Holm), is below 5 %."
        + ("" if are_many(report) else " 'all together': intervals that all hold at once with 95 % (Bonferroni).")
    )
    return "\n".join(lines)
