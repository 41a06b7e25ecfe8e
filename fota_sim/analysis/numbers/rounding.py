"""A number as text, the same on the console, in figures and in reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from fota_sim.scenario.metrics import METRICS

_SI = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_NONE = "–"
_CENT = Decimal("0.01")
NARROW = "as narrow as shown"


def format_value(value: float | None, unit: str) -> str:
    """``value`` with its unit, short enough to read; a dash for None. Shares become %, ms durations.

    A share shows as 0 or 100 % only if it is: one brick in 40,000 is ``<0.01 %``. What is no whole number has four
    figures, as bytes have, and at most two decimals: ``57,869``, ``361.2``, ``36.02``, ``0.30``, ``<0.01``.
    """
    if value is None:
        return _NONE
    if unit == "share":
        return _percent(value)
    if unit == "ms":
        return format_duration(value)
    if unit in {"B", "J"}:
        factor, name = si_scale(value, unit)
        return f"{_figures(value / factor, 4)} {name}"
    if unit == "mAh" and abs(value) >= 1000:
        return f"{value / 1000:,.{0 if abs(value) >= 1e6 else 1}f} Ah"
    digits = 0 if value == int(value) else _decimals(value)
    text = unsigned_zero(f"{value:,.{digits}f}")
    return counted("<0.01" if value > 0 and text == "0.00" else text, unit).rstrip()


def _figures(value: float, count: int) -> str:
    """``10.83``, and ``10.80`` for what is rounded to it; what is as short as that has no zeros: ``10.8``, ``698``."""
    text = f"{value:.{count}g}"
    return text if float(text) == value or "e" in text else f"{value:#.{count}g}".rstrip(".")


def _decimals(value: float) -> int:
    """Of four figures those behind the point, and at most two; by what they round to: 99.996 is 100.0."""
    return next((digits for digits, end in ((2, 100), (1, 1000)) if round(abs(value), digits) < end), 0)


def format_metric(metric: str, value: float | None, unit: str) -> str:
    """The value of a metric, by name: that a time was not reached is said of those that may not be."""
    if value is None and METRICS[metric].may_not_be_reached:
        return "not reached"
    return format_value(value, unit)


def format_interval(ends: Sequence[float], unit: str) -> str:
    """An interval as text: ``1.2 to 3.4 MB``. A share that may be 0, or all, has one end: ``at most 0.02 %``.

    Ends that are told alike, as the value between them is, say nothing: ``as narrow as shown``.
    """
    low, high = ends_text(ends, unit)
    if unit == "share" and ends[0] <= 0:
        return f"at most {high}"
    if unit == "share" and ends[1] >= 1:
        return f"at least {low}"
    return NARROW if low == high else joined_ends(low, high)


def ends_text(ends: Sequence[float], unit: str) -> tuple[str, str]:
    """Both ends of an interval, each as ``format_value`` has it; bytes and joules with the prefix of the larger one.

    ``0.97 kJ`` and ``4.62 kJ``; where that leaves the smaller one with less than two figures it keeps its own.
    """
    low, high = (format_value(end, unit) for end in ends)
    factor, name = si_scale(max(map(abs, ends)), unit)
    if unit not in {"B", "J"} or low.endswith(f" {name}") == high.endswith(f" {name}"):
        return low, high
    smaller = min(map(abs, ends)) / factor
    if 0 < smaller < 0.1:
        return low, high
    digits = max(2, *(len(text.split()[0].partition(".")[2]) for text in (low, high) if text.endswith(f" {name}")))
    low, high = (f"{unsigned_zero(f'{end / factor:.{digits}f}')} {name}" for end in ends)
    return low, high


def joined_ends(low: str, high: str) -> str:
    """Two numbers as text, with a unit that both have said once; ``3 min`` and ``1 h 02 min`` keep theirs."""
    (number, _, unit), (_, _, other) = low.partition(" "), high.partition(" ")
    return f"{number if unit == other and ' ' not in unit else low} to {high}"


def counted(text: str, unit: str) -> str:
    """A number as text with its unit: ``12 devices``, ``1 device``, ``-1 device``."""
    return f"{text} {unit.removesuffix('s') if text.lstrip('+-−') == '1' and len(unit) > 1 else unit}"


def unsigned_zero(text: str) -> str:
    """A number as text; a zero that rounding left has no sign."""
    return text.lstrip("-+−") if not any(digit in text for digit in "123456789") else text


def si_scale(value: float, unit: str) -> tuple[float, str]:
    """What to divide ``value`` by so that it is short, and the unit with its prefix then; 999,960 B are 1 MB."""
    rounded = abs(float(f"{value:.4g}"))
    return next(((factor, prefix + unit) for factor, prefix in _SI if rounded >= factor), (1.0, unit))


def share_as_shown(share: float) -> float:
    """The share that ``format_value`` shows, between <0.01 and >99.99 %: 0.4063 for 0.40625."""
    return float(_two_decimals(100 * share)) / 100


def _percent(share: float) -> str:
    text = f"{unsigned_zero(_two_decimals(100 * share))} %"
    if share > 0 and text == "0.00 %":
        return "<0.01 %"
    if share < 1 and text == "100.00 %":
        return ">99.99 %"
    return text


def _two_decimals(number: float) -> str:
    """Halves go up, whatever bits they have: the mean of shares and the share of sums differ in their last one."""
    if not math.isfinite(number):
        return f"{number:.2f}"
    return str(Decimal(repr(round(float(number), 9))).quantize(_CENT, ROUND_HALF_UP))


def format_duration(ms: float) -> str:
    """Two steps of a duration: ``2 d 3 h``, ``4 h 05 min``, ``6 min 07 s``, ``8.90 s``, ``5 ms``.

    Whole days are ``7 d``.
    """
    if 0 <= ms < 9.95:
        return f"{ms:.2g} ms" if ms else "0 s"
    if ms < 60_000 and f"{ms / 1000:.2f}" != "60.00":
        return f"{ms / 1000:.2f} s"
    seconds = round(ms / 1000)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    minutes = round(ms / 60_000)
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    hours = round(ms / 3_600_000)
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def signed_value(value: float, unit: str) -> str:
    """A difference with its sign; shares in percentage points."""
    return _with_sign(value, plain_difference(abs(value), unit))


def _with_sign(value: float, size: str) -> str:
    return unsigned_zero(("+" if value > 0 else "−" if value < 0 else "") + size.replace("<0.01", "0.00"))


def signed_interval(ends: Sequence[float], unit: str) -> str:
    """The interval of a difference, ``+4.22 to +4.91 pp``: with the decimals of the end that is farther from 0."""
    if unit in {"B", "J"}:
        sizes_text = ends_text([abs(end) for end in ends], unit)
        return joined_ends(*(_with_sign(*each) for each in zip(ends, sizes_text, strict=True)))
    if unit != "share":
        return joined_ends(*(signed_value(end, unit) for end in ends))
    sizes = [abs(100 * end) for end in ends]
    farther = max(0, 2 - math.floor(math.log10(max(sizes)))) if max(sizes) else 0
    digits = min(farther, max(len(_figures(size, 3).partition(".")[2]) for size in sizes))
    low, high = (unsigned_zero(f"{100 * end:+.{digits}f}").replace("-", "−") for end in ends)
    return f"{low} to {high} pp"


def plain_difference(value: float, unit: str) -> str:
    """The size of a difference; shares in percentage points."""
    if unit == "share":
        return f"{_figures(100 * value, 3)} pp"
    if unit == "ms":
        return format_duration(value)
    return format_value(value, unit).replace("<0.01", "0.00")  # as good as none, and without a sign
