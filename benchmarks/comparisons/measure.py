"""Runs in turn, medians, and tables."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from fota_sim.engines.record import RunRecord

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Options:
    """How much to measure."""

    runs: int
    devices: int
    """Of the comparisons with engines written in Python."""
    many: int
    """Of the comparison with C, and where memory matters."""
    sizes: tuple[int, ...]
    """Of the comparison of the compiled engine with itself."""
    counted: int
    """Whose calls of functions are counted, in plain Python."""


@dataclass(frozen=True)
class Table:
    """What a comparison found."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The table as Markdown, notes below."""
        lines = [f"### {self.title}", "", _line(self.header), _line(["---"] * len(self.header))]
        lines += [_line(row) for row in self.rows]
        if self.notes:
            lines += ["", *(f"* {note}" for note in self.notes)]
        return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def in_turn(first: Callable[[], A], second: Callable[[], B], runs: int) -> list[tuple[A, B]]:
    """Both ``runs`` times, A B A B, so that a machine that grows slower or faster does so for both."""
    return [(first(), second()) for _ in range(runs)]


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Median (least to most), to so many significant digits; a single value stands alone."""
    if len(values) == 1:
        return plain(values[0], digits)
    median, least, most = (plain(value, digits) for value in (statistics.median(values), min(values), max(values)))
    return f"{median} ({least} to {most})"


def plain(value: float, digits: int = 3) -> str:
    """A number to so many significant digits, without an exponent."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 ** (digits - 1) else f"{rounded:g}"


def ratios(over: Sequence[float], under: Sequence[float]) -> str:
    """Pair by pair, how many times the one is the other."""
    return spread([a / b for a, b in zip(over, under, strict=True)])


def played_s(record: RunRecord) -> float:
    """Seconds from a fleet in memory to what became of each device: what a rival's own clock covers."""
    return record.phases_s.get("arrivals", 0.0) + record.phases_s["loop"]


def counted(record: RunRecord, name: str, devices: int) -> str:
    """A counter of the engine per device, if the engine has it."""
    counters: dict[str, int] = getattr(record, "counters", {})
    return plain(counters[name] / devices) if name in counters else "not counted"
