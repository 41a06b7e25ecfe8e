"""A search in sentences: what it recommends, what that changes against the scenario as it is, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.money import money_text, pays_text
from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.numbers.rounding import format_value, signed_value
from fota_sim.scenario.metrics import COST

_AS_IT_IS = "Against the scenario as it is"
Found = Mapping[str, Any]


def recommended_row(found: Found) -> Mapping[str, Any] | None:
    """The recommended point of the front of analysis/tune/front.py; None if there is none."""
    return next((row for row in found["front"] if row["trial"] == found["recommended"]), None)


def tuning_answer(found: Found) -> list[str]:
    """Sentences about the dictionary of analysis/tune/front.py, the recommendation first."""
    chosen = recommended_row(found)
    told = [found["reason"]]
    if chosen is not None:
        told += [_cost(found, chosen), _against(found, chosen)]
    broken = [text for text, verdict in found["baseline"]["fresh_verdicts"].items() if verdict != "pass"]
    if broken:
        told.append(f"The scenario as it is does not pass {listed([f'`{text}`' for text in broken])}.")
    last = found["fresh_from"] + found["fresh_replications"] - 1
    told.append(
        f"The search played {count_of(found['trials'], 'trial')} of {count_of(found['replications'], 'replication')} "
        f"each; its front has {count_of(len(found['front']), 'point')}. What is said here comes from replications "
        f"{found['fresh_from']} to {last}, which no trial has seen."
    )
    return [sentence for sentence in told if sentence]


def _cost(found: Found, chosen: Mapping[str, Any]) -> str:
    """What the recommended point saves, and from which price on."""
    change = chosen["difference"].get(COST)
    if change is None or not change["shown"] or not change["value"]:
        return ""
    money = money_text(change["value"], found["currency"], change["interval"])
    cheaper, borders = change["value"] < 0, chosen.get("break_even", ())
    pays = f", and {pays_text(borders, found['currency'], would=not cheaper)}" if borders else ""
    return f"{_AS_IT_IS}, it {'saves' if cheaper else 'costs'} {money}{'' if cheaper else ' more'}{pays}."


def _against(found: Found, chosen: Mapping[str, Any]) -> str:
    """Every metric of the recommended point beside the scenario as it is, on fresh luck."""
    parts = []
    for metric, shape in found["metrics"].items():
        unit, change = shape["unit"], chosen["difference"][metric]
        after, before = chosen["fresh"][metric]["value"], found["baseline"]["fresh"][metric]["value"]
        if metric == COST and change["shown"]:
            continue  # told in a sentence of its own
        text = f"{shape['label']} {_value(after, unit)} instead of {_value(before, unit)}"
        if change["interval"] is not None:
            low, high = change["interval"]
            surely = f"95 % interval of the difference {signed_value(low, unit)} to {signed_value(high, unit)}"
            text += f" ({surely}{'' if change['shown'] else ', so not shown to differ'})"
        parts.append(text)
    if not parts:
        return ""
    begins = "Besides" if len(parts) < len(found["metrics"]) else _AS_IT_IS
    return f"{begins}: {'; '.join(parts)}."


def _value(value: float | None, unit: str) -> str:
    return "not reached" if value is None and unit == "ms" else format_value(value, unit)
