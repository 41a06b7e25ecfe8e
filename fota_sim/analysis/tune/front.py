"""The answer of a search: its Pareto front, what fresh luck makes of it, and which point to take.

The best of many trials is partly the luckiest (the winner's curse). So points of the front are played again with
replications that no trial has seen, beside the scenario as it is, and only those figures decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, difference, gather, mean_of
from fota_sim.analysis.batch.knowing import spread_of_points
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.sampling import answering
from fota_sim.analysis.compare.limbo import moved, still_at_it
from fota_sim.analysis.numbers.best import ended_alike
from fota_sim.analysis.numbers.break_even import break_evens
from fota_sim.analysis.numbers.metrics import unit_of
from fota_sim.analysis.numbers.paired import simultaneous_confidence
from fota_sim.analysis.numbers.thresholds import Verdict
from fota_sim.analysis.run.replications import replications_of
from fota_sim.analysis.tune.constraint import excess, verdicts
from fota_sim.analysis.tune.knobs import Choice, said
from fota_sim.analysis.tune.left_out import LeftOut, left_out
from fota_sim.analysis.tune.question import AFFORDED_EACH
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


def pareto_front(what: Search, tried: Sequence[Tried], base: Sequence[Measures] = ()) -> list[Tried]:
    """Trials that keep every constraint in the mean and are not beaten in all objectives; the preferred ones first.

    Preferred are those that keep the constraints with their whole interval; then those that are in no objective worse
    than ``base``, the scenario as it is on the same luck, for they ask for no trade; then by the first objective, the
    second, and so on, then the earlier trial. Of trials with the same objectives only the first stands.
    """
    allowed = [each for each in tried if _allowed(what, each.runs) and _costs(what, each) is not None]
    costs = {each.number: _costs(what, each) or () for each in allowed}

    def beaten(each: Tried) -> bool:
        own = costs[each.number]
        return any(
            (costs[other.number] != own or other.number < each.number)
            and all(theirs <= ours for theirs, ours in zip(costs[other.number], own, strict=True))
            for other in allowed
        )

    front = [each for each in allowed if not beaten(each)]
    return sorted(
        front,
        key=lambda each: (
            not _safe(what, each.runs),
            not _improves(what, each.runs, base),
            costs[each.number],
            each.number,
        ),
    )


def verdict_of_search(what: Search, tried: Sequence[Tried], fresh: int, how: HowToPlay) -> dict[str, Any]:
    """The front, confirmed on ``fresh`` replications, and the recommendation with its reason; ready for JSON."""
    how = settled(what, how)
    base_point = Point(BASELINE, {}, what.scenario)
    tuned_base = gather([in_search(what, base_point)], range(what.replications), how)[BASELINE]
    front = pareto_front(what, tried, tuned_base)
    confirmed = front[:MOST_CONFIRMED]
    points = [base_point, *(variant(what, each.number, each.values) for each in confirmed)]
    again = gather(points, range(FRESH_FROM, FRESH_FROM + fresh), how)
    told = _told_metrics(what, again)
    comparisons, rows = len(confirmed) * len(told), []
    for each in front:
        runs = again.get(f"trial-{each.number}")
        row = _row(what, told, each, None if runs is None else _Fresh(runs, again[BASELINE]), comparisons)
        rows.append(row | {"improves": _improves(what, each.runs, tuned_base)})
    passing = [row for row in rows if row["fresh"] is not None and _passes(row["fresh_verdicts"])]
    beside = {BASELINE: again[BASELINE], **{_id(row): again[_id(row)] for row in passing}}
    aside = left_out(what, beside, BASELINE, comparisons)
    worth_it = [row for row in passing if _id(row) not in aside]
    chosen = worth_it[0] if worth_it else None
    tied = [] if chosen is None else _not_told_apart(what, chosen, worth_it, again)
    names = {BASELINE: "the scenario as it is", **{_id(row): said(row["values"]) for row in rows}}
    learnt = {} if chosen is None else _not_knowing(what, f"trial-{chosen['trial']}", points, again, how)
    return {
        "scenario": what.scenario.name,
        "question": what.scenario.asks,
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
            "tuned": _figures(told, tuned_base),
            "tuned_verdicts": _verdicts(what, tuned_base),
            "fresh": _figures(told, again[BASELINE]),
            "fresh_verdicts": _verdicts(what, again[BASELINE]),
        },
        "front": rows,
        "recommended": None if chosen is None else chosen["trial"],
        "not_told_apart": tied,
        "too_dear": [
            {**each._asdict(), "names": {id_: names[id_] for id_ in (each.id, each.instead_of)}} for each in aside.dear
        ],
        "in_vain": [names[id_] for id_ in aside.in_vain],
        "still_at_it": None if chosen is None else still_at_it(again[f"trial-{chosen['trial']}"])._asdict(),
        **({"learnt": learnt} if learnt else {}),
        "reason": _reason(what, rows, chosen, len(tried), fresh, aside),
    }


def _told_metrics(what: Search, again: Mapping[str, Sequence[Measures]]) -> tuple[str, ...]:
    """The search's metrics; and who began and did not get there, if a harm hides how many neither did nor failed."""
    if not any(each.counts_limbo for each in what.objectives) or ended_alike(again):
        return what.metrics
    return tuple(dict.fromkeys([*what.metrics, NOT_UPGRADED]))


