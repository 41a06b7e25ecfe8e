"""Where devices go on the way from the fleet to the new firmware."""

from __future__ import annotations

import numpy as np
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter, Range1d
from numpy.typing import NDArray

from fota_sim.analysis.numbers.funnel import LOSSES, UPGRADED, funnel_counts, outcome_of
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.tally import total
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.plots.drawing import INK, picture
from fota_sim.report.palette import BLACK, LIGHT_GREY, OUTCOME_COLOURS
from fota_sim.rules.labels import CAUSES, OUTCOMES

STEPS = ("fleet", *LOSSES.values(), "upgraded")
_ROOM = 1.48
"""Of the axis, for the numbers to the right of the bars."""


class Funnel:
    """A bar for each step: all devices, those lost at it, and those that are upgraded; the baseline's as outlines."""

    def __init__(self) -> None:
        self.figure = picture("devices", "", y_range=FactorRange(*reversed(STEPS)), x_range=Range1d(0, 1))
        nothing: dict[str, list[object]] = {name: [] for name in ("step", "left", "right", "colour", "text", "at")}
        self._bars = ColumnDataSource(nothing)
        self._base = ColumnDataSource({"step": [], "left": [], "right": []})
        self.figure.hbar("step", height=0.72, left="left", right="right", color="colour", source=self._bars)
        self.figure.hbar(
            "step",
            height=0.86,
            left="left",
            right="right",
            fill_alpha=0,
            line_color=BLACK,
            line_alpha=0.6,
            line_dash="dotted",
            source=self._base,
        )
        self.figure.text(
            "at",
            "step",
            text="text",
            source=self._bars,
            x_offset=5,
            text_baseline="middle",
            text_font_size="11px",
            text_color=INK,
        )
        self.figure.xaxis[0].formatter = NumeralTickFormatter(format="0,0")
        self.figure.xaxis[0].ticker.desired_num_ticks = 4
        self.figure.ygrid.grid_line_color = None

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        counts = step_counts(answer.now)
        left, right = _spans(counts)
        whole = counts[0]
        base = None if answer.pinned is None else _spans(step_counts(answer.pinned))
        ends = right if base is None else np.maximum(right, base[1])
        self._bars.data = {
            "step": list(STEPS),
            "left": left,
            "right": right,
            "colour": [LIGHT_GREY, *(OUTCOME_COLOURS[outcome_of(step)] for step in (*LOSSES, UPGRADED))],
            "text": [_text(count, whole) for count in counts],
            "at": ends,
        }
        self._base.data = {
            "step": [] if base is None else list(STEPS),
            "left": [] if base is None else base[0],
            "right": [] if base is None else base[1],
        }
        self.figure.x_range.end = max(1.0, _ROOM * float(ends.max()))
        if not counts[1:-1].any():
            return "Every device is upgraded"
        return f"Most of those lost: {STEPS[1 + int(np.argmax(counts[1:-1]))]}"


def step_counts(played: Played) -> NDArray[np.float64]:
    """Devices of each of ``STEPS``, the mean over the replications; the first is the sum of the others."""
    whole = total([each.counted for each in played.outlines])
    rows = [
        (OUTCOMES[outcome], CAUSES[cause], int(whole.causes[outcome, cause]))
        for outcome, cause in np.argwhere(whole.causes)
    ]
    return np.array([whole.devices, *funnel_counts(rows).values()], dtype=np.float64) / len(played.outlines)


def _spans(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each bar begins and ends: losses hang where the bar before them ends."""
    left = np.append(counts[0] - np.cumsum(np.append(0.0, counts[1:-1])), 0.0)
    left[0] = 0.0
    return left, left + counts


def _text(count: float, whole: float) -> str:
    digits = 0 if count == int(count) or count >= 100 else 1
    return f"{count:,.{digits}f}  ({format_value(count / whole, 'share')})" if count else "0"
