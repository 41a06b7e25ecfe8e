"""One run in sentences: who is upgraded, who is not and why, how fast, at what cost, and whether limits are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from fota_sim.analysis.answers.hangs_on import place, reason
from fota_sim.analysis.answers.in_vain import at_it_text
from fota_sim.analysis.answers.money import amount_text, money_text
from fota_sim.analysis.answers.not_knowing import not_knowing
from fota_sim.analysis.answers.stopped import stopped_text
from fota_sim.analysis.answers.wording import (
    count_of,
    interval_text,
    listed,
    outcome_text,
    replications_text,
    share_text,
    span,
    targeted_text,
    value_as_told,
    wasted_text,
)
from fota_sim.analysis.compare.limbo import StillAtIt
from fota_sim.analysis.numbers.rounding import format_duration, format_value, share_as_shown
from fota_sim.analysis.numbers.thresholds import FAIL, PASS, UNDECIDED
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, PLAN_LOG, Outline
from fota_sim.analysis.run.stops import SUCCESS, Stopped, stopped_by_rules
from fota_sim.analysis.run.study import Study
from fota_sim.analysis.run.summary import findings
from fota_sim.rules.codes import LISTED, OTHER_PRODUCT
from fota_sim.rules.labels import CAUSES
from fota_sim.scenario.metrics import ATTEMPTS_OF_UNFINISHED, COST, COST_PARTS, METRICS, MONEY, UNFINISHED, spoken
from fota_sim.scenario.model import Scenario

NO_LIMITS = "The scenario sets no limits, so whether this is good enough is for its owner to say."
MOST_LOSSES = 3
"""Reasons that are named; rarer ones are told together."""
Summary = Mapping[str, Any]
_VERDICTS: Mapping[str, str] = {PASS: "kept", FAIL: "broken", UNDECIDED: "undecided"}


def run_answer(summary: Summary, battery_signal: pa.Table | None = None, stopped: Sequence[Stopped] = ()) -> list[str]:
    """Sentences about the summary of analysis/run/summary.py: what to do, what it gives, what it hangs on, its price.

    ``battery_signal``: the table of analysis/run/battery_signal.py, to say where failures happen. ``stopped``:
    in which replications the rollout stops itself.
    """
    told = [
        _advice(summary),
        _upgraded(summary),
        *(stopped_text(each) for each in stopped),
        _money(summary),
        _asked_about(summary),
        _losses(summary),
        _still_at_it(summary),
        reason(summary),
        place(battery_signal),
        _damage(summary),
        _speed(summary),
        _cost(summary),
        _battery(summary),
        _belief(summary),
        _not_meant(summary),
        not_knowing(summary.get("learnt"), ["success_of_targeted", "outcome_upgraded"]),
        "" if summary["thresholds"] else NO_LIMITS,
    ]
    return [sentence for sentence in told if sentence]


def study_answer(study: Study) -> list[str]:
    """The same of a run that was played or read back."""
    return run_answer(study.summary, study.table(BATTERY_SIGNAL), study.stopped)


def outlines_answer(scenario: Scenario, outlines: Sequence[Outline]) -> list[str]:
    """The same of replications of which only outlines are there, at least one: soon enough for who drags a slider."""
    battery_signal = pa.concat_tables([each.tables[BATTERY_SIGNAL] for each in outlines])
    log = pa.concat_tables([each.tables[PLAN_LOG] for each in outlines])
    successes = {each.replication: each.measured[SUCCESS].value for each in outlines}
    stopped = stopped_by_rules(log, successes, list(outlines[0].plans))
    return run_answer(findings(scenario, outlines), battery_signal, stopped)


def plan_answers(summary: Summary) -> list[str]:
    """Of each of several plans, in the order in which they take devices: who is upgraded, how fast, and who is not."""
    found = []
    for row in summary.get("plans", ()):
        own = {**summary, **row}
        parts = [_upgraded(own), _speed(own), _losses(own)]
        found.append(f"Plan {row['plan']}: {' '.join(part for part in parts if part)}")
    return found


def _advice(summary: Summary) -> str:
    """What to do, as far as the scenario's limits say it."""
    rows = summary["thresholds"]
    broken = [row for row in rows if row["verdict"] == FAIL]
    open_ = [row for row in rows if row["verdict"] == UNDECIDED]
    if broken:
        return f"Do not roll out like this: {verdicts_answer(rows)[:1].lower()}{verdicts_answer(rows)[1:]}"
    if open_:
        return f"Not decided: {verdicts_answer(rows)[:1].lower()}{verdicts_answer(rows)[1:]}"
    return f"Go ahead: {verdicts_answer(rows)[:1].lower()}{verdicts_answer(rows)[1:]}" if rows else ""


