"""Seconds by what they were spent on. They tell where time goes and are no part of a result's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter


@contextmanager
def timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    """Add how long the block takes to ``seconds[phase]``."""
    began = perf_counter()
    try:
        yield
    finally:
        add(seconds, {phase: perf_counter() - began})


def add(seconds: dict[str, float], more: Mapping[str, float]) -> None:
    """Add ``more`` to ``seconds``, phase by phase."""
    for phase, spent_s in more.items():
        seconds[phase] = seconds.get(phase, 0.0) + spent_s
