"""The verdict of a search: what fresh luck makes of its front, and which point to take; ready for JSON.

The best of many trials is partly the luckiest (the winner's curse). So points of the front are played again with
replications that no trial has seen, beside the scenario as it is, and only those figures decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, difference, gather
from fota_sim.analysis.batch.knowing import spread_of_points
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.sampling import answering
from fota_sim.analysis.compare.limbo import moved, still_at_it
from fota_sim.analysis.compare.unserved import Unasked, asks_about_reach, given_up
from fota_sim.analysis.numbers.best import ended_alike
from fota_sim.analysis.numbers.break_even import break_evens
from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.metrics import unit_of
from fota_sim.analysis.numbers.paired import simultaneous_confidence
from fota_sim.analysis.run.replications import replications_of
from fota_sim.analysis.run.stops import SUCCESS, Stop, stopped
from fota_sim.analysis.tune.at_the_end import at_the_end
from fota_sim.analysis.tune.choice import narrowed_front
from fota_sim.analysis.tune.front import improves, pareto_front, passes, reserves, verdicts_of
from fota_sim.analysis.tune.knobs import Choice, said
from fota_sim.analysis.tune.left_out import left_out
from fota_sim.analysis.tune.question import AFFORDED_EACH
from fota_sim.analysis.tune.reason import asked, left_as_it_is, point_id, reason
from fota_sim.analysis.tune.rows import figures
from fota_sim.analysis.tune.trials import Search, Tried, in_search, settled, turned, variant
from fota_sim.scenario.metrics import COST, METRICS, NOT_UPGRADED

FRESH_FROM = 1000
"""The first of the fresh replications; trials use fewer."""
MOST_CONFIRMED = 8
"""Points of the front that are played again, the preferred ones first."""
USUAL_FRESH = 20
"""Fresh replications where they are cheap: twice those of a run, since a front is chosen by them."""
BASELINE = "baseline"


@dataclass(frozen=True)
class _Fresh:
    """A point again, and the baseline beside it."""

    runs: Sequence[Measures]
    base: Sequence[Measures]


def verdict_of_search(what: Search, tried: Sequence[Tried], fresh: int, how: HowToPlay) -> dict[str, Any]:
    """The front, confirmed on ``fresh`` replications, and the recommendation with its reason; ready for JSON."""
    how = settled(what, how)
    base_point = Point(BASELINE, {}, what.scenario)
    tuned_base = gather([in_search(what, base_point)], range(what.replications), how)[BASELINE]
    front = pareto_front(what, tried, tuned_base)
    confirmed = front[:MOST_CONFIRMED]
    stops: dict[str, list[Stop]] = {}

    def played_again(those: Sequence[Point]) -> dict[str, list[Measures]]:
        stops.update({point.id: [] for point in those})
        fresh_ones = range(FRESH_FROM, FRESH_FROM + fresh)
        return gather(those, fresh_ones, how, heard=lambda played: stops[played.point].extend(played.stops))

    points = [base_point, *(variant(what, each.number, each.values) for each in confirmed)]
    again = played_again(points)
    if not any(passes(verdicts_of(what, again[point.id])) for point in points[1:]):
        more = reserves(what, tried, front)[:MOST_CONFIRMED]
        further = [variant(what, each.number, each.values) for each in more]
        front, confirmed, points = [*front, *more], [*confirmed, *more], [*points, *further]
        again |= played_again(further) if further else {}
    by_rules = {id_: stopped(stops[id_], _successes(runs)) for id_, runs in again.items()}
    told = _told_metrics(what, again)
    comparisons, rows = len(confirmed) * len(told), []
    for each in front:
        runs = again.get(f"trial-{each.number}")
        row = _row(what, told, each, None if runs is None else _Fresh(runs, again[BASELINE]), comparisons)
        rows.append(row | {"improves": improves(what, each.runs, tuned_base)})
    passing = [row for row in rows if row["fresh"] is not None and passes(row["fresh_verdicts"])]
    beside = {BASELINE: again[BASELINE], **{point_id(row): again[point_id(row)] for row in passing}}
    aside = left_out(what, beside, BASELINE, comparisons)
    worth_it = [row for row in passing if point_id(row) not in aside]
    found = narrowed_front(what, worth_it, {f"trial-{each.number}": each for each in confirmed}, again)
    chosen = next((row for row in worth_it if point_id(row) == found.best), None)
    tied = [] if chosen is None else _not_told_apart(what, chosen, worth_it, again)
    price = None if chosen is None else _given_up(what, again[point_id(chosen)], again, comparisons)
    names = {BASELINE: "the scenario as it is", **{point_id(row): said(row["values"]) for row in rows}}
    base_verdicts = verdicts_of(what, again[BASELINE])
    left = "" if chosen is None else left_as_it_is(what, chosen, passes(base_verdicts))
    learnt = {} if chosen is None else _not_knowing(what, f"trial-{chosen['trial']}", points, again, how)
    return {
        "scenario": what.scenario.name,
        "question": asked(what),
        "thresholds": list(what.scenario.thresholds),
        "currency": what.scenario.currency,
        **({"own_rules": how.own.digests()} if how.own else {}),
        "knobs": [_knob(each) for each in what.knobs],
        "objectives": [
            {
                "metric": each.metric,
                "direction": "maximise" if each.maximise else "minimise",
                "label": METRICS[each.metric].label,
                "unit": unit_of(each.metric, what.scenario.currency),
                "counts_limbo": each.counts_limbo and told != what.metrics,
            }
            for each in what.objectives
        ],
        "constraints": [each.text for each in what.constraints],
        "metrics": {
            metric: {"label": METRICS[metric].label, "unit": unit_of(metric, what.scenario.currency)} for metric in told
        },
        "sampler": what.sampler,
        "seed": what.seed,
        "batch": what.batch,
        "trials": len(tried),
        "replications": what.replications,
        "sample": answering([in_search(what, base_point)]),
        "fresh_from": FRESH_FROM,
        "fresh_replications": fresh,
        "baseline": {
            "tuned": figures(told, tuned_base),
            "tuned_verdicts": verdicts_of(what, tuned_base),
            "fresh": figures(told, again[BASELINE]),
            "fresh_verdicts": base_verdicts,
        },
        "front": rows,
        "recommended": None if chosen is None else chosen["trial"],
        "left_as_it_is": left,
        "decided_by": [*found.decided_by],
        "not_told_apart": tied,
        "at_the_end": [] if chosen is None or left else at_the_end(what, chosen["values"], _values_of(rows, tied)),
        "stopped": [] if chosen is None else [each._asdict() for each in by_rules[point_id(chosen)]],
        "others_stopped": [
            names[id_] for id_, each in by_rules.items() if each and (chosen is None or id_ != point_id(chosen))
        ],
        "confirmed": len(confirmed),
        "too_dear": [
            {**each._asdict(), "names": {id_: names[id_] for id_ in (each.id, each.instead_of)}} for each in aside.dear
        ],
        "in_vain": [names[id_] for id_ in aside.in_vain],
        "still_at_it": None if chosen is None else still_at_it(again[f"trial-{chosen['trial']}"])._asdict(),
        "given_up": None if price is None else _told(price),
        **({"learnt": learnt} if learnt else {}),
        "reason": reason(
            what,
            rows,
            chosen,
            found.decided_by,
            tried,
            fresh,
            aside,
            price is not None,
            left,
        ),
    }


def _given_up(
    what: Search, runs: Sequence[Measures], again: Mapping[str, Sequence[Measures]], comparisons: int
) -> Unasked | None:
    """What the recommended point gives up of the fleet's upgrades, if no objective and no constraint is about them."""
    if asks_about_reach(what.metrics, *again.values()):
        return None
    return given_up(again[BASELINE], runs, comparisons + len(again) - 1)


