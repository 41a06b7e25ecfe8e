"""How the rollout went on: the share of devices that is upgraded, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from fota_sim.analysis.answers.wording import count_of, span
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.run.curves import band
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.curves import counted, grid_ms, upgraded
from fota_sim.report.figures.style import (
    WIDTH_IN,
    Sheet,
    footnote,
    headline,
    legend_above,
    new_figure,
    styled,
    width_in,
)
from fota_sim.report.figures.time_axis import Window, dress_time_axis, shade_nights, window
from fota_sim.report.figures.words import replications, share_with_interval, targeted
from fota_sim.report.palette import BLUE, GREEN, GREY, SKY


@styled
def adoption_figure(study: Study) -> Figure:
    """The share of the targeted devices that is upgraded over time, with its 95 % band if there is one."""
    figure = new_figure(5.4)
    draw_adoption(figure, study)
    return figure


def adoption_finding(study: Study) -> str:
    """How many of the targeted devices are upgraded, and when half of them were."""
    success = study.summary["metrics"]["success_of_targeted"]
    if success["value"] is None:
        some, of = success["replications_with_value"], study.summary["replications"]
        if some:
            return f"The plan targets nobody in {of - some} of {of} replications"
        return f"The plan targets none of the {count_of(study.summary['devices'], 'device')}"
    within = span(study.summary["horizon_ms"])
    if success["denominator"] == study.summary["replications"]:
        return _the_one(study, success, within)
    text = f"{share_with_interval(success, f'of {targeted(study)} upgraded within {within}')}"
    half_ms = study.summary["metrics"]["time_to_50_pct_ms"]["value"]
    if half_ms is None:
        return text
    return f"{text}, half of the targeted after {format_duration(half_ms)}"


def _the_one(study: Study, success: Mapping[str, Any], within: str) -> str:
    """How often the only targeted device is upgraded, and when if always."""
    runs, half_ms = study.summary["replications"], study.summary["metrics"]["time_to_50_pct_ms"]["value"]
    times = round(success["numerator"])
    if times in (0, runs):
        often = "" if runs == 1 else f" in {'each' if times else 'any'} of {runs} replications"
        after = "" if half_ms is None else f", after {format_duration(half_ms)}"
        return f"The one targeted device {'upgraded' if times else 'not upgraded'} within {within}{often}{after}"
    return f"The one targeted device upgraded within {within} in {times} of {runs} replications"


def draw_adoption(sheet: Sheet, study: Study) -> None:
    """The whole figure, on a part of another one too."""
    axes = sheet.subplots()
    shown = window(study)
    shade_nights(axes, study, shown)
    for column, colour, style in (("contacted", GREY, ":"), ("offered", SKY, "--")):
        share = counted(study, column)[:, shown.drawn].mean(axis=0) / study.summary["devices"]
        axes.plot(shown.time, 100 * share, color=colour, ls=style, lw=1.4, label=f"{column}, of all devices")
    draw_upgraded(axes, study, shown.drawn, shown.time, "upgraded, of targeted devices")
    _mark_quantiles(axes, study, shown)
    dress_time_axis(axes, shown)
    dress_shares(axes)
    legend_above(axes, 3 if width_in(sheet) >= WIDTH_IN else 2)
    headline(sheet, adoption_finding(study))
    footnote(sheet, f"Shares of devices, {replications(study)}, in steps of {span(int(grid_ms(study)[1]))}.")


def draw_upgraded(axes: Axes, study: Study, drawn: NDArray[np.bool_], time: NDArray[np.float64], label: str) -> None:
    """The share of targeted devices upgraded, with its band, at the times of the grid that are ``drawn``."""
    whole = np.maximum(study.runs["targeted"].to_numpy(dtype=float), 1.0)[:, np.newaxis]
    shares = 100 * upgraded(study)[:, drawn] / whole
    axes.plot(time, shares.mean(axis=0), color=GREEN, lw=2.4, label=label)
    ends = band(shares, 100.0)
    if ends is not None:
        axes.fill_between(time, *ends, color=GREEN, alpha=0.25, lw=0, label="95 % interval")


def dress_shares(axes: Axes) -> None:
    """An axis of per cent, upwards."""
    axes.set_ylabel("share of devices")
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))


def _mark_quantiles(axes: Axes, study: Study, shown: Window) -> None:
    for percent, style in ((50, "-"), (90, "-.")):
        reached_ms = study.summary["metrics"][f"time_to_{percent}_pct_ms"]["value"]
        if reached_ms is not None and reached_ms <= shown.until_ms:
            label = f"{percent} % after {format_duration(reached_ms)}"
            axes.axvline(reached_ms / shown.unit_ms, color=BLUE, ls=style, lw=1.2, label=label)
