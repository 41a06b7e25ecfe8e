"""What the pictures of the page have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure
from numpy.typing import NDArray

from fota_sim.analysis.run.outline import TIMESERIES
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.palette import LIGHT_GREY

INK = "#333333"
_LEAST_MS = 60_000
FAINT = 0.55
"""Opacity of the baseline."""
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


class Plot(Protocol):
    """A picture of the page."""

    figure: Any

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        ...


def picture(across: str, up: str, **more: Any) -> figure:
    """An empty figure in the page's style; it takes the room that it is given.

    It has no title of its own: a change of one lays all figures out anew, which takes longer than to draw them.
    """
    drawn = figure(
        sizing_mode="stretch_both",
        min_height=180,
        margin=(0, 4, 6, 4),
        css_classes=["plot"],
        toolbar_location=None,
        tools=more.pop("tools", ""),
        x_axis_label=across,
        y_axis_label=up,
        min_border_right=18,
        output_backend="canvas",
        **more,
    )
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


def legend_above(drawn: figure) -> None:
    """The legend in lines between title and frame, where it hides nothing."""
    legend = drawn.legend[0]
    drawn.center.remove(legend)
    drawn.add_layout(legend, "above")
    legend.orientation, legend.ncols = "horizontal", 2  # four in a line are wider than a phone
    legend.background_fill_alpha = 0
    legend.border_line_color = None
    legend.label_text_font = _FONT
    legend.label_text_font_size = "11px"
    legend.label_text_color = INK
    legend.glyph_width = 16
    legend.label_standoff = 3
    legend.spacing = 10
    legend.padding = legend.margin = 0


def put(source: ColumnDataSource, columns: Mapping[str, Any]) -> None:
    """Give a source its columns, unless they are what it has: the browser draws a figure anew for each that it is sent.

    ``columns``: by name, arrays or lists of one length.
    """
    before = source.data
    if not all(np.array_equal(before[name], column) for name, column in columns.items()):
        source.data = dict(columns)


def window_ms(horizon_ms: int, last_ms: float) -> float:
    """How much of the horizon is shown: it is halved as long as what happens last keeps some room behind it."""
    shown: float = horizon_ms
    while shown > _LEAST_MS and shown / 2 > 1.05 * last_ms:
        shown /= 2
    return shown


def series(played: Played, column: str) -> NDArray[np.float64]:
    """A column of the time series, shape (replications, times)."""
    return np.array([each.tables[TIMESERIES][column].to_numpy() for each in played.outlines], dtype=np.float64)


def times_ms(played: Played) -> NDArray[np.int64]:
    """The times of the series, shape (times,)."""
    found: NDArray[np.int64] = played.outlines[0].tables[TIMESERIES]["at_ms"].to_numpy()
    return found
