"""Costs as parts of a sentence, with no more digits than they are known to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.numbers.rounding import unsigned_zero
from fota_sim.scenario.metrics import COST_PARTS

Row = Mapping[str, Any]
MOST_PRICES = 2
"""Break-evens of one pair that are told: those nearest to what the scenario says."""
_FIGURES = 3
"""Significant figures of an amount of which nobody knows how sure it is."""


def amount_text(value: float, half_width: float | None = None) -> str:
    """``4,100`` where that is known to some hundreds, ``0.35`` where to some hundredths; at least two figures."""
    if value == 0:
        return "0"
    least = math.floor(math.log10(abs(value))) - 1  # the place of the second figure
    if half_width is None or half_width <= 0:
        place = least - (_FIGURES - 2)
    else:
        place = min(math.floor(math.log10(half_width)), least)
    return unsigned_zero(f"{round(value, -place):,.{max(0, -place)}f}")


def money_text(value: float, currency: str, interval: tuple[float, float] | None = None) -> str:
    """``4,100 EUR (95 % interval 3,600 to 4,700)``: of a size, or of a difference whose sign the words before say."""
    if interval is None:
        return f"{amount_text(abs(value))} {currency}"
    half = abs(interval[1] - interval[0]) / 2
    low, high = sorted(map(abs, interval))
    ends = f"{amount_text(low, half)} to {amount_text(high, half)}"
    return f"{amount_text(abs(value), half)} {currency} (95 % interval {ends})"


def pays_text(rows: Sequence[Row], currency: str, would: bool = False) -> str:
    """``pays from 62 EUR a visit on (95 % interval 55 to 71; the scenario says 85)``, of at most ``MOST_PRICES``.

    ``rows``: the fields of ``BreakEven``; at least one. ``would``: it does not pay at the prices of the scenario.
    """
    told = sorted(rows[:MOST_PRICES], key=lambda row: -row["now"])  # what is dearest is what people know the price of
    parts = [_border(row, currency) for row in told]
    return f"{'would pay' if would else 'pays'} {' and, all else as it is, '.join(parts)}"


def _border(row: Row, currency: str) -> str:
    half = (row["high"] - row["low"]) / 2
    at, low, high = (amount_text(row[key], half or None) for key in ("at", "low", "high"))
    one = COST_PARTS[row["price"]].one
    border = f"from {at} {currency} {one} on" if row["from_on"] else f"up to {at} {currency} {one}"
    ends = f"95 % interval {low} to {high}; " if low != high else ""
    return f"{border} ({ends}the scenario says {row['now']:,.10g})"
