"""Whether the engine is compiled, and having it compiled."""

from __future__ import annotations

from functools import cache as cached_once
from typing import Any

from fota_sim.engines.compiled import life, loop, operator
from fota_sim.engines.compiled.layout import WORLD
from fota_sim.rules import cache, compiled

WHAT = "the engine"
USUAL_S = 30.0
"""What compiling it takes on one slow core, until it was measured."""


def load() -> None:
    """Have everything ready that Python calls: read what was compiled before, or compile it."""
    compiled.load(WHAT, _wholes(), USUAL_S)


def is_ready() -> bool:
    """Whether it need not be compiled first."""
    return compiled.are_ready(_wholes())


def compiling_s() -> float:
    """How long compiling it takes here, by the last time."""
    return cache.measured(compiled.measured_as(WHAT), USUAL_S)


@cached_once
def _wholes() -> compiled.Wholes:
    """What Python calls, and the types of the arguments."""
    if not compiled.COMPILED:
        return []
    import numba
    from numba import types

    world: Any = numba.from_dtype(WORLD)
    whole: Any = types.int64
    many: Any = types.Array(whole, 1, "C")
    return [
        (loop.advance, (world, whole)),
        (life.finish_all, (world,)),
        (life.arrival_keys, (world, many)),
        (operator.act_on, (world, whole, many, whole, whole, whole)),
    ]
