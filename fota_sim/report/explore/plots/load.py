"""Downloads at the same time, against what limits them."""

from __future__ import annotations

import numpy as np
from bokeh.models import ColumnDataSource, NumeralTickFormatter, Range1d

from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.plots.drawing import FAINT, legend_above, picture, put, series, times_ms, window_ms
from fota_sim.report.limits import download_limits
from fota_sim.report.palette import BLACK, BLUE, VERMILION
from fota_sim.report.time_unit import time_unit

_FEW = 0.01
"""Of the most downloads at once: what comes later and is less is not shown."""
_NEAR = 3.0
"""A limit is drawn where the most downloads at once reach this part of it; further up it is only told."""


class Load:
    """The most downloads at once in every step of time; the baseline's faint behind it."""

    def __init__(self) -> None:
        self.figure = picture("", "downloads at once", y_range=Range1d(0, 1), x_range=Range1d(0, 1))
        self._curve = ColumnDataSource({"time": [], "level": []})
        self._base = ColumnDataSource({"time": [], "level": []})
        self._baseline = self.figure.step(
            "time",
            "level",
            source=self._base,
            mode="before",
            color=BLACK,
            alpha=FAINT,
            line_dash="dashed",
            line_width=1.5,
            legend_label="baseline",
        )
        self.figure.step(
            "time", "level", source=self._curve, mode="before", color=BLUE, line_width=2, legend_label="now"
        )
        self._limit = ColumnDataSource({"level": []})
        self.figure.hspan("level", source=self._limit, line_color=VERMILION, line_width=2, line_dash="dashed")
        self.figure.yaxis[0].formatter = NumeralTickFormatter(format="0,0")
        self.figure.yaxis[0].ticker.min_interval = 1  # of one download too
        legend_above(self.figure)

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        base = answer.pinned
        curves = [each for each in (answer.now, base) if each is not None]
        shown_ms = window_ms(answer.now.scenario.horizon_ms, max(_last_ms(each) for each in curves))
        unit, unit_ms = time_unit(shown_ms)
        put(self._curve, _levels(answer.now, unit_ms))
        put(self._base, {"time": [], "level": []} if base is None else _levels(base, unit_ms))
        self._baseline.visible = self.figure.legend[0].visible = base is not None
        highest = max(float(np.max(source.data["level"], initial=1.0)) for source in (self._curve, self._base))
        limits = download_limits(answer.now.one)
        near = [limit for limit in limits if limit.value <= _NEAR * highest]
        put(self._limit, {"level": [limit.value for limit in near]})
        self.figure.y_range.end = 1.1 * max([highest, *(limit.value for limit in near)])
        self.figure.x_range.end = shown_ms / unit_ms
        self.figure.xaxis[0].axis_label = f"{unit} since the plan was activated"
        peaks = [each.measured["downloads_peak"].value or 0.0 for each in answer.now.outlines]
        mean = "a mean of " if len(peaks) > 1 else ""
        most = f"Peak: {mean}{format_value(float(np.mean(peaks)), '')} at once"
        if not limits:
            return f"{most}; nothing limits them"
        least = min(limits, key=lambda limit: limit.value)
        return f"{most}, of {least.whose.format(least.value)}{' (line)' if least in near else ''}"


def _last_ms(played: Played) -> float:
    """Until when there are more than a few downloads at once; 0 if there never is one."""
    level = series(played, "downloading_peak").max(axis=0)
    busy = np.flatnonzero(level > _FEW * level.max())
    return float(times_ms(played)[busy[-1]]) if len(busy) else 0.0


def _levels(played: Played, unit_ms: int) -> dict[str, object]:
    return {"time": times_ms(played) / unit_ms, "level": series(played, "downloading_peak").mean(axis=0)}
