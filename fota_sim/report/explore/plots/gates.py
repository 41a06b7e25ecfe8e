"""How often upgrades fail, by battery and signal, and where the gates are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from bokeh.models import (
    BasicTicker,
    ColorBar,
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    LinearColorMapper,
    Range1d,
)
from bokeh.palettes import cividis
from numpy.typing import NDArray

from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.battery_signal import BATTERY_STEP_PCT, FAILURES, SIGNAL_STEP_DB
from fota_sim.analysis.run.outline import BATTERY_SIGNAL
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.plots.drawing import INK, picture, put
from fota_sim.report.palette import VERMILION

_MAINS_AT = -4 * BATTERY_STEP_PCT
"""Where devices on mains are drawn, on the axis of charges: so far from 0 that its label has room on a phone."""
_MOST = 50
"""Per cent at which the scale ends."""


class Gates:
    """A cell for every 5 % of charge and 3 dB of signal, coloured by the share of its ended upgrades that failed."""

    def __init__(self) -> None:
        self.figure = picture(
            "battery at the start (%)",
            "mean signal (dBm)",
            x_range=Range1d(_MAINS_AT - 1, 100),
            y_range=Range1d(-130, -50),
        )
        nothing: dict[str, list[float]] = {name: [] for name in ("battery", "signal", "share", "ended", "bad")}
        self._cells = ColumnDataSource(nothing)
        colours = LinearColorMapper(palette=cividis(256), low=0, high=_MOST)
        drawn = self.figure.rect(
            "battery",
            "signal",
            width=BATTERY_STEP_PCT,
            height=SIGNAL_STEP_DB,
            source=self._cells,
            fill_color={"field": "share", "transform": colours},
            line_color={"field": "share", "transform": colours},
            line_width=0.5,
        )
        hover = HoverTool(renderers=[drawn], tooltips=[("failed", "@share{0.0} % of @ended{0,0} ended upgrades")])
        self.figure.add_tools(hover)
        self._gates = ColumnDataSource({"battery": [], "signal": []})
        self.figure.vspan("battery", source=self._gates, line_color=VERMILION, line_width=2)
        self.figure.hspan("signal", source=self._gates, line_color=VERMILION, line_width=2, line_dash="dashed")
        self.figure.xaxis[0].ticker = FixedTicker(ticks=[_MAINS_AT + BATTERY_STEP_PCT / 2, *range(0, 101, 20)])
        self.figure.xaxis[0].major_label_overrides = {_MAINS_AT + BATTERY_STEP_PCT / 2: "mains"}
        bar = ColorBar(
            color_mapper=colours,
            width=10,
            title="failed (%)",
            title_text_font_size="11px",
            title_text_font_style="normal",
            title_text_color=INK,
            major_label_text_font_size="11px",
            major_label_text_color=INK,
            ticker=BasicTicker(desired_num_ticks=5),
            major_label_overrides={_MOST: f"≥{_MOST}"},
        )
        self.figure.add_layout(bar, "right")

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        cells = summed_cells(answer.now)
        battery, signal, ended, bad = cells.T
        share = 100 * bad / np.maximum(ended, 1)
        tried = ended > 0
        put(
            self._cells,
            {
                "battery": battery[tried] + BATTERY_STEP_PCT / 2,
                "signal": signal[tried] + SIGNAL_STEP_DB / 2,
                "share": share[tried],
                "ended": ended[tried],
                "bad": bad[tried],
            },
        )
        strategy = answer.now.one.plan.strategy
        put(self._gates, {"battery": [100 * strategy.min_battery], "signal": [strategy.min_signal]})
        low = min(float(signal.min()), strategy.min_signal) - SIGNAL_STEP_DB
        self.figure.y_range.start, self.figure.y_range.end = low, float(signal.max()) + 2 * SIGNAL_STEP_DB
        whole = float(ended.sum())
        if not whole:
            return "No upgrade came to an end"
        return f"{format_value(float(bad.sum()) / whole, 'share')} of the ended upgrades failed; lines: the gates"


def summed_cells(played: Played) -> NDArray[np.float64]:
    """Rows of lower edges of charge (%) and signal (dBm), upgrades ended and failed; over all replications."""
    table = pa.concat_tables([each.tables[BATTERY_SIGNAL] for each in played.outlines])
    battery = table["battery_pct"].to_numpy().astype(np.float64)
    battery = np.where(np.isnan(battery), _MAINS_AT, battery)
    cells, cell = np.unique(np.column_stack([battery, table["rssi_dBm"].to_numpy()]), axis=0, return_inverse=True)
    bad = np.bincount(cell.ravel(), sum(table[name].to_numpy() for name in FAILURES), len(cells))
    good = np.bincount(cell.ravel(), table["upgraded"].to_numpy(), len(cells))
    return np.column_stack([cells, good + bad, bad])
