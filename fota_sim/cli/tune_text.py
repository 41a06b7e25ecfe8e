"""The answer of a search as text: from the dictionary of analysis/tune/verdict.py."""

from __future__ import annotations

from typing import Any

from fota_sim.analysis.answers.tuning import fresh_ones, limits_as_it_is, tuning_answer
from fota_sim.analysis.numbers.rounding import format_metric, signed_interval, signed_value
from fota_sim.cli.console import columns, paragraph
from fota_sim.scenario.plain_names import plain_name, plain_value


def tune_text(found: dict[str, Any]) -> str:
    """What ``fota-sim tune`` prints: the recommendation, then the front as tuned and on fresh luck."""
    parts = [paragraph(found["question"], tuning_answer(found))]
    chosen = next((row for row in found["front"] if row["trial"] == found["recommended"]), None)
    if chosen is not None:
        parts.append(_against_baseline(found, chosen))
    if found["front"]:
        parts.append(_front(found))
    return "\n\n".join(parts)


def _against_baseline(found: dict[str, Any], chosen: dict[str, Any]) -> str:
    first = found.get("left_as_it_is") or "recommended"
    rows = [("On fresh luck", first, "scenario as it is", "difference", "95 % interval")]
    for metric, shape in found["metrics"].items():
        unit, change = shape["unit"], chosen["difference"][metric]
        interval = change["interval"]
        rows.append(
            (
                shape["label"],
                format_metric(metric, chosen["fresh"][metric]["value"], unit),
                format_metric(metric, found["baseline"]["fresh"][metric]["value"], unit),
                "–" if change["value"] is None else signed_value(change["value"], unit) if change["value"] else "0",
                "–" if interval is None else signed_interval(interval, unit),
            )
        )
    note = f"\n{limits}" if (limits := limits_as_it_is(found)) else ""
    return (
        columns(rows, frozenset({1, 2, 3, 4}))
        + f"\n{fresh_ones(found).capitalize()}, which no trial has seen; "
        + "differences are paired: the same devices with the same luck."
        + note
    )


def _front(found: dict[str, Any]) -> str:
    """Tuned figures beside fresh ones: the first are flattered by having been chosen."""
    knobs = [plain_name(knob["path"]) for knob in found["knobs"]]
    metrics = found["metrics"]
    head = ["Front: trial", *knobs]
    for shape in metrics.values():
        head += [f"{shape['label']}, tuned", "fresh"]
    if found["constraints"]:
        head += ["constraints, tuned", "fresh"]
    rows = [tuple(head), _front_row(found, "baseline", found["baseline"], [_now(knob) for knob in found["knobs"]])]
    for row in found["front"]:
        mark = " *" if row["trial"] == found["recommended"] else ""
        rows.append(
            _front_row(found, f"{row['trial']}{mark}", row, [plain_value(value) for value in row["values"].values()])
        )
    return columns(rows, frozenset(range(1, len(head))))


def _now(knob: dict[str, Any]) -> str:
    """Where a knob stands in the scenario, as far as that is known."""
    return "" if knob.get("base") is None else plain_value(knob["base"])


def _front_row(found: dict[str, Any], name: str, row: dict[str, Any], values: list[str]) -> tuple[str, ...]:
    cells = [name, *values]
    for metric, shape in found["metrics"].items():
        cells += [
            format_metric(metric, row["tuned"][metric]["value"], shape["unit"]),
            "not played"
            if row["fresh"] is None
            else format_metric(metric, row["fresh"][metric]["value"], shape["unit"]),
        ]
    if found["constraints"]:
        cells += [_worst(row["tuned_verdicts"]), _worst(row["fresh_verdicts"])]
    return tuple(cells)


def _worst(verdicts: dict[str, str] | None) -> str:
    if verdicts is None:
        return "not played"
    return next((each for each in ("fail", "undecided") if each in verdicts.values()), "pass")
