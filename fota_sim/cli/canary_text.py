"""The answer about canaries in words and small tables, from the dictionary of analysis/canary/answer.py."""

from __future__ import annotations

from typing import Any

from fota_sim.analysis.answers.money import money_text
from fota_sim.analysis.answers.wording import number_text
from fota_sim.analysis.canary.sizes import defective
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.cli.console import columns
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import COST

_ROUNDED = 0.1
"""A rate that whole devices move by more than this share of it is told as what it was taken for."""


def canary_text(found: dict[str, Any]) -> str:
    """What ``fota-sim canary`` prints."""
    parts = [_size(found), _given(found), _test(found), _sequential(found), _abort(found), _played(found)]
    return "\n\n".join(part for part in parts if part)


def percent(share: float) -> str:
    """A share in per cent, with three figures that count."""
    return f"{100 * share:.3g} %" if share < 0.995 else f"{100 * share:.5g} %"


def _size(found: dict[str, Any]) -> str:
    if found["background"]:
        return ""
    what = f"a defect that makes {percent(found['rate'])} of devices fail"
    least = "one failure" if found["failures"] == 1 else f"{found['failures']} failures"
    whole = ""
    if found["fleet"] is not None:
        devices = f"{found['fleet']:,}"
        whole = f" of the {devices} of plan {found['plan']}" if "plan" in found else f" of the fleet of {devices}"
    size = found["size"]
    rounded = _rounded(found)
    if size is None:
        reason = (
            "it never shows in the time that they are watched"
            if found["shown"] == 0
            else "there are too few devices with the defect"
        )
        lines = [f"No group{whole} shows {what} with {percent(found['confidence'])} confidence: {reason}."]
        lines += rounded
    else:
        hold = ""
        if found["hold_ms"] is not None:
            time, seen = format_duration(found["hold_ms"]), percent(found["shown"])
            hold = f", each for {time}, in which {seen} of its failures show"
        lines = [
            f"To see {what}, watch {number_of(size['devices'], 'device')}{whole}{hold}.",
            *rounded,
            f"The chance to see at least {least} is {100 * size['chance']:.2f} %.",
        ]
    if found["holds"]:
        rows = [("Watched for", "failures that show", "devices needed")]
        rows += [
            (
                format_duration(row["hold_ms"]),
                percent(row["shown"]),
                "not enough" if row["devices"] is None else f"{row['devices']:,}",
            )
            for row in found["holds"]
        ]
        lines += ["", f"Failures come after {found['delay']}. Longer or more:", columns(rows, frozenset({0, 1, 2}))]
    return "\n".join(lines)


def _rounded(found: dict[str, Any]) -> list[str]:
    """What a rate comes to in a fleet so small that whole devices make another one of it."""
    fleet, rate = found["fleet"], found["rate"]
    if fleet is None:
        return []
    bad = defective(fleet, rate)
    if abs(bad / fleet - rate) <= _ROUNDED * rate:
        return []
    return [f"Of {number_of(fleet, 'device')} that is taken to be {bad:,}, which is {percent(bad / fleet)}."]


def _given(found: dict[str, Any]) -> str:
    given = found["given"]
    if given is None:
        return ""
    least = "one failure" if found["failures"] == 1 else f"{found['failures']} failures"
    they = f"{number_of(given['devices'], 'device')} show{'s' if given['devices'] == 1 else ''}"
    lines = [f"{they} at least {least} with {percent(given['chance'])} chance."]
    if found["shown"] == 1.0:
        lines.append(
            f"The smallest defect that they show with {percent(found['confidence'])} confidence fails "
            f"{percent(given['smallest_visible_rate'])} of devices (if drawn from a large fleet)."
        )
    elif given["hold_needed_ms"] is None:
        lines.append(f"No time is long enough for {percent(found['confidence'])} confidence; take more devices.")
    else:
        lines.append(
            f"For {percent(found['confidence'])} confidence watch each for {format_duration(given['hold_needed_ms'])}."
        )
    return "\n".join(lines)


def _test(found: dict[str, Any]) -> str:
    test = found["test"]
    if test is None:
        if found["background"]:
            return "No group tells the releases apart: the defect never shows in the time that devices are watched."
        return ""
    hold = "" if found["hold_ms"] is None else f", each for {format_duration(found['hold_ms'])}"
    return (
        f"To tell a release that fails {percent(test['failing'])} of devices from one that fails "
        f"{percent(found['background'])} as ever, watch {number_of(test['devices'], 'device')}{hold},\n"
        f"and stop if {test['failures']:,} or more of them fail. "
        f"The chance to stop a bad release is {100 * test['power']:.2f} %, "
        f"that to stop a good one {100 * test['false_alarm']:.2f} %."
    )


