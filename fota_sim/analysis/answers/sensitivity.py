"""A study of assumptions in sentences: for each measure which of them move it, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fota_sim.analysis.answers.apart import more_replications, nearest_first
from fota_sim.analysis.answers.wording import count_of, listed, number_text
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.rounding import format_value, signed_value
from fota_sim.scenario.metrics import short_label, spoken
from fota_sim.scenario.plain_names import plain_name, plain_value

MOST_NAMED = 3
"""Parameters of a measure that are named."""


class Size(NamedTuple):
    """What claims rest on."""

    replications: int
    comparisons: int
    """Differences that are looked at together."""


def sensitivity_answer(found: Mapping[str, Any]) -> list[str]:
    """Sentences about the dictionary of analysis/sensitivity/effects.py, one for each measure."""
    told = {"oat": _one_at_a_time, "morris": _morris, "sobol": _sobol}[found["method"]]
    last = (
        f"{count_of(len(found['parameters']), 'parameter')} were varied, each within the range in the table."
        if len(found["parameters"]) > 1
        else "One parameter was varied, within the range in the table."
    )
    size = Size(found.get("replications", 0), 2 * len(found["parameters"]) * len(found["metrics"]))
    told_all = [_first(found), *(told(metric, size) for metric in found["metrics"].values()), last, _played(found)]
    return [sentence for sentence in told_all if sentence]


def _played(found: Mapping[str, Any]) -> str:
    """How much was played, where that is not all devices; and what gives more."""
    part = found.get("sample")
    if part is None:
        return ""
    points, times = count_of(found["points"], "point"), count_of(found["replications"], "replication")
    idle = found["idle"]
    given_up = f", but for {count_of(idle, 'point')} that change nothing in the first two" if idle else ""
    return (
        f"{number_text(part['played'])} of the {number_text(part['of'])} devices answer for all, in {points} of "
        f"{times}{given_up}. Smaller effects are shown by --replications {3 * found['replications']}, or by playing "
        "every device (--devices all)."
    )


def _first(found: Mapping[str, Any]) -> str:
    """What to find out before believing the result: what moves the first of the measures that anything moves."""
    leading = []
    for metric in found["metrics"].values():
        rows = () if metric["note"] else metric["rows"]
        strongest = next((row for row in rows if _matters(found["method"], row)), None)
        if strongest is not None:
            leading.append((spoken(short_label(metric["label"])), strongest["path"]))
    if not leading:
        return (
            "Nothing that was varied is shown to move the result, so it can be believed within these ranges; more "
            "replications or wider ranges would show smaller effects."
        )
    label, path = leading[0]
    first = spoken(short_label(next(iter(found["metrics"].values()))["label"]))
    if label != first:
        return f"Nothing that was varied is shown to move {first}; what moves {label} most is {plain_name(path)}."
    others = [other for other in dict.fromkeys(path for _, path in leading) if other != path]
    more = f"; then {listed([plain_name(other) for other in others])}, for other measures" if others else ""
    return f"Measure this first, for {label} hangs on it: {plain_name(path)}{more}."


def _matters(method: str, row: Mapping[str, Any]) -> bool:
    if method == "oat":
        return any(_shown(row, end) for end in ("low", "high"))
    name = "mu_star" if method == "morris" else "total"
    return bool(row[name] - row[f"{name}_conf"] > 0)


def _one_at_a_time(metric: Mapping[str, Any], size: Size) -> str:
    label, unit, base = spoken(short_label(metric["label"])), metric["unit"], metric["base"]["value"]
    said = "not reached" if base is None and unit == "ms" else format_value(base, unit)
    start = f"{label[:1].upper()}{label[1:]} ({said} as it is)"
    if metric["note"]:
        return f"{start}: {metric['note']}."
    shown = [row for row in metric["rows"] if any(_shown(row, end) for end in ("low", "high"))]
    if not shown:
        return f"{start} is not shown to depend on any of the parameters{_nearest(metric, size)}."
    parts = [_effects(row, unit) for row in shown[:MOST_NAMED]]
    rest = len(shown) - len(parts)
    more = f"; {rest} more move it less" if rest > 1 else "; one more moves it less" if rest else ""
    return f"{start} depends most on {listed(parts)}{more}."


def _nearest(metric: Mapping[str, Any], size: Size) -> str:
    """What is nearest to a shown effect, and how many replications would show it."""
    known = [
        (row, end)
        for row in metric["rows"]
        for end in ("low", "high")
        if row.get(f"{end}_interval") and row[f"{end}_effect"] and f"{end}_to_show" in row
    ]
    if not known or size.replications < FEWEST_REPLICATIONS:
        return ""
    row, end = nearest_first(known, lambda each: each[0][f"{each[1]}_to_show"])
    effect, needed = row[f"{end}_effect"], row[f"{end}_to_show"]
    name, at = plain_name(row["path"]), plain_value(row[end])
    return f"; the nearest is {name} ({signed_value(effect, metric['unit'])} at {at}): {more_replications(needed)}"


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


def _morris(metric: Mapping[str, Any], size: Size) -> str:
    label, unit = spoken(short_label(metric["label"])), metric["unit"]
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


def _sobol(metric: Mapping[str, Any], size: Size) -> str:
    label = spoken(short_label(metric["label"]))
    if metric["note"]:
        return f"{label[:1].upper()}{label[1:]}: {metric['note']}."
    rows = [row for row in metric["rows"] if row["total"] - row["total_conf"] > 0]
    if not rows:
        return f"{label[:1].upper()}{label[1:]} is not shown to depend on any of the parameters."
    parts = [f"{plain_name(row['path'])} ({round(100 * row['total'])} % of the variance)" for row in rows[:MOST_NAMED]]
    return f"{label[:1].upper()}{label[1:]} depends most on {listed(parts)}."
