"""The one switch between compiled rules and the same rules as plain Python.

``@rule`` compiles a function with numba, or leaves it alone when the environment variable ``FOTA_SIM_RULES`` is
``python`` (for debugging and coverage). Both give the same bits: no fastmath, scalar ``math`` functions only,
``x * x`` instead of small integer powers, sums in a fixed order (docs/design.md, Same bits).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba import types

from fota_sim.rules import cache

P = ParamSpec("P")
R = TypeVar("R")

COMPILED = os.environ.get("FOTA_SIM_RULES", "compiled") != "python"
"""Whether rules run compiled; read once, when rules are first imported."""

_MASK_64 = 0xFFFF_FFFF_FFFF_FFFF


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Make a pure function of numbers a rule: compiled unless the switch says otherwise, and kept (rules/cache.py)."""
    if not COMPILED:
        return function
    config: Any = numba.config
    kept_in, config.CACHE_DIR = config.CACHE_DIR, str(cache.folder())
    try:
        return cast("Callable[P, R]", _for_any_constant(numba.njit(cache=True, fastmath=False, nogil=True)(function)))
    finally:
        config.CACHE_DIR = kept_in


def part_of_rule(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that only compiled code calls: it is kept within those, not by itself."""
    if not COMPILED:
        return function
    return cast("Callable[P, R]", _for_any_constant(numba.njit(fastmath=False, nogil=True)(function)))


def _for_any_constant(dispatcher: Any) -> Any:
    """Compile once for a type of argument, not once more for every constant and every width of integer."""
    template = dispatcher.get_call_template

    def of_types(arguments: Any, keywords: Any) -> Any:
        return template(tuple(map(_wide, arguments)), {name: _wide(kind) for name, kind in keywords.items()})

    dispatcher.get_call_template = of_types
    return dispatcher


def _wide(kind: Any) -> Any:
    """The type that an argument is taken as: no constant, and integers as 64 bits wide; words stay words."""
    unliteral: Any = types.unliteral
    signed: Any = types.signed_domain
    kind = unliteral(kind)
    return types.int64 if kind in signed else kind


def _word(x: int) -> int:
    return np.uint64(x)  # type: ignore[return-value]  # an int to the caller, a machine word inside


def _masked(x: int) -> int:
    return int(x) & _MASK_64


u64: Callable[[int], int] = rule(_word) if COMPILED else _masked
"""``x`` modulo 2**64: the unsigned word that compiled code computes with, or plain Python's integer of that value."""
