"""What the pictures of the page have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import Title
from bokeh.plotting import figure
from numpy.typing import NDArray

from fota_sim.report.explore.player import Played
from fota_sim.report.palette import LIGHT_GREY

INK = "#333333"
FAINT = 0.55
"""Opacity of the baseline."""
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_UNITS_MS = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000))


def picture(title: str, across: str, up: str, **more: Any) -> figure:
    """An empty figure in the page's style; it takes the room that it is given."""
    drawn = figure(
        sizing_mode="stretch_both",
        min_height=180,
        toolbar_location=None,
        tools=more.pop("tools", ""),
        x_axis_label=across,
        y_axis_label=up,
        min_border_right=18,
        output_backend="canvas",
        **more,
    )
    drawn.title = Title(text=title, text_font=_FONT, text_font_size="13px", text_color=INK)
    drawn.outline_line_color = None
    for axis in (*drawn.xaxis, *drawn.yaxis):
        axis.axis_label_text_font = axis.major_label_text_font = _FONT
        axis.axis_label_text_font_size = "12px"
        axis.axis_label_text_font_style = "normal"
        axis.major_label_text_font_size = "11px"
        axis.axis_label_text_color = axis.major_label_text_color = INK
        axis.axis_line_color = axis.major_tick_line_color = LIGHT_GREY
        axis.minor_tick_line_color = None
    for grid in (*drawn.xgrid, *drawn.ygrid):
        grid.grid_line_color = "#ECECEC"
    return drawn


def legend_style(drawn: figure, location: str) -> None:
    """The legend inside the frame, see-through and without a border."""
    legend = drawn.legend
    legend.location = location
    legend.background_fill_alpha = 0.7
    legend.border_line_color = None
    legend.label_text_font = _FONT
    legend.label_text_font_size = "11px"
    legend.label_text_color = INK
    legend.spacing = 0
    legend.padding = 4


def time_unit(horizon_ms: int) -> tuple[str, int]:
    """The largest unit of which the horizon has at least two, and its length in ms."""
    fits = [unit for unit in _UNITS_MS if horizon_ms >= 2 * unit[1]]
    return fits[0] if fits else _UNITS_MS[-1]


def series(played: Played, column: str) -> NDArray[np.float64]:
    """A column of the time series, shape (replications, times)."""
    from fota_sim.analysis.outline import TIMESERIES

    return np.array([each.tables[TIMESERIES][column].to_numpy() for each in played.outlines], dtype=np.float64)


def times_ms(played: Played) -> NDArray[np.int64]:
    """The times of the series, shape (times,)."""
    from fota_sim.analysis.outline import TIMESERIES

    found: NDArray[np.int64] = played.outlines[0].tables[TIMESERIES]["at_ms"].to_numpy()
    return found
