"""A comparison in sentences: which variant is best in what, what is shown against the baseline, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.wording import listed, short_label
from fota_sim.analysis.better import BETTER, best_first
from fota_sim.analysis.rounding import format_value
from fota_sim.analysis.sentences import same, signed

Report = Mapping[str, Any]

MOST_CANDIDATES = 6
"""Told one by one; of more, the table has the rest."""


def comparison_answer(report: Report) -> list[str]:
    """Sentences about the report of analysis/compare.py, what is best first."""
    names = [variant["name"] for variant in report["variants"][1:]]
    told = [_best(report), *(candidate_answer(report, name) for name in names[:MOST_CANDIDATES])]
    if len(names) > MOST_CANDIDATES:
        told.append(f"{len(names) - MOST_CANDIDATES} further candidates are in the table.")
    return [sentence for sentence in [*told, _limits(report["variants"])] if sentence]


def candidate_answer(report: Report, name: str) -> str:
    """One candidate against the baseline: better, worse, and not shown."""
    rows = [row for row in report["differences"] if row["candidate"] == name]
    judged = [row for row in rows if row["shown"] and row["metric"] in BETTER]
    better = [_told(row) for row in judged if _improves(row)]
    worse = [_told(row) for row in judged if not _improves(row)]
    plain = [_told(row) for row in rows if row["shown"] and row["metric"] not in BETTER]
    equal = [short_label(row["label"]) for row in rows if not row["shown"] and row["difference"] is not None]
    open_ = [short_label(row["label"]) for row in rows if row["difference"] is None]
    parts = []
    if better:
        parts.append(f"better in {listed(better)}")
    if worse:
        parts.append(f"worse in {listed(worse)}")
    if plain:
        parts.append(f"different in {listed(plain)}")
    if equal:
        parts.append(f"not shown to differ in {listed(equal)}")
    if open_:
        parts.append(f"not comparable in {listed(open_)}, which not every replication of both reaches")
    if not judged and not plain and not open_:
        same_all = all(same(row) for row in rows)
        return f"`{name}` {'does the same as' if same_all else 'is not shown to differ from'} `{report['baseline']}`."
    return f"`{name}` against `{report['baseline']}` is {'; '.join(parts)}."


def means(report: Report, metric: str) -> dict[str, float | None]:
    """The mean of a compared metric of every variant, in their order."""
    rows = [row for row in report["differences"] if row["metric"] == metric]
    found = {row["baseline"]: row["baseline_value"] for row in rows}
    return found | {row["candidate"]: row["candidate_value"] for row in rows}


def best_variants(report: Report, metric: str) -> list[str]:
    """Those with the best mean of a metric that has a better side; several where they are equal, none without one."""
    known = {name: best_first(metric, value) for name, value in means(report, metric).items() if value is not None}
    return [name for name, cost in known.items() if cost == min(known.values())]


def _best(report: Report) -> str:
    """The best mean of each measure, by variant; measures in which all are equal are left out."""
    shapes = {row["metric"]: row for row in report["differences"] if row["metric"] in BETTER}
    won: dict[str, list[str]] = {}
    for metric, row in shapes.items():
        values = means(report, metric)
        best = best_variants(report, metric)
        if not best or len(best) == len(values):
            continue
        names = listed([f"`{name}`" for name in best])
        won.setdefault(names, []).append(f"{short_label(row['label'])} ({format_value(values[best[0]], row['unit'])})")
    count = len(report["variants"])
    if not won:
        return f"None of the {count} variants is better than another in anything that was compared."
    parts = [f"{names} in {listed(what)}" for names, what in won.items()]
    return f"Of the {count} variants the best means have {'; '.join(parts)}."


def _limits(variants: Sequence[Mapping[str, Any]]) -> str:
    """Who keeps all of its thresholds."""
    with_limits = [variant for variant in variants if variant["thresholds"]]
    if not with_limits:
        return ""
    by: dict[str, list[str]] = {"pass": [], "fail": [], "undecided": []}
    for variant in with_limits:
        found = {row["verdict"] for row in variant["thresholds"]}
        verdict = next((each for each in ("fail", "undecided") if each in found), "pass")
        by[verdict].append(f"`{variant['name']}`")
    parts = [f"kept by {listed(by['pass'])}" if by["pass"] else "kept by none"]
    parts += [f"broken by {listed(by['fail'])}"] if by["fail"] else []
    parts += [f"undecided for {listed(by['undecided'])}"] if by["undecided"] else []
    return f"All thresholds are {'; '.join(parts)}."


def _improves(row: Mapping[str, Any]) -> bool:
    return best_first(row["metric"], row["difference"]) < 0


def _told(row: Mapping[str, Any]) -> str:
    return f"{short_label(row['label'])} ({signed(row, 'difference')})"
