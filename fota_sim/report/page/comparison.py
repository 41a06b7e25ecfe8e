"""The page of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from fota_sim.analysis.answers.comparison import (
    are_many,
    candidates_answer,
    comparison_answer,
    lead_text,
    leads,
    means,
    means_told,
    side_by_side,
)
from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.sentences import same, signed
from fota_sim.analysis.numbers.rounding import format_duration, format_value
from fota_sim.report import figures
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Verdict
from fota_sim.report.page.known import known_sections
from fota_sim.scenario.metrics import short_label

FIGURES: tuple[tuple[Callable[[Comparison], Figure], str], ...] = (
    (figures.strategies_figure, "Upgraded devices over time, and how devices ended, variant by variant"),
    (figures.differences_figure, "Differences to the baseline with 95 % intervals"),
)
_COUNTED = ("devices", "downloads")
MOST_SCENARIOS = 12
"""Resolved scenarios in the page."""


def comparison_page(comparison: Comparison, made: Mapping[str, Any] | None) -> Page:
    """The report of a comparison; ``made`` is what is known of its making, at least the command as ``argv``."""
    report = comparison.report
    first = comparison.studies[0]
    names = [variant["name"] for variant in report["variants"]]
    scenarios = list(dict.fromkeys(study.scenario_name for study in comparison.studies))
    return Page(
        kind="Report of a comparison",
        title=f"{listed(scenarios)}: {count_of(len(names), 'variant')}",
        question=first.scenario.asks,
        facts=facts(comparison),
        answer=comparison_answer(report),
        points=candidates_answer(report),
        numbers=best_numbers(report),
        verdicts=verdicts(report),
        sections=[
            Section("Figures", [Picture(partial(draw, comparison), caption) for draw, caption in FIGURES]),
            Section("Variants", [means_table(report)]),
            Section("Differences", differences(report)),
            *known_sections(first.scenario, report.get("learnt", {})),
            parts.assumptions_section(first.scenario),
            Section("Scenarios", _scenarios(comparison)),
            *([parts.manifest_section(made)] if made and "started" in made else []),
            Section("Reproduce", [parts.listing(parts.command(made["argv"] if made else []))]),
        ],
    )


def verdicts(report: Mapping[str, Any]) -> list[Verdict]:
    """How the limits of each variant came out."""
    return [
        Verdict(f"{variant['name']}: {row['threshold']}", row["verdict"], row["reason"])
        for variant in report["variants"]
        for row in variant["thresholds"]
    ]


def best_numbers(report: Mapping[str, Any]) -> list[KeyNumber]:
    """The best mean of the leading measures, and whose it is."""
    found = []
    rows = {row["metric"]: row for row in report["best"]}
    for metric, best in leads(report).items():
        value = format_value(rows[metric]["means"][best[0]], rows[metric]["unit"])
        found.append(KeyNumber(value, lead_text(metric), listed([f"`{name}`" for name in best])))
    return found


def means_table(report: Mapping[str, Any]) -> Table:
    """Every compared measure of every variant."""
    shapes = {row["metric"]: row for row in report["differences"]}
    values = {metric: means(report, metric) for metric in shapes}
    told = {metric: means_told(report, metric) for metric in shapes}
    rows = [
        [
            cells.text(variant["name"]),
            *(
                _mean(values[metric][variant["name"]], told[metric][variant["name"]], row)
                for metric, row in shapes.items()
            ),
        ]
        for variant in report["variants"]
    ]
    columns = [Column("Variant"), *(Column(short_label(row["label"]), True) for row in shapes.values())]
    caption = f"Means over the replications, shares of all devices; the baseline is `{report['baseline']}`"
    some = any(text.startswith("in ") for each in told.values() for text in each.values())
    note = "In some runs: not every replication reaches it, so there is no mean." if some else ""
    return cells.table(caption, columns, rows, note)


def differences(report: Mapping[str, Any]) -> list[Table]:
    """All of them in one table; of many candidates one that fits the eye, and all of them folded below it."""
    every = differences_table(report)
    if not are_many(report):
        return [every]
    caption = f"All {report['comparisons']} differences, with what they rest on"
    return [side_by_side_table(report), replace(every, caption=caption, folded=True)]


def side_by_side_table(report: Mapping[str, Any]) -> Table:
    """A row for each candidate, a column for each measure in which any differs; what is not shown is set in small."""
    by_metric = side_by_side(report)
    rows = [
        [cells.text(variant["name"]), *(_beside(row) for rows in by_metric.values() for row in _of(rows, variant))]
        for variant in report["variants"][1:]
    ]
    columns = [Column("Variant"), *(Column(short_label(rows[0]["label"]), True) for rows in by_metric.values())]
    note = f"What is shown is so with all {report['comparisons']} comparisons allowed for. Measures in which nobody "
    note += "differs are left out."
    return cells.table(f"Against `{report['baseline']}`; below: 95 % intervals", columns, rows, note)


def _of(rows: Sequence[Mapping[str, Any]], variant: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["candidate"] == variant["name"]]


def _beside(row: Mapping[str, Any]) -> Cell:
    if row["difference"] is None:
        return Cell("–", None)
    if same(row):
        return Cell("the same", 0.0)
    ends = _ends(row, "low", "high")
    if row["shown"]:
        return Cell(signed(row, "difference"), row["difference"], ends)
    return Cell("not shown", row["difference"], ends or signed(row, "difference"))


def differences_table(report: Mapping[str, Any]) -> Table:
    """Every candidate and measure against the baseline."""
    rows = [
        [
            cells.text(row["candidate"]),
            cells.text(short_label(row["label"])),
            Cell(signed(row, "difference"), row["difference"], _ends(row, "low", "high")),
            Cell(_ends(row, "low_simultaneous", "high_simultaneous") or "–", row["low_simultaneous"]),
            Cell(_p(row["p_adjusted"]), row["p_adjusted"]),
            cells.text("yes" if row["shown"] else "no"),
        ]
        for row in report["differences"]
    ]
    columns = [
        Column("Variant"),
        Column("Measure"),
        Column("Difference, 95 % interval", True),
        Column("All together", True),
        Column("Adjusted p", True),
        Column("Shown"),
    ]
    notes = [
        *report["notes"],
        f"A difference is shown if its p-value, adjusted for all {report['comparisons']} comparisons (Holm), is below "
        "5 %. All together: intervals that all hold at once with 95 % (Bonferroni)",
    ]
    return cells.table(f"Against `{report['baseline']}`", columns, rows, f"{'. '.join(notes)}.")


def facts(comparison: Comparison) -> list[str]:
    """What was played, in a line."""
    summary = comparison.studies[0].summary
    variants = comparison.report["variants"]
    runs = list(dict.fromkeys(count_of(variant["replications"], "replication") for variant in variants))
    paired = all(row["paired"] for row in comparison.report["differences"])
    fleet = "same fleet" if comparison.report.get("same_devices", True) else "fleets that differ (see the notes)"
    return [
        count_of(summary["devices"], "device"),
        f"{listed(runs)} of each",
        f"{fleet}, same luck, paired by replication" if paired else "not all paired, see the note of the differences",
        f"{format_duration(summary['horizon_ms'])} simulated",
        f"baseline {comparison.report['baseline']}",
    ]


def _scenarios(comparison: Comparison) -> list[Any]:
    shown = comparison.studies[:MOST_SCENARIOS]
    most = parts.MOST_CHARACTERS // len(shown)
    return [
        parts.scenario_listing(study.scenario, f"Resolved scenario of {variant['name']}", most)
        for variant, study in zip(comparison.report["variants"], shown, strict=False)
    ]


def _ends(row: Mapping[str, Any], low: str, high: str) -> str:
    return "" if row[low] is None else signed(row, low, high)


def _mean(value: float | None, told: str, row: Mapping[str, Any]) -> Cell:
    """Without the unit where the column's label is the unit."""
    return cells.mean_count(value) if value is not None and row["unit"] in _COUNTED else Cell(told, value)


def _p(value: float | None) -> str:
    return "–" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"
