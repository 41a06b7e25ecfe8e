"""Time since activation as an axis: which part is shown, in which unit, and where it is night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from fota_sim.analysis.answers.wording import span
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.curves import grid_ms, newly_upgraded
from fota_sim.report.palette import NIGHT
from fota_sim.report.time_unit import time_unit
from fota_sim.scenario.zones import zone_info

LONGEST_WITH_NIGHTS_MS = 10 * 86_400_000
"""In longer pictures nights are too narrow to be read."""
NEARLY_ALL = 0.995
"""The part of the horizon is shown in which this share of the upgrades happens; the few after it would squeeze it."""
_FEWEST_STEPS = 5
"""Steps of the time series that are shown at least, however early everything is over."""
_WHOLE = (1, 2, 5, 10)
_TICKS = {"hours": (1, 2, 3, 6, 10), "minutes": (1, 1.5, 3, 10)}
"""Steps between the times of an axis, or ten times as much: those of a clock."""
_FEW_HOURS, _PARTS_OF_HOURS = 5, (1, 2.5, 5, 10)
"""Below so many hours steps of a quarter or half of one are a clock's, and those above are not: 0.3 is no time."""
_NIGHT = (time(22), time(6))


class Window(NamedTuple):
    """The part of the horizon that is drawn."""

    at_ms: NDArray[np.int64]
    """The grid of the time series, shape (times,)."""
    until_ms: int
    horizon_ms: int
    later: float
    """The share of the upgrades that come after it."""

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Which times of the grid are drawn, shape (times,): those in the window, and the one after it."""
        last_ms = self.at_ms[np.searchsorted(self.at_ms, self.until_ms)]
        return np.asarray(self.at_ms <= last_ms, dtype=np.bool_)

    @property
    def unit_ms(self) -> int:
        """Of one unit of the axis."""
        return time_unit(self.until_ms)[1]

    @property
    def time(self) -> NDArray[np.float64]:
        """The times that are drawn, in the unit of the axis."""
        return self.at_ms[self.drawn] / self.unit_ms


def window(study: Study, fewest_ms: int = 0) -> Window:
    """To a little after nearly all upgrades and at least ``fewest_ms``; all of the horizon where that saves little."""
    at_ms, horizon_ms = grid_ms(study), int(study.summary["horizon_ms"])
    reached = np.cumsum(newly_upgraded(study).sum(axis=0))
    if not reached[-1]:
        return Window(at_ms, horizon_ms, horizon_ms, 0.0)
    enough_ms = int(at_ms[np.searchsorted(reached, NEARLY_ALL * reached[-1])])
    until_ms = max(round(1.15 * max(enough_ms, fewest_ms)), _FEWEST_STEPS * int(at_ms[1]))
    if until_ms >= 0.7 * horizon_ms:
        return Window(at_ms, horizon_ms, horizon_ms, 0.0)
    before = reached[np.searchsorted(at_ms, until_ms, side="right") - 1]
    return Window(at_ms, until_ms, horizon_ms, float(1 - before / reached[-1]))


def dress_time_axis(axes: Axes, shown: Window) -> None:
    """Limits and label of an axis in the unit of the window; it says what comes in the part that is left out."""
    later = f"{format_value(shown.later, 'share')} of the upgrades come" if shown.later else "no upgrade comes"
    rest = f"; {later} later, before the horizon of {span(shown.horizon_ms)}"
    unit = time_unit(shown.until_ms)[0]
    axes.set_xlabel(f"{unit} since the plan was activated{rest if shown.until_ms < shown.horizon_ms else ''}")
    axes.set_xlim(0, shown.until_ms / shown.unit_ms)
    few = unit == "hours" and shown.until_ms < _FEW_HOURS * shown.unit_ms
    steps = _PARTS_OF_HOURS if few else _TICKS.get(unit, _WHOLE)
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=steps))


def shade_nights(axes: Axes, study: Study, shown: Window) -> None:
    """The nights of the scenario's time zone, behind everything; not where they could not be read."""
    if shown.until_ms > LONGEST_WITH_NIGHTS_MS:
        return
    scenario = study.scenario
    label = f"night (22:00 to 06:00, {scenario.time_zone})"
    for from_ms, to_ms in nights_ms(scenario.start, scenario.time_zone, shown.until_ms):
        axes.axvspan(from_ms / shown.unit_ms, to_ms / shown.unit_ms, color=NIGHT, lw=0, zorder=0, label=label)
        label = ""


def nights_ms(start: datetime, zone: str, until_ms: int) -> list[tuple[int, int]]:
    """Beginning and end of each night from 22:00 to 06:00 local time, in ms since ``start``, cut to the window.

    ``start``: the wall clock of ``zone`` at activation. Daylight saving makes some nights longer or shorter.
    """
    local = zone_info(zone)
    origin = start.replace(tzinfo=local).astimezone(UTC)

    def since_start_ms(moment: datetime) -> int:
        return round((moment.replace(tzinfo=local).astimezone(UTC) - origin) / timedelta(milliseconds=1))

    nights = []
    evening = datetime.combine(start.date() - timedelta(days=1), _NIGHT[0])
    while (from_ms := since_start_ms(evening)) < until_ms:
        to_ms = since_start_ms(datetime.combine(evening.date() + timedelta(days=1), _NIGHT[1]))
        if to_ms > 0:
            nights.append((max(0, from_ms), min(until_ms, to_ms)))
        evening += timedelta(days=1)
    return nights
