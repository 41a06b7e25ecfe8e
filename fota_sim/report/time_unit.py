"""The unit in which a span of time is drawn."""

from __future__ import annotations

_UNITS_MS = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000))


def time_unit(span_ms: float) -> tuple[str, int]:
    """The largest unit of which the span has at least two, and its milliseconds."""
    fits = [unit for unit in _UNITS_MS if span_ms >= 2 * unit[1]]
    return fits[0] if fits else _UNITS_MS[-1]
