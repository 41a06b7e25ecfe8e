"""Where devices go on the way from the fleet to the new firmware."""

from __future__ import annotations

import numpy as np
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter, Range1d

from fota_sim.analysis.answers.wording import largest_text, number_text, share_text
from fota_sim.analysis.numbers.funnel import LOSSES, UPGRADED, Step, funnel_steps, largest, outcome_of
from fota_sim.analysis.run.tally import total
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.plots.drawing import INK, picture, put
from fota_sim.report.palette import BLACK, LIGHT_GREY, OUTCOME_COLOURS
from fota_sim.rules.labels import CAUSES, OUTCOMES

STEPS = ("fleet", *LOSSES.values(), UPGRADED)
_ROOM = 1.6
"""Of the axis, for the numbers to the right of the bars, on a phone too."""


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
        self.figure.xaxis[0].ticker.update(desired_num_ticks=4, min_interval=1)  # of one device too
        self.figure.ygrid.grid_line_color = None

    def show(self, answer: Answer) -> str:
        """Draw the answer; what it shows, in a line."""
        steps = played_steps(answer.now)
        base = [] if answer.pinned is None else played_steps(answer.pinned)
        ends = [max(step.begins + step.devices for step in pair) for pair in zip(steps, base or steps, strict=True)]
        put(
            self._bars,
            {
                "step": [step.label for step in steps],
                "left": [step.begins for step in steps],
                "right": [step.begins + step.devices for step in steps],
                "colour": [OUTCOME_COLOURS[outcome_of(step.name)] if step.name else LIGHT_GREY for step in steps],
                "text": [f"{steps[0].devices:,.0f}", *(_text(step) for step in steps[1:])],
                "at": ends,
            },
        )
        put(
            self._base,
            {
                "step": [step.label for step in base],
                "left": [step.begins for step in base],
                "right": [step.begins + step.devices for step in base],
            },
        )
        self.figure.x_range.end = max(1.0, _ROOM * max(ends))
        most = largest(steps[1:-1])
        if not most:
            return "Every device is upgraded"
        return f"Largest {largest_text([step.label for step in most], share_text(most[0].share))}"


def played_steps(played: Played) -> list[Step]:
    """Every step of the funnel, means over the replications."""
    whole, runs = total([each.counted for each in played.outlines]), len(played.outlines)
    rows = (
        (OUTCOMES[outcome], CAUSES[cause], int(whole.causes[outcome, cause]))
        for outcome, cause in np.argwhere(whole.causes)
    )
    return funnel_steps(whole.devices / runs, rows, runs)


def _text(step: Step) -> str:
    return f"{number_text(step.devices)}  ({share_text(step.share)})" if step.devices else "0"
