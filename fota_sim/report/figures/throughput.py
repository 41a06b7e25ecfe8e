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
from fota_sim.report.figures.curves import counted, grid_ms, newly_upgraded
from fota_sim.report.figures.style import footnote, headline, new_figure, styled
from fota_sim.report.figures.time_axis import Window, dress_time_axis, shade_nights, window
from fota_sim.report.figures.words import replications
from fota_sim.report.limits import Limit, download_limits
from fota_sim.report.palette import BLUE, DARK_GREY, GREEN, PURPLE, VERMILION

_HOUR_MS = 3_600_000
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
    hours = np.diff(shown.at_ms, prepend=-shown.at_ms[1]) / _HOUR_MS
    for axes in grid:
        shade_nights(axes, study, shown)
    per_hour = f"upgrades per hour, the rate of each {span(int(grid_ms(study)[1]))}"
    _panel(grid[0], shown, newly_upgraded(study) / hours, per_hour, GREEN, _rates(study))
    peaks = counted(study, "downloading_peak")
    _panel(grid[1], shown, peaks, "downloads at once, the most in each step", BLUE, download_limits(study.scenario))
    if egress is not None:
        sent = np.diff(counted(study, "bytes_sent"), axis=1, prepend=0.0) * 8e-6 / (hours * 3600)
        _panel(
            grid[2], shown, sent, "Mbit/s sent by the server", PURPLE, [Limit("server egress (Mbit/s)", egress / 1e6)]
        )
    for axes in grid[1:]:
        _legend(axes, [label for label in axes.get_legend_handles_labels()[1] if not label.startswith("night")])
    _legend(grid[0], grid[0].get_legend_handles_labels()[1])
    dress_time_axis(grid[-1], shown)
    headline(figure, throughput_finding(study))
    spread = "" if study.summary["replications"] == 1 else "; shaded: lowest to highest of the replications"
    footnote(figure, f"Steps of {span(int(grid_ms(study)[1]))}, {replications(study)}{spread}.")
    return figure


def throughput_finding(study: Study) -> str:
    """The busiest hour, and how much of the tightest limit on downloads was used."""
    metrics = study.summary["metrics"]
    busiest, most = metrics["upgraded_per_hour_peak"]["value"], metrics["downloads_peak"]["value"]
    if not most:
        return "Nothing was downloaded"
    mean = "a mean of " if study.summary["replications"] > 1 else ""
    told = f"{mean}{format_value(most, 'downloads')} at once"
    text = f"Busiest hour: {format_value(busiest, 'upgrades')}; at the peak {told}"
    limit = min(download_limits(study.scenario), key=lambda each: each.value, default=None)
    if limit is None:
        return text
    used = "all" if most >= limit.value else format_value(most / limit.value, "share")
    return f"{text}, {used} of {limit.whose.format(limit.value)}"


def _rates(study: Study) -> list[Limit]:
    """Limits on released devices per hour; of a rate that grows the first, and its cap."""
    found = []
    for one in study.scenario.each_plan:
        rate, of = one.plan.rollout.rate, f" by {one.plan_name}" if one.plan_name else ""
        if rate is None:
            continue
        per_hour = 3600 / rate.every
        found.append(Limit(f"released{of} per hour{', at first' if rate.factor > 1 else ''}", rate.at_first * per_hour))
        if rate.factor > 1 and math.isfinite(rate.most):
            found.append(Limit(f"released{of} per hour, at most", rate.most * per_hour))
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
        axes.axhline(limit.value, color=line, ls=style, lw=1.4, label=f"{limit.name}: {limit.value:,.6g}")
    far = [f" (limit far above: {limit.name}, {limit.value:,.6g})" for limit in limits if limit not in near]
    axes.set_title("".join([title, *far]), fontweight="normal")
    axes.set_ylim(0, max([most, 1.0 if not most else 0.0, *(limit.value for limit in near)]) * 1.25)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))


def _legend(axes: Axes, labels: list[str]) -> None:
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    if labels:
        axes.legend([handles[label] for label in labels], labels, loc="upper right", ncols=3)
