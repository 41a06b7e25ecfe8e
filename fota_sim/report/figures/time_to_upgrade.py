"""How long devices took until they were upgraded, group by group."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from fota_sim.analysis.answers.wording import span
from fota_sim.analysis.numbers.rounding import format_duration, format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.curves import grid_ms
from fota_sim.report.figures.style import (
    SMALL_PT,
    TITLE_PT,
    footnote,
    headline,
    legend_above,
    new_figure,
    shortened,
    styled,
)
from fota_sim.report.figures.time_axis import dress_time_axis, shade_nights, window
from fota_sim.report.palette import BLUE, SKY

MOST_GROUPS = 24
"""Smaller groups than these are left out, and the footnote says so."""
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LABEL_IN = 2.4
_MINUTE_MS = 60_000


class GroupTimes(NamedTuple):
    """How long the upgraded devices of a group took; all replications together."""

    group: str
    devices: int
    upgraded: int
    quantiles_ms: list[int]
    """After how long 5, 25, 50, 75 and 95 % of the upgraded were; empty if none is."""


@styled
def time_to_upgrade_figure(study: Study) -> Figure:
    """For each group the middle half and the middle nine tenths of its upgraded devices, by when they were upgraded."""
    rows = sorted(group_quantiles(study), key=lambda row: -row.devices)[:MOST_GROUPS]
    rows = [row for row in group_quantiles(study) if row in rows]
    figure = new_figure(1.9 + 0.36 * max(len(rows), 1.5))
    axes = figure.subplots()
    shown = window(study, max((row.quantiles_ms[-1] for row in rows if row.upgraded), default=0))
    shade_nights(axes, study, shown)
    for y, row in enumerate(rows):
        if row.upgraded:
            low, first, half, third, high = (each / shown.unit_ms for each in row.quantiles_ms)
            label = {"widest": "", "middle": "", "half": ""} if y else _LABELS
            axes.plot([low, high], [y, y], color=SKY, lw=4, solid_capstyle="butt", label=label["widest"])
            axes.plot([first, third], [y, y], color=BLUE, lw=10, solid_capstyle="butt", label=label["middle"])
            axes.plot(half, y, "o", mfc="white", mec=BLUE, ms=8, label=label["half"])
        share = f"{format_value(row.upgraded / max(row.devices, 1), 'share')} upgraded"
        axes.annotate(share, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL_PT)
    axes.set_yticks(range(len(rows)), [shortened(row.group, _LABEL_IN, SMALL_PT) for row in rows])
    axes.set_ylim(max(len(rows), 1.5) - 0.4, -0.6)
    dress_time_axis(axes, shown)
    legend_above(axes, 2)
    headline(figure, time_to_upgrade_finding(study))
    footnote(figure, _footing(study, len(rows)))
    return figure


_LABELS = {
    "widest": "from 5 to 95 % of the upgraded",
    "middle": "from 25 to 75 % of the upgraded",
    "half": "half of the upgraded",
}


def group_quantiles(study: Study) -> list[GroupTimes]:
    """Every group in the order of the fleet."""
    found = study.group_times
    rows = []
    for about in study.summary["groups"]:
        mine = found[found["group"] == about["group"]].groupby("at_ms")["upgraded"].sum()
        reached = np.cumsum(mine.to_numpy(dtype=np.int64))
        places = [int(np.searchsorted(reached, share * reached[-1])) for share in _QUANTILES] if len(reached) else []
        times = mine.index.to_numpy()
        count = int(reached[-1]) if len(reached) else 0
        rows.append(GroupTimes(about["group"], about["devices"], count, [int(times[place]) for place in places]))
    return rows


def time_to_upgrade_finding(study: Study) -> str:
    """The fastest and the slowest group, by when half of its upgraded devices were."""
    rows = [row for row in group_quantiles(study) if row.upgraded]
    if not rows:
        return "No device is upgraded within the horizon"
    half = {shortened(row.group, _LABEL_IN, TITLE_PT): row.quantiles_ms[2] for row in rows}
    slowest, fastest = max(half, key=lambda group: half[group]), min(half, key=lambda group: half[group])
    if len(rows) == 1 or half[slowest] == half[fastest]:
        who = f" of {slowest}" if len(rows) == 1 and len(study.summary["groups"]) > 1 else ""
        by = span(half[slowest]) if half[slowest] < _MINUTE_MS else format_duration(half[slowest])
        step = f"counted in steps of {span(int(grid_ms(study)[1]))}"
        if study.summary["devices"] == 1:
            return f"The one device was upgraded within {by}, {step}"
        return f"Half of the upgraded devices{who} were upgraded within {by}, {step}"
    return (
        f"Slowest group: {slowest}, half of its upgraded devices within {format_duration(half[slowest])}; "
        f"fastest: {fastest}, {format_duration(half[fastest])}"
    )


def _footing(study: Study, drawn: int) -> str:
    step = span(int(grid_ms(study)[1]))
    left_out = len(study.summary["groups"]) - drawn
    few = "smallest group is" if left_out == 1 else f"{left_out} smallest groups are"
    more = f" The {few} left out." if left_out else ""
    count = study.summary["replications"]
    together = "" if count == 1 else f", {count} replications together"
    return f"Shares upgraded are of the devices of the group{together}. Times to the next step of {step}.{more}"
