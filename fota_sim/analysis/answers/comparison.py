"""A comparison in sentences: which variant is best in what, what is shown against the baseline, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.recommended import recommendation
from fota_sim.analysis.answers.wording import count_of, listed, short_label
from fota_sim.analysis.compare.sentences import same, signed
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.scenario.metrics import BETTER, best_first, shown_in

Report = Mapping[str, Any]

LEADS = shown_in("leads")
"""What a rollout is judged by first, in this order, and what it is called to be the best in it."""
MOST_LEADS = 3


def comparison_answer(report: Report) -> list[str]:
    """Sentences about the report of ``analysis/compare``: which to take, who is best in what, who keeps its limits."""
    told = [*recommendation(report), _best(report), _limits(report["variants"]), _rests_on(report)]
    return [sentence for sentence in told if sentence]


def candidates_answer(report: Report) -> list[str]:
    """A sentence for each candidate: what it is shown to change against the baseline, and what it is not."""
    return [candidate_answer(report, variant["name"]) for variant in report["variants"][1:]]


def leads(report: Report) -> dict[str, list[str]]:
    """The leading measures that were compared and in which variants differ, each with the best of them."""
    found = {}
    for metric in LEADS:
        values, best = means(report, metric), best_variants(report, metric)
        if best and len(best) < len(values):
            found[metric] = best
    return dict(list(found.items())[:MOST_LEADS])


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
        parts.append(f"without a difference in {listed(open_)}, since not every replication of both has a value")
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
    """Those with the best mean of a metric that has a better side, as it is written; none where nobody has a mean."""
    known = {name: value for name, value in means(report, metric).items() if value is not None}
    if not known:
        return []
    unit = next(row["unit"] for row in report["differences"] if row["metric"] == metric)
    best = format_value(min(known.values(), key=lambda value: best_first(metric, value)), unit)
    return [name for name, value in known.items() if format_value(value, unit) == best]


def _best(report: Report) -> str:
    count = len(report["variants"])
    found = leads(report)
    if not found:
        return ""
    parts = []
    for metric, best in found.items():
        unit = next(row["unit"] for row in report["differences"] if row["metric"] == metric)
        value = format_value(means(report, metric)[best[0]], unit)
        parts.append(f"{LEADS[metric]}: {listed([f'`{name}`' for name in best])} ({value})")
    return f"Of the {count} variants, by their means, {'; '.join(parts)}."


def _rests_on(report: Report) -> str:
    """How often everything was played; the more comparisons, the more each has to show."""
    runs = min(variant["replications"] for variant in report["variants"])
    pairs = all(row["paired"] for row in report["differences"])
    luck = ", each with the same devices and luck for all variants" if pairs else ""
    return (
        f"This rests on {count_of(runs, 'replication')}{luck}, and allows for all {report['comparisons']} comparisons."
    )


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
