"""Variants side by side: how each is adopted, and how its devices end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from fota_sim.analysis.answers.wording import listed
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.adoption import draw_upgraded, dress_shares
from fota_sim.report.figures.curves import grid_ms, upgraded
from fota_sim.report.figures.style import LABEL_PT, SMALL_PT, footnote, headline, new_figure, shortened, styled
from fota_sim.report.figures.time_axis import window
from fota_sim.report.figures.words import outcome_name, replications
from fota_sim.report.palette import DARK_GREY, OUTCOME_COLOURS, ink_on
from fota_sim.report.time_unit import time_unit

_ACROSS = 3
_PANEL_IN = 2.5
_BAR_IN = 0.34
_WIDTH_IN = 11.0
_TITLE_IN = 3.0
_ROOM_PCT = 8.0
"""Parts of a bar at least so wide have room for their number."""
_ORDER = (
    "upgraded",
    "already_on_target",
    "in_progress",
    "not_offered",
    "cancelled",
    "refused",
    "unreachable",
    "failed",
    "rolled_back",
    "bricked",
)
"""From good to bad."""
_HATCHES = {
    "not_offered": "..",
    "cancelled": "xx",
    "refused": "//",
    "unreachable": "\\\\",
    "failed": "////",
    "rolled_back": "xxxx",
}


@styled
def strategies_figure(comparison: Comparison) -> Figure:
    """A small adoption curve for each variant, the baseline's in all, and a bar of outcomes for each."""
    names = [each["name"] for each in comparison.report["variants"]]
    studies = list(comparison.studies)
    across = min(_ACROSS, len(names))
    down = -(-len(names) // across)
    bars_in = 1.3 + _BAR_IN * len(names)
    figure = new_figure(1.2 + _PANEL_IN * down + bars_in, _WIDTH_IN)
    top, bottom = figure.subfigures(2, 1, height_ratios=[_PANEL_IN * down, bars_in], squeeze=False)[:, 0]
    until_ms = max(window(study).until_ms for study in studies)
    grid = top.subplots(down, across, sharey=True, squeeze=False).ravel()
    for axes, name, study in zip(grid, names, studies, strict=False):
        _small(axes, name, study, studies[0], until_ms)
    for axes in grid[len(names) :]:
        axes.set_axis_off()
    _outcomes(bottom.subplots(), names, studies)
    headline(figure, strategies_finding(comparison))
    counts = sorted({replications(study) for study in studies})
    footnote(
        figure,
        f"Curves: upgraded of targeted devices, shaded the 95 % interval, dotted {names[0]}. Bars: shares of all "
        f"devices. {' or '.join(counts).capitalize()}.",
    )
    return figure


def strategies_finding(comparison: Comparison) -> str:
    """Who upgrades most, and who bricks fewest where any does; how sure that is, the differences say."""
    names = [each["name"] for each in comparison.report["variants"]]
    metrics = [study.summary["metrics"] for study in comparison.studies]
    upgrades = [each["success_of_fleet"]["value"] or 0.0 for each in metrics]
    bricks = [each["outcome_bricked"]["value"] or 0.0 for each in metrics]
    text = (
        f"Most upgrades, {format_value(max(upgrades), 'share')} of all devices: {_who(names, upgrades, max(upgrades))}"
    )
    if not any(bricks):
        return f"{text}; no brick anywhere"
    return f"{text}; fewest bricks, {format_value(min(bricks), 'share')}: {_who(names, bricks, min(bricks))}"


def _who(names: Sequence[str], shares: Sequence[float], wanted: float) -> str:
    """Everybody whose share is the wanted one as it is told."""
    told = format_value(wanted, "share")
    found = [name for name, share in zip(names, shares, strict=True) if format_value(share, "share") == told]
    return "all" if len(found) == len(names) else listed(found)


def _small(axes: Axes, name: str, study: Study, baseline: Study, until_ms: int) -> None:
    unit, unit_ms = time_unit(until_ms)
    at_ms, others_ms = grid_ms(study), grid_ms(baseline)
    draw_upgraded(axes, study, at_ms <= until_ms, at_ms[at_ms <= until_ms] / unit_ms, "")
    whole = np.maximum(baseline.runs["targeted"].to_numpy(dtype=float), 1.0)[:, np.newaxis]
    shares = (100 * upgraded(baseline) / whole).mean(axis=0)
    axes.plot(others_ms / unit_ms, shares, color=DARK_GREY, ls=":", lw=1.2)
    success = study.summary["metrics"]["success_of_targeted"]["value"]
    axes.set_title(f"{shortened(name, _TITLE_IN, LABEL_PT)}\n{format_value(success, 'share')} of targeted")
    dress_shares(axes)
    axes.set_ylabel("")
    axes.set_xlim(0, until_ms / unit_ms)
    axes.set_xlabel(f"{unit} since activation", fontsize=SMALL_PT)


def _outcomes(axes: Axes, names: Sequence[str], studies: Sequence[Study]) -> None:
    """A bar of 100 % for each variant; parts that have room say how much they are."""
    shares = [{row["outcome"]: row["share"] or 0.0 for row in study.summary["outcomes"]} for study in studies]
    occurring = [outcome for outcome in _ORDER if any(each[outcome] for each in shares)]
    for y, each in enumerate(shares):
        left = 0.0
        for outcome in occurring:
            width = 100 * each[outcome]
            axes.barh(y, width, left=left, **_look(outcome), height=0.72)
            if width >= _ROOM_PCT:
                colour = ink_on(OUTCOME_COLOURS[outcome])
                text = format_value(each[outcome], "share")
                behind = {"fc": OUTCOME_COLOURS[outcome], "ec": "none", "pad": 1.5}
                middle = left + width / 2
                axes.text(middle, y, text, ha="center", va="center", color=colour, fontsize=SMALL_PT, bbox=behind)
            left += width
    axes.set_yticks(range(len(names)), [shortened(name, _TITLE_IN, SMALL_PT) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
    handles = [Patch(**_look(outcome), label=outcome_name(outcome)) for outcome in occurring]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=6)


def _look(outcome: str) -> dict[str, Any]:
    """Colour of a part, and a hatch for most, so that grey print tells them apart."""
    return {"fc": OUTCOME_COLOURS[outcome], "ec": "white", "lw": 0.6, "hatch": _HATCHES.get(outcome)}