def _id(row: Mapping[str, Any]) -> str:
    """Of the point of a row of the front."""
    return f"trial-{row['trial']}"


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


def tuned_values(found: dict[str, Any]) -> dict[str, Any] | None:
    """The values of the recommended point by path; None if there is none."""
    return next((row["values"] for row in found["front"] if row["trial"] == found["recommended"]), None)


def _improves(what: Search, runs: Sequence[Measures], base: Sequence[Measures]) -> bool:
    """Whether the mean of no objective is worse than of the scenario as it is; any is better than none."""
    if not base:
        return False
    own = [each.mean(runs) for each in what.objectives]
    before = [each.mean(base) for each in what.objectives]
    return all(
        now is not None and (was is None or each.cost(now) <= each.cost(was))
        for each, now, was in zip(what.objectives, own, before, strict=True)
    )


def _costs(what: Search, tried: Tried) -> tuple[float, ...] | None:
    means = [each.mean(tried.runs) for each in what.objectives]
    known = [mean for mean in means if mean is not None]
    if len(known) < len(means):
        return None
    return tuple(each.cost(mean) for each, mean in zip(what.objectives, known, strict=True))


def _allowed(what: Search, runs: Sequence[Measures]) -> bool:
    """Whether every constraint is kept in the mean, and none is broken for sure."""
    kept = all(excess(each, runs) <= 0 for each in what.constraints)
    return kept and "fail" not in _verdicts(what, runs).values()


def _safe(what: Search, runs: Sequence[Measures]) -> bool:
    return _passes(_verdicts(what, runs))


def _passes(found: Mapping[str, str]) -> bool:
    return all(each == "pass" for each in found.values())


def _verdicts(what: Search, runs: Sequence[Measures]) -> dict[str, Verdict]:
    return verdicts(what.constraints, runs, what.scenario.horizon_ms)


def _figures(metrics: Sequence[str], runs: Sequence[Measures]) -> dict[str, Any]:
    found = {metric: mean_of(runs, metric) for metric in metrics}
    return {
        metric: {"value": each.value, "interval": each.interval, "note": each.note} for metric, each in found.items()
    }


