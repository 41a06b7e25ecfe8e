"""Why a point of a front is recommended, or none, in a paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.tune.front import allowed, passes
from fota_sim.analysis.tune.knobs import said
from fota_sim.analysis.tune.left_out import LeftOut
from fota_sim.analysis.tune.trials import Objective, Search, Tried
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import METRICS, short_label, spoken
from fota_sim.scenario.plain_names import plain_name

SAME, NOT_BETTER = "does the same", "not shown to be better"
"""What is said of the best of a front where the scenario is left as it is."""


def point_id(row: Mapping[str, Any]) -> str:
    """Of the point of a row of the front."""
    return f"trial-{row['trial']}"


def asked(what: Search) -> str:
    """What is answered; what the scenario asks is answered by playing it, and not by turning its knobs."""
    knobs = " and ".join(plain_name(each.path) for each in what.knobs)
    aims = " and ".join(_best_in(each) for each in what.objectives)
    limits = " and ".join(f"`{each.text}`" for each in what.constraints)
    return f"Which {knobs} of {what.scenario.name} for {aims}{f', within {limits}' if limits else ''}?"


def reason(
    what: Search,
    rows: Sequence[dict[str, Any]],
    chosen: dict[str, Any] | None,
    decided_by: Sequence[str],
    tried: Sequence[Tried],
    fresh: int,
    aside: LeftOut,
    given_up: bool = False,
    left: str = "",
) -> str:
    """Of ``chosen`` among ``rows`` of the front, of which ``aside`` were passed over; None: nothing is recommended.

    ``decided_by``: the objectives in which fresh luck told points apart, one after the other. ``given_up``: whether it
    upgrades fewer of the fleet than the scenario as it is, which no objective is about; then it is a trade.
    ``left``: why the scenario is left as it is all the same, as ``left_as_it_is`` says.
    """
    first = what.objectives[0]
    luck = number_of(fresh, "fresh replication")
    if not rows:
        return f"Nothing is recommended: {_why_none(what, tried)}."
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
    if left == SAME:
        return (
            f"Leave the scenario as it is: {said(chosen['values'])} (trial {chosen['trial']}), the best of the front "
            f"that is no worse, does the very same on {luck}."
        )
    if left == NOT_BETTER:
        aims = " or ".join(spoken(short_label(METRICS[each.metric].label)) for each in what.objectives)
        beaten = any(each.cost(chosen["difference"][each.metric]["value"] or 0.0) < 0 for each in what.objectives)
        return (
            f"Leave the scenario as it is: nothing that was tried is shown to be better in {aims} on {luck}. The best "
            f"of the front, {said(chosen['values'])} (trial {chosen['trial']}), "
            f"{'may be so by luck' if beaten else 'is no better there'}."
        )
    leading = spoken(short_label(METRICS[first.metric].label))
    best = f"the {'highest' if first.maximise else 'lowest'} {leading} of the front"
    further = [each for each in what.objectives[1:] if each.metric in decided_by]
    if further:
        best = f"{'among' if first.metric in decided_by else 'not told apart from'} {best}"
    aims = " and ".join(spoken(short_label(METRICS[each.metric].label)) for each in what.objectives)
    if chosen["improves"] or len(what.objectives) == 1:
        take = "A trade, for the fleet's owner to make, is" if given_up else "Take"
        text = f"{take} {said(chosen['values'])} (trial {chosen['trial']}): {best}"
        if len(what.objectives) > 1:
            text += f"{', of' if further else ' among'} what was no worse than the scenario as it is in {aims}"
    else:
        both = "both" if len(what.objectives) == 2 else "all of"
        text = (
            f"Nothing that was tried is as good as the scenario as it is in {both} {aims}, so what follows is a trade "
            f"for its owner to make: {said(chosen['values'])} (trial {chosen['trial']}) "
            f"{'is' if further else 'has'} {best}"
        )
    if what.constraints:
        before = "as in the search" if passes(chosen["tuned_verdicts"]) else "undecided in the search"
        text += f" that {whole} on {luck}, {before}"
    text += "".join(f", and of those {_best_in(each)}" for each in further)
    passed_over = [row["trial"] for row in rows[: rows.index(chosen)] if not passes(row["fresh_verdicts"])]
    if passed_over:
        text += f"; passed over, since fresh luck did not confirm them: {', '.join(map(str, passed_over))}"
    return f"{text}."


def left_as_it_is(what: Search, chosen: Mapping[str, Any], base_passes: bool) -> str:
    """In words why the scenario is left as it is rather than ``chosen`` taken; nothing where it is not.

    ``base_passes``: whether the scenario as it is keeps every constraint on fresh luck; then a point that is not shown
    to be better is no reason to leave it.
    """
    if nothing_changes(chosen):
        return SAME
    no_trade = chosen["improves"] or len(what.objectives) == 1
    return NOT_BETTER if base_passes and no_trade and not _shown_better(what, chosen) else ""


def _shown_better(what: Search, row: Mapping[str, Any]) -> bool:
    """Whether fresh luck shows a point to be better than the scenario as it is in any objective."""
    changes = ((each, row["difference"][each.metric]) for each in what.objectives)
    return any(change["shown"] and each.cost(change["value"]) < 0 for each, change in changes)


def _why_none(what: Search, tried: Sequence[Tried]) -> str:
    """Why no trial is on the front: objectives without a value, constraints that none keeps, or both."""
    every = f"none of the {len(tried)} trials" if len(tried) != 1 else "the only trial"
    lacking = [each for each in what.objectives if all(each.mean(trial.runs) is None for trial in tried)]
    if lacking:
        names = " and ".join(spoken(METRICS[each.metric].label) for each in lacking)
        return f"{every} has a value of {names} in every replication; set a longer horizon, or another objective"
    kept = any(allowed(what, each.runs) for each in tried)
    if kept or not what.constraints:
        both = " and keeps every constraint" if what.constraints else ""
        return (
            f"{every} has a value of every objective in every replication{both}; set a longer horizon, widen the "
            f"knobs{' or loosen a constraint' if both else ''}"
        )
    return f"{every} keeps every constraint; widen the knobs or loosen a constraint"


def nothing_changes(row: Mapping[str, Any]) -> bool:
    """Whether fresh luck shows no difference at all to the scenario as it is."""
    change = row["difference"]
    return change is not None and all(each["value"] == 0 for each in change.values())


def _best_in(aim: Objective) -> str:
    about = METRICS[aim.metric]
    words = ("most", "fewest") if about.counts_devices else ("highest", "lowest")
    return f"the {words[0] if aim.maximise else words[1]} {spoken(short_label(about.label))}"