def _told(price: Unasked) -> dict[str, Any]:
    """The fields of ``Unasked``, ready for JSON."""
    return price._asdict() | {"left_out": None if price.left_out is None else price.left_out._asdict()}


def _successes(runs: Sequence[Measures]) -> dict[int, float | None]:
    """Upgraded of targeted, by fresh replication."""
    return {FRESH_FROM + k: run[SUCCESS].value for k, run in enumerate(runs)}


def _told_metrics(what: Search, again: Mapping[str, Sequence[Measures]]) -> tuple[str, ...]:
    """The search's metrics; and who began and did not get there, if a harm hides how many neither did nor failed."""
    if not any(each.counts_limbo for each in what.objectives) or ended_alike(again):
        return what.metrics
    return tuple(dict.fromkeys([*what.metrics, NOT_UPGRADED]))


def _not_knowing(
    what: Search, chosen: str, points: Sequence[Point], again: Mapping[str, Sequence[Measures]], how: HowToPlay
) -> dict[str, Any]:
    """What of the spread of the recommended point's differences is not knowing what was learnt; empty of no fit."""
    two = [point for point in points if point.id in (BASELINE, chosen)]
    numbers = range(FRESH_FROM, FRESH_FROM + len(again[BASELINE]))
    return spread_of_points(two, again, BASELINE, numbers, what.metrics, how).get(chosen, {})