def _sequential(found: dict[str, Any]) -> str:
    sequential = found["sequential"]
    if sequential is None:
        return ""
    slope = sequential["failures_per_device"]
    rows = [("Release", "fails", "stopped", "cleared", "undecided", "devices seen", "(Wald's approximation)")]
    names = {"good": "good", "halfway": "between", "bad": "bad"}
    for row in sequential["courses"]:
        exact, wald = row["exact"], row["wald"]
        rows.append(
            (
                names[row["release"]],
                percent(exact["true_rate"]),
                percent(exact["stopped"]),
                percent(exact["cleared"]),
                percent(exact["undecided"]),
                f"{exact['devices']:,.0f}",
                f"stopped {percent(wald['stopped'])}, {wald['devices']:,.0f} seen",
            )
        )
    return (
        "One device after the other (sequential probability ratio test): after n devices stop with "
        f"{sequential['stop_intercept']:.3g} + {slope:.4g} n failures or more,\n"
        f"clear the release with {sequential['clear_intercept']:.3g} + {slope:.4g} n or fewer, otherwise go on.\n"
        + columns(rows, frozenset({1, 2, 3, 4, 5}))
    )


def _abort(found: dict[str, Any]) -> str:
    abort = found["abort"]
    if abort is None:
        return ""
    flight = f", {abort['in_flight']:,} in flight" if abort["in_flight"] else ""
    rows = [
        ("Release", "fails", "", "rule fires", "after", "victims in the mean", "95 of 100 times at most", "no rule")
    ]
    for row in abort["releases"]:
        exact, sampled = row["exact"], row["sampled"]
        after = "–" if exact["finished_at_stop"] is None else f"{exact['finished_at_stop']:,.1f} finished"
        rows.append(
            (
                row["release"],
                percent(exact["rate"]),
                "exact",
                percent(exact["fires"]),
                after,
                f"{exact['victims']:,.2f}",
                f"{exact['victims_95']:,}",
                f"{exact['victims_without']:,.{2 if exact['victims_without'] < 10 else 1}f}",
            )
        )
        low, high = sampled["fires_interval"]
        fewest, most = sampled["victims_interval"]
        rows.append(
            (
                "",
                "",
                f"{sampled['runs']:,} drawn",
                f"{percent(low)} to {percent(high)}",
                "",
                f"{fewest:,.2f} to {most:,.2f}",
                "",
                "",
            )
        )
    return (
        f"The rule: stop when {abort['rule']}; {abort['group']:,} devices finish one after the other{flight}.\n"
        + columns(rows, frozenset({1, 3, 4, 5, 6, 7}))
        + "\nVictims are all devices that fail, those in flight when the rule fires among them; drawn: 95 % intervals."
    )


def _played(found: dict[str, Any]) -> str:
    played = found["played"]
    if played is None:
        return ""
    priced = played["saved"] is not None
    of_plan = f", plan {found['plan']}" if "plan" in found else ""
    rows = [(f"Played by the engine{of_plan}", "victims", "upgraded", *(["cost"] if priced else []))]
    for name, text in (("with", f"with the {'plan' if of_plan else 'scenario'}'s rules"), ("without", "without them")):
        counts = played[name]
        cost = [_money(counts[COST], played["currency"])] if priced else []
        rows.append((text, _mean(counts["victims"]), _mean(counts["outcome_upgraded"]), *cost))
    return "\n".join(
        [
            columns(rows, frozenset({1, 2, 3})),
            f"The rules spare {_mean(played['spared'])} devices (paired).",
            *([_saved(played)] if priced else []),
            f"Means of {played['replications']} replications; in brackets: 95 % intervals.",
            "Victims: devices that failed, were rolled back or bricked.",
        ]
    )


def _saved(played: dict[str, Any]) -> str:
    """What the rules save, or cost, as far as it is shown."""
    row = played["saved"]
    interval = row["interval"]
    if row["value"] is None or interval is None or interval[0] <= 0 <= interval[1]:
        return "In cost, with and without them are not told apart."
    verb = "save" if row["value"] > 0 else "cost"
    return f"They {verb} {_money(row, played['currency'])} (paired), up to the horizon."


def _money(row: dict[str, Any], currency: str) -> str:
    return "–" if row["value"] is None else money_text(row["value"], currency, row["interval"])


def _mean(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "–"
    if row["interval"] is None:
        return number_text(row["value"])
    low, high = (number_text(end) for end in row["interval"])
    return f"{number_text(row['value'])} ({low} to {high})"
