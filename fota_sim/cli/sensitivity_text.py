"""Which assumptions matter, as tables: from the dictionary of analysis/sensitivity/effects.py."""

from __future__ import annotations

from typing import Any

from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.numbers.rounding import format_value, plain_difference, signed_interval, signed_value
from fota_sim.cli.console import columns, paragraph
from fota_sim.scenario.plain_names import plain_name, plain_value

MOST_ROWS = 10
"""Of a table on the console; effects.parquet has all."""


def sensitivity_text(found: dict[str, Any]) -> str:
    """What ``fota-sim sensitivity`` prints."""
    told = paragraph(found["question"], sensitivity_answer(found))
    parts = [told, *(_metric(found["method"], metric) for metric in found["metrics"].values())]
    if found["method"] == "oat":
        parts.append("Changes are paired: the same devices with the same luck. In brackets: 95 % interval.")
    elif found["method"] == "morris":
        parts.append(
            "mu*: mean size of the effect of the whole range; sigma: how much it depends on the other parameters. "
            "±: 95 %."
        )
    else:
        parts.append("Shares of the variance: alone, and with all interactions. ±: 95 %.")
    return "\n\n".join(parts)


def _metric(method: str, metric: dict[str, Any]) -> str:
    unit = metric["unit"]
    if method == "oat":
        base = metric["base"]["value"]
        said = "not reached" if base is None and unit == "ms" else format_value(base, unit)
        if metric["note"]:
            return f"{metric['label']}: {said}; {metric['note']}"
        moved = [row for row in metric["rows"] if _moves(row)]
        table: list[tuple[str, ...]] = [
            (f"{metric['label']}: {said}", "low", "high", "change at low", "change at high")
        ]
        table += [
            (
                plain_name(row["path"]),
                plain_value(row["low"]),
                plain_value(row["high"]),
                _effect(row, "low", unit),
                _effect(row, "high", unit),
            )
            for row in moved[:MOST_ROWS]
        ]
        rest = len(metric["rows"]) - len(moved[:MOST_ROWS])
        return columns(table, frozenset({1, 2, 3, 4})) + (f"\n{_others(rest)} less or nothing" if rest else "")
    if not metric["rows"]:
        return f"{metric['label']}: {metric['note']}"
    names = ("mu*", "sigma") if method == "morris" else ("alone", "with interactions")
    rows: list[tuple[str, ...]] = [(metric["label"], "low", "high", *names)]
    cells: tuple[str, ...]
    for row in metric["rows"][:MOST_ROWS]:
        if method == "morris":
            cells = (
                f"{plain_difference(row['mu_star'], unit)} ± {plain_difference(row['mu_star_conf'], unit)}",
                plain_difference(row["sigma"], unit),
            )
        else:
            cells = tuple(f"{_whole(row[name])} % ± {_whole(row[f'{name}_conf'])} %" for name in ("first", "total"))
        rows.append((plain_name(row["path"]), plain_value(row["low"]), plain_value(row["high"]), *cells))
    rest = len(metric["rows"]) - MOST_ROWS
    return columns(rows, frozenset({1, 2, 3, 4})) + (f"\n{_others(rest)} less" if rest > 0 else "")


def _whole(share: float) -> str:
    return f"{round(100 * share)}"


def _others(count: int) -> str:
    return "1 other does" if count == 1 else f"{count} others do"


def _moves(row: dict[str, Any]) -> bool:
    return any(row[f"{end}_effect"] not in (None, 0.0) for end in ("low", "high"))


def _effect(row: dict[str, Any], end: str, unit: str) -> str:
    effect, interval = row[f"{end}_effect"], row[f"{end}_interval"]
    if effect is None:
        return "not reached" if unit == "ms" else "–"
    if effect == 0 and interval is None:
        return "0"
    if interval is None:
        return signed_value(effect, unit)
    return f"{signed_value(effect, unit)} ({signed_interval(interval, unit)})"
