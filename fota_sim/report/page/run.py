"""The page of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from fota_sim.analysis.answers.run import plan_answers, study_answer
from fota_sim.analysis.answers.wording import outcome_text, own_rules_texts, run_facts, value_text, why_no_interval
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.run.study import Study
from fota_sim.experiment.results import open_result
from fota_sim.report import figures
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table
from fota_sim.report.page.known import known_sections
from fota_sim.scenario.metrics import METRICS, shown_in

FIGURES: tuple[tuple[Callable[[Study], Figure], str], ...] = (
    (figures.adoption_figure, "Upgraded devices over time, as a share of the targeted"),
    (figures.funnel_figure, "Where devices go, from the whole fleet to the upgraded"),
    (figures.causes_figure, "How devices ended and why"),
    (figures.time_to_upgrade_figure, "How long devices take to be upgraded, by group"),
    (figures.battery_signal_figure, "Failures of ended upgrades over battery and signal, with the plan's gates"),
    (figures.throughput_figure, "Upgrades per hour and downloads at once, against the limits"),
    (figures.cost_figure, "Energy and bytes, spent and wasted"),
    (figures.timeline_figure, "What happened to the plan: waves, stops and the operator"),
    (figures.belief_figure, "What the platform believes, against what is true"),
)
"""What a page of a run shows, in this order, and what it is in words."""

KEYS = shown_in("report")
"""Numbers that are read first, as far as a run has them."""

_OF_SOME = ("battery_life_days",)
"""Nothing to tell of a fleet without batteries."""


def run_page(study: Study) -> Page:
    """The report of a study that is in a result folder; raises ResultError if a file of it cannot be read."""
    summary = study.summary
    return Page(
        kind="Report of a run",
        title=summary["scenario"],
        question=study.scenario.asks,
        facts=[*run_facts(summary), *own_rules_texts(summary)],
        answer=study_answer(study),
        points=plan_answers(summary),
        numbers=key_numbers(summary),
        verdicts=parts.verdicts(summary["thresholds"]),
        sections=[
            Section("Figures", [Picture(partial(draw, study), caption) for draw, caption in FIGURES]),
            *plans_sections(study),
            Section("Outcomes", [outcomes_table(summary), *groups_tables(summary)]),
            Section("Measures", [measures_table(summary), *precision_tables(summary)]),
            *known_sections(study.scenario, {"": summary.get("learnt", {})}),
            Section("Events", plan_tables(study)),
            parts.assumptions_section(study.scenario),
            *_origin(study),
        ],
    )


def plans_sections(study: Study) -> list[Section]:
    """Each of several plans: its numbers, and how it went on."""
    plans = study.summary.get("plans", ())
    if not plans:
        return []
    pictures = [
        Picture(
            partial(_adoption_of, study, row["plan"]),
            f"Plan {row['plan']}: upgraded devices over time, as a share of those that it targets",
        )
        for row in plans
    ]
    return [Section("Plans", [plans_table(study.summary), *pictures])]


def _adoption_of(study: Study, plan: str) -> Figure:
    return figures.adoption_figure(study.of_plan(plan))


def plans_table(summary: Mapping[str, Any]) -> Table:
    """What is read first of each of several plans."""
    names = (
        "success_of_targeted",
        "failed_of_targeted",
        "refused_of_targeted",
        "time_to_50_pct_ms",
        "time_to_90_pct_ms",
    )
    rows = []
    for row in summary["plans"]:
        metrics = row["metrics"]
        success = metrics["success_of_targeted"]
        rows.append(
            [
                cells.text(row["plan"]),
                cells.mean_count((success["denominator"] or 0) / summary["replications"]),
                *(Cell(value_text(name, metrics[name]), metrics[name]["value"]) for name in names[:1]),
                cells.interval(success["interval"], success["unit"]),
                *(Cell(value_text(name, metrics[name]), metrics[name]["value"]) for name in names[1:]),
            ]
        )
    first = summary["plans"][0]["metrics"]
    columns = [
        Column("Plan"),
        Column("Targeted devices", True),
        Column(first[names[0]]["label"], True),
        Column("95 % interval", True),
        *(Column(first[name]["label"], True) for name in names[1:]),
    ]
    return cells.table("Each plan, of the devices that it targets", columns, rows)


def key_numbers(summary: Mapping[str, Any]) -> list[KeyNumber]:
    """The numbers of ``KEYS``, each with its interval."""
    found = []
    for name, label in KEYS.items():
        metric = summary["metrics"].get(name)
        if metric is None or (name in _OF_SOME and metric["value"] is None):
            continue
        ends = metric["interval"]
        more = "" if ends is None else f"95 %: {cells.interval(ends, metric['unit']).text}"
        if metric["value"] is None and metric["replications_with_value"] and not METRICS[name].may_not_be_reached:
            more = metric["interval_note"]
        found.append(KeyNumber(value_text(name, metric), label, more))
    return found


def outcomes_table(summary: Mapping[str, Any]) -> Table:
    """Every outcome with its causes."""
    runs = summary["replications"]
    rows = [
        [
            cells.text(outcome_text(row["outcome"])),
            cells.text(row["cause"] or "–"),
            cells.mean_count(row["count"] / runs),
            cells.share(row["share"]),
            cells.interval(row["interval"], "share"),
        ]
        for row in summary["causes"]
    ]
    devices = Column("Devices" if runs == 1 else f"Devices, mean of {runs} replications", True)
    columns = [Column("Outcome"), Column("Cause"), devices, Column("Share of all", True), Column("95 % interval", True)]
    return cells.table("How devices ended, and why; shares are of all devices", columns, rows)


def groups_tables(summary: Mapping[str, Any]) -> list[Table]:
    """Outcomes by group, where there are several."""
    if len(summary["groups"]) < 2:
        return []
    happened = [row["outcome"] for row in summary["outcomes"] if row["count"]]
    rows = [
        [
            cells.text(group["group"]),
            cells.mean_count(group["devices"] / summary["replications"]),
            *(cells.share(group["outcomes"][name] / group["devices"]) for name in happened),
        ]
        for group in summary["groups"]
    ]
    columns = [Column("Group"), Column("Devices", True), *(Column(outcome_text(name), True) for name in happened)]
    return [cells.table("Outcomes by group, as shares of the group's devices", columns, rows)]


def measures_table(summary: Mapping[str, Any]) -> Table:
    """Every metric with its interval and what it is a share of; outcomes stand in a table of their own."""
    marks = why_no_interval(metric for name, metric in summary["metrics"].items() if not METRICS[name].outcome)
    rows = [
        [
            cells.text(metric["label"]),
            Cell(value_text(name, metric), metric["value"]),
            cells.interval(metric["interval"], metric["unit"], marks.get(metric["interval_note"], "")),
            cells.text(metric["denominator_text"] or "–"),
        ]
        for name, metric in summary["metrics"].items()
        if not METRICS[name].outcome
    ]
    columns = [Column("Measure"), Column("Value", True), Column("95 % interval", True), Column("Of")]
    note = f"{'; '.join(f'{mark} {reason}' for reason, mark in marks.items())}." if marks else ""
    return cells.table("Every measure: means over the replications", columns, rows, note)


def precision_tables(summary: Mapping[str, Any]) -> list[Table]:
    """What precision was asked for, and reached."""
    precision = summary["precision"]
    if not precision:
        return []
    rows = [
        [
            cells.text(target["label"]),
            cells.number(target["value"], target["unit"]),
            cells.number(target["half_width"], target["unit"]),
            cells.text(target["asked"]),
            cells.text("yes" if target["met"] else f"no: {target['note']}" if target["note"] else "no"),
        ]
        for target in precision["targets"]
    ]
    columns = [Column("Measure"), Column("Value", True), Column("Half-width", True), Column("Asked"), Column("Met")]
    return [cells.table(f"Precision after {precision['replications']} replications", columns, rows)]


def plan_tables(study: Study) -> list[Table]:
    """What happened to the plan in the first replication."""
    log = study.plan_log
    if not len(log):
        return []
    first = log[log["replication"] == log["replication"].min()]
    rows = [
        [Cell(format_duration(at_ms), float(at_ms)), cells.text(told)]
        for at_ms, told in zip(first["at_ms"], first["text"], strict=True)
    ]
    columns = [Column("Since activation", True), Column("What happened")]
    which = "" if study.summary["replications"] == 1 else ", in the first replication"
    return [cells.table(f"What happened to the plan{which}", columns, rows)]


def _origin(study: Study) -> list[Section]:
    """Scenario, manifest and commands of a result folder."""
    if study.folder is None:
        return [parts.scenario_section(study.scenario)]
    result = open_result(study.folder)
    manifest = result.require()
    told = [
        f"# fota-sim {manifest['fota_sim']}, model {manifest['model_version']}; the scenario's files beside it",
        "# as it was run",
        parts.command(manifest["argv"]),
    ]
    if own := manifest.get("own_rules"):
        told.append(f"# in Python, with rules={{...}} for {', '.join(own)}: own_rules.py in the result folder")
    else:
        told.append("# from the result folder: does the same come out, byte for byte?")
        told.append(parts.command(["fota-sim", "rerun", str(parts.short_path(result.path))]))
    return [
        parts.scenario_section(study.scenario, result.text("scenario.yaml")),
        parts.manifest_section(manifest),
        Section("Reproduce", [parts.listing("\n".join(told))]),
    ]
