"""A forecast in sentences: what will be, whether that is in time, and what may be done now; or why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.wording import count_of, listed, number_text, share_text
from fota_sim.analysis.forecast.ahead import SO_FAR
from fota_sim.analysis.forecast.branches import GO_ON
from fota_sim.analysis.forecast.states import WORDS, State
from fota_sim.analysis.numbers.rounding import format_duration, unsigned_zero

Report = Mapping[str, Any]

MOST_CAUSES = 3
_HOUR_MS = 3_600_000
_CHANGED = (
    "If the rate was changed at times that nobody wrote down, say that it may have been: plan.rollout.rate_changes."
)
_SILENT = "The log has nobody who was heard of: is all of it there, and was the plan activated at the scenario's start?"
_UNDER_WAY = WORDS[State.UNDER_WAY]
_UNHEARD = (WORDS[State.NEVER], WORDS[State.OTHER])
_DONE = (WORDS[State.SUCCEEDED], WORDS[State.FAILED], WORDS[State.BRICKED])
_WORTH_SAYING = 0.05
"""Chance from which on it is told that an abort rule may have stopped the rollout before. Assumption."""
_SURE = 0.995  # a share of members that is told as all of them


def forecast_answer(report: Report) -> list[str]:
    """Sentences about the report of analysis/forecast, the finding first."""
    if not report["explained"]:
        return [*_unexplained(report), *([_seen(report)] if devices_heard_of(report) else [])]
    early = _early(report)
    told = [
        early,
        stop_or_go_on(report) if report["stopping"] else "",
        _ends(report),
        _times(report),
        _coming(report) if early else "",
        _rate(report),
        _losses(report),
        _seen(report) if devices_heard_of(report) else "",
        _deadline(report),
        _abort(report),
        _waiting(report) if report["stopping"] else "",
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
        *([] if devices_heard_of(report) else [_SILENT]),
        *([_CHANGED] if report["rate"]["limited"] and report["rate"]["changes"] is None else []),
    ]


def devices_heard_of(report: Report) -> int:
    """Devices that the log has heard of."""
    return sum(count for word, count in report["so_far"].items() if word not in _UNHEARD)


def _done(report: Report) -> int:
    return sum(report["so_far"][word] for word in _DONE)


def _early(report: Report) -> str:
    """That the log tells nothing yet of what the forecast is about; empty once a device is done."""
    if _done(report):
        return ""
    lasted = _duration(report["now_ms"])
    told = "what follows of upgrades and failures"
    if not devices_heard_of(report):
        seen = f"Nobody has been heard of in the {lasted} so far"
        if report["now_ms"] <= report["starts_ms"]:
            seen += f", before the plan starts ({_duration(report['starts_ms'])} after activation)"
        told = "what follows"
    else:
        begun = report["so_far"][_UNDER_WAY]
        seen = f"After {lasted} {number_text(begun)} {'is' if begun == 1 else 'are'} under way and nobody is done"
        if not begun:
            seen = f"Devices have been heard of in the {lasted} so far, and none has begun"
    more = ", narrowed a little by what was seen" if report["learnt"] else ""
    return f"{seen}: {told} is what the scenario and its assumptions say{more}, and no experience."


def _coming(report: Report) -> str:
    """When the first are expected, and when looking again pays."""
    coming, now_ms = report["coming"], report["now_ms"]
    named = {"heard": "be heard of", "begun": "begin", "done": "be done"}
    if "waiting" not in report["log"]["tells_apart"] or devices_heard_of(report):
        del named["heard"]
    if report["so_far"][_UNDER_WAY]:
        del named["begun"]
    parts = [f"{word} in {_around(coming[what], now_ms)}" for what, word in named.items() if coming[what]["median"]]
    if not parts:
        return "Nobody more is expected to be done before the end, more likely than not."
    tenth = coming["tenth"]["median"]
    told = f"The first are expected to {listed(parts)}."
    if tenth is not None and tenth > report["now_ms"]:
        told += f" Look again in {_duration(tenth - now_ms)}: by then a tenth of the reachable are expected to be done."
    return told


def _ends(report: Report) -> str:
    told = report["forecast"]
    upgraded, targeted = told["upgraded"], round(told["meant"]["median"])
    share = share_text(upgraded["median"] / max(1, targeted))
    of_plan = f" of plan {report['plan']}" if "plan" in report else ""
    return (
        f"In the end {between(upgraded)} of {count_of(targeted, 'targeted device')}{of_plan} are upgraded ({share} in "
        "the middle; all intervals 90 %)."
    )


def _times(report: Report) -> str:
    already, parts, never = [], [], []
    for share, row in report["forecast"]["done"].items():
        if row["median"] is None:
            never.append(f"{share} % are done with a chance of {chance(row['reached'])}")
        elif row["median"] <= report["now_ms"]:
            already.append(f"{share} %")
        else:
            parts.append(f"{share} % after {_around(row)}")
    clauses = [f"{listed(already)} are done already"] if already else []
    clauses += [listed(parts) if already else f"{listed(parts)} are done"] if parts else []
    told = f"Of the reachable, {listed(clauses)}." if clauses else ""
    if never:
        told += f" By the end {listed(never)}."
    return told.strip()


def _around(row: Mapping[str, Any], since_ms: float = 0) -> str:
    """A time and its interval, counted from a time; no interval where it is as narrow as the text."""
    low, middle = (_duration(row[end] - since_ms) for end in ("low", "median"))
    high = "the end" if row["high"] is None else _duration(row["high"] - since_ms)
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def _rate(report: Report) -> str:
    changes = report["rate"]["changes"]
    if changes is None:
        return ""
    between = f"{_figure(changes['slowest'])} and {_figure(changes['fastest'])} times the planned one"
    return (
        f"By assumption the rate may change unplanned, to between {between}: every {_duration(changes['every_ms'])} it "
        f"is sped up with a chance of {chance(changes['faster'])}, and slowed down with one of "
        f"{chance(changes['slower'])}."
    )


def _losses(report: Report) -> str:
    told = report["forecast"]
    causes = [row for row in told["causes"] if row["cause"] != SO_FAR and row["mean"] >= 0.05]
    named = [f"“{row['cause']}” ({number_text(round(row['mean'], 1))})" for row in causes[:MOST_CAUSES]]
    why = f", the ones to come by {listed(named)} on average" if named else ""
    failed = f"{between(told['failed'])} fail{why}"
    return f"{failed}; {between(told['bricked'])} {'is' if told['bricked']['high'] == 1 else 'are'} bricked."


def _seen(report: Report) -> str:
    parts = [f"{number_text(count)} {_state(word)}" for word, count in report["so_far"].items() if count]
    if unnamed := report["log"].get("unnamed"):
        parts.append(f"not a word of {number_text(unnamed)}")
    return f"After {_duration(report['now_ms'])} the log has {listed(parts) if parts else 'nobody heard of'}."


def _state(word: str) -> str:
    """A word of WORDS within a list, which has commas of its own."""
    return word.replace(", not", " but not").replace(", or", " or")


def _deadline(report: Report) -> str:
    deadline = report["deadline"]
    what = "the deadline" if deadline["given"] else "the end of the plan"
    chances = [f"{share} % {chance(value)}" for share, value in deadline["probability"].items()]
    return (
        f"Chance that of the reachable so many are done by {what} ({_duration(deadline['at_ms'])}): {listed(chances)}."
    )


def _abort(report: Report) -> str:
    if not report["abort"]["rules"]:
        return ""
    onwards = f"An abort rule fires from now on with a chance of {chance(report['abort']['probability'])}."
    before = report["abort"].get("before", 0.0)
    if before < _WORTH_SAYING:
        return onwards
    return (
        f"{onwards} With a chance of {chance(before)} one had stopped the rollout before now, as far as this log can "
        "tell: if yours goes on, forecast again without that rule."
    )


def stop_or_go_on(report: Report) -> str:
    """Whether to go on or to stop, as far as failures and upgrades tell, and from which price of a failure on."""
    price, waiting = report["stopping"]["break_even"], report["stopping"]["waiting"]
    upgrades, failures = round(price["upgrades"], 1), round(price["failures"], 1)
    plan = f" plan {report['plan']}" if "plan" in report else ""
    on, stop = f"Go on{' with' if plan else ''}{plan}", f"Stop{plan}"
    given = f"to stop now would give away {count_of(upgrades, 'upgrade')}"
    if price["value"] is None:
        return f"{on}: {given} and prevent no failure; it pays at no price."
    told = f"{given} and prevent {count_of(failures, 'failure')}"
    if abs(upgrades) < 1 and failures < 1:
        return f"Hardly anything hangs on stopping{plan} now: {told}."
    if price["value"] <= 0 or not upgrades:
        return f"{stop}: {told}; it pays at any price."
    low, high = price["interval"]
    limit = f"{_figure(price['value'])} upgrades ({_figure(low)} to {_figure(high)})"
    if waiting is not None and waiting["given"]:
        pays = waiting["price"] > price["value"]
        word = "more" if pays else "no more"
        at = f"a failure costs {_figure(waiting['price'])}, {word} than the {limit} from which on that pays"
        return f"{stop if pays else on}: {told}, and {at}."
    return f"{on}, unless a failure costs more than {limit}: {told}."


def _waiting(report: Report) -> str:
    found = report["stopping"]["waiting"]
    if found is None:
        return ""
    price = f"{_figure(found['price'])} upgrades"
    of = (
        f"At a price of {price}"
        if found["given"]
        else "At just the price from which on stopping pays, where it is hardest to decide,"
    )
    wait = _duration(report["stopping"]["wait_ms"])
    if abs(found["value"]) < 0.05:
        first, until_ms = report["coming"]["done"]["low"], report["now_ms"] + report["stopping"]["wait_ms"]
        if first is None or first > until_ms:
            return (
                f"Within {wait} nobody is expected to be done, so to wait that long before deciding tells nothing and "
                f"gives nothing away{_longer(report)}."
            )
        return f"{of} waiting {wait} before deciding is worth nothing."
    worth = f"{_figure(abs(found['value']))} upgrades"
    return f"{of} waiting {wait} before deciding {'is worth' if found['value'] > 0 else 'costs'} {worth}."


def _longer(report: Report) -> str:
    """How long a wait tells something; empty where none does."""
    tenth = report["coming"]["tenth"]["median"]
    if tenth is None or not report["now_ms"] < tenth < report["horizon_ms"]:
        return ""
    hours = math.ceil((tenth - report["now_ms"]) / _HOUR_MS)
    return f"; --wait {hours}h asks what it is worth to wait until a tenth of the reachable are done"


def _evidence(report: Report) -> str:
    found = report["evidence"]
    if not found["devices"]:
        if not found["too_early"]:
            return "Nobody has begun, so nothing is shown of the failure rate."
        first, watch = _duration(found["first_ms"] - report["now_ms"]), _duration(found["watch_ms"])
        return (
            f"{count_of(found['too_early'], 'device')} began less than {watch} ago, and count as evidence of the "
            f"failure rate once that time is over, the first in {first}."
        )
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
                *(between(row[what]) for what in ("upgraded", "failed", "bricked")),
                "not by the end" if done["median"] is None else _duration(done["median"]),
                "" if row["name"] == GO_ON else _difference(row["difference"]),
            )
        )
    return rows


def _difference(difference: Mapping[str, Any]) -> str:
    parts = [f"{what} {_signed(difference[what])}" for what in ("upgraded", "failed", "bricked")]
    return ", ".join(parts)


def _signed(row: Mapping[str, Any]) -> str:
    low, middle, high = (unsigned_zero(f"{row[end]:+,.0f}").replace("-", "−") for end in ("low", "median", "high"))
    return middle if low == high else f"{middle} ({low} to {high})"


def between(row: Mapping[str, Any]) -> str:
    """``42 to 45``, or one number where both ends are told alike."""
    low, high = number_text(row["low"]), number_text(row["high"])
    return low if low == high else f"{low} to {high}"


def chance(share: float) -> str:
    """A chance in whole per cent; what hardly any or nearly all members say is told as that."""
    return "above 99 %" if share > _SURE else "below 1 %" if share < 1 - _SURE else f"{100 * share:.0f} %"


def _figure(value: float) -> str:
    return "any number of" if value == float("inf") else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def _duration(ms: float) -> str:
    return format_duration(ms)
