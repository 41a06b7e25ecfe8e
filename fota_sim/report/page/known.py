"""Of a fitted scenario: what was learnt from which log, and what of a spread is not knowing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.report.page import cells
from fota_sim.report.page.content import Cell, Column, Section, Table
from fota_sim.scenario.learnt import Learnt
from fota_sim.scenario.model import Scenario

TITLE = "What was learnt"


def known_sections(scenario: Scenario, learnt: Mapping[str, Mapping[str, Any]]) -> list[Section]:
    """None of a scenario that was not fitted; ``learnt``: what analysis/run/known.py tells, by variant, or by ''."""
    if scenario.learnt is None:
        return []
    tables = [_spread(name, told) for name, told in learnt.items() if told and told["spread"]]
    return [Section(TITLE, [*tables, _learnt(scenario.learnt), *_kept(scenario.learnt)])]


def _spread(name: str, told: Mapping[str, Any]) -> Table:
    rows = []
    for row in told["spread"].values():
        most = row["of"][0] if row["of"] else None
        rows.append(
            [
                cells.text(row["label"]),
                _percent(row["parameters"]),
                _percent(row["chance"]),
                cells.text("–" if most is None else f"{most['name']} ({100 * most['share']:.0f} %)"),
            ]
        )
    what = "Measure" if told["of"] == "value" else "Difference in"
    columns = [Column(what), Column("Not knowing", True), Column("Chance", True), Column("Most of it")]
    of = "" if not name else f" with {name}"
    caption = f"Of the spread between {told['replications']} replications{of}: what was learnt and is not known better"
    note = (
        "A longer log, or one of more devices, would make the first part smaller; more replications average out chance."
    )
    return cells.table(caption, columns, rows, note)


def _percent(share: float) -> Cell:
    return Cell(f"{100 * share:.0f} %", share)


def _learnt(learnt: Learnt) -> Table:
    rows = [
        [
            cells.text(each.name),
            cells.text(each.mean),
            cells.text(" to ".join(each.interval)),
            cells.text(each.default),
            Cell(f"{each.n:,}", each.n),
            cells.text(each.how),
        ]
        for each in learnt.parameters
    ]
    columns = [
        *(Column("What"), Column("Value"), Column("95 % interval"), Column("Was"), Column("From", True)),
        Column("How"),
    ]
    return cells.table(f"Learnt from {learnt.source} of {learnt.devices:,} devices", columns, rows)


def _kept(learnt: Learnt) -> list[Table]:
    if not learnt.kept:
        return []
    rows = [[cells.text(each.name), cells.text(each.why)] for each in learnt.kept]
    return [cells.table("Not learnt, and as the scenario said", [Column("What"), Column("Why")], rows)]
