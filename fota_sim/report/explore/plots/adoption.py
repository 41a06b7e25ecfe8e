"""How many devices are upgraded over time."""

from __future__ import annotations

import numpy as np
from bokeh.models import ColumnDataSource, Range1d, Span
from numpy.typing import NDArray

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.rounding import format_duration, format_value
from fota_sim.analysis.run.curves import Curves, band, newly
from fota_sim.analysis.run.outline import GROUP_TIMES
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.plots.drawing import FAINT, legend_above, picture, put, series, times_ms, window_ms
from fota_sim.report.explore.so_far import SoFar
from fota_sim.report.palette import BLACK, GREEN, GREY, SKY, VERMILION
from fota_sim.report.time_unit import time_unit

_STAGES = (("contacted", GREY, "dotted"), ("offered", SKY, "dashed"))


class Adoption:
    """The curve with its band; the baseline's faint behind it, and a log's up to now."""

    def __init__(self, so_far: SoFar | None = None) -> None:
        self._so_far = so_far
        self.figure = picture("", "share of devices (%)", y_range=Range1d(0, 103), x_range=Range1d(0, 1))
        self._curve = ColumnDataSource({"time": [], "upgraded": [], "contacted": [], "offered": []})
        self._band = ColumnDataSource({"time": [], "low": [], "high": []})
        self._base = ColumnDataSource({"time": [], "upgraded": []})
        for name, colour, dash in _STAGES:
            self.figure.step(
                "time",
                name,
                source=self._curve,
                mode="after",
                color=colour,
                line_dash=dash,
                legend_label=f"{name}, of all",
            )
        self._baseline = self.figure.step(
            "time",
            "upgraded",
            source=self._base,
            mode="after",
            color=BLACK,
            alpha=FAINT,
            line_width=1.5,
            line_dash="dashed",
            legend_label="baseline",
        )
        self.figure.varea("time", "low", "high", source=self._band, color=GREEN, alpha=0.25)
        self.figure.step(
            "time",
            "upgraded",
            source=self._curve,
            mode="after",
            color=GREEN,
            line_width=2.5,
            legend_label="upgraded, of targeted",
        )
        if so_far is not None:
            self._now = Span(dimension="height", line_color=VERMILION, line_dash="dotted", line_width=1.5)
            self._log = ColumnDataSource({"time": [], "upgraded": []})
            self._end = ColumnDataSource({"time": [], "upgraded": [], "text": []})
            self.figure.step(
                "time",
                "upgraded",
                source=self._log,
                mode="after",
                color=VERMILION,
                line_width=2.5,
                legend_label="so far, by the log",
            )
            self.figure.add_layout(self._now)
            self.figure.text(
                "time", 98, "text", source=self._end, text_color=VERMILION, text_font_size="11px", x_offset=4
            )
        legend_above(self.figure)

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        now = answer.now
        base = answer.pinned
        curves = [each for each in (now, base) if each is not None]
        last_ms = max(_last_ms(each) for each in curves)
        if self._so_far is not None:
            last_ms = max(last_ms, min(self._so_far.now_ms, now.scenario.horizon_ms))
        shown_ms = window_ms(now.scenario.horizon_ms, last_ms)
        unit, unit_ms = time_unit(shown_ms)
        time = times_ms(now) / unit_ms
        devices = np.array([each.counted.devices for each in now.outlines], dtype=float)[:, np.newaxis]
        upgraded = _upgraded(now)
        stages = {name: _percent(series(now, name), devices).mean(axis=0) for name, _, _ in _STAGES}
        put(self._curve, {"time": time, "upgraded": upgraded.mean(axis=0), **stages})
        put(self._band, _band(time, upgraded))
        put(
            self._base,
            {"time": [], "upgraded": []}
            if base is None
            else {"time": times_ms(base) / unit_ms, "upgraded": _upgraded(base).mean(axis=0)},
        )
        self._baseline.visible = base is not None
        self.figure.legend[0].items[len(_STAGES)].visible = base is not None
        self.figure.x_range.end = shown_ms / unit_ms
        self.figure.xaxis[0].axis_label = f"{unit} since the plan was activated"
        if self._so_far is not None:
            return self._show_so_far(self._so_far, time * unit_ms, upgraded, unit_ms)
        measured = [each.measured["success_of_targeted"] for each in now.outlines]
        success = metric_estimate(measured).value
        if success is None:
            nobody = sum(each.value is None for each in measured)
            some = f" in {nobody} of {len(measured)} replications" if nobody < len(measured) else ""
            return f"The plan targets no device{some}"
        return f"{format_value(success, 'share')} of targeted devices upgraded"

    def _show_so_far(self, so_far: SoFar, at_ms: NDArray[np.float64], upgraded: Curves, unit_ms: float) -> str:
        """Draw the log; how it stands beside what is played at its end."""
        time = so_far.at_ms / unit_ms
        put(self._log, {"time": time, "upgraded": so_far.upgraded_pct})
        put(self._end, {"time": time[-1:], "upgraded": so_far.upgraded_pct[-1:], "text": ["now"]})
        self._now.location = float(time[-1])
        played = float(np.interp(so_far.now_ms, at_ms, upgraded.mean(axis=0)))
        when = format_duration(so_far.now_ms)
        return f"After {when}: log {so_far.now_pct:.1f} %, here {played:.1f} %"


def _last_ms(played: Played) -> float:
    """When the last device is upgraded; 0 if none is."""
    return max(float(np.max(each.tables[GROUP_TIMES]["at_ms"].to_numpy(), initial=0)) for each in played.outlines)


def _upgraded(played: Played) -> Curves:
    """Per cent of the targeted devices that are upgraded in the end and were so by then."""
    tables = [each.tables[GROUP_TIMES] for each in played.outlines]
    rows = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    at_ms, counts = (np.concatenate([table[name].to_numpy() for table in tables]) for name in ("at_ms", "upgraded"))
    targeted = np.array([each.measured["targeted"].value or 0.0 for each in played.outlines])[:, np.newaxis]
    return _percent(newly(times_ms(played), len(tables), rows, at_ms, counts).cumsum(axis=1), targeted)


def _percent(counts: Curves, whole: NDArray[np.float64]) -> Curves:
    return 100 * counts / np.maximum(whole, 1)


def _band(time: NDArray[np.float64], upgraded: Curves) -> dict[str, NDArray[np.float64]]:
    """The 95 % interval at each time; empty where there are too few replications."""
    none = np.zeros(0)
    ends = band(upgraded, 100.0)
    return (
        {"time": none, "low": none, "high": none} if ends is None else {"time": time, "low": ends[0], "high": ends[1]}
    )
