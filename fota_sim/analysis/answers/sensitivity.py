"""A study of assumptions in sentences: for each measure which of them move it, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.wording import count_of, listed, short_label
from fota_sim.analysis.numbers.rounding import format_value, signed_value
from fota_sim.scenario.plain_names import plain_name, plain_value

MOST_NAMED = 3
"""Parameters of a measure that are named."""


def sensitivity_answer(found: Mapping[str, Any]) -> list[str]:
    """Sentences about the dictionary of analysis/sensitivity/effects.py, one for each measure."""
    told = {"oat": _one_at_a_time, "morris": _morris, "sobol": _sobol}[found["method"]]
    last = (
        f"{count_of(len(found['parameters']), 'parameter')} were varied, each within the range in the table."
        if len(found["parameters"]) > 1
        else "One parameter was varied, within the range in the table."
    )
    return [_first(found), *(told(metric) for metric in found["metrics"].values()), last]


def _first(found: Mapping[str, Any]) -> str:
    """What to find out before believing the result: the parameter that moves most measures, or moves one most."""
    times: dict[str, int] = {}
    for metric in found["metrics"].values():
        if not metric["note"]:
            strongest = next((row for row in metric["rows"] if _matters(found["method"], row)), None)
            if strongest is not None:
                times[strongest["path"]] = times.get(strongest["path"], 0) + 1
    if not times:
        return (
            "Nothing that was varied is shown to move the result, so it can be believed within these ranges; more "
            "replications or wider ranges would show smaller effects."
        )
    path = max(times, key=lambda each: times[each])
    others = len(times) - 1
    more = f"; then {count_of(others, 'other')} that lead in other measures" if others else ""
    return f"Measure this first, for the result hangs on it: {plain_name(path)}{more}."


def _matters(method: str, row: Mapping[str, Any]) -> bool:
    if method == "oat":
        return any(_shown(row, end) for end in ("low", "high"))
    name = "mu_star" if method == "morris" else "total"
    return bool(row[name] - row[f"{name}_conf"] > 0)


def _one_at_a_time(metric: Mapping[str, Any]) -> str:
    label, unit, base = short_label(metric["label"]), metric["unit"], metric["base"]["value"]
    said = "not reached" if base is None and unit == "ms" else format_value(base, unit)
    start = f"{label[:1].upper()}{label[1:]} ({said} as it is)"
    if metric["note"]:
        return f"{start}: {metric['note']}."
    shown = [row for row in metric["rows"] if any(_shown(row, end) for end in ("low", "high"))]
    if not shown:
        return f"{start} is not shown to depend on any of the parameters."
    parts = [_effects(row, unit) for row in shown[:MOST_NAMED]]
    rest = len(shown) - len(parts)
    more = f"; {rest} more move it less" if rest > 1 else "; one more moves it less" if rest else ""
    return f"{start} depends most on {listed(parts)}{more}."


def _effects(row: Mapping[str, Any], unit: str) -> str:
    """``chunk failures of the radio wifi (+1 pp at 0.1 %, -2 pp at 0.3 %)``: the ends that are shown to differ."""
    ends = [
        f"{signed_value(row[f'{end}_effect'], unit)} at {plain_value(row[end])}"
        for end in ("low", "high")
        if _shown(row, end)
    ]
    return f"{plain_name(row['path'])} ({', '.join(ends)})"


def _shown(row: Mapping[str, Any], end: str) -> bool:
    """Whether it is shown to differ from the scenario as it is; a result of an earlier version claims nothing."""
    return bool(row.get(f"{end}_shown"))


def _morris(metric: Mapping[str, Any]) -> str:
    label, unit = short_label(metric["label"]), metric["unit"]
    if metric["note"]:
        return f"{label[:1].upper()}{label[1:]}: {metric['note']}."
    rows = [row for row in metric["rows"] if row["mu_star"] - row["mu_star_conf"] > 0]
    if not rows:
        return f"{label[:1].upper()}{label[1:]} is not shown to depend on any of the parameters."
    parts = [
        f"{plain_name(row['path'])} ({signed_value(row['mu_star'], unit).removeprefix('+')} over its range)"
        for row in rows[:MOST_NAMED]
    ]
    return f"{label[:1].upper()}{label[1:]} depends most on {listed(parts)}."


def _sobol(metric: Mapping[str, Any]) -> str:
    label = short_label(metric["label"])
    if metric["note"]:
        return f"{label[:1].upper()}{label[1:]}: {metric['note']}."
    rows = [row for row in metric["rows"] if row["total"] - row["total_conf"] > 0]
    if not rows:
        return f"{label[:1].upper()}{label[1:]} is not shown to depend on any of the parameters."
    parts = [f"{plain_name(row['path'])} ({round(100 * row['total'])} % of the variance)" for row in rows[:MOST_NAMED]]
    return f"{label[:1].upper()}{label[1:]} depends most on {listed(parts)}."
