"""Logs as reality leaves them, made from whole ones, for ``--spoil NAME``.

``fit_calibration.py`` fits them, ``forecast_skill.py`` forecasts from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

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


def _some(missing: float) -> Spoil:
    """Without a share of the devices, by luck."""
    return lambda log, luck: log.take(luck.random(len(log)) > missing)


def _gap(log: Histories, luck: np.random.Generator) -> Histories:
    """Without the devices whose last stamp lies in a third of the time, as where one of the daily files is lost."""
    length_s = (log.until_s - log.began_s) / 3
    from_s = log.began_s + luck.random() * 2 * length_s
    last_s = log.frame[list(TIMES)].max(axis=1).to_numpy()
    return log.take(~((last_s >= from_s) & (last_s < from_s + length_s)))


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
    "late": _cut(0.75),
    "early": _cut(0.75),
    "gap": _gap,
    "minutes": _to_the(60.0),
    "hours": _to_the(3600.0),
    "days": _to_the(86_400.0),
    "clocks": _clocks,
    "few": _some(0.1),
    "some": _some(0.3),
    "weak": _signals(-113.0, 0.0),
    "unread": _signals(-np.inf, 0.6),
}
"""By name."""


def _twice(file: Path, luck: np.random.Generator) -> None:
    """A third of the rows stand there again, at the end."""
    head, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    again = [line for line in lines if luck.random() < 1 / 3]
    file.write_text("".join([head, *lines, *again]), encoding="utf-8")


def _untimed(file: Path, _: np.random.Generator) -> None:
    """The statuses and no time of anything."""
    rows = [line.split(";") for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [place for place, name in enumerate(rows[0]) if name not in ("offered", "start", "end")]
    file.write_text("\n".join(";".join(row[place] for place in kept) for row in rows), encoding="utf-8")


TABLES: dict[str, Callable[[Path, np.random.Generator], None]] = {"twice": _twice, "untimed": _untimed}
"""What is done to the table of somebody who keeps one by hand, by name."""
