"""The page of a fit: the log beside the simulation, what was learnt, and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fota_sim.analysis.answers.wording import rate_interval_text, rate_text
from fota_sim.learning.beside import Beside
from fota_sim.learning.fitted import Fit
from fota_sim.learning.told import interval_text, told
from fota_sim.quoting import listed, number_of
from fota_sim.report.figures.beside import (
    adoption_beside_figure,
    adoption_finding,
    ends_beside_figure,
    ends_finding,
    took_beside_figure,
    took_finding,
)
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Page, Picture, Section, Table, Text
from fota_sim.scenario.plain_names import plain_value

_MOST_NUMBERS = 6


def fit_page(fit: Fit, found: Beside, argv: Sequence[str]) -> Page:
    """The report of a fit."""
    facts = told(fit)
    log = facts["log"]
    return Page(
        kind="Report of a fit",
        title=f"{facts['scenario']}{f', plan {fit.plan}' if fit.plan else ''}: fitted to {log['platform']}",
        question=f"What does this log teach {facts['scenario']}, and how surely?",
        facts=[number_of(log["devices"], "device"), f"{facts['trials']} simulated rollouts", facts["engine"]],
        answer=answer(fit, found),
        points=[],
        numbers=[
            KeyNumber(*map(plain_value, (each["value"], each["name"], f"{interval_text(each)}; was {each['default']}")))
            for each in facts["learnt"][:_MOST_NUMBERS]
        ],
        verdicts=[],
        sections=[
            Section(
                "The log beside the simulation",
                [
                    Picture(partial(adoption_beside_figure, found), adoption_finding(found)),
                    Picture(partial(ends_beside_figure, found), ends_finding(found)),
                    Picture(partial(took_beside_figure, found), took_finding(found)),
                ],
            ),
            Section("Learnt", [_learnt(facts["learnt"])] if facts["learnt"] else []),
            Section("Not learnt", [_kept(facts["kept"])]),
            Section("By class", [_rates(what, by) for what, by in facts["rates"].items()]),
            Section("The log", [Text(_log(log))]),
            parts.assumptions_section(fit.scenario),
            Section("Reproduce", [parts.listing(parts.command(argv))]),
        ],
    )


def answer(fit: Fit, found: Beside) -> list[str]:
    """In sentences, the finding first."""
    devices = f"{number_of(len(fit.histories), 'device')}{f' of plan {fit.plan}' if fit.plan else ''}"
    taught = number_of(len(fit.learned), "parameter") if fit.learned else "nothing that the scenario does not say"
    said = [f"The log of {devices} teaches {taught}."]
    said.append(f"{adoption_finding(found)}. {ends_finding(found)}.")
    said += fit.doubts
    wide = [each.name for each in fit.learned if each.upper_end]
    if wide:
        said.append(f"Nothing was seen of {', '.join(wide)}: the upper end is what the log says of it.")
    if fit.others:
        names = listed(dict.fromkeys(name for each in fit.others.values() for name in each))
        said.append(f"Of what was learnt, {len(fit.others)} hold for devices of other plans too ({names}).")
    said.append(f"{number_of(len(fit.kept), 'thing')} could not be learnt and kept what the scenario said.")
    return said


def _learnt(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = [Column("What"), Column("Value", True), Column("Was", True), Column("From"), Column("Fields")]
    return cells.table(
        "Means of what is plausible, 95 % intervals below them",
        columns,
        [
            [
                cells.text(plain_value(each["name"]))._replace(more=_too(each)),
                Cell(plain_value(each["value"]), each["value"], interval_text(each)),
                cells.text(plain_value(each["default"])),
                cells.text(plain_value(each["how"])),
                cells.text(", ".join(each["paths"])),
            ]
            for each in rows
        ],
    )


def _too(each: Mapping[str, Any]) -> str:
    return f"of plan {', '.join(each['plans_too'])} too" if "plans_too" in each else ""


def _kept(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = [Column("What"), Column("Why it keeps what the scenario said")]
    return cells.table(
        "What this log cannot teach", columns, [[cells.text(each["name"]), cells.text(each["why"])] for each in rows]
    )


def _rates(what: str, by: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    rows = [
        [
            cells.text(plain_value(f"{kind}: {each['class']}" if kind != "all" else each["class"])),
            Cell(f"{each['k']:,} of {each['n']:,}", float(each["n"])),
            Cell(
                rate_text(each["mean"]),
                float(each["mean"]),
                rate_interval_text(each["interval"], each["k"]),
            ),
        ]
        for kind, classes in by.items()
        for each in classes
    ]
    note = "Classes are partly pooled: one of few devices leans on the others. None of n gives an upper end only."
    return cells.table(what, [Column("Class"), Column("Devices", True), Column("Share", True)], rows, note)


def _log(log: Mapping[str, Any]) -> list[str]:
    ended = ", ".join(f"{count:,} {word.replace('_', ' ')}" for word, count in log["ended"].items())
    left = [
        f"{number_of(each['rows'], 'row')} left out: {each['why']} (first in {each['first']})."
        for each in log["left_out"]
    ]
    return [f"{number_of(log['devices'], 'device')}: {ended}.", *left, *log["notes"]]