def fresh_replications(what: Search) -> int:
    """How many confirm the front if nobody says so: those of the scenario, or twenty where they are cheap."""
    return replications_of(what.scenario, MOST_CONFIRMED + 1, usual=USUAL_FRESH, afforded=AFFORDED_EACH)


def _row(what: Search, metrics: Sequence[str], tried: Tried, fresh: _Fresh | None, comparisons: int) -> dict[str, Any]:
    """A point of the front, of which ``metrics`` are told.

    ``comparisons``: differences on fresh luck that claims are made of; each allows for all of them.
    """
    row: dict[str, Any] = {
        "trial": tried.number,
        "values": dict(tried.values),
        "tuned": figures(metrics, tried.runs),
        "tuned_verdicts": verdicts_of(what, tried.runs),
        "fresh": None,
        "fresh_verdicts": None,
        "difference": None,
        "break_even": [],
    }
    if fresh is None:
        return row
    changes = {metric: difference(fresh.runs, fresh.base, metric) for metric in metrics}
    return row | {
        "fresh": figures(metrics, fresh.runs),
        "fresh_verdicts": verdicts_of(what, fresh.runs),
        "difference": {
            metric: {
                "value": each.value,
                "interval": each.interval(),
                "note": each.note,
                "shown": each.shown(comparisons),
                "moved": each.shown(comparisons) and moved(metric, each, fresh.base, fresh.runs, True, comparisons),
            }
            for metric, each in changes.items()
        },
        "break_even": _break_evens(what, tried, fresh, comparisons),
    }


def _values_of(rows: Sequence[Mapping[str, Any]], some: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The values of rows of the front that are named by their trials."""
    trials = {row["trial"] for row in some}
    return [row["values"] for row in rows if row["trial"] in trials]


def _break_evens(what: Search, tried: Tried, fresh: _Fresh, comparisons: int) -> list[dict[str, Any]]:
    """From which prices on the point is cheaper than the scenario as it is, if both have the same prices."""
    prices = what.scenario.prices
    if COST not in what.metrics or prices is None or turned(what, tried.values).prices != prices:
        return []
    return [each._asdict() for each in break_evens(prices, fresh.base, fresh.runs, comparisons)]


def _not_told_apart(
    what: Search, chosen: dict[str, Any], passing: Sequence[dict[str, Any]], again: Mapping[str, Sequence[Measures]]
) -> list[dict[str, Any]]:
    """Trials that fresh luck does not tell from the chosen one in any objective, over all pairs of them.

    With the difference to the chosen one in the first, half of the interval in which it lies, all pairs together, and
    how many replications would show it so (``to_show``).
    """
    pairs = len(passing) * (len(passing) - 1) // 2
    rows = []
    for row in passing:
        changes = [
            difference(aim.counted(again[point_id(row)]), aim.counted(again[point_id(chosen)]), aim.metric)
            for aim in what.objectives
        ]
        if row is chosen or any(change.shown(pairs) for change in changes):
            continue
        change = changes[0]
        ends = change.interval(simultaneous_confidence(pairs))
        half_width = None
        if ends is not None and change.value is not None:
            half_width = max(ends[1] - change.value, change.value - ends[0])
        to_show = replications_to_show(change, len(again[point_id(row)]), pairs)
        rows.append({"trial": row["trial"], "difference": change.value, "half_width": half_width, "to_show": to_show})
    return rows


def _knob(knob: Any) -> dict[str, Any]:
    if isinstance(knob, Choice):
        return {"path": knob.path, "choices": list(knob.choices)}
    low, high = knob.ends()
    return {"path": knob.path, "low": low, "high": high, "base": knob.base}
