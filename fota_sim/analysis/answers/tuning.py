"""A search in sentences: what it recommends, what that changes against the scenario as it is, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import starmap
from typing import Any

from fota_sim.analysis.answers.apart import more_replications, nearest_first
from fota_sim.analysis.answers.in_vain import at_it_text, too_dear_text
from fota_sim.analysis.answers.left_out import left_out_text, unasked_text
from fota_sim.analysis.answers.money import money_text, pays_text
from fota_sim.analysis.answers.not_knowing import not_knowing
from fota_sim.analysis.answers.stopped import points_stopped, stopped_text
from fota_sim.analysis.answers.wording import count_of, listed, not_looked_at, number_text
from fota_sim.analysis.compare.limbo import StillAtIt
from fota_sim.analysis.compare.unserved import OF_TARGETED, Unasked
from fota_sim.analysis.numbers.rounding import format_metric, signed_interval
from fota_sim.analysis.numbers.thresholds import FAIL, UNDECIDED
from fota_sim.analysis.run.stops import Stopped
from fota_sim.analysis.sweep.dear import Dear
from fota_sim.analysis.tune.reason import nothing_changes
from fota_sim.scenario.metrics import COST, METRICS, best_first, spoken
from fota_sim.scenario.plain_names import plain_setting

MOST_TIED = 3
"""Points of the front that are not told apart and named; more are counted."""

_MOVED = {False: "no gain: no more", True: "not held against it: no fewer"}
"""By whether a harm is larger that only went elsewhere."""
_AS_IT_IS = "Against the scenario as it is"
Found = Mapping[str, Any]


def recommended_row(found: Found) -> Mapping[str, Any] | None:
    """The recommended point of the front of analysis/tune/verdict.py; None if there is none."""
    return next((row for row in found["front"] if row["trial"] == found["recommended"]), None)


def tuning_answer(found: Found) -> list[str]:
    """Sentences about the dictionary of analysis/tune/verdict.py, the recommendation first."""
    chosen = recommended_row(found)
    told = [found["reason"]]
    if chosen is not None:
        told += [*_price(found), _cost(found, chosen), _against(found, chosen)]
        told += [at_it_text(StillAtIt(**left)) if (left := found.get("still_at_it")) else ""]
        told += [_not_told_apart(found)] if found["not_told_apart"] else []
        told.append(_beyond(found))
        told.append(_limbo(found))
        told.append(not_knowing(found.get("learnt"), list(found["metrics"]), "to the scenario as it is"))
    if chosen is not None and found.get("in_vain"):
        told.append(
            f"Left out, since devices that would fail are still at it or lost with it, and no more get there: "
            f"{listed(found['in_vain'])}."
        )
    told.append(_dear(found))
    told += [stopped_text(Stopped(**each)) for each in found.get("stopped", ())]
    others = found.get("confirmed", 0) + (chosen is None)  # the scenario as it is among them
    told.append(points_stopped(found.get("others_stopped", ()), others, chosen is not None))
    told.append(limits_as_it_is(found))
    told.append(not_looked_at(found.get("thresholds", ())))
    told.append(
        f"The search played {count_of(found['trials'], 'trial')} of {count_of(found['replications'], 'replication')} "
        f"each{_part(found)}; its front has {count_of(len(found['front']), 'point')}. What is said here comes from "
        f"{fresh_ones(found)}{' of all devices' if found.get('sample') else ''}, which no "
        "trial has seen."
    )
    return [sentence for sentence in told if sentence]


def fresh_ones(found: Found) -> str:
    """``replications 1000 to 1019``, those that no trial has seen."""
    first, count = found["fresh_from"], found["fresh_replications"]
    return f"replications {first} to {first + count - 1}" if count > 1 else f"replication {first}"


def _beyond(found: Found) -> str:
    """That the point lies at the end of what was searched; empty where it does not."""
    parts = [
        f"{plain_setting(end['path'], end['value'])} is at the {'lower' if end['lower'] else 'upper'} end of its range"
        for end in found.get("at_the_end", ())
    ]
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}: what lies beyond may be better still." if parts else ""


def _price(found: Found) -> list[str]:
    """What the recommended point gives up of the fleet's upgrades, where nobody asked about them."""
    price = found.get("given_up")
    if price is None:
        return []
    lost = Unasked(**price)
    asked = f"no objective is about that (--maximise {OF_TARGETED} is, or a --constraint on it)"
    told = [f"The price: {unasked_text(lost)} than the scenario as it is; {asked}."]
    left = price["left_out"]
    return told if left is None else [*told, left_out_text("it", "the scenario as it is", left)]


