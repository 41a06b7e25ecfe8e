"""Logs as reality leaves them, made from whole ones: what ``fit_calibration.py --spoil NAME`` fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import numpy as np

from fota_sim.histories.columns import TIMES
from fota_sim.histories.steps import Step, stepped
from fota_sim.histories.table import Histories

Spoil = Callable[[Histories, np.random.Generator], Histories]
"""Another log of the same rollout."""


def _whole(log: Histories, _: np.random.Generator) -> Histories:
    return log


def _cut(share: float) -> Spoil:
    """Exported after a share of the time."""
    return lambda log, _: log.until(log.began_s + share * (log.until_s - log.began_s))


def _to_the(width_s: float) -> Spoil:
    """Times without their smaller parts."""
    steps = [Step(name, width_s, 0.0, UTC) for name in TIMES[1:]]
    return lambda log, _: replace(log, frame=stepped(log.frame, steps))


def _clocks(log: Histories, luck: np.random.Generator) -> Histories:
    """Each device by a clock of its own, ten minutes off in the standard deviation."""
    frame, off_s = log.frame.copy(), luck.normal(0.0, 600.0, len(log))
    for name in TIMES[1:]:
        frame[name] += off_s
    return replace(log, frame=frame)


def _some(log: Histories, luck: np.random.Generator) -> Histories:
    """Without three devices in ten, by luck."""
    return log.take(luck.random(len(log)) > 0.3)


def _signals(weakest_dBm: float, missing: float) -> Spoil:
    """Without the signal of the weaker devices, and of a share of all."""

    def spoil(log: Histories, luck: np.random.Generator) -> Histories:
        frame = log.frame.copy()
        frame.loc[(frame["signal_dBm"] < weakest_dBm) | (luck.random(len(log)) < missing), "signal_dBm"] = np.nan
        return replace(log, frame=frame)

    return spoil


SPOILS: dict[str, Spoil] = {
    "nothing": _whole,
    "cut10": _cut(0.1),
    "cut25": _cut(0.25),
    "minutes": _to_the(60.0),
    "hours": _to_the(3600.0),
    "days": _to_the(86_400.0),
    "clocks": _clocks,
    "some": _some,
    "weak": _signals(-113.0, 0.0),
    "unread": _signals(-np.inf, 0.6),
}
"""By name."""
