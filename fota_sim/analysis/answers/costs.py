"""What a comparison says of costs: who is cheapest, what that saves, and from which price on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.money import money_text, pays_text
from fota_sim.analysis.answers.wording import listed
from fota_sim.scenario.metrics import COST

Report = Mapping[str, Any]
Row = Mapping[str, Any]
MOST_BORDERS = 3
"""Candidates whose break-even is told where cost does not decide."""


def cost_decides(
    report: Report,
    open_to: Sequence[str],
    base_stands: bool,
    given_up: Mapping[str, str],
    left_out: Mapping[str, str],
) -> list[str]:
    """What to take by cost, in sentences; none where there are no prices, or they tell nobody apart.

    ``open_to``: candidates that may be taken; ``base_stands``: whether the baseline may be; ``given_up``: in what harm
    and reach a candidate is shown to be worse, in words; ``left_out``: a sentence about whom it leaves out, or none.
    """
    rows = {row["candidate"]: row for row in report["differences"] if row["metric"] == COST}
    rows = {name: rows[name] for name in open_to if name in rows}
    cheaper = sorted((name for name in rows if _saves(rows[name]) > 0), key=lambda name: -_saves(rows[name]))
    if cheaper:
        first, *others = cheaper
        costs = f" It {given_up[first]}, which is in the cost as far as it has a price." if given_up[first] else ""
        told = [f"Take `{first}`: it {_saved(report, rows[first])}.{costs}", left_out[first]]
        return [*told, _rivals(report, first, [*others, *(name for name in rows if not rows[name]["shown"])])]
    dearer = sorted((name for name in rows if _saves(rows[name]) < 0), key=lambda name: -_saves(rows[name]))
    if not base_stands or not dearer or len(dearer) < len(rows):
        return []
    first, *others = dearer
    told = [f"Keep `{report['baseline']}`, the cheapest: {_costs_more(report, rows[first])}."]
    if others:
        told.append(f"Still dearer: {listed([f'`{name}` ({_difference(report, rows[name])})' for name in others])}.")
    return told


def cost_undecided(report: Report, open_to: Sequence[str]) -> list[str]:
    """Break-evens of candidates where cost did not decide: from which price on each would be the cheaper one."""
    rows = {row["candidate"]: row for row in report["differences"] if row["metric"] == COST}
    told, base = [], report["baseline"]
    for name in open_to:
        borders, row = _borders(report, name), rows.get(name)
        if not borders or row is None:
            continue
        if _saves(row) > 0:
            told.append(f"In cost, `{name}` {_saved(report, row)}.")
        elif row["shown"]:
            told.append(f"In cost, {_costs_more(report, row)}.")
        else:
            pays = pays_text(borders, report["currency"])
            told.append(f"In cost, `{name}` and `{base}` are not told apart; `{name}` {pays}.")
    return told[:MOST_BORDERS]


def _saves(row: Row) -> float:
    """What is saved against the baseline, in the mean; 0 where no difference is shown."""
    return -float(row["difference"]) if row["shown"] and row["difference"] is not None else 0.0


def _saved(report: Report, row: Row) -> str:
    borders = _borders(report, row["candidate"])
    pays = f", and {pays_text(borders, report['currency'])}" if borders else ""
    return f"saves {_difference(report, row)} against `{row['baseline']}`{pays}"


def _costs_more(report: Report, row: Row) -> str:
    borders = _borders(report, row["candidate"])
    pays = f", and {pays_text(borders, report['currency'], would=True)}" if borders else ""
    return f"`{row['candidate']}` costs {_difference(report, row)} more{pays}"


def _difference(report: Report, row: Row) -> str:
    ends = None if row["low"] is None else (row["low"], row["high"])
    return money_text(row["difference"], report["currency"], ends)


def _borders(report: Report, name: str) -> list[Row]:
    """The break-evens of a candidate; a comparison of an earlier version has none."""
    return [row for row in report.get("break_even", ()) if row["candidate"] == name]


def _rivals(report: Report, first: str, others: Sequence[str]) -> str:
    """Who is not shown to be dearer than the one to take, by comparisons of all pairs."""
    best: Sequence[str] = next((row["best"] for row in report["best"] if row["metric"] == COST), ())
    as_good = [f"`{name}`" for name in others if name in best]
    if not as_good or first not in best:
        return ""
    return f"Not shown to be dearer than that: {listed(as_good)}."