def verdicts_answer(thresholds: Sequence[Mapping[str, Any]]) -> str:
    """How the thresholds came out; empty where there are none."""
    if not thresholds:
        return ""
    if len(thresholds) == 1:
        only = thresholds[0]
        reason = "" if only["verdict"] == PASS else f" ({only['reason']})"
        return f"The threshold {only['threshold']} is {_VERDICTS[only['verdict']]}{reason}."
    by = {verdict: [row for row in thresholds if row["verdict"] == verdict] for verdict in _VERDICTS}
    if len(by[PASS]) == len(thresholds):
        return f"{'Both' if len(thresholds) == 2 else f'All {len(thresholds)}'} thresholds are kept."
    parts = [f"{len(by[PASS])} of {len(thresholds)} thresholds {'is' if len(by[PASS]) == 1 else 'are'} kept"]
    for verdict in (FAIL, UNDECIDED):
        parts += [f"{_VERDICTS[verdict]} is {row['threshold']} ({row['reason']})" for row in by[verdict]]
    return f"{'; '.join(parts)}."


def _upgraded(summary: Summary) -> str:
    success = summary["metrics"]["success_of_targeted"]
    runs = summary["replications"]
    within = f"within {span(summary['horizon_ms'])}"
    if success["value"] is None:
        return _meant_for_few(summary, within)
    targeted = success["denominator"] / runs
    meant = targeted_text(targeted)
    of = meant if meant.startswith("about") else f"the {meant}"
    surely = ", ".join(filter(None, (interval_text(success), replications_text(runs))))
    if targeted == 1:
        return _the_one(success, runs, within)
    if success["numerator"] == success["denominator"]:
        return f"All {'of ' if of == meant else ''}{meant} are upgraded {within} ({surely})."
    if success["numerator"] == 0:
        return f"None of {of} is upgraded {within} ({surely})."
    return f"{share_text(success['value'])} of {of} are upgraded {within} ({surely})."


def _meant_for_few(summary: Summary, within: str) -> str:
    """Of a plan that targets nobody, in some replications or in all: there is no mean share then."""
    success, runs = summary["metrics"]["success_of_targeted"], summary["replications"]
    some = success["replications_with_value"]
    if not some:
        return f"The plan is meant for none of the {count_of(summary['devices'], 'device')}, so nothing is upgraded."
    done, of = round(success["numerator"]), round(success["denominator"])
    told = f"{done:,} of {count_of(of, 'targeted device')} {'is' if done == 1 else 'are'} upgraded {within}"
    return f"In {runs - some} of {runs} replications the plan is meant for nobody; in the others together {told}."


def _the_one(success: Mapping[str, Any], runs: int, within: str) -> str:
    """How often the only targeted device is upgraded."""
    times = round(success["numerator"])
    done = "is upgraded" if times else "is not upgraded"
    if runs == 1:
        return f"The one targeted device {done} {within} in the one replication that was played."
    if times in (0, runs):
        return f"The one targeted device {done} {within} in {'all' if times else 'any of'} {runs} replications."
    surely = f" ({share_text(success['value'])}{f', {text}' if (text := interval_text(success)) else ''})"
    return f"The one targeted device {done} {within} in {times} of {runs} replications{surely}."


def _not_meant(summary: Summary) -> str:
    """Devices that the plan is not meant for, as a share of all."""
    other = sum(row["count"] for row in summary["causes"] if row["cause"] == CAUSES[OTHER_PRODUCT])
    listed_out = sum(row["count"] for row in summary["causes"] if _kept_out(row)) - other
    before = sum(row["count"] for row in summary["causes"] if row["outcome"] == "already_on_target")
    if not listed_out + before + other:
        return ""
    runs, everybody = summary["replications"], summary["devices"] * summary["replications"]
    parts = [
        f"{count_of(count / runs, 'device')} ({share_text(count / everybody)}) {what}"
        for count, what in (
            (before, "on the target version before"),
            (other, "of another product"),
            (listed_out, "kept out by a list"),
        )
        if count
    ]
    return f"Of all {count_of(summary['devices'], 'device')} the plan is not meant for {listed(parts)}."


