"""Steps on which a log's times stand, where it has the day or the minute of what happened and no more.

A date without a time, a clock without seconds, a table that is exported once a day: each has fewer different times than
things happened, and who takes them as they stand finds downloads of no time and waits of whole days. So the step is
found out, it is told, and a simulated rollout is cut to the same steps before the two are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.histories.columns import TIMES
from fota_sim.quoting import listed

Seconds = NDArray[np.float64]
_DAY_S = 86_400.0
_WIDTHS_S = (7 * _DAY_S, _DAY_S, *(_DAY_S / n for n in (2, 3, 4, 6, 8, 12, 24, 48, 96, 144, 288, 1440)))
"""From a week to a minute, the widest first."""
_FEWEST = 20
"""Times that show a step."""
_FEWEST_STEPS = 2
"""Different times among them: what happened to all at once says nothing of how times are written."""
_TOLERANCE = 0.001
"""Of a step, by which a time may be off it: an export that is made once a day is not made in the same second."""


@dataclass(frozen=True)
class Step:
    """That the times of a column stand so far apart."""

    column: str
    """One of TIMES."""
    width_s: float
    phase_s: float
    """The clock's time of a step, as seconds within it: 0 where it is cut to whole days, hours or minutes."""
    zone: tzinfo
    """Whose days and hours they are."""

    @property
    def cut(self) -> bool:
        """Whether a time is written without its smaller parts, and so too early; else an export is too late with it."""
        return self.phase_s == 0.0

    def before(self, at_s: float) -> float:
        """The last step at or before a time since 1970."""
        return at_s - float(_within(np.array([at_s]), self.zone, self.width_s, self.phase_s)[0])

    def of(self, times_s: Seconds) -> Seconds:
        """Times since 1970 as a log with this step has them; NaN stays. The shape is that of ``times_s``."""
        after = _within(times_s, self.zone, self.width_s, self.phase_s)
        return times_s - after if self.cut else times_s + (-after) % self.width_s

    def spread(self, times_s: Seconds, luck: np.random.Generator) -> Seconds:
        """Times of a log anywhere in their steps, evenly: of a quantile, that it follows what it is a quantile of."""
        within = luck.random(times_s.shape) * self.width_s
        return times_s + within if self.cut else times_s - within


def steps_of(frame: pd.DataFrame, zone: tzinfo) -> tuple[Step, ...]:
    """The steps of a table's times, of columns that have one; ``zone`` is that of times without an offset.

    Offers, and what happened to all at once, may be at whole hours though times are written to the second: they have a
    step where others have it.
    """
    columns = {name: frame[name].to_numpy(np.float64) for name in TIMES}
    found: dict[str, Step] = {}
    for name, times_s in columns.items():
        step = None if name == "offered_s" else _step(name, times_s, zone)
        if step is not None:
            found[name] = step
    widest = max(found.values(), key=lambda step: step.width_s, default=None)
    if widest is not None:
        for name in columns.keys() - found.keys():
            known = columns[name][np.isfinite(columns[name])]
            after = _within(known, zone, widest.width_s, widest.phase_s)
            if len(known) and not _off(after, 0.0, widest.width_s):
                found[name] = replace(widest, column=name)
    return tuple(found[name] for name in TIMES if name in found)


def stepped(frame: pd.DataFrame, steps: Sequence[Step]) -> pd.DataFrame:
    """The same table with its times on these steps, each still no earlier than those before it."""
    if not steps:
        return frame
    frame = frame.copy()
    by_column = {step.column: step for step in steps}
    latest = np.full(len(frame), -np.inf)
    for name in TIMES:
        at = frame[name].to_numpy(np.float64)
        at = np.maximum(by_column[name].of(at), latest) if name in by_column else np.maximum(at, latest)
        frame[name] = at
        latest = np.fmax(latest, at)
    return frame


def over_by(steps: Sequence[Step], at_s: float) -> float:
    """The last time, at or before ``at_s`` since 1970, by which every step that was begun is over.

    Of what came after it a log with these steps does not say whether it came before ``at_s``.
    """
    return min((step.before(at_s) for step in steps), default=at_s)


def told(steps: Sequence[Step], names: Sequence[str]) -> str:
    """What to know of them; ``names`` are those of the columns, in the order of ``steps``."""
    widths = dict.fromkeys(step.width_s for step in steps)
    said = []
    for width_s in widths:
        mine = [name for name, step in zip(names, steps, strict=True) if step.width_s == width_s]
        said.append(f"{listed(mine)} every {_width(width_s)}")
    return (
        f"Times stand on steps, {', '.join(said)}: what is quicker is not in the log. Simulated times are put on the "
        "same steps before they are compared."
    )


def _width(width_s: float) -> str:
    for unit, seconds in (("day", _DAY_S), ("hour", 3600.0), ("minute", 60.0)):
        if width_s % seconds == 0.0:
            count = round(width_s / seconds)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{width_s:g} s"


def _step(column: str, times_s: Seconds, zone: tzinfo) -> Step | None:
    known = times_s[np.isfinite(times_s)]
    if len(known) < _FEWEST:
        return None
    for width_s in _WIDTHS_S:
        after = _within(known, zone, width_s, 0.0)
        first = float(np.median(after))
        if _off(after, first, width_s):
            first = float(after[0])  # about the end of a step the median lies in its middle
        steps = len(np.unique(np.round((known - known.min()) / width_s)))
        if steps < _FEWEST_STEPS or _off(after, first, width_s):
            continue
        whole = min(first, width_s - first) <= _TOLERANCE * width_s
        return Step(column, width_s, 0.0 if whole else first, zone)
    return None


def _off(after: Seconds, phase_s: float, width_s: float) -> bool:
    """Whether times within their steps are elsewhere than at ``phase_s``."""
    apart = np.abs((after - phase_s + width_s / 2.0) % width_s - width_s / 2.0)
    return bool((apart > _TOLERANCE * width_s).any())


def _within(times_s: Seconds, zone: tzinfo, width_s: float, phase_s: float) -> Seconds:
    """How long after the step before it each time is, on the clocks of a zone."""
    utc = pd.to_datetime(np.where(np.isfinite(times_s), times_s, 0.0), unit="s", utc=True)
    wall = utc.tz_convert(zone).tz_localize(None)
    since = (wall - pd.Timestamp(0)).total_seconds().to_numpy(np.float64)
    within: Seconds = np.where(np.isfinite(times_s), (since - phase_s) % width_s, np.nan)
    return within
