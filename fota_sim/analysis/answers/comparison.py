"""A comparison in sentences: which variant is best in what, what is shown against the baseline, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.money import money_text
from fota_sim.analysis.answers.not_knowing import not_knowing
from fota_sim.analysis.answers.recommended import recommendation
from fota_sim.analysis.answers.stopped import stopped_text
from fota_sim.analysis.answers.weighing import OF_BEGUN
from fota_sim.analysis.answers.wording import count_of, listed, reached_text
from fota_sim.analysis.compare.sentences import same, signed
from fota_sim.analysis.compare.unserved import UPGRADED
from fota_sim.analysis.numbers.best import about_equal
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.stops import Stopped
from fota_sim.scenario.metrics import BETTER, METRICS, MONEY, NOT_UPGRADED, best_first, short_label, shown_in, spoken

Report = Mapping[str, Any]

LEADS = shown_in("leads")
"""What a rollout is judged by first, in this order, and what it is called to be the best in it."""
MOST_LEADS = 3
MOST_IN_TURN = 4
"""Candidates that are told one after the other, each with all of its differences; more are told side by side."""


def comparison_answer(report: Report) -> list[str]:
    """Sentences about the report of ``analysis/compare``: which to take, who is best in what, who keeps its limits."""
    told = [
        *recommendation(report),
        _few_upgraded(report),
        *_stopped(report),
        _best(report),
        _still_at_it(report),
        _exposure(report),
        _targets(report),
        _limits(report["variants"]),
        _rests_on(report),
    ]
    told.append(_not_knowing(report))
    return [sentence for sentence in told if sentence]


def candidates_answer(report: Report) -> list[str]:
    """A sentence for each candidate: what it is shown to change against the baseline, and what it is not.

    Of many only what is shown, those that are told alike together.
    """
    names = [variant["name"] for variant in report["variants"][1:]]
    if not are_many(report):
        return [candidate_answer(report, name) for name in names]
    alike: dict[str, list[str]] = {}
    for name in names:
        rows = [row for row in report["differences"] if row["candidate"] == name]
        alike.setdefault("; ".join(_shown(rows)), []).append(f"`{name}`")
    nobody = alike.pop("", [])
    told = [f"{listed(who)} against `{report['baseline']}`: {text}." for text, who in alike.items()]
    if nobody:
        differ = "is" if len(nobody) == 1 else "are"
        told.append(f"{listed(nobody)} {differ} not shown to differ from `{report['baseline']}` in anything.")
    return [*told, "Whatever is not named is not shown to differ."] if alike else told


def are_many(report: Report) -> bool:
    """Whether there are so many candidates that they are told side by side and not one after the other."""
    return len(report["variants"]) - 1 > MOST_IN_TURN


def leads(report: Report) -> dict[str, list[str]]:
    """The leading measures in which somebody is shown to be beaten, each with those that nobody is shown to beat."""
    found = {row["metric"]: row["best"] for row in report["best"] if row["told_apart"]}
    return dict(list(found.items())[:MOST_LEADS])


def lead_text(metric: str) -> str:
    """What it is called to be the best in a leading measure, or in one that stands for it."""
    devices = METRICS[metric].counts_devices
    sides = {"more": ("most", "highest"), "less": ("fewest", "least")}[BETTER[metric]]
    side = sides[0 if devices else 1]
    return spoken(LEADS.get(metric) or f"{side} {METRICS[metric].label}")


def candidate_answer(report: Report, name: str) -> str:
    """One candidate against the baseline: better, worse, and not shown."""
    rows = [row for row in report["differences"] if row["candidate"] == name]
    parts = _shown(rows)
    some = bool(parts)
    equal = [spoken(short_label(row["label"])) for row in rows if not row["shown"] and row["difference"] is not None]
    open_ = [spoken(short_label(row["label"])) for row in rows if row["difference"] is None]
    if equal:
        parts.append(f"not shown to differ in {listed(equal)}")
    if open_:
        parts.append(f"without a difference in {listed(open_)}, since not every replication of both has a value")
    if not some and not open_:
        same_all = all(same(row) for row in rows)
        return f"`{name}` {'does the same as' if same_all else 'is not shown to differ from'} `{report['baseline']}`."
    return f"`{name}` against `{report['baseline']}` is {'; '.join(parts)}."


def _shown(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """In what a candidate is shown to be better, worse or different."""
    judged = [row for row in rows if row["shown"] and row["metric"] in BETTER]
    parts = {
        "better": [_told(row) for row in judged if _improves(row)],
        "worse": [_told(row) for row in judged if not _improves(row)],
        "different": [_told(row) for row in rows if row["shown"] and row["metric"] not in BETTER],
    }
    return [f"{how} in {listed(told)}" for how, told in parts.items() if told]


def side_by_side(report: Report) -> dict[str, list[Mapping[str, Any]]]:
    """Differences by measure, a row for each candidate; measures in which nobody differs are left out."""
    by_metric: dict[str, list[Mapping[str, Any]]] = {}
    for row in report["differences"]:
        by_metric.setdefault(row["metric"], []).append(row)
    return {metric: rows for metric, rows in by_metric.items() if any(row["difference"] for row in rows)}


def means(report: Report, metric: str) -> dict[str, float | None]:
    """The mean of a compared metric of every variant, in their order."""
    rows = [row for row in report["differences"] if row["metric"] == metric]
    found = {row["baseline"]: row["baseline_value"] for row in rows}
    return found | {row["candidate"]: row["candidate_value"] for row in rows}


def means_told(report: Report, metric: str) -> dict[str, str]:
    """The same in words, which say in how many replications a time is reached."""
    rows = [row for row in report["differences"] if row["metric"] == metric]
    found = {row["baseline"]: mean_told(row, "baseline") for row in rows}
    return found | {row["candidate"]: mean_told(row, "candidate") for row in rows}


def mean_told(row: Mapping[str, Any], which: str) -> str:
    """The mean that a row of a comparison has of its ``baseline`` or ``candidate``, in words."""
    reached, runs = row[f"{which}_reached"], row["baseline_n" if which == "baseline" else "n"]
    return reached_text(row["metric"], row[f"{which}_value"], row["unit"], reached, runs)


def _best(report: Report) -> str:
    count = len(report["variants"])
    if not report["best"]:
        return ""
    if min(variant["replications"] for variant in report["variants"]) < FEWEST_REPLICATIONS:
        return f"Nothing is claimed about the {count} variants: that takes {FEWEST_REPLICATIONS} replications of each."
    found = leads(report)
    if not found:
        return ""
    rows = {row["metric"]: row for row in report["best"]}
    parts = []
    for metric, best in found.items():
        value, unit = rows[metric]["means"][best[0]], rows[metric]["unit"]
        text = money_text(value, unit) if METRICS[metric].unit == MONEY else format_value(value, unit)
        tied = f", not told apart from {listed([f'`{name}`' for name in best[1:]])}" if len(best) > 1 else ""
        parts.append(f"{lead_text(metric)}: `{best[0]}` ({text}){tied}")
    return f"Of the {count} variants, {'; '.join(parts)}."


def _few_upgraded(report: Report) -> str:
    """That most devices are upgraded under none of the variants, which no difference between them shows."""
    shares = means(report, UPGRADED)
    known = [share for share in shares.values() if share is not None]
    if not known or len(known) < len(shares) or max(known) >= _MOST:
        return ""
    most = format_value(max(known), METRICS[UPGRADED].unit)
    of = "either" if len(shares) == 2 else "any"
    return f"Under {of} of them no more than {most} of all devices are upgraded on average."


_MOST = 0.5
"""The share of all devices below which the most that any variant upgrades is told."""


def _stopped(report: Report) -> list[str]:
    """Variants that their own rules stop in some replications; a comparison of an earlier version tells of none."""
    return [
        stopped_text(
            Stopped(**each), f"plan {each['plan']} of `{variant['name']}`" if each["plan"] else f"`{variant['name']}`"
        )
        for variant in report["variants"]
        for each in variant.get("stopped", ())
    ]


def _still_at_it(report: Report) -> str:
    """That devices which are still at it were counted with the failed, where the variants do not leave as many."""
    if not any(row["metric"] == NOT_UPGRADED and row["instead_of"] for row in report["best"]):
        return ""
    left = {name: found for name, found in report["still_at_it"].items() if found["devices"]}
    named = [
        f"{count_of(found['devices'], 'device')} of `{name}` after {count_of(round(found['attempts']), 'attempt')} each"
        for name, found in left.items()
    ]
    also = f" ({'; '.join(named)})" if named else ""
    return f"Failures are counted together with devices that are still at it at the end or lost on the way{also}."


def _exposure(report: Report) -> str:
    """That harms were compared for those that began, where the variants did not begin with as many."""
    if not any(row["instead_of"] and row["metric"] in OF_BEGUN for row in report["best"]):
        return ""
    by_share: dict[str, list[str]] = {}
    for name, share in report["exposures"].items():
        by_share.setdefault(format_value(share, "share"), []).append(f"`{name}`")
    shares = [f"{listed(names)} {share}" for share, names in by_share.items()]
    return (
        "Failures are compared among devices that began an upgrade, as the variants did not begin with equally many of "
        f"the fleet ({'; '.join(shares)})."
    )


def _targets(report: Report) -> str:
    """How upgrades were compared, and what times are of, where the variants do not target as many of the fleet."""
    targets = report.get("targets", {})
    if about_equal(targets.values()):
        return ""
    told = []
    if any(row["instead_of"] and METRICS[row["instead_of"]].of_fleet for row in report["best"]):
        told.append("upgrades are compared among all devices")
    if any(METRICS[metric].percent for metric in leads(report)):
        told.append("times are those of the targeted only")
    if not told:
        return ""
    shares = [f"`{name}` {format_value(share, 'share')}" for name, share in targets.items()]
    text = f"{listed(told)}, as the variants do not target equally many of the fleet ({', '.join(shares)})."
    return text[:1].upper() + text[1:]


def _rests_on(report: Report) -> str:
    """How often everything was played; the more comparisons, the more each has to show."""
    runs = min(variant["replications"] for variant in report["variants"])
    pairs = all(row["paired"] for row in report["differences"])
    what = "the same devices and luck" if report.get("same_devices", True) else "the same luck of each device"
    luck = f", {'each ' if runs > 1 else ''}with {what} for all variants" if pairs else ""
    return (
        f"This rests on {count_of(runs, 'replication')}{luck}, and allows for all {report['comparisons']} comparisons."
    )


def _not_knowing(report: Report) -> str:
    """Of a fitted scenario, of the candidate that is best in the first leading measure, or of the first."""
    learnt, base = report.get("learnt", {}), report["baseline"]
    found = leads(report)
    best = [name for names in found.values() for name in names]
    name = next((each for each in (*best, *learnt) if each in learnt), None)
    metrics = [*found, *LEADS, *dict.fromkeys(row["metric"] for row in report["differences"])]
    return "" if name is None else not_knowing(learnt[name], metrics, f"between `{name}` and `{base}`")


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
    return f"{spoken(short_label(row['label']))} ({signed(row, 'difference')})"