def _losses(summary: Summary) -> str:
    """Why targeted devices are not upgraded, as shares of the targeted."""
    success = summary["metrics"]["success_of_targeted"]
    rows = [row for row in summary["causes"] if not _kept_out(row) and row["outcome"] not in _GOOD]
    if not rows or not success["denominator"]:
        return ""
    rows = sorted(rows, key=lambda row: -row["count"])
    count = math.fsum(row["count"] for row in rows)
    missing = _missing(success, count)
    named = [
        f"{outcome_text(row['outcome'], row['cause'])} {share_text(missing * row['count'] / count)}" for row in rows
    ]
    told, rest = named[:MOST_LOSSES], rows[MOST_LOSSES:]
    if len(rest) == 1:
        told, rest = named, []
    if rest:
        together = missing * math.fsum(row["count"] for row in rest) / count
        told.append(f"{len(rest)} rarer reasons {share_text(together)} together")
    lost = share_text(missing)
    nobody = not success["numerator"]
    if len(rows) == 1:
        only = outcome_text(rows[0]["outcome"], rows[0]["cause"])
        return (
            f"The reason for all of them: {only}." if nobody else f"The reason for all of the others: {only}, {lost}."
        )
    return f"Of the targeted: {listed(told)}." if nobody else f"The other {lost} of the targeted: {listed(told)}."


def _missing(success: Mapping[str, Any], count: float) -> float:
    """The share that is not upgraded, so that it and the one that is add up as they are shown.

    That one is a mean over replications, which differ in how many they target; ``count`` is of all together.
    """
    other = None if success["value"] is None else 1 - share_as_shown(success["value"])
    return float(count / success["denominator"]) if other is None or not 0.01 <= other < 1 else other


def _still_at_it(summary: Summary) -> str:
    """Devices that tried again and again, and neither got there nor failed."""
    metrics, runs = summary["metrics"], summary["replications"]
    if not metrics.get(UNFINISHED, {}).get("numerator"):  # one of an earlier version has none
        return ""
    left, attempts = metrics[UNFINISHED]["numerator"], metrics[ATTEMPTS_OF_UNFINISHED]["numerator"]
    told = at_it_text(StillAtIt(left / runs, attempts / left))
    return f"On average {told}" if told and runs > 1 else told


def _asked_about(summary: Summary) -> str:
    """What the question and the limits are about, as far as other sentences do not begin with it."""
    parts = []
    for name in summary.get("asks_about", ()):
        metric = summary["metrics"][name]
        if METRICS[name].part == "upgraded" or METRICS[name].unit == MONEY:
            continue
        value = "no value in every replication" if metric["value"] is None else value_as_told(metric)
        surely = interval_text(metric)
        parts.append(f"{spoken(metric['label'])} {value}{f' ({surely})' if surely else ''}")
    return f"What is asked about: {'; '.join(parts)}." if parts else ""


def _damage(summary: Summary) -> str:
    """Bricked devices are told even where there are none: it is what everybody asks."""
    bricked, back = (summary["metrics"][f"outcome_{name}"] for name in ("bricked", "rolled_back"))
    runs = summary["replications"]
    parts = []
    for metric, word in ((bricked, "bricked"), (back, "rolled back to the old version")):
        if metric["numerator"]:
            surely = interval_text(metric)
            share = f"{share_text(metric['value'])} of all devices{f', {surely}' if surely else ''}"
            mean = metric["numerator"] / runs
            on_average = "on average " if runs > 1 else ""
            parts.append(f"{on_average}{count_of(mean, 'device')} {'is' if mean == 1 else 'are'} {word} ({share})")
    if not bricked["numerator"]:
        parts.insert(0, "no device is bricked" + ("" if runs == 1 else f" in any of the {runs} replications"))
    text = " and ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _speed(summary: Summary) -> str:
    half, most = (summary["metrics"][f"time_to_{percent}_pct_ms"] for percent in (50, 90))
    runs = summary["replications"]
    one = summary["metrics"]["success_of_targeted"]["denominator"] == runs
    if not half["denominator"] or (one and half["value"] is None):  # how often is said already
        return ""
    if half["denominator"] == runs and half["value"] is not None:
        return f"It takes {format_duration(half['value'])}."
    if not half["replications_with_value"]:
        if not summary["metrics"]["success_of_targeted"]["numerator"]:
            return ""
        always = "" if runs == 1 else f", in each of the {runs} replications"
        return f"Fewer than half of the targeted devices are upgraded within {span(summary['horizon_ms'])}{always}."
    first = f"Half of the targeted devices are upgraded {_after(half, runs)}"
    if not most["replications_with_value"]:
        return f"{first}; 90 % is not reached within {span(summary['horizon_ms'])}."
    return f"{first}, and 90 % {_after(most, runs)}."


