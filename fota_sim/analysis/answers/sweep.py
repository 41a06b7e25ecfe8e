"""A sweep in sentences: the point to take, why, what is as good, and what it costs in the other measures."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.analysis.answers.apart import ENOUGH, more_replications, nearest_first
from fota_sim.analysis.answers.in_vain import at_it_text, too_dear_text
from fota_sim.analysis.answers.left_out import left_out_text, unasked_text
from fota_sim.analysis.answers.money import money_text, pays_text
from fota_sim.analysis.answers.not_knowing import not_knowing
from fota_sim.analysis.answers.stopped import points_stopped, stopped_text
from fota_sim.analysis.answers.wording import count_of, listed, not_looked_at, two_figures
from fota_sim.analysis.batch.gathering import Measures, difference, mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.compare.limbo import still_at_it
from fota_sim.analysis.compare.unserved import OF_TARGETED, UPGRADED, Unasked, asks_about_reach, given_up
from fota_sim.analysis.numbers.best import comparable
from fota_sim.analysis.numbers.break_even import break_evens
from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS, Estimate
from fota_sim.analysis.numbers.paired import Difference
from fota_sim.analysis.numbers.rounding import (
    format_interval,
    format_value,
    plain_difference,
    signed_interval,
    signed_value,
)
from fota_sim.analysis.run.stops import SUCCESS, Stopped, stopped
from fota_sim.analysis.sweep.at_the_end import at_the_end
from fota_sim.analysis.sweep.choice import SweepChoice, choose_point, runs_by_point
from fota_sim.analysis.sweep.recommended import Recommended, recommended
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.scenario.metrics import BETTER, COST, METRICS, MONEY, NOT_UPGRADED, best_first, spoken
from fota_sim.scenario.plain_names import plain_name, plain_setting, plain_value
from fota_sim.scenario.thresholds import parse_threshold

MOST_POINTS = 4
"""Named; more are counted."""


def sweep_question(sweep: Sweep) -> str:
    """What is answered; what the scenario asks is answered by playing it, and not by turning what it says."""
    axes = listed([plain_name(axis.path) for axis in sweep.plan.spec.axes], "and")
    return f"Which {axes} should {sweep.plan.name} have?"


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
        price = _given_up(sweep, found, found.point)
        told = [_take(sweep, found, found.point, price), *_price(sweep, price), _as_it_is(sweep, found, found.point)]
        told += [*_next_best(sweep, found, found.point), _as_good(found, found.point), _beyond(sweep, found)]
        told += [too_dear_text(found.too_dear, {each.id: point_text(each) for each in sweep.plan.points})]
        told += [at_it_text(still_at_it(runs_by_point(sweep)[found.point.id]))]
        told += [_trade(sweep, found, found.point)]
        said = {found.choice.metric, *found.decided_by}
        others = [metric for metric in metrics if metric in BETTER and not said & _compared_by(metric)]
        told += [_elsewhere(sweep, found.point, others), _hangs_on(sweep, found.choice.metric)]
        own = "to the scenario as it is" if sweep.learnt.get("of") == "difference" else ""
        told.append(not_knowing(sweep.learnt, [found.choice.metric, *found.decided_by, *metrics], own))
        if not found.choice.judged and not sweep.plan.points[0].scenario.thresholds:
            told.append("The scenario sets no limits that could rule a point out.")
    told += _stopped(sweep, found.point)
    told.append(not_looked_at(sweep.plan.points[0].scenario.thresholds))
    return [sentence for sentence in [*told, *_failures(sweep)] if sentence]


def _stopped(sweep: Sweep, point: Point | None) -> list[str]:
    """That the point, and which others, are stopped by their own rules in some replications."""
    there = {each.id: _stops(sweep, each) for each in sweep.plan.points}
    own = there.pop(point.id) if point is not None else []
    others = [point_text(each) for each in sweep.plan.points if there.get(each.id)]
    return [*(stopped_text(each) for each in own), points_stopped(others, len(there), point is not None)]


def _stops(sweep: Sweep, point: Point) -> list[Stopped]:
    played = [each for each in sweep.played if each.point == point.id and each.measures is not None]
    successes = {each.replication: each.measures[SUCCESS].value for each in played if each.measures is not None}
    return stopped([stop for each in played for stop in each.stops], successes)


def _compared_by(metric: str) -> set[str]:
    """What a measure may be compared by: itself, or, where variants begin with unlike numbers, what stands for it."""
    about = METRICS[metric]
    return {metric, about.at_equal_exposure or metric, about.of_fleet or metric}


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
    label = _called(sweep, choice.metric)
    return (
        f"No point is recommended: none has a mean of {label} over all replications. A longer horizon, or another "
        "measure, would give one."
    )


def _given_up(sweep: Sweep, found: Recommended, point: Point) -> tuple[Point, Unasked] | None:
    """Beside which point it upgrades fewer, and how many, if none of the sweep's measures and limits asks about that.

    That is the scenario as it is or, where it is no point of the sweep, the point that upgrades most.
    """
    runs, scenario = runs_by_point(sweep), sweep.plan.points[0].scenario
    limits = [parse_threshold(text).metric for text in scenario.thresholds]
    if asks_about_reach([*sweep.plan.spec.metrics, *limits], *runs.values()):
        return None
    own = sweep.plan.as_it_is
    other = (
        own if own is not None and own in runs else max(runs, key=lambda id_: mean_of(runs[id_], UPGRADED).value or 0.0)
    )
    lost = given_up(runs[other], runs[point.id], len(runs))
    return None if lost is None else (next(each for each in sweep.plan.points if each.id == other), lost)


def _price(sweep: Sweep, price: tuple[Point, Unasked] | None) -> list[str]:
    """The price of a choice in upgrades that nobody asked about."""
    if price is None:
        return []
    other, lost = price
    who = "the scenario as it is" if other.id == sweep.plan.as_it_is else point_text(other)
    asked = f"no measure of this sweep is about that (--metric {OF_TARGETED} is)"
    told = [f"The price: {unasked_text(lost)} than {who}; {asked}."]
    return told if lost.left_out is None else [*told, left_out_text("it", who, lost.left_out._asdict())]


def _take(sweep: Sweep, found: Recommended, point: Point, price: tuple[Point, Unasked] | None) -> str:
    """The point, its value, and which measures decided; ``price``: upgrades that it gives up, so it is a trade."""
    lead, runs = found.choice.metric, runs_by_point(sweep)[point.id]
    label = _called(sweep, lead)
    among = f"the {found.choice.kept} of {len(sweep.plan.points)} points that keep every threshold"
    every = (
        f"the {found.choice.kept} that are not too dear" if found.too_dear else f"all {len(sweep.plan.points)} points"
    )
    whole = among if found.choice.judged else every
    value = _mean(sweep, lead, mean_of(runs, lead))
    take = "Take" if price is None else "A trade, for the fleet's owner to make, is"
    if lead == COST:
        return f"Take {point_text(point)}: the rollout costs {value}, the least of {whole}."
    if list(found.decided_by) in ([], [lead]):
        return f"{take} {point_text(point)}: {value} {label}, the {_side(lead)} of {whole}."
    no_other = "no point that is not too dear" if found.too_dear else "no point"
    first = f"{no_other} is shown to be better" if lead not in found.decided_by else f"among the best of {whole}"
    then = [
        f"of those the {_side(metric)} {_called(sweep, metric)}, {_mean(sweep, metric, mean_of(runs, metric))}"
        for metric in found.decided_by
        if metric != lead
    ]
    return f"{take} {point_text(point)}: {value} {label}, {first}, and {', and '.join(then)}."


def _called(sweep: Sweep, metric: str) -> str:
    """The measure within a sentence."""
    return spoken(sweep.metric(metric).label)


def _side(metric: str) -> str:
    devices = METRICS[metric].counts_devices
    if BETTER[metric] == "more":
        return "most" if devices else "highest"
    return "fewest" if devices else "lowest"


def _as_it_is(sweep: Sweep, found: Recommended, point: Point) -> str:
    """What the point changes against the scenario as it is, if that is a point of the sweep."""
    own, runs = sweep.plan.as_it_is, runs_by_point(sweep)
    if own is None or own not in runs:
        return ""
    if own == point.id:
        return "That is the scenario as it is."
    here = next(each for each in sweep.plan.points if each.id == own)
    if found.choice.metric == COST:
        return _against(sweep, point, here, COST, "the scenario as it is, ")
    return f"Against the scenario as it is, {point_text(here)}, that is {_changes(sweep, found, point, here)}."


def _changes(sweep: Sweep, found: Recommended, point: Point, other: Point) -> str:
    """Differences to another point, in the leading measure and in those that decided."""
    runs, parts = runs_by_point(sweep), []
    for metric in dict.fromkeys((found.choice.metric, *found.decided_by)):
        change, of = difference(runs[point.id], runs[other.id], metric), sweep.metric(metric)
        if change.value is None:
            continue
        ends, interval = "", change.interval()
        if interval is not None and change.value:
            ends = f" (95 % interval {signed_interval(interval, of.unit)})"
        size = signed_value(change.value, of.unit) if change.value else "no change of"
        parts.append(f"{size} {spoken(of.label)}{ends}")
    return listed(parts)


def _next_best(sweep: Sweep, found: Recommended, point: Point) -> list[str]:
    """Against the best of the points that were ruled out, by the leading measure; of costs also the first.

    The first point of a grid has the first value of every axis: most often no gate, no wave, no retry.
    """
    if not found.decided_by:
        return []
    metric, runs = found.choice.metric, runs_by_point(sweep)
    staying = {point.id, sweep.plan.as_it_is, *(each.id for each in found.as_good)}
    staying |= {each.id for each in found.too_dear}
    values = {
        each.id: (each, mean.value)
        for each in sweep.plan.points
        if each.id in runs and each.id not in staying and (mean := mean_of(runs[each.id], metric)).value is not None
    }
    if not values:
        return []
    other, _ = min(values.values(), key=lambda pair: best_first(metric, pair[1] or 0.0))
    if metric == COST:
        told = [_against(sweep, point, other, metric, "the next best, ")]
        first = sweep.plan.points[0]
        return [*told, _against(sweep, point, first, metric, "")] if first.id in values and first is not other else told
    if not _changes_anything(runs[point.id], runs[other.id], found):
        return []
    return [f"Against the next best, {point_text(other)}, it is {_changes(sweep, found, point, other)}."]


def _changes_anything(one: Sequence[Measures], other: Sequence[Measures], found: Recommended) -> bool:
    return any(difference(one, other, metric).value for metric in (found.choice.metric, *found.decided_by))


def _trade(sweep: Sweep, found: Recommended, point: Point) -> str:
    """The point that spares devices at the least cost in the leading measure, if harm and lead are shares of devices.

    Only what is shown counts; a recommendation is one end of the choice, and this is the next step to the other.
    """
    lead, runs = found.choice.metric, runs_by_point(sweep)
    harms = [
        name
        for name in sweep.plan.spec.metrics
        if BETTER.get(name) == "less" and METRICS[name].counts_devices and comparable(name, runs) != NOT_UPGRADED
    ]
    if BETTER[lead] != "more" or not METRICS[lead].counts_devices:
        return ""
    trades = []
    for other in sweep.plan.points:
        if other is point or other in found.as_good or other.id not in runs:
            continue
        given_up = difference(runs[point.id], runs[other.id], lead)
        for harm in harms:
            spared = difference(runs[point.id], runs[other.id], harm)
            if _surely_more(given_up) and _surely_more(spared):
                trades.append(((given_up.value or 0.0) / (spared.value or 1.0), other, harm, given_up, spared))
    if not trades:
        return ""
    rate, other, harm, given_up, spared = min(trades, key=lambda trade: trade[0])
    fewer, price = (plain_difference(each.value or 0.0, "share") for each in (spared, given_up))
    return (
        f"Fewer {_called(sweep, harm)} have a price, at the cheapest {point_text(other)}: {fewer} fewer of them "
        f"for {price} less {_called(sweep, lead)}, which is {two_figures(rate)} devices given up for each that is "
        "spared."
    )


def _against(sweep: Sweep, point: Point, other: Point, metric: str, who: str) -> str:
    """What a point changes in a measure against another; of costs also from which price on."""
    runs, of = runs_by_point(sweep), sweep.metric(metric)
    change = difference(runs[point.id], runs[other.id], metric)
    if not change.value:
        return ""
    against = f"Against {who}{point_text(other)}"
    interval, prices = change.interval(), point.scenario.prices
    if metric != COST or prices is None:
        ends = "" if interval is None else f" (95 % interval {signed_interval(interval, of.unit)})"
        return f"{against}, that is {signed_value(change.value, of.unit)} {spoken(of.label)}{ends}."
    alike, pairs = other.scenario.prices == prices, len(sweep.plan.points) - 1  # the two were picked by looking
    found = break_evens(prices, runs[other.id], runs[point.id], pairs) if alike else []
    cheaper = change.value < 0
    pays = pays_text([each._asdict() for each in found], prices.currency, would=not cheaper) if found else ""
    money = money_text(change.value, prices.currency, interval)
    return f"{against}, that {'saves' if cheaper else 'costs'} {money}{f', and {pays}' if pays else ''}."


def _surely_more(change: Difference) -> bool:
    interval = change.interval()
    return interval is not None and interval[0] > 0


def _as_good(found: Recommended, point: Point) -> str:
    """Points that are not told apart from it; those that differ from it in one axis only by the values of that."""
    if not found.as_good:
        return ""
    one_axis: dict[str, list[str]] = {}
    several = []
    for each in found.as_good:
        apart = [path for path, value in each.labels.items() if value != point.labels[path]]
        if len(apart) == 1:
            one_axis.setdefault(apart[0], []).append(plain_value(each.labels[apart[0]]))
        else:
            several.append(each)
    parts = [f"{plain_name(path)} {listed(values, 'or')} in its place" for path, values in one_axis.items()]
    if several:
        parts.append(_points(several))
    worse = "dearer" if found.choice.metric == COST else "worse"
    return f"Not shown to be {worse}: {'; '.join(parts)} (same devices and luck)."


def _beyond(sweep: Sweep, found: Recommended) -> str:
    """That the point lies at the end of an axis, where none on that axis is as good: what is beyond was not played."""
    point = found.point
    if point is None or not found.decided_by:
        return ""
    parts = []
    for end in at_the_end(sweep, point):
        others = {path: value for path, value in point.labels.items() if path != end.path}
        alike = [each for each in found.as_good if others.items() <= each.labels.items()]
        if not alike:
            least = "lowest" if end.lower else "highest"
            parts.append(f"{plain_setting(end.path, end.value)} is the {least} that was swept")
    text = listed(parts, "and")
    return f"{text[:1].upper()}{text[1:]}: what lies beyond may be better still." if parts else ""


def _not_apart(sweep: Sweep, found: Recommended) -> list[str]:
    """That nothing tells the points apart, and what would."""
    lead, runs = found.choice.metric, runs_by_point(sweep)
    label, played = _called(sweep, lead), sweep.plan.replications
    if len(runs) == 1:
        only = next(each for each in sweep.plan.points if each.id in runs)
        why = "no other could be played" if len(sweep.plan.points) > 1 else "nothing was varied"
        value = _mean(sweep, lead, mean_of(runs[only.id], lead))
        return [f"There is one point alone, {point_text(only)}, and {why}: {value} {label}. Give an axis more values."]
    if played < FEWEST_REPLICATIONS:
        return [
            f"The {len(runs)} points cannot be told apart: {count_of(played, 'replication')} can show nothing, since "
            f"the next may say the opposite. Play {ENOUGH} (--replications {ENOUGH}).",
        ]
    best = found.choice.point
    others = [each for id_, each in runs.items() if best is not None and id_ != best.id]
    changes = [difference(each, runs[best.id], lead) for each in others if best is not None]
    pairs = len(runs) * (len(runs) - 1) // 2
    known = [replications_to_show(each, played, pairs) for each in changes if each.value and each.interval()]
    if not known:
        return [
            f"The {len(runs)} points cannot be told apart: {label} is the same at all of them, so what was varied "
            "decides nothing here. Other values, or a fleet that meets them, would tell."
        ]
    needed = more_replications(nearest_first(known, lambda each: each))
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
        f"It hangs on the {name}, which moves {_called(sweep, metric)} by {plain_difference(first, unit)} over its "
        f"values; the {other} moves it by {plain_difference(second, unit)}."
    )


def _elsewhere(sweep: Sweep, point: Point, metrics: Sequence[str]) -> str:
    """What the other measures are at the point, and what they could be; both of the same devices."""
    runs = runs_by_point(sweep)[point.id]
    parts = []
    for swept in metrics:
        there = choose_point(sweep, swept)
        metric = there.metric
        here = mean_of(runs, metric)
        text = f"{_called(sweep, metric)} {_mean(sweep, metric, here)}"
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
    return "; ".join(point_text(point) for point in points)


def _mean(sweep: Sweep, metric: str, found: Estimate) -> str:
    unit = sweep.metric(metric).unit
    if found.value is None:
        return "no mean, since not every replication reaches it"
    if METRICS[metric].unit == MONEY:
        return money_text(found.value, unit, found.interval)
    text = format_value(found.value, unit)
    if found.interval is None:
        return text
    return f"{text} (95 % interval {format_interval(found.interval, unit)})"


def _failures(sweep: Sweep) -> list[str]:
    failed = len(sweep.failures)
    return [f"{failed} of {count_of(len(sweep.played), 'run')} failed; their points are not chosen."] if failed else []
