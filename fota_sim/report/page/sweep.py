"""The page of a sweep."""

from __future__ import annotations

from functools import partial
from typing import Any

from fota_sim.analysis.answers.sweep import point_text, sweep_answer, sweep_question
from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.batch.gathering import mean_of
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.rounding import format_duration, format_value
from fota_sim.analysis.numbers.thresholds import judge
from fota_sim.analysis.sweep.axes import number
from fota_sim.analysis.sweep.choice import SweepChoice, runs_by_point
from fota_sim.analysis.sweep.folder import AGAIN
from fota_sim.analysis.sweep.recommended import recommended_choice
from fota_sim.analysis.sweep.stored import StoredSweep
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.report.figures.heatmap import sweep_figure
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Verdict
from fota_sim.report.page.known import known_sections
from fota_sim.scenario.metrics import BETTER
from fota_sim.scenario.plain_names import plain_name, plain_value

_MADE = ("argv", "fota_sim", "model_version", "started", "finished", "duration_s", "hash", "units", "units_failed")


def sweep_page(sweep: StoredSweep) -> Page:
    """The report of a sweep; raises ResultError if a file of it cannot be read."""
    plan = sweep.plan
    choice = recommended_choice(sweep)
    chosen = None if choice is None else choice.point
    scenario = (chosen or plan.points[0]).scenario
    which = f"of the point in the answer ({point_text(chosen)})" if chosen else "of the first point"
    return Page(
        kind="Report of a sweep",
        title=f"{plan.name}: {' × '.join(plain_name(axis.path) for axis in plan.spec.axes)}",
        question=sweep_question(sweep),
        facts=facts(sweep),
        answer=sweep_answer(sweep),
        points=[],
        numbers=key_numbers(sweep, choice),
        verdicts=verdicts(sweep, choice),
        sections=[
            Section(
                "Figures",
                [Picture(partial(sweep_figure, sweep, name), _caption(sweep, name)) for name in plan.spec.metrics],
            ),
            Section("Points", [points_table(sweep)]),
            *known_sections(scenario, {point_text(chosen) if chosen else "": sweep.learnt}),
            parts.assumptions_section(scenario),
            Section("Scenario", [parts.scenario_listing(scenario, f"The resolved scenario {which}")]),
            parts.manifest_section({key: sweep.report[key] for key in _MADE}),
            Section("Reproduce", [parts.listing(_commands(sweep))]),
        ],
    )


def points_table(sweep: Sweep) -> Table:
    """A row for each point: its axes, and each chosen measure with its interval."""
    plan = sweep.plan
    runs = runs_by_point(sweep)
    limits = any(point.scenario.thresholds for point in plan.points)
    rows = []
    for point in plan.points:
        row = [_axis_cell(text) for text in point.labels.values()]
        for metric in plan.spec.metrics:
            found = mean_of(runs[point.id], metric) if point.id in runs else None
            unit = sweep.metric(metric).unit
            row.append(Cell("–", None) if found is None else cells.with_interval(found.value, found.interval, unit))
        if limits:
            row.append(cells.text(_kept(sweep, point.id)))
        rows.append([*row, cells.text(point.id)])
    columns = [Column(plain_name(axis.path), axis.path in plan.units) for axis in plan.spec.axes]
    columns += [Column(sweep.metric(metric).label, True) for metric in plan.spec.metrics]
    columns += [Column("Thresholds")] if limits else []
    below = ", 95 % intervals below them" if plan.replications >= FEWEST_REPLICATIONS else ""
    caption = f"Every point; means of {count_of(plan.replications, 'replication')}{below}"
    return cells.table(caption, [*columns, Column("Id")], rows)


def _axis_cell(text: str) -> Cell:
    found = number(text)
    return Cell(plain_value(text), found[0] if found else text.casefold())


def _kept(sweep: Sweep, id_: str) -> str:
    found = {row["verdict"] for row in _judged(sweep, id_)}
    return next((each for each in ("fail", "undecided") if each in found), "pass" if found else "–")


def _judged(sweep: Sweep, id_: str) -> list[dict[str, Any]]:
    scenario = next(point.scenario for point in sweep.plan.points if point.id == id_)
    runs = runs_by_point(sweep).get(id_)
    return judge(scenario.thresholds, runs, scenario.horizon_ms) if runs else []


def facts(sweep: Sweep) -> list[str]:
    """What was played, in a line."""
    plan = sweep.plan
    horizon_ms = plan.points[0].scenario.horizon_ms
    left = f", {count_of(plan.left_out, 'combination')} left out" if plan.left_out else ""
    return [
        f"{count_of(len(plan.points), 'point')}{left}",
        f"{count_of(plan.replications, 'replication')} of each",
        "same devices and luck at every point",
        f"{format_duration(horizon_ms)} simulated",
        f"seed {plan.seed}",
    ]


def key_numbers(sweep: Sweep, choice: SweepChoice | None) -> list[KeyNumber]:
    """The axes of the recommended point, and what is measured there."""
    if choice is None or choice.point is None:
        return []
    found = [KeyNumber(plain_value(value), plain_name(path)) for path, value in choice.point.labels.items()]
    runs = runs_by_point(sweep)[choice.point.id]
    for metric in sweep.plan.spec.metrics:
        of, mean = sweep.metric(metric), mean_of(runs, metric)
        more = "" if mean.interval is None else f"95 %: {cells.interval(mean.interval, of.unit).text}"
        found.append(KeyNumber(format_value(mean.value, of.unit), of.label, more))
    return found


def verdicts(sweep: Sweep, choice: SweepChoice | None) -> list[Verdict]:
    """How the limits came out at the recommended point."""
    if choice is None or choice.point is None:
        return []
    return parts.verdicts(_judged(sweep, choice.point.id))


def _caption(sweep: StoredSweep, metric: str) -> str:
    of = sweep.metric(metric)
    whole = f", as a share of {of.denominator_text}" if of.unit == "share" else ""
    side = f"; {'more' if BETTER[metric] == 'more' else 'less'} is better" if metric in BETTER else ""
    return f"{of.label[:1].upper()}{of.label[1:]}{whole}, over the axes of the sweep{side}"


def _commands(sweep: StoredSweep) -> str:
    return "\n".join(
        [
            "# as it was run",
            parts.command(sweep.report["argv"]),
            "# from the folder of the sweep: the same points again",
            parts.command(["fota-sim", "sweep", str(parts.short_path(sweep.folder / AGAIN))]),
        ]
    )