def _after(metric: Mapping[str, Any], runs: int) -> str:
    if metric["value"] is None:
        return f"only in {metric['replications_with_value']} of {runs} replications"
    surely = interval_text(metric)
    return f"after {format_duration(metric['value'])}{f' ({surely})' if surely else ''}"


def _cost(summary: Summary) -> str:
    metrics = summary["metrics"]
    sent, energy = metrics["bytes_sent"], metrics["energy_J"]
    if not sent["value"]:
        return ""
    each = metrics["energy_per_upgraded_J"]["value"]
    peak = metrics["downloads_peak"]["value"]
    per_device = f", {format_value(each, 'J')} for each upgraded device" if each is not None else ""
    mean = "a mean of " if summary["replications"] > 1 else ""
    return (
        f"The rollout sends {format_value(sent['value'], 'B')} ({wasted_text(metrics, 'bytes')}) and takes "
        f"{format_value(energy['value'], 'J')} ({wasted_text(metrics, 'energy')}){per_device}; at its peak "
        f"{mean}{format_value(peak, 'downloads')} run{'s' if peak == 1 else ''} at once."
    )


def _money(summary: Summary) -> str:
    """What the rollout costs and for what; empty where nothing has a price."""
    metrics = summary["metrics"]
    if COST not in metrics or metrics[COST]["value"] is None:
        return ""
    whole, parts = metrics[COST], []
    told = [(metrics[part.cost]["value"], part.noun) for part in COST_PARTS.values() if part.cost in metrics]
    ends = whole["interval"]
    half = None if ends is None else (ends[1] - ends[0]) / 2
    for value, noun in sorted(told, key=lambda each: -each[0]):
        parts.append(f"{amount_text(value, half)} for {noun}" if value else f"nothing for {noun}")
    cost = money_text(whole["value"], whole["unit"], None if ends is None else tuple(ends))
    if len(told) == 1:
        return f"The rollout costs {cost}, all of it for {told[0][1]}, as nothing else has a price."
    return f"The rollout costs {cost}: {listed(parts)}."


def _battery(summary: Summary) -> str:
    """What the update takes from batteries, in charge and in days of the life that is expected of them."""
    metrics = summary["metrics"]
    if "battery_mAh" not in metrics or not metrics["battery_mAh"]["value"]:  # one of an earlier version has none
        return ""
    taken, life = metrics["battery_mAh"], metrics["battery_life_days"]
    told = f"From batteries it takes {format_value(taken['value'], 'mAh')}"
    years = summary["battery_life"]
    if not years["text"]:
        return f"{told}, whose expected life the scenario does not say."
    if life["value"] is None:  # in some replication the update drew on none
        return f"{told}."
    surely = interval_text(life)
    assumed = ", an assumption" if years["assumed"] else ""
    days = f"{value_as_told(life)} of life for each device on battery{f' ({surely})' if surely else ''}"
    return f"{told}: {days}, of the {years['text']} that a battery is to last{assumed}."


def _belief(summary: Summary) -> str:
    """Only where the platform is wrong."""
    false, missed = (summary["metrics"][name] for name in ("believed_not_upgraded", "upgraded_not_believed"))
    parts = []
    if false["numerator"]:
        share = share_text(false["value"])
        parts.append(f"{share} of the {false['denominator_text']} are not")
    if missed["numerator"]:
        share = share_text(missed["value"])
        parts.append(f"{share} of the {missed['denominator_text']} are not believed to be")
    return f"The platform is not always right: {listed(parts)}." if parts else ""


_GOOD = ("upgraded", "already_on_target")


def _kept_out(row: Mapping[str, Any]) -> bool:
    return row["outcome"] == "not_offered" and CAUSES.index(row["cause"]) in LISTED
