"""A slider as a person drags it with a mouse: how long that takes, and where the thumb is meanwhile."""

from __future__ import annotations

import math
from collections.abc import Iterator

FITTS_MS = (135.0, 249.0)
"""A drag takes a + b log2(way / width of the goal + 1), in ms: with a mouse, MacKenzie, Sellen and Buxton, A comparison
of input devices in elemental pointing and dragging tasks, CHI 1991."""
MOVES_PER_S = 60
"""Assumed: a mouse says more often where it is, and a browser passes it on once per frame."""


def takes_s(way: float, width: float) -> float:
    """How long somebody drags a thumb so far, to let go of it within ``width``; both in one unit."""
    a, b = FITTS_MS
    return (a + b * math.log2(way / width + 1)) / 1000


def share_of_way(share_of_time: float) -> float:
    """How far the thumb is after a share of that time: as smoothly as can be (least jerk, Flash and Hogan 1985).

    Both from 0 to 1. A hand does not stop where it lets go: it has come near the goal long before.
    """
    t = share_of_time
    return t**3 * (10 + t * (6 * t - 15))


def moves(way: float, width: float) -> Iterator[tuple[float, float]]:
    """When, in s since the thumb was taken, and what share of the way it is then, up to the goal."""
    lasts_s = takes_s(way, width)
    count = max(1, math.ceil(lasts_s * MOVES_PER_S))
    for number in range(1, count + 1):
        yield lasts_s * number / count, share_of_way(number / count)
