"""A difference in a plain sentence: who does how much more or less of what, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.numbers.rounding import NARROW, counted, format_value, unsigned_zero
from fota_sim.quoting import number_of
from fota_sim.scenario.metrics import METRICS, MONEY

_DURATIONS = ((86_400_000.0, "days"), (3_600_000.0, "hours"), (60_000.0, "minutes"), (1_000.0, "seconds"))
_BYTES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))
_JOULES = ((1e6, "MJ"), (1e3, "kJ"), (1.0, "J"))
_CHARGES = ((1e3, "Ah"), (1.0, "mAh"))
_LADDERS = {"ms": _DURATIONS, "B": _BYTES, "J": _JOULES, "mAh": _CHARGES}
"""Units of amounts, the largest first; whatever else is measured is counted."""


def sentence(row: Mapping[str, Any]) -> str:
    """What a row of the comparison says (the keys are those of analysis/compare/comparison.py)."""
    who, other = f"`{row['candidate']}`", f"`{row['baseline']}`"
    about = _topic(row)
    if row["difference"] is None:
        return _not_reached(row, who, other, about)
    if row["low"] is None:
        return _without_interval(row, who, other, about)
    if not row["shown"]:
        return (
            f"{about}: no difference shown at this precision between {who} and {other} "
            f"({_size(row, row['difference'])} observed, 95 % CI {_signed_range(row)}{_with_all(row)})."
        )
    return f"{_claim(row, who, other)}, 95 % CI {_range(row)}."


def _topic(row: Mapping[str, Any]) -> str:
    label: str = row["label"]
    return label[:1].upper() + label[1:]


def _claim(row: Mapping[str, Any], who: str, other: str) -> str:
    """The part before the interval."""
    more, says = row["difference"] > 0, METRICS[row["metric"]].says
    size, unit = _numbers(row, abs(row["difference"]))[0], _unit(row)
    if says is None or (row["unit"] == "share" and row["of"] is None):
        return f"{_topic(row)}: {size} {unit} {'higher' if more else 'lower'} with {who} than with {other}"
    if row["unit"] == "share":
        return f"{who} {says.does} {size} {'more' if more else 'fewer'} of {_whole(row)}{says.rest} than {other}"
    if row["unit"] == "ms":
        return f"{who} {says.does} {size} {unit} {'longer' if more else 'less'} than {other}{says.rest}"
    if row["unit"] in _LADDERS or METRICS[row["metric"]].unit == MONEY:
        return f"{who} {says.does} {size} {unit} {'more' if more else 'less'}{says.rest} than {other}"
    return f"{who} {says.does} {size} {'more' if more else 'fewer'}{says.rest} than {other}"


def _without_interval(row: Mapping[str, Any], who: str, other: str, about: str) -> str:
    if same(row):
        value = format_value(row["baseline_value"], row["unit"])
        return f"{about}: {who} and {other} are the same in {seen_in(row)} (mean {value})."
    if row["note"].startswith("differ by the same"):
        return f"{_claim(row, who, other)}, by the same in all {row['n']} replications."
    if row["difference"] == 0:
        return f"{about}: no difference between {who} and {other} on average; {row['note']}."
    return f"{about}: {_size(row, row['difference'])} with {who} than with {other} so far; no interval: {row['note']}."


def _not_reached(row: Mapping[str, Any], who: str, other: str, about: str) -> str:
    if row["candidate_reached"] == row["baseline_reached"] == 0:
        done = "reaches it within the horizon" if METRICS[row["metric"]].may_not_be_reached else "has a value"
        return f"{about}: neither {who} nor {other} {done} in any replication."
    done = "reaches it" if METRICS[row["metric"]].may_not_be_reached else "has a value"
    parts = [
        f"{name} {done} in {_some(row[f'{key}_reached'], row[count])}"
        for name, key, count in ((who, "candidate", "n"), (other, "baseline", "baseline_n"))
    ]
    return f"{about}: {' and '.join(parts)}, so no difference is given."


def _some(count: int, of: int) -> str:
    if count == of:
        return "the one replication" if of == 1 else f"all {of} replications"
    return f"{count or 'none'} of {number_of(of, 'replication')}"


def _size(row: Mapping[str, Any], difference: float) -> str:
    """``2.1 days longer`` or ``31 fewer of 40,000 devices``."""
    size, unit = _numbers(row, abs(difference))[0], _unit(row)
    more = difference > 0
    if METRICS[row["metric"]].may_not_be_reached:
        return f"{size} {unit} {'longer' if more else 'less'}"
    if unit == "devices" and row["of"] is not None:
        return f"{size} {'more' if more else 'fewer'} of {_whole(row)}"
    return f"{counted(size, unit)} {'more' if more else 'less'}"


def _whole(row: Mapping[str, Any]) -> str:
    """``40,000 devices`` or ``39,200 targeted devices``."""
    return counted(f"{row['of']:,.0f}", row["of_text"].removeprefix("all "))


def _range(row: Mapping[str, Any]) -> str:
    """The interval of a difference that is shown: both ends are on one side of zero and go by size."""
    ends = sorted((abs(row["low"]), abs(row["high"])))
    low, high = _numbers(row, *ends)
    return NARROW if low == high else f"{low} to {high}"


def _signed_range(row: Mapping[str, Any]) -> str:
    """The interval of a difference that is not shown; a minus is less."""
    return signed(row, "low", "high")


def _with_all(row: Mapping[str, Any]) -> str:
    """Why a difference is not shown whose own interval leaves zero out: some of many do so by chance."""
    alone, low, high = row["low"] * row["high"] > 0.0, row["low_simultaneous"], row["high_simultaneous"]
    if not alone or low is None or high is None:
        return ""
    return f"; allowing for all comparisons {signed(row, 'low_simultaneous', 'high_simultaneous')}"


def _scale(row: Mapping[str, Any]) -> tuple[float, str]:
    """By what the numbers of a row are divided, and the unit they are then in."""
    largest = max(abs(row[key]) for key in ("difference", "low", "high") if row[key] is not None)
    if row["unit"] == "share":
        return (1 / row["of"], "devices") if row["of"] else (0.01, "percentage points")
    ladder = _LADDERS.get(row["unit"])
    if ladder is None:
        return 1.0, row["unit"]
    least = 2.0 if row["unit"] == "ms" else 1.0  # 36 hours and not 1.5 days
    return next(((factor, unit) for factor, unit in ladder if largest >= least * factor), ladder[-1])


def _unit(row: Mapping[str, Any]) -> str:
    return _scale(row)[1]


def _numbers(row: Mapping[str, Any], *values: float) -> list[str]:
    """The values in the unit of the row, with as many digits as its interval deserves."""
    factor, _ = _scale(row)
    known = row["low"] is not None
    width = (row["high"] - row["low"]) / 2 / factor if known else abs(row["difference"]) / factor / 10
    most = 1 if row["unit"] == "ms" else 3  # a tenth of a day or an hour is as fine as a rollout is planned
    digits = min(most, max(0, -math.floor(math.log10(width)))) if width > 0 else 0
    return [unsigned_zero(f"{value / factor:,.{digits}f}") for value in values]


def seen_in(row: Mapping[str, Any]) -> str:
    """In how many replications something was seen that was so in each of them."""
    return "all replications" if row["n"] > 1 else "the one replication that was played"


def same(row: Mapping[str, Any]) -> bool:
    """Whether both variants are the same in every replication."""
    return bool(row["difference"] == 0 and "the same in" in row["note"])


def signed(row: Mapping[str, Any], *keys: str) -> str:
    """The values of ``keys`` with signs and their unit, for tables; a dash where the first has none."""
    if row[keys[0]] is None:
        return "–"
    values = [row[key] for key in keys]
    numbers = _numbers(row, *values)
    texts = [unsigned_zero(f"+{text}" if value > 0 else text) for value, text in zip(values, numbers, strict=True)]
    if len(texts) > 1 and len(set(texts)) == 1:
        return NARROW
    return counted(" to ".join(texts), _unit(row)).replace("-", "−")