def _row(what: Search, metrics: Sequence[str], tried: Tried, fresh: _Fresh | None, comparisons: int) -> dict[str, Any]:
    """A point of the front, of which ``metrics`` are told.

    ``comparisons``: differences on fresh luck that claims are made of; each allows for all of them.
    """
    row: dict[str, Any] = {
        "trial": tried.number,
        "values": dict(tried.values),
        "tuned": _figures(metrics, tried.runs),
        "tuned_verdicts": _verdicts(what, tried.runs),
        "fresh": None,
        "fresh_verdicts": None,
        "difference": None,
        "break_even": [],
    }
    if fresh is None:
        return row
    changes = {metric: difference(fresh.runs, fresh.base, metric) for metric in metrics}
    return row | {
        "fresh": _figures(metrics, fresh.runs),
        "fresh_verdicts": _verdicts(what, fresh.runs),
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


def _break_evens(what: Search, tried: Tried, fresh: _Fresh, comparisons: int) -> list[dict[str, Any]]:
    """From which prices on the point is cheaper than the scenario as it is, if both have the same prices."""
    prices = what.scenario.prices
    if COST not in what.metrics or prices is None or turned(what, tried.values).prices != prices:
        return []
    return [each._asdict() for each in break_evens(prices, fresh.base, fresh.runs, comparisons)]


def _not_told_apart(
    what: Search, chosen: dict[str, Any], passing: Sequence[dict[str, Any]], again: Mapping[str, Sequence[Measures]]
) -> list[dict[str, Any]]:
    """Trials that fresh luck does not tell from the chosen one in the first objective, over all pairs of them.

    With the difference to the chosen one and half of the interval in which it lies, all pairs together.
    """
    pairs = len(passing) * (len(passing) - 1) // 2
    first, rows = what.objectives[0], []
    for row in passing:
        runs, own = (first.counted(again[f"trial-{each['trial']}"]) for each in (row, chosen))
        change = difference(runs, own, first.metric)
        if row is chosen or change.shown(pairs):
            continue
        ends = change.interval(simultaneous_confidence(pairs))
        half_width = None if ends is None else (ends[1] - ends[0]) / 2
        rows.append({"trial": row["trial"], "difference": change.value, "half_width": half_width})
    return rows


def _knob(knob: Any) -> dict[str, Any]:
    if isinstance(knob, Choice):
        return {"path": knob.path, "choices": list(knob.choices)}
    low, high = knob.ends()
    return {"path": knob.path, "low": low, "high": high, "base": knob.base}


def _reason(
    what: Search,
    rows: Sequence[dict[str, Any]],
    chosen: dict[str, Any] | None,
    trials: int,
    fresh: int,
    aside: LeftOut,
) -> str:
    first = what.objectives[0]
    luck = f"{fresh} fresh replications"
    if not rows:
        return (
            f"Nothing is recommended: none of the {trials} trials keeps every constraint; widen the knobs or loosen a "
            "constraint."
        )
    whole = "keeps every constraint with its whole 95 % interval"
    if chosen is None and aside.in_vain:
        return (
            "Nothing is recommended: of what fresh luck confirms of the front fewer devices fail, and no more of those "
            "that began get there. They are still at it at the end, or lost."
        )
    if chosen is None and aside.dear:
        return (
            "Nothing is recommended: what fresh luck confirms of the front wastes more than the few devices that it "
            "gains are worth. To look for points that do without, add --minimise bytes_wasted or a --constraint on it."
        )
    if chosen is None:
        nearest = f"trial {rows[0]['trial']} ({said(rows[0]['values'])})"
        return (
            f"Nothing is recommended: no point of the front {whole} on {luck}. The nearest is {nearest}; more "
            "replications, or a looser constraint, would decide it."
        )
    best = f"{'highest' if first.maximise else 'lowest'} {METRICS[first.metric].label}"
    aims = " and ".join(METRICS[each.metric].label for each in what.objectives)
    if chosen["improves"] or len(what.objectives) == 1:
        text = f"Take {said(chosen['values'])} (trial {chosen['trial']}): the {best} of the front"
        if len(what.objectives) > 1:
            text += f" among what was no worse than the scenario as it is in {aims}"
    else:
        both = "both" if len(what.objectives) == 2 else "all of"
        text = (
            f"Nothing that was tried is as good as the scenario as it is in {both} {aims}, so what follows is a trade "
            f"for its owner to make: {said(chosen['values'])} (trial {chosen['trial']}) has the {best} of the front"
        )
    if what.constraints:
        before = "as in the search" if _passes(chosen["tuned_verdicts"]) else "undecided in the search"
        text += f" that {whole} on {luck}, {before}"
    passed_over = [row["trial"] for row in rows[: rows.index(chosen)] if _id(row) not in aside]
    if passed_over:
        text += f"; passed over, since fresh luck did not confirm them: {', '.join(map(str, passed_over))}"
    return f"{text}."


def trial_rows(what: Search, tried: Sequence[Tried]) -> list[dict[str, Any]]:
    """A row for each trial: its knobs, each metric's mean and interval, and whether it keeps the constraints."""
    rows = []
    for each in tried:
        row: dict[str, Any] = {"trial": each.number, **each.values}
        for metric, figure in _figures(what.kept, each.runs).items():
            low, high = figure["interval"] or (None, None)
            row |= {metric: figure["value"], f"{metric}_ci_low": low, f"{metric}_ci_high": high}
        rows.append(row | {"allowed": _allowed(what, each.runs)})
    return rows


def front_rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each point of the front and metric: as tuned, on fresh luck, and the difference to the baseline."""
    rows = []
    for point in found["front"]:
        for metric, shape in found["metrics"].items():
            row = {"trial": point["trial"], **point["values"], "metric": metric, "unit": shape["unit"]}
            for stage in ("tuned", "fresh", "difference"):
                figure = (point[stage] or {}).get(metric, {"value": None, "interval": None})
                low, high = figure["interval"] or (None, None)
                row |= {stage: figure["value"], f"{stage}_ci_low": low, f"{stage}_ci_high": high}
            rows.append(row | {"recommended": point["trial"] == found["recommended"]})
    return rows
