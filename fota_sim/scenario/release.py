"""When the n-th device is released: the closed form beside what the rules do step by step (docs/rollout.md, Rate)."""

from __future__ import annotations

import math

from fota_sim.scenario.rollout import Rate

_ROUNDING = 1e-9  # of a number of steps or packs: from 50 to 400 by 2 it is 3
_LARGEST = 600.0  # logarithm of a growth; beyond it, everybody is released at once


def released_after_s(rate: Rate, number: int) -> float:
    """How long after the rate begins device ``number`` (from 1) is released, if nothing else holds it back.

    Steps on success are counted as if devices succeeded when they are released. Packs of a rate that grows are taken
    at the times of an even one.
    """
    if rate.step is None or rate.factor == 1.0:
        if rate.pacing == "pack":
            return float(rate.every) * math.floor((number - 1) / rate.at_first + _ROUNDING)
        return float(rate.every) * number / rate.at_first
    growing = min((number - 1) // rate.step, _steps_to_most(rate))
    growth = math.exp(min(growing * math.log(rate.factor), _LARGEST))
    before = rate.step * (1.0 - 1.0 / growth) / (1.0 - 1.0 / rate.factor)
    now = min(growth, rate.most / rate.at_first)
    return float(rate.every) * (before + (number - rate.step * growing) / now) / rate.at_first


def _steps_to_most(rate: Rate) -> int:
    """After how many steps the rate is the most that it can be; more than can be made without a limit."""
    growth = math.log(rate.most / rate.at_first) if math.isfinite(rate.most) else _LARGEST
    return max(0, math.ceil(growth / math.log(rate.factor) - _ROUNDING))