def _limbo(found: Found) -> str:
    """That an aim counts more than its name says; empty where that makes no difference."""
    counted = [spoken(METRICS[each["metric"]].label) for each in found["objectives"] if each.get("counts_limbo")]
    if not counted:
        return ""
    return (
        f"In {listed(counted)}, devices that began and are neither upgraded nor failed at the end are counted when "
        "points are held against each other."
    )


def _dear(found: Found) -> str:
    """Which confirmed points were left out as too dear."""
    rows = found.get("too_dear", ())
    names = {id_: name for row in rows for id_, name in row["names"].items()}
    return too_dear_text([Dear(*(row[name] for name in Dear._fields)) for row in rows], names)


def limits_as_it_is(found: Found) -> str:
    """Which limits the scenario as it is breaks on fresh luck, and of which that is undecided; empty for none."""
    verdicts = found["baseline"]["fresh_verdicts"].items()
    broken, undecided = (
        listed([f"`{text}`" for text, verdict in verdicts if verdict == which]) for which in (FAIL, UNDECIDED)
    )
    told = [*([f"breaks {broken}"] if broken else []), *([f"leaves {undecided} undecided"] if undecided else [])]
    return f"The scenario as it is {listed(told)}." if told else ""


def _part(found: Found) -> str:
    part = found.get("sample")
    if part is None:
        return ""
    return f", with {number_text(part['played'])} of the {number_text(part['of'])} devices that answered for all"


def _cost(found: Found, chosen: Mapping[str, Any]) -> str:
    """What the recommended point saves, and from which price on."""
    change = chosen["difference"].get(COST)
    if change is None or not change["shown"] or not change["value"]:
        return ""
    money = money_text(change["value"], found["currency"], change["interval"])
    cheaper, borders = change["value"] < 0, chosen.get("break_even", ())
    pays = f", and {pays_text(borders, found['currency'], would=not cheaper)}" if borders else ""
    return f"{_AS_IT_IS}, it {'saves' if cheaper else 'costs'} {money}{'' if cheaper else ' more'}{pays}."


def _not_told_apart(found: Found) -> str:
    """Which points of the front fresh luck does not tell from the recommended one, and what would."""
    tied = found["not_told_apart"]
    values = {row["trial"]: row["values"] for row in found["front"]}
    named = [", ".join(starmap(plain_setting, values[row["trial"]].items())) for row in tied[:MOST_TIED]]
    rest = [f"{len(tied) - MOST_TIED} more"] if len(tied) > MOST_TIED else []
    known = [row for row in tied if row["difference"] and row["half_width"]]
    if known:
        would = more_replications(nearest_first(known, lambda row: row["to_show"])["to_show"], "--fresh")
    else:
        would = "what differs happens too rarely in this fleet, and a larger one would tell"
    labels = listed([spoken(found["metrics"][each["metric"]]["label"]) for each in found["objectives"]])
    return f"Not told apart from it in {labels}: {'; '.join([*named, *rest])}; {would}."


def _against(found: Found, chosen: Mapping[str, Any]) -> str:
    """Every metric of the recommended point beside the scenario as it is, on fresh luck."""
    parts: list[str] = []
    if nothing_changes(chosen):
        told = ((spoken(shape["label"]), metric, shape["unit"]) for metric, shape in found["metrics"].items())
        values = [f"{name} {format_metric(m, found['baseline']['fresh'][m]['value'], unit)}" for name, m, unit in told]
        return f"Both have {listed(values)}."
    for metric, shape in found["metrics"].items():
        unit, change = shape["unit"], chosen["difference"][metric]
        after, before = chosen["fresh"][metric]["value"], found["baseline"]["fresh"][metric]["value"]
        if metric == COST and change["shown"]:
            continue  # told in a sentence of its own
        text = spoken(shape["label"])
        text += f" {format_metric(metric, after, unit)} instead of {format_metric(metric, before, unit)}"
        if change["interval"] is not None:
            ends = signed_interval(change["interval"], unit)
            surely = f"95 % interval of the difference {ends}"
            text += f" ({surely}{'' if change['shown'] else _not_shown(*change['interval'])})"
        elif change["value"] and not change["shown"]:
            text += f" ({change['note']})"
        if change.get("moved"):
            text += f", which is {_MOVED[best_first(metric, change['value']) > 0]} of those that began get there"
        parts.append(text)
    if not parts:
        return ""
    begins = "Besides" if len(parts) < len(found["metrics"]) else _AS_IT_IS
    return f"{begins}: {'; '.join(parts)}."


def _not_shown(low: float, high: float) -> str:
    """Why a difference is not shown that has an interval: it holds zero, or does with all that were looked at."""
    if low <= 0.0 <= high:
        return ", so not shown to differ"
    return ", clear of 0 by itself but not with all comparisons of the front allowed for, so not shown to differ"
