"""Waves in a word: ``1-10-100@1d`` is 1 %, up to 10 % and up to everybody, a day apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from fota_sim.scenario.units import DURATION, RATIO

AT_ONCE = "none"
"""No waves: everybody is released together."""
READY = (AT_ONCE, "10-100@1d", "1-10-100@1d", "1-10-50-100@20h", "1-10-100@3d", "1-2-5-10-20-50-100@1d")
"""Those that a user may choose without writing any."""
_EVERYBODY = 1.0


def parse_waves(word: str) -> list[dict[str, Any]]:
    """The waves as a scenario has them; raises ValueError that says what would do."""
    if word == AT_ONCE:
        return []
    ends, at, gap = word.partition("@")
    try:
        reached = [RATIO.parse(f"{part}%") for part in ends.split("-")]
        DURATION.parse(gap)
    except ValueError:
        raise ValueError(_wanted(word)) from None
    if not at or reached[-1] != _EVERYBODY or any(low >= high for low, high in pairwise([0.0, *reached])):
        raise ValueError(_wanted(word))
    sizes = [RATIO.format(round(high - low, 9)) for low, high in pairwise([0.0, *reached])]
    waves: list[dict[str, Any]] = [{"share": size} for size in sizes[:-1]]
    waves.append({})  # everybody who is left
    return [wave | ({"opens": {"after": gap}} if number else {}) for number, wave in enumerate(waves)]


def in_words(word: str) -> str:
    """What a user reads for waves that ``parse_waves`` takes."""
    if word == AT_ONCE:
        return "everybody at once"
    ends, _, gap = word.partition("@")
    return f"{', '.join(ends.split('-'))} % reached, {gap} apart"


def _wanted(word: str) -> str:
    return f"{word!r} says no waves; write the shares reached and the time between, for example 1-10-100@1d"
