"""What a file of devices holds: signal, battery, age of contacts, versions, and how much of each is missing."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fota_sim.quoting import number_of
from fota_sim.report.figures.style import (
    SMALL_PT,
    WIDTH_IN,
    count_axis,
    footnote,
    headline,
    new_figure,
    shortened,
    styled,
    text_width_in,
)
from fota_sim.report.palette import BLUE, GREY, SKY, VERMILION
from fota_sim.scenario.inspect.distributions import Distribution
from fota_sim.scenario.inspect.histogram import bars

_COLUMNS = 2
_PANEL_IN, _BESIDE_IN = 2.3, 1.1
_MOST_PANELS, _MOST_NAMES, _BARS = 10, 8, 30
_LABEL_IN = 1.4
_LEFT_IN, _BOLD_PT = 0.9, 11.0  # beside a panel; a bold title is as wide as a plain one of this size


@styled
def fleet_file_figure(name: str, rows: int, distributions: Sequence[Distribution]) -> Figure:
    """A panel a column, numbers as histograms and names as bars; at most ten."""
    shown = list(distributions[:_MOST_PANELS])
    lines = ceil(len(shown) / _COLUMNS)
    figure = new_figure(_BESIDE_IN + _PANEL_IN * lines)
    panels = figure.subplots(lines, min(_COLUMNS, len(shown)), squeeze=False).ravel()
    for axes, each in zip(panels, shown, strict=False):
        (_numbers if each.numbers else _names)(axes, each)
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    headline(figure, f"{name}: {number_of(rows, 'device')}")
    left = len(distributions) - len(shown)
    more = f" {number_of(left, 'column')} more are not drawn." if left else ""
    footnote(figure, f"Devices by what the file says of them, as the block reads it.{more}")
    return figure


def _numbers(axes: Axes, each: Distribution) -> None:
    found = bars(each, _BARS)
    width = found[0].high - found[0].low
    colours = [GREY if each.limit is not None and bar.low >= each.limit else BLUE for bar in found]
    counts = [bar.count for bar in found]
    if width:
        axes.bar([bar.low for bar in found], counts, width=0.94 * width, align="edge", color=colours)
    else:
        axes.bar(range(len(found)), counts, width=0.7, color=colours)
        axes.set_xticks(range(len(found)), [bar.text for bar in found])
    if width and each.limit is not None and each.limit < max(each.numbers):
        axes.axvline(each.limit, color=VERMILION, lw=1.2)
        axes.annotate(
            "gone",
            (each.limit, 1.0),
            (4, -4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
            color=VERMILION,
            fontsize=SMALL_PT,
        )
    axes.set_xlabel(f"{each.unit}, median {each.median():.3g}")
    axes.set_ylabel("devices")
    count_axis(axes.yaxis, 4)
    _titled(axes, each)


def _names(axes: Axes, each: Distribution) -> None:
    most = each.names.most_common(_MOST_NAMES)
    rest = each.count - sum(count for _, count in most)
    rows = [*most, *([(f"{len(each.names) - len(most)} others", rest)] if rest else [])]
    places = range(len(rows))
    axes.barh(places, [count for _, count in rows], height=0.7, color=SKY)
    axes.set_yticks(places, [shortened(name, _LABEL_IN, SMALL_PT) for name, _ in rows])
    axes.set_ylim(max(len(rows), 3) - 0.5, -0.5)
    axes.set_xlabel("devices")
    count_axis(axes.xaxis, 5)
    _titled(axes, each)


def _titled(axes: Axes, each: Distribution) -> None:
    without = f" ({each.missing:,} without)" if each.missing else ""
    called = each.title if each.title == each.header else f"{each.title}: {each.header}"
    room_in = WIDTH_IN / _COLUMNS - _LEFT_IN - text_width_in(without, _BOLD_PT)
    axes.set_title(shortened(called, room_in, _BOLD_PT) + without)
