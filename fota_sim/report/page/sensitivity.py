"""The page of a study of assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.batch.folder import StoredLab
from fota_sim.analysis.numbers.rounding import format_metric, plain_difference, signed_interval, signed_value
from fota_sim.report.figures.tornado import tornado_figure
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Text
from fota_sim.scenario.plain_names import plain_name, plain_value

_METHODS = {"oat": "one at a time", "morris": "elementary effects (Morris)", "sobol": "variance (Sobol)"}
_MADE = ("argv", "fota_sim", "model_version", "started", "finished", "duration_s", "seed", "design_seed", "method")


def sensitivity_page(lab: StoredLab) -> Page:
    """The report of a study of assumptions."""
    found = lab.found
    return Page(
        kind="Report of what the result depends on",
        title=found["scenario"],
        question=found["question"],
        facts=facts(found),
        answer=sensitivity_answer(found),
        points=[],
        numbers=key_numbers(found),
        verdicts=[],
        sections=[
            Section("Figures", _pictures(found)),
            Section("Effects", [effects(found["method"], metric) for metric in found["metrics"].values()]),
            parts.assumptions_section(lab.scenario),
            Section("Scenario", [parts.scenario_listing(lab.scenario, "The resolved scenario before it is varied")]),
            parts.manifest_section({key: found[key] for key in _MADE}),
            Section("Reproduce", [parts.listing(parts.command(found["argv"]))]),
        ],
    )


def facts(found: Mapping[str, Any]) -> list[str]:
    """What was played, in a line."""
    return [
        f"{count_of(len(found['parameters']), 'parameter')}, {_METHODS[found['method']]}",
        f"{count_of(found['points'], 'point')} of {count_of(found['replications'], 'replication')}",
        f"seed {found['seed']}",
    ]


def effects(method: str, metric: Mapping[str, Any]) -> Table | Text:
    """What every parameter does to one measure, strongest first; a sentence where none does anything."""
    label = f"{metric['label'][:1].upper()}{metric['label'][1:]}"
    if metric["note"]:
        return Text([f"{label}: {metric['note']}."])
    make = {"oat": _one_at_a_time, "morris": _morris, "sobol": _sobol}[method]
    columns, rows = make(metric)
    head = [Column("Parameter"), Column("Low", True), Column("High", True)]
    lines = [
        [
            cells.text(plain_name(row["path"])),
            cells.text(plain_value(row["low"])),
            cells.text(plain_value(row["high"])),
            *more,
        ]
        for row, more in zip(metric["rows"], rows, strict=True)
    ]
    return cells.table(label, [*head, *columns], lines)


def _pictures(found: Mapping[str, Any]) -> list[Picture]:
    """One for each measure that something moves: side by side they would be too small to read."""
    return [
        Picture(
            partial(tornado_figure, {**found, "metrics": {name: metric}}),
            f"What moves the measure “{metric['label']}”, strongest first",
        )
        for name, metric in found["metrics"].items()
        if not metric["note"]
    ]


def _one_at_a_time(metric: Mapping[str, Any]) -> tuple[list[Column], list[list[Cell]]]:
    unit = metric["unit"]
    columns = [Column(f"Change at {end}, 95 % interval", True) for end in ("low", "high")]
    rows = [
        [_effect(row[f"{end}_effect"], row[f"{end}_interval"], unit) for end in ("low", "high")]
        for row in metric["rows"]
    ]
    return columns, rows


def _effect(effect: float | None, ends: list[float] | None, unit: str) -> Cell:
    if effect is None:
        return Cell("–", None)
    surely = "" if ends is None else signed_interval(ends, unit)
    return Cell(signed_value(effect, unit) if effect else "0", effect, surely)


def _morris(metric: Mapping[str, Any]) -> tuple[list[Column], list[list[Cell]]]:
    unit = metric["unit"]
    columns = [Column("Mean size of the effect (mu*)", True), Column("±, 95 %", True), Column("Spread (sigma)", True)]
    rows = [
        [Cell(plain_difference(row[name], unit), row[name]) for name in ("mu_star", "mu_star_conf", "sigma")]
        for row in metric["rows"]
    ]
    return columns, rows


def _sobol(metric: Mapping[str, Any]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("Share of the variance alone", True),
        Column("±, 95 %", True),
        Column("With interactions", True),
        Column("±, 95 %", True),
    ]
    rows = [
        [Cell(f"{100 * row[name]:.0f} %", row[name]) for name in ("first", "first_conf", "total", "total_conf")]
        for row in metric["rows"]
    ]
    return columns, rows


def key_numbers(found: Mapping[str, Any]) -> list[KeyNumber]:
    """What the scenario itself gives, where it was played."""
    told = []
    for name, metric in found["metrics"].items():
        if metric["base"] is not None:
            ends = metric["base"]["interval"]
            more = "" if ends is None else f"95 %: {cells.interval(ends, metric['unit']).text}"
            value = format_metric(name, metric["base"]["value"], metric["unit"])
            told.append(KeyNumber(value, f"{metric['label']}, as it is", more))
    return told
