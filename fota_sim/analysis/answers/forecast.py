"""A forecast in sentences: what will be, whether that is in time, and what may be done now; or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.wording import count_of, listed, number_text, share_text
from fota_sim.analysis.forecast.ahead import SO_FAR
from fota_sim.analysis.forecast.branches import GO_ON
from fota_sim.analysis.numbers.rounding import format_duration

Report = Mapping[str, Any]

MOST_CAUSES = 3
_CHANGED = (
    "If the rate was changed at times that nobody wrote down, say that it may have been: plan.rollout.rate_changes."
)
_SURE = 0.995  # a share of members that is told as all of them


def forecast_answer(report: Report) -> list[str]:
    """Sentences about the report of analysis/forecast, the finding first."""
    if not report["explained"]:
        return [*_unexplained(report), _seen(report)]
    told = [
        _ends(report),
        _times(report),
        _rate(report),
        _losses(report),
        _seen(report),
        _deadline(report),
        _abort(report),
        *([_stopping(report), _waiting(report)] if report["stopping"] else []),
        _evidence(report),
    ]
    return [sentence for sentence in told if sentence]


def _unexplained(report: Report) -> list[str]:
    partings = [row["text"] for row in report["partings"]]
    more = f" and {count_of(len(partings) - 3, 'other count')}" if len(partings) > 3 else ""
    return [
        "There is no forecast: nothing within the ranges of what is not known explains what was seen so far.",
        f"They part in {'; '.join(partings[:3])}{more}.",
        "Widen what may be wrong about that, with --unknown PATH=LOW..HIGH, or mend the scenario: an operator's act, "
        "a defect or a group that it does not know.",
        *([_CHANGED] if report["rate"]["limited"] and report["rate"]["changes"] is None else []),
    ]


def _ends(report: Report) -> str:
    told = report["forecast"]
    upgraded, targeted = told["upgraded"], round(told["meant"]["median"])
    share = share_text(upgraded["median"] / max(1, targeted))
    of_plan = f" of plan {report['plan']}" if "plan" in report else ""
    return (
        f"In the end {_between(upgraded)} of {count_of(targeted, 'targeted device')}{of_plan} are upgraded ({share} in "
        "the middle; all intervals 90 %)."
    )


def _times(report: Report) -> str:
    parts, never = [], []
    for share, row in report["forecast"]["done"].items():
        if row["median"] is None:
            never.append(f"{share} % ({_chance(row['reached'])})")
        else:
            parts.append(f"{share} % {_when(row, report['now_ms'])}")
    told = f"Of the reachable, {listed(parts)} are done." if parts else ""
    if never:
        told += f" Not before the end, more likely than not: {listed(never)} to be done in time."
    return told.strip()


def _when(row: Mapping[str, Any], now_ms: int) -> str:
    if row["median"] <= now_ms:
        return "already"
    high = "the end" if row["high"] is None else _duration(row["high"])
    return f"after {_duration(row['median'])} ({_duration(row['low'])} to {high})"


def _rate(report: Report) -> str:
    changes = report["rate"]["changes"]
    if changes is None:
        return ""
    between = f"{_figure(changes['slowest'])} and {_figure(changes['fastest'])} times the planned one"
    return (
        f"By assumption the rate may change unplanned, to between {between}: every {_duration(changes['every_ms'])} it "
        f"is sped up with a chance of {_chance(changes['faster'])}, and slowed down with one of "
        f"{_chance(changes['slower'])}."
    )


def _losses(report: Report) -> str:
    told = report["forecast"]
    causes = [row for row in told["causes"] if row["cause"] != SO_FAR and row["mean"] >= 0.05]
    named = [f"{row['cause']} {number_text(round(row['mean'], 1))}" for row in causes[:MOST_CAUSES]]
    why = f", the ones to come mostly by {listed(named)}" if named else ""
    failed = f"{_between(told['failed'])} fail{why}"
    return f"{failed}; {_between(told['bricked'])} {'is' if told['bricked']['high'] == 1 else 'are'} bricked."


def _seen(report: Report) -> str:
    parts = [f"{number_text(count)} {word}" for word, count in report["so_far"].items() if count]
    return f"After {_duration(report['now_ms'])} the log has {listed(parts) if parts else 'nobody heard of'}."


def _deadline(report: Report) -> str:
    deadline = report["deadline"]
    what = "the deadline" if deadline["given"] else "the end of the plan"
    chances = [f"{share} % {_chance(chance)}" for share, chance in deadline["probability"].items()]
    return (
        f"Chance that of the reachable so many are done by {what} ({_duration(deadline['at_ms'])}): {listed(chances)}."
    )


def _abort(report: Report) -> str:
    if not report["abort"]["rules"]:
        return ""
    return f"An abort rule fires from now on with a chance of {_chance(report['abort']['probability'])}."


def _stopping(report: Report) -> str:
    price = report["stopping"]["break_even"]
    given = f"{number_text(round(price['upgrades'], 1))} upgrades"
    if price["value"] is None:
        return f"To stop now would give away {given} and prevent no failure: it pays at no price."
    saved = count_of(round(price["failures"], 1), "failure")
    low, high = price["interval"]
    told = f"To stop now would give away {given} and prevent {saved}"
    if price["value"] <= 0:
        return f"{told}: it pays at any price."
    return (
        f"{told}: it pays where a failure costs more than {_figure(price['value'])} upgrades ({_figure(low)} to "
        f"{_figure(high)})."
    )


def _waiting(report: Report) -> str:
    found = report["stopping"]["waiting"]
    if found is None:
        return ""
    price = f"{_figure(found['price'])} upgrades"
    of = f"At a price of {price}" if found["given"] else "At just that price, where it is hardest to decide,"
    wait = _duration(report["stopping"]["wait_ms"])
    if abs(found["value"]) < 0.05:
        return f"{of} waiting {wait} before deciding is worth nothing."
    worth = f"{_figure(abs(found['value']))} upgrades"
    return f"{of} waiting {wait} before deciding {'is worth' if found['value'] > 0 else 'costs'} {worth}."


def _evidence(report: Report) -> str:
    found = report["evidence"]
    if not found["devices"]:
        watch = _duration(found["watch_ms"])
        return f"No device has been watched for {watch} yet, so nothing is shown of the failure rate."
    counted = f"{number_text(found['failed'])} of {count_of(found['devices'], 'device')} watched for at least"
    interval = f"{share_text(found['low'])} to {share_text(found['high'])}"
    verdict = {
        "too high": "shown to be above",
        "low enough": "shown to be below",
        "undecided": "not shown to be above or below",
    }[found["verdict"]]
    return (
        f"Looked at at any time, {counted} {_duration(found['watch_ms'])} failed: a rate of {interval} "
        f"({100 * (1 - found['alpha']):g} %), {verdict} the acceptable {share_text(found['acceptable'])}."
    )


def branch_rows(report: Report) -> Sequence[Sequence[str]]:
    """A table of the ways on: what becomes of them, and how they differ from going on."""
    rows: list[Sequence[str]] = [("From now on", "upgraded", "failed", "bricked", "90 % done", "against going on")]
    for row in report["branches"]:
        done = row["done"]["90"]
        rows.append(
            (
                row["name"],
                *(_between(row[what]) for what in ("upgraded", "failed", "bricked")),
                "not by the end" if done["median"] is None else _duration(done["median"]),
                "" if row["name"] == GO_ON else _difference(row["difference"]),
            )
        )
    return rows


def _difference(difference: Mapping[str, Any]) -> str:
    parts = [f"{what} {_signed(difference[what])}" for what in ("upgraded", "failed", "bricked")]
    return ", ".join(parts)


def _signed(row: Mapping[str, Any]) -> str:
    low, middle, high = (f"{row[end]:+,.0f}".replace("+0", "0").replace("-0", "0") for end in ("low", "median", "high"))
    return middle if low == high else f"{middle} ({low} to {high})"


def _between(row: Mapping[str, Any]) -> str:
    low, high = number_text(row["low"]), number_text(row["high"])
    return low if low == high else f"{low} to {high}"


def _chance(share: float) -> str:
    return "above 99 %" if share > _SURE else "below 1 %" if share < 1 - _SURE else f"{100 * share:.0f} %"


def _figure(value: float) -> str:
    return "any number of" if value == float("inf") else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def _duration(ms: float) -> str:
    return format_duration(ms)
