"""A rollout under way: what was seen up to now, and the fan of what may follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.forecast.branches import CANCEL, GO_ON, PAUSE, SLOWER, STOP
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.report.figures.style import footnote, headline, legend_above, new_figure, styled
from fota_sim.report.palette import BLUE, DARK_GREY, GREEN, GREY, ORANGE, VERMILION
from fota_sim.report.time_unit import time_unit

_WAYS = {STOP: (VERMILION, "--"), CANCEL: (VERMILION, ":"), PAUSE: (BLUE, "-."), SLOWER: (ORANGE, "--")}
_SAME = 0.005  # of the fleet: ways that are never further from going on are not drawn


@styled
def fan_figure(report: Mapping[str, Any]) -> Figure:
    """Upgraded devices over time: seen, then the middle of all members with their 50 % and 90 % bands."""
    fan, devices = report["fan"], max(1, report["devices"])
    name, unit_ms = time_unit(report["horizon_ms"])
    figure = new_figure(5.0)
    axes = figure.subplots()
    seen = fan["seen"]
    axes.plot(np.array(seen["at_ms"]) / unit_ms, seen["upgraded"], color=DARK_GREY, lw=2.4, label="seen so far")
    ahead = fan["ahead"]
    time = np.array(ahead["at_ms"]) / unit_ms
    axes.fill_between(time, ahead["5"], ahead["95"], color=GREEN, alpha=0.18, lw=0, label="90 % of members")
    axes.fill_between(time, ahead["25"], ahead["75"], color=GREEN, alpha=0.32, lw=0, label="50 %")
    axes.plot(time, ahead["50"], color=GREEN, lw=2.4, label=GO_ON)
    middle = np.array(ahead["50"])
    for way, curve in fan["branches"].items():
        if way in _WAYS and np.abs(np.array(curve) - middle).max() > _SAME * devices:
            colour, style = _WAYS[way]
            axes.plot(time, curve, color=colour, ls=style, lw=1.6, label=way)
    axes.axvline(report["now_ms"] / unit_ms, color=GREY, lw=1.2)
    axes.set_xlim(0, report["horizon_ms"] / unit_ms)
    axes.set_ylim(0, max([1, *ahead["95"], *seen["upgraded"]]) * 1.06)
    axes.set_xlabel(f"{name} since activation")
    axes.set_ylabel("upgraded devices")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    legend_above(axes, 4)
    headline(figure, fan_finding(report))
    members = report["members"]["played_on"]
    footnote(figure, f"{count_of(members, 'simulated rollout')} that agree with the log, each put where it stands now.")
    return figure


def fan_finding(report: Mapping[str, Any]) -> str:
    """What is known, and what is to be expected."""
    told, now = report["forecast"]["upgraded"], report["so_far"]["succeeded"]
    whose = f"{report['plan']}: " if "plan" in report else ""
    return (
        f"{whose}{now:,} upgraded after {format_duration(report['now_ms'])}; {told['low']:,.0f} to "
        f"{told['high']:,.0f} by the end (90 %)"
    )
