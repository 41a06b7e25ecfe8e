"""A search in sentences: what it recommends, what that changes against the scenario as it is, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.numbers.rounding import format_value, signed_value

Found = Mapping[str, Any]


def recommended_row(found: Found) -> Mapping[str, Any] | None:
    """The recommended point of the front of analysis/tune/front.py; None if there is none."""
    return next((row for row in found["front"] if row["trial"] == found["recommended"]), None)


def tuning_answer(found: Found) -> list[str]:
    """Sentences about the dictionary of analysis/tune/front.py, the recommendation first."""
    chosen = recommended_row(found)
    told = [found["reason"]]
    if chosen is not None:
        told.append(_against(found, chosen))
    broken = [text for text, verdict in found["baseline"]["fresh_verdicts"].items() if verdict != "pass"]
    if broken:
        told.append(f"The scenario as it is does not pass {listed([f'`{text}`' for text in broken])}.")
    last = found["fresh_from"] + found["fresh_replications"] - 1
    told.append(
        f"The search played {count_of(found['trials'], 'trial')} of {count_of(found['replications'], 'replication')} "
        f"each; its front has {count_of(len(found['front']), 'point')}. What is said here comes from replications "
        f"{found['fresh_from']} to {last}, which no trial has seen."
    )
    return told


def _against(found: Found, chosen: Mapping[str, Any]) -> str:
    """Every metric of the recommended point beside the scenario as it is, on fresh luck."""
    parts = []
    for metric, shape in found["metrics"].items():
        unit, change = shape["unit"], chosen["difference"][metric]
        after, before = chosen["fresh"][metric]["value"], found["baseline"]["fresh"][metric]["value"]
        text = f"{shape['label']} {_value(after, unit)} instead of {_value(before, unit)}"
        if change["interval"] is not None:
            low, high = change["interval"]
            surely = f"95 % interval of the difference {signed_value(low, unit)} to {signed_value(high, unit)}"
            text += f" ({surely}{'' if change['shown'] else ', so not shown to differ'})"
        parts.append(text)
    return f"Against the scenario as it is: {'; '.join(parts)}."


def _value(value: float | None, unit: str) -> str:
    return "not reached" if value is None and unit == "ms" else format_value(value, unit)
