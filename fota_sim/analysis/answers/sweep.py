"""A sweep in sentences: the point to take, why, what is as good, and what it costs in the other measures."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.analysis.answers.apart import ENOUGH, more_replications, replications_needed
from fota_sim.analysis.answers.money import money_text, pays_text
from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.batch.gathering import difference, mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.break_even import break_evens
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS, Estimate
from fota_sim.analysis.numbers.rounding import format_value, plain_difference, signed_value
from fota_sim.analysis.sweep.choice import SweepChoice, choose_point, runs_by_point
from fota_sim.analysis.sweep.recommended import Recommended, recommended
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.scenario.metrics import BETTER, COST, METRICS, MONEY, best_first
from fota_sim.scenario.plain_names import plain_name, plain_setting

MOST_POINTS = 4
"""Named; more are counted."""


def sweep_answer(sweep: Sweep) -> list[str]:
    """Sentences about a sweep, the recommendation first."""
    metrics = sweep.plan.spec.metrics
    found = recommended(sweep)
    if found is None:
        return [
            "No point is recommended: none of the measures that were swept has a better side.",
            *_failures(sweep),
        ]
    if found.choice.point is None:
        told = [_nothing_to_take(sweep, found.choice)]
    elif found.point is None:
        told = [*_not_apart(sweep, found)]
    else:
        told = [_take(sweep, found, found.point), *_next_best(sweep, found, found.point), _as_good(found)]
        others = [metric for metric in metrics if metric in BETTER and metric != found.choice.metric]
        told += [_elsewhere(sweep, found.point, others), _hangs_on(sweep, found.choice.metric)]
        if not found.choice.judged:
            told.append("The scenario sets no limits that could rule a point out.")
    return [sentence for sentence in [*told, *_failures(sweep)] if sentence]


def point_text(point: Point) -> str:
    """``minimum battery 20 %, retries 3``."""
    return ", ".join(plain_setting(path, value) for path, value in point.labels.items())


def _nothing_to_take(sweep: Sweep, choice: SweepChoice) -> str:
    count = len(sweep.plan.points)
    if choice.judged and not choice.kept:
        return (
            f"No point is recommended: none of the {count} keeps every threshold with its whole 95 % interval. Looser "
            "limits, other values or more replications would change that."
        )
    label = sweep.metric(choice.metric).label
    return (
        f"No point is recommended: none has a mean of {label} over all replications. A longer horizon, or another "
        "measure, would give one."
    )


def _take(sweep: Sweep, found: Recommended, point: Point) -> str:
    """The point, its value, and which measures decided."""
    lead, runs = found.choice.metric, runs_by_point(sweep)[point.id]
    label = sweep.metric(lead).label
    among = f"the {found.choice.kept} of {len(sweep.plan.points)} points that keep every threshold"
    whole = among if found.choice.judged else f"all {len(sweep.plan.points)} points"
    value = _mean(sweep, lead, mean_of(runs, lead))
    if lead == COST:
        return f"Take {point_text(point)}: the rollout costs {value}, the least of {whole}."
    if list(found.decided_by) in ([], [lead]):
        return f"Take {point_text(point)}: {value} {label}, the {_side(lead)} of {whole}."
    last = found.decided_by[-1]
    first = "no point is shown to be better" if lead not in found.decided_by else f"among the best of {whole}"
    return (
        f"Take {point_text(point)}: {value} {label}, {first}, and of those the {_side(last)} "
        f"{sweep.metric(last).label}, {_mean(sweep, last, mean_of(runs, last))}."
    )


def _side(metric: str) -> str:
    devices = METRICS[metric].counts_devices
    if BETTER[metric] == "more":
        return "most" if devices else "highest"
    return "fewest" if devices else "lowest"


def _next_best(sweep: Sweep, found: Recommended, point: Point) -> list[str]:
    """Against the best of the points that were ruled out, by the measure that decided first; of costs also the first.

    The first point of a grid has the first value of every axis: most often no gate, no wave, no retry.
    """
    if not found.decided_by:
        return []
    metric, runs = found.decided_by[0], runs_by_point(sweep)
    staying = {point.id, *(each.id for each in found.as_good)}
    values = {
        each.id: (each, mean.value)
        for each in sweep.plan.points
        if each.id in runs and each.id not in staying and (mean := mean_of(runs[each.id], metric)).value is not None
    }
    if not values:
        return []
    other, _ = min(values.values(), key=lambda pair: best_first(metric, pair[1] or 0.0))
    told = [_against(sweep, point, other, metric, "the next best, ")]
    first = sweep.plan.points[0]
    if metric == COST and first.id in values and first is not other:
        told.append(_against(sweep, point, first, metric, ""))
    return told


def _against(sweep: Sweep, point: Point, other: Point, metric: str, who: str) -> str:
    """What a point changes in a measure against another; of costs also from which price on."""
    runs, of = runs_by_point(sweep), sweep.metric(metric)
    change = difference(runs[point.id], runs[other.id], metric)
    if not change.value:
        return ""
    against = f"Against {who}{point_text(other)}"
    interval, prices = change.interval(), point.scenario.prices
    if metric != COST or prices is None:
        ends = "" if interval is None else f" (95 % interval {' to '.join(signed_value(e, of.unit) for e in interval)})"
        return f"{against}, that is {signed_value(change.value, of.unit)} {of.label}{ends}."
    alike, pairs = other.scenario.prices == prices, len(sweep.plan.points) - 1  # the two were picked by looking
    found = break_evens(prices, runs[other.id], runs[point.id], pairs) if alike else []
    cheaper = change.value < 0
    pays = pays_text([each._asdict() for each in found], prices.currency, would=not cheaper) if found else ""
    money = money_text(change.value, prices.currency, interval)
    return f"{against}, that {'saves' if cheaper else 'costs'} {money}{f', and {pays}' if pays else ''}."


def _as_good(found: Recommended) -> str:
    if not found.as_good:
        return ""
    verb = "is" if len(found.as_good) == 1 else "are"
    worse = "dearer" if found.choice.metric == COST else "worse"
    return f"Not shown to be {worse} {verb} {_points(found.as_good)} (same devices and luck)."


def _not_apart(sweep: Sweep, found: Recommended) -> list[str]:
    """That nothing tells the points apart, and what would."""
    lead, runs = found.choice.metric, runs_by_point(sweep)
    label, played = sweep.metric(lead).label, sweep.plan.replications
    if played < FEWEST_REPLICATIONS:
        return [
            f"The {len(runs)} points cannot be told apart: {count_of(played, 'replication')} can show nothing, since "
            f"the next may say the opposite. Play {ENOUGH} (--replications {ENOUGH}).",
        ]
    best = found.choice.point
    widths = []
    for id_, each in runs.items():
        change = difference(each, runs[best.id], lead) if best is not None and id_ != best.id else None
        if change is not None and change.value and (interval := change.interval()) is not None:
            half = (interval[1] - interval[0]) / 2
            widths.append((abs(change.value) / half if half else 0.0, abs(change.value), half))
    if not widths:
        return [
            f"The {len(runs)} points cannot be told apart: {label} is the same at all of them, so what was varied "
            "decides nothing here. Other values, or a fleet that meets them, would tell."
        ]
    _, size, half = max(widths)
    needed = more_replications(replications_needed(played, size, half))
    return [f"The {len(runs)} points cannot be told apart, not even in {label}: {needed}."]


def _hangs_on(sweep: Sweep, metric: str) -> str:
    """Which axis moves the measure most, by the means over all points with each of its values."""
    runs, unit = runs_by_point(sweep), sweep.metric(metric).unit
    spreads = []
    for axis in sweep.plan.spec.axes:
        values: dict[str, list[float]] = {}
        for point in sweep.plan.points:
            mean = mean_of(runs[point.id], metric).value if point.id in runs else None
            if mean is not None:
                values.setdefault(point.labels[axis.path], []).append(mean)
        means = [sum(found) / len(found) for found in values.values()]
        if len(means) > 1:
            spreads.append((max(means) - min(means), plain_name(axis.path)))
    spreads.sort(reverse=True)
    if len(spreads) < 2 or not spreads[0][0]:
        return ""
    (first, name), (second, other) = spreads[:2]
    return (
        f"It hangs on the {name}, which moves {sweep.metric(metric).label} by {plain_difference(first, unit)} over its "
        f"values; the {other} moves it by {plain_difference(second, unit)}."
    )


def _elsewhere(sweep: Sweep, point: Point, metrics: Sequence[str]) -> str:
    """What the other measures are at the point, and what they could be."""
    runs = runs_by_point(sweep)[point.id]
    parts = []
    for metric in metrics:
        here, there = mean_of(runs, metric), choose_point(sweep, metric)
        text = f"{sweep.metric(metric).label} {_mean(sweep, metric, here)}"
        if there.point is None or there.mean is None:
            parts.append(text)
        elif there.mean.value == here.value:
            parts.append(f"{text}, which is the best")
        else:
            parts.append(f"{text}, at best {_mean(sweep, metric, there.mean)} at {point_text(there.point)}")
    return f"The other measures there: {'; '.join(parts)}." if parts else ""


def _points(points: Sequence[Point]) -> str:
    if len(points) > MOST_POINTS:
        return f"{len(points)} other points"
    return " and ".join(point_text(point) for point in points)


def _mean(sweep: Sweep, metric: str, found: Estimate) -> str:
    unit = sweep.metric(metric).unit
    if found.value is None:
        return "no mean, since not every replication reaches it"
    if METRICS[metric].unit == MONEY:
        return money_text(found.value, unit, found.interval)
    text = format_value(found.value, unit)
    if found.interval is None:
        return text
    low, high = (format_value(end, unit) for end in found.interval)
    return f"{text} (95 % interval {low} to {high})"


def _failures(sweep: Sweep) -> list[str]:
    failed = len(sweep.failures)
    return [f"{failed} of {count_of(len(sweep.played), 'run')} failed; their points are not chosen."] if failed else []
