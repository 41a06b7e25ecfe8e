"""The log of a real rollout beside the simulation that was fitted to it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fota_sim.learning.beside import Beside
from fota_sim.report.figures.style import footnote, headline, legend_above, new_figure, styled
from fota_sim.report.palette import BLACK, BLUE, GREEN, SKY, VERMILION

_UNITS = ((2 * 86_400.0, 86_400.0, "days"), (2 * 3_600.0, 3_600.0, "hours"), (0.0, 60.0, "minutes"))
_FOOT = "Band: 95 % of simulated rollouts, each with other values of what was learnt and luck of its own."


def _unit(longest_s: float) -> tuple[float, str]:
    return next((size, name) for least, size, name in _UNITS if longest_s >= least)


@styled
def adoption_beside_figure(found: Beside) -> Figure:
    """The share of the targeted devices that has succeeded, over time."""
    figure = new_figure(4.8)
    axes = figure.subplots()
    size, name = _unit(float(found.times_s[-1]))
    time = found.times_s / size
    low, high = found.band
    axes.fill_between(time, 100 * low, 100 * high, color=SKY, alpha=0.45, lw=0, label="fitted simulation, 95 %")
    axes.plot(time, 100 * np.median(found.simulated, axis=0), color=BLUE, lw=1.4, label="its median")
    axes.plot(time, 100 * found.log, color=BLACK, lw=2.0, label="log")
    axes.set_xlabel(f"{name} from the first offer")
    axes.set_xlim(0, _shown_until(found) / size)
    _dress(axes, "share of devices")
    legend_above(axes)
    headline(figure, _of_plan(found, adoption_finding(found)))
    footnote(figure, _FOOT)
    return figure


def _of_plan(found: Beside, finding: str) -> str:
    return f"{found.plan}: {finding}" if found.plan else finding


def _shown_until(found: Beside) -> float:
    """A half more than what it takes until hardly anything changes."""
    curves = (found.log, np.median(found.simulated, axis=0))
    still = [float(found.times_s[np.argmax(curve >= 0.995 * curve[-1])]) for curve in curves]
    return max(float(found.times_s[1]), min(float(found.times_s[-1]), 1.5 * max(still)))


def adoption_finding(found: Beside) -> str:
    """Whether the fitted simulation explains the curve."""
    if found.outside < 0.05:
        return "The fitted simulation goes the way of the log"
    return f"The log leaves the simulation's band for {100 * found.outside:.0f} % of the time"


@styled
def ends_beside_figure(found: Beside) -> Figure:
    """How devices ended."""
    figure = new_figure(1.6 + 0.45 * len(found.ends))
    axes = figure.subplots()
    for place, band in enumerate(found.ends.values()):
        axes.plot([100 * band.low, 100 * band.high], [place, place], color=SKY, lw=7, solid_capstyle="butt")
        axes.plot(100 * band.log, place, "D", color=BLACK if band.inside else VERMILION, ms=6)
    axes.set_yticks(range(len(found.ends)), [str(end).replace("_", " ") for end in found.ends])
    axes.invert_yaxis()
    axes.set_xlabel("share of devices")
    axes.xaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
    headline(figure, _of_plan(found, ends_finding(found)))
    footnote(figure, "Diamonds: the log. Bars: 95 % of simulated rollouts.")
    return figure


def ends_finding(found: Beside) -> str:
    """Which shares the fitted simulation does not explain."""
    outside = [str(end).replace("_", " ") for end, band in found.ends.items() if not band.inside]
    return "All shares lie within the simulation's" if not outside else f"Not explained: {', '.join(outside)}"


@styled
def took_beside_figure(found: Beside) -> Figure:
    """How long downloads took."""
    figure = new_figure(4.4)
    axes = figure.subplots()
    longest_s = max([float(np.quantile(each, 0.99)) for each in _known(found)], default=60.0)
    size, name = _unit(longest_s)
    for values, colour, label in (
        (found.took_simulated_s, GREEN, "fitted simulation"),
        (found.took_log_s, BLACK, "log"),
    ):
        if len(values):
            axes.plot(
                values / size, 100 * np.arange(1, len(values) + 1) / len(values), color=colour, lw=1.8, label=label
            )
    axes.set_xlim(0, longest_s / size)
    axes.set_xlabel(name)
    _dress(axes, "share done within")
    if axes.lines:
        legend_above(axes)
    headline(figure, _of_plan(found, took_finding(found)))
    footnote(figure, "Of devices that needed one attempt.")
    return figure


def took_finding(found: Beside) -> str:
    """The medians."""
    half = found.took[0.5]
    if np.isnan(half.log):
        return "The log does not say how long downloads took"
    if np.isnan(half.middle):
        return f"Half of the downloads take {half.log:,.0f} s in the log; in the simulation there are none by then"
    return f"Half of the downloads take {half.log:,.0f} s in the log and {half.middle:,.0f} s in the simulation"


def _known(found: Beside) -> list[np.ndarray]:
    return [values for values in (found.took_log_s, found.took_simulated_s) if len(values)]


def _dress(axes: Axes, label: str) -> None:
    axes.set_ylabel(label)
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
