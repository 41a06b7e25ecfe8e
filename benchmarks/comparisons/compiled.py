"""Functions of a benchmark compiled as the engine's are, and not kept: a change of one leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from fota_sim.rules import parts
from fota_sim.rules.compiled import TROUBLE


def compiled(function: Callable[..., Any]) -> Any:
    """The function with all rules and parts of the engine that it calls inside it, optimised in one piece."""
    return numba.njit(function) if TROUBLE else parts.Whole(function)
