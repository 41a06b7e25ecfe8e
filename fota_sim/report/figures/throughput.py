"""How fast it went, beside what limits it: upgrades per hour, downloads at once, bit rate."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from fota_sim.analysis.answers.wording import span
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.curves import Curves
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.curves import counted, newly_upgraded
from fota_sim.report.figures.style import footnote, headline, new_figure, styled
from fota_sim.report.figures.time_axis import Window, dress_time_axis, shade_nights, window
from fota_sim.report.figures.words import replications
from fota_sim.report.limits import Limit, download_limits
from fota_sim.report.palette import BLUE, DARK_GREY, GREEN, PURPLE, VERMILION

_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_FAR = 4.0
"""A limit so many times above what was reached is told and not drawn: it would flatten the curve."""
_LINES = ((VERMILION, "--"), (DARK_GREY, "-."))


@styled
def throughput_figure(study: Study) -> Figure:
    """Upgrades per hour and concurrent downloads over time, with the limits of server and plan; bit rate if limited."""
    egress = study.scenario.network.server.egress
    panels = 2 if egress is None else 3
    figure = new_figure(1.4 + 2.3 * panels)
    grid = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
    shown = window(study)
    steps_ms = np.diff(shown.at_ms, prepend=-shown.at_ms[1])
    per, per_ms = rate_unit(int(shown.at_ms[1]))
    for axes in grid:
        shade_nights(axes, study, shown)
    each = span(int(shown.at_ms[1]))
    title = f"upgrades per {per}" if each == f"1 {per}" else f"upgrades per {per}, the rate of each {each}"
    _panel(grid[0], shown, newly_upgraded(study) * per_ms / steps_ms, title, GREEN, _rates(study, per, per_ms))
    peaks = counted(study, "downloading_peak")
    _panel(grid[1], shown, peaks, "downloads at once, the most in each step", BLUE, download_limits(study.scenario))
    if egress is not None:
        sent = np.diff(counted(study, "bytes_sent"), axis=1, prepend=0.0) * 8e-6 / (steps_ms / 1000)
        _panel(
            grid[2], shown, sent, "Mbit/s sent by the server", PURPLE, [Limit("server egress (Mbit/s)", egress / 1e6)]
        )
    for axes in grid[1:]:
        _legend(axes, [label for label in axes.get_legend_handles_labels()[1] if not label.startswith("night")])
    _legend(grid[0], grid[0].get_legend_handles_labels()[1])
    dress_time_axis(grid[-1], shown)
    headline(figure, throughput_finding(study))
    spread = "" if study.summary["replications"] == 1 else "; shaded: lowest to highest of the replications"
    footnote(figure, f"Steps of {each}, {replications(study)}{spread}.")
    return figure


def throughput_finding(study: Study) -> str:
    """The busiest hour, and how much of the tightest limit on downloads was used."""
    metrics = study.summary["metrics"]
    busiest, most = metrics["upgraded_per_hour_peak"]["value"], metrics["downloads_peak"]["value"]
    if not most:
        return "Nothing was downloaded"
    mean = "a mean of " if study.summary["replications"] > 1 else ""
    told = f"{mean}{format_value(most, 'downloads')} at once"
    busy = f"Busiest hour: {format_value(busiest, 'upgrades')}" if busiest else "Nothing was upgraded"
    text = f"{busy}; at the peak {told}"
    limit = min(download_limits(study.scenario), key=lambda each: each.value, default=None)
    if limit is None:
        return text
    used = "all" if most >= limit.value else format_value(most / limit.value, "share")
    return f"{text}, {used} of {limit.whose.format(limit.value)}"


def rate_unit(step_ms: int) -> tuple[str, int]:
    """Per what upgrades are counted, and its milliseconds: of steps of a day a rate per hour says nothing."""
    return ("hour", _HOUR_MS) if step_ms < _DAY_MS else ("day", _DAY_MS)


def _rates(study: Study, per: str, per_ms: int) -> list[Limit]:
    """Limits on released devices in each hour or day; of a rate that grows the first, and its cap."""
    found = []
    for one in study.scenario.each_plan:
        rate, of = one.plan.rollout.rate, f" by {one.plan_name}" if one.plan_name else ""
        if rate is None:
            continue
        times = per_ms / (1000 * rate.every)
        first = ", at first" if rate.factor > 1 else ""
        found.append(Limit(f"released{of} per {per}{first}", rate.at_first * times))
        if rate.factor > 1 and math.isfinite(rate.most):
            found.append(Limit(f"released{of} per {per}, at most", rate.most * times))
    return found


def _panel(axes: Axes, shown: Window, curves: Curves, title: str, colour: str, limits: list[Limit]) -> None:
    values = curves[:, shown.drawn]
    if len(values) > 1:
        axes.fill_between(
            shown.time, values.min(axis=0), values.max(axis=0), step="pre", color=colour, alpha=0.25, lw=0
        )
    axes.step(shown.time, values.mean(axis=0), where="pre", color=colour, lw=1.6)
    most = float(values.max(initial=0.0))
    near = [limit for limit in limits if limit.value <= max(most, 1.0) * _FAR]
    for limit, (line, style) in zip(near, _LINES, strict=False):
        axes.axhline(limit.value, color=line, ls=style, lw=1.4, label=f"{limit.name}: {_told(limit.value)}")
    far = [f" (limit far above: {limit.name}, {_told(limit.value)})" for limit in limits if limit not in near]
    axes.set_title("".join([title, *far]), fontweight="normal")
    axes.set_ylim(0, max([most, 1.0 if not most else 0.0, *(limit.value for limit in near)]) * 1.25)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=not most))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))


def _told(limit: float) -> str:
    """``10,000``, ``5.5``: a limit as tables tell numbers."""
    return format_value(limit, "")


def _legend(axes: Axes, labels: list[str]) -> None:
    """On white, so that what stands for the night can be told from the night behind it; the axis has room above."""
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    if labels:
        axes.legend(
            [handles[label] for label in labels],
            labels,
            loc="upper right",
            ncols=3,
            frameon=True,
            framealpha=1.0,
            edgecolor="none",
        )
