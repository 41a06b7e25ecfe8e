"""The page of a search."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fota_sim.analysis.answers.tuning import recommended_row, tuning_answer
from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.batch.folder import StoredLab
from fota_sim.analysis.numbers.rounding import format_metric
from fota_sim.analysis.sweep.axes import number
from fota_sim.report.figures.pareto import pareto_figure
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Verdict
from fota_sim.report.page.known import known_sections
from fota_sim.scenario.plain_names import plain_name, plain_value

Found = Mapping[str, Any]

_MADE = ("argv", "fota_sim", "model_version", "started", "finished", "duration_s", "sampler", "seed", "batch")


def tuning_page(lab: StoredLab) -> Page:
    """The report of a search; raises ResultError if a file of it cannot be read."""
    found = lab.found
    trials = lab.rows("trials.parquet")
    chosen = recommended_row(found)
    return Page(
        kind="Report of a search",
        title=f"{found['scenario']}: {' × '.join(_short(knob['path']) for knob in found['knobs'])}",
        question=found["question"],
        facts=facts(found),
        answer=tuning_answer(found),
        points=[],
        numbers=key_numbers(found, chosen),
        verdicts=verdicts(chosen),
        sections=[
            Section(
                "Figures",
                [Picture(partial(pareto_figure, found, trials), "Trials, their front, and the front on fresh luck")],
            ),
            Section("Front", [front_table(found)]),
            *known_sections(lab.scenario, {"the recommended point": found.get("learnt", {})}),
            Section("Trials", [trials_table(found, trials)]),
            parts.assumptions_section(lab.scenario),
            Section("Scenario", [parts.scenario_listing(lab.scenario, "The resolved scenario before tuning")]),
            parts.manifest_section({key: found[key] for key in _MADE}),
            Section("Reproduce", [parts.listing(_commands(lab))]),
        ],
    )


def front_table(found: Found) -> Table:
    """The front as tuned and on fresh luck, below the scenario as it is."""
    columns = [Column("Trial", True), *(Column(_short(knob["path"]), True) for knob in found["knobs"])]
    for shape in found["metrics"].values():
        columns += [Column(f"{shape['label']}, tuned", True), Column("on fresh luck", True)]
    columns += [Column("Constraints on fresh luck")] if found["constraints"] else []
    rows = [_front_row(found, Cell("as it is", None), found["baseline"], as_it_is(found))]
    for row in found["front"]:
        what = found.get("left_as_it_is") or "recommended"
        mark = f"{row['trial']} ({what})" if row["trial"] == found["recommended"] else str(row["trial"])
        rows.append(_front_row(found, Cell(mark, row["trial"]), row, row["values"]))
    note = "Figures as tuned are flattered by having been chosen; those on fresh luck are not."
    return cells.table("The scenario as it is, and the front; 95 % intervals below the means", columns, rows, note)


def as_it_is(found: Found) -> dict[str, Any]:
    """Where the knobs stand in the scenario; what it does not say, or an earlier search did not note, is left out."""
    return {knob["path"]: knob["base"] for knob in found["knobs"] if knob.get("base") is not None}


def trials_table(found: Found, trials: list[dict[str, Any]]) -> Table:
    """Every trial with its knobs and means."""
    paths = [knob["path"] for knob in found["knobs"]]
    rows = [
        [
            Cell(str(row["trial"]), row["trial"]),
            *(_knob_cell(row[path]) for path in paths),
            *(cells.number(row[metric], shape["unit"], metric) for metric, shape in found["metrics"].items()),
            cells.text("yes" if row["allowed"] else "no"),
        ]
        for row in trials
    ]
    columns = [Column("Trial", True), *(Column(_short(path), True) for path in paths)]
    columns += [Column(shape["label"], True) for shape in found["metrics"].values()]
    caption = f"Every trial; means of {count_of(found['replications'], 'replication')}"
    return cells.table(caption, [*columns, Column("Means keep the constraints")], rows)


def _front_row(found: Found, name: Cell, row: Mapping[str, Any], values: Mapping[str, Any]) -> list[Cell]:
    told = [name, *(_knob_cell(values.get(knob["path"])) for knob in found["knobs"])]
    for metric, shape in found["metrics"].items():
        fresh = row["fresh"]
        told.append(_figure(row["tuned"][metric], shape["unit"], metric))
        told.append(Cell("not played", None) if fresh is None else _figure(fresh[metric], shape["unit"], metric))
    if found["constraints"]:
        verdicts = row["fresh_verdicts"]
        told.append(cells.text("not played" if verdicts is None else _worst(verdicts)))
    return told


def _figure(figure: Mapping[str, Any], unit: str, metric: str) -> Cell:
    return cells.with_interval(figure["value"], figure["interval"], unit, metric)


def _knob_cell(value: Any) -> Cell:
    if value is None:
        return Cell("–", None)
    parsed = number(str(value))
    return Cell(plain_value(value), parsed[0] if parsed else str(value).casefold())


def _worst(verdicts: Mapping[str, str]) -> str:
    return next((each for each in ("fail", "undecided") if each in verdicts.values()), "pass")


def facts(found: Found) -> list[str]:
    """What was searched, in a line."""
    aims = [f"{each['direction']} {each['label']}" for each in found["objectives"]]
    kept = [f"keep {text}" for text in found["constraints"]]
    size = f"{count_of(found['trials'], 'trial')} of {count_of(found['replications'], 'replication')}"
    return [*aims, *kept, size, f"{count_of(found['fresh_replications'], 'fresh replication')} of the front"]


def key_numbers(found: Found, chosen: Mapping[str, Any] | None) -> list[KeyNumber]:
    """The knobs of the recommended point, and what it gives on fresh luck."""
    if chosen is None:
        return []
    values = as_it_is(found) if found.get("left_as_it_is") else chosen["values"]
    told = [KeyNumber(plain_value(value), plain_name(path)) for path, value in values.items()]
    for metric, shape in found["metrics"].items():
        figure, before = chosen["fresh"][metric], found["baseline"]["fresh"][metric]["value"]
        more = f"{format_metric(metric, before, shape['unit'])} as it is"
        told.append(KeyNumber(format_metric(metric, figure["value"], shape["unit"]), shape["label"], more))
    return told


def verdicts(chosen: Mapping[str, Any] | None) -> list[Verdict]:
    """How the limits came out for the recommended point."""
    verdicts = {} if chosen is None else chosen["fresh_verdicts"]
    return [Verdict(text, verdict, "on fresh luck") for text, verdict in verdicts.items()]


def _commands(lab: StoredLab) -> str:
    tuned = lab.folder / "tuned.yaml"
    told = ["# as it was run", parts.command(lab.found["argv"])]
    if tuned.exists():
        told += ["# the recommended scenario", parts.command(["fota-sim", "run", str(parts.short_path(tuned))])]
    return "\n".join(told)


def _short(path: str) -> str:
    return plain_name(path)
