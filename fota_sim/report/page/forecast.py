"""The page of a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fota_sim.analysis.answers.forecast import between, branch_rows, chance, forecast_answer
from fota_sim.analysis.answers.wording import count_of, number_text
from fota_sim.analysis.forecast.folder import StoredForecast
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.report.figures.fan import fan_figure
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Text
from fota_sim.scenario.plain_names import plain_value

Report = Mapping[str, Any]


def forecast_page(stored: StoredForecast) -> Page:
    """The report of a forecast, or of why there is none."""
    report, scenario = stored.report, stored.scenario
    answer = forecast_answer(report)
    made = report["made"]
    return Page(
        kind="Forecast of a rollout under way",
        title=report["scenario"] + (f", plan {report['plan']}" if "plan" in report else ""),
        question=report["question"],
        facts=_facts(report),
        answer=answer[:4],
        points=answer[4:],
        numbers=_numbers(report) if report["explained"] else [],
        verdicts=[],
        sections=[
            Section("Figures", _pictures(report)),
            Section("Ways on", [_ways(report)] if report["explained"] else []),
            Section("Who fails", [_causes(report)] if report["explained"] else []),
            Section("Where log and simulation part", [_partings(report)] if report["partings"] else []),
            Section("What the log moved", [_learnt(report)] if report["learnt"] else []),
            Section("The log", [Text(_log(report))]),
            parts.assumptions_section(scenario),
            Section("Scenario", [parts.scenario_listing(scenario, "The resolved scenario as it was opened")]),
            parts.manifest_section(made),
            Section("Reproduce", [parts.listing(parts.command(made["argv"]))]),
        ],
    )


def _facts(report: Report) -> list[str]:
    members = report["members"]
    return [
        count_of(report["devices"], "device"),
        f"after {format_duration(report['now_ms'])} of {format_duration(report['horizon_ms'])}",
        f"{members['drawn']} rollouts a round, {members['played_on']} played on",
    ]


def _numbers(report: Report) -> list[KeyNumber]:
    told = report["forecast"]
    found = [
        KeyNumber(number_text(told[name]["median"]), label, _interval(told[name]))
        for name, label in (("upgraded", "upgraded in the end"), ("failed", "failed"), ("bricked", "bricked"))
    ]
    done = told["done"]["90"]
    when = "not by the end" if done["median"] is None else format_duration(done["median"])
    return [
        *found,
        KeyNumber(
            when, "until 90 % of the reachable are done", f"chance that they are by the end: {chance(done['reached'])}"
        ),
    ]


def _interval(row: Mapping[str, Any]) -> str:
    return f"90 %: {between(row)}"


def _pictures(report: Report) -> list[Picture]:
    if not report["explained"]:
        return []
    return [Picture(partial(fan_figure, report), "Upgraded devices: seen so far, and the fan of what may follow")]


def _ways(report: Report) -> Table:
    first, *rows = branch_rows(report)
    meanings = {row["name"]: row["meaning"] for row in report["branches"]}
    told = [[cells.text(row[0])._replace(more=meanings[row[0]]), *map(cells.text, row[1:])] for row in rows]
    note = "Differences are by member, with the same luck: 5 %, middle and 95 % of members."
    return cells.table("What may be done now, and what becomes of it (90 % of members)", _columns(first), told, note)


def _columns(names: Any) -> list[Column]:
    """Of the ways on; ranges of numbers are not broken."""
    first, *numbers, last = names
    return [Column(first), *(Column(name, True) for name in numbers), Column(last)]


def _causes(report: Report) -> Table:
    rows = [
        [cells.text(row["cause"]), cells.mean_count(round(row["mean"], 1)), Cell(between(row), row["low"])]
        for row in report["forecast"]["causes"]
    ]
    return cells.table(
        "Failed and bricked devices by cause", [Column("Cause"), Column("Mean", True), Column("90 %")], rows
    )


def _partings(report: Report) -> Table:
    return cells.table(
        "Counts that no member explains", [Column("Count")], [[cells.text(r["text"])] for r in report["partings"]]
    )


def _learnt(report: Report) -> Table:
    rows = []
    for row in report["learnt"]:
        low, middle, high = row["values"] or [f"{100 * place:.0f} % of the range" for place in row["places"]]
        rows.append(
            [
                cells.text(row["path"]),
                *(cells.text(plain_value(each)) for each in (" to ".join(row["range"]), middle, f"{low} to {high}")),
            ]
        )
    columns = [Column("Field"), Column("Range before"), Column("Middle now"), Column("90 % now")]
    return cells.table("Unknowns that what was seen has moved within their ranges, the most moved first", columns, rows)


def _log(report: Report) -> list[str]:
    log = report["log"]
    told = [f"Read as {log['platform']}; {count_of(log['devices'], 'device')} in it."]
    if log["strangers"]:
        told.append(f"{count_of(log['strangers'], 'device')} of it are none of the scenario's fleet, and are left out.")
    return [*told, *log["left_out"]]
