"""How devices ended, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from fota_sim.analysis.answers.wording import largest_text, number_text, outcome_text
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.style import Sheet, count_axis, footnote, headline, height_in, new_figure, styled
from fota_sim.report.figures.words import all_of, replications
from fota_sim.report.palette import BLACK, GREY, OUTCOME_COLOURS

MOST_BARS = 14
"""Rarer causes than these are drawn as one bar."""
_FEWEST_SLOTS = 3
"""Room is left for so many bars, so that a single one does not fill the picture."""
_BAR_IN, _WIDEST_IN, _BESIDE_IN = 0.36, 0.6, 1.6
"""Room for a bar, the most that it takes, and room for all that is no bar."""
_GOOD = ("upgraded", "already_on_target")


@styled
def causes_figure(study: Study) -> Figure:
    """How many devices ended how, and why."""
    figure = new_figure(causes_height_in(study))
    draw_causes(figure, study)
    return figure


def causes_finding(study: Study) -> str:
    """What kept most devices from the upgrade."""
    others = [row for row in study.summary["causes"] if row["outcome"] not in _GOOD]
    if not others:
        who = "Every" if study.summary["devices"] != 1 else "The one"
        return f"{who} device runs the target version"
    most = max(row["count"] for row in others)
    worst = [row for row in others if row["count"] == most]
    return f"Largest single {largest_text([_label(row) for row in worst], _of_all(worst[0]))}"


def draw_causes(sheet: Sheet, study: Study) -> None:
    """The whole figure, on a part of another one too."""
    axes = sheet.subplots()
    rows = _bars(study)
    count = study.summary["replications"]
    devices = np.array([row["count"] / count for row in rows], dtype=float)
    place, furthest = np.arange(len(rows)), 0.0
    axes.barh(place, devices, color=[OUTCOME_COLOURS.get(row["outcome"], GREY) for row in rows], height=0.7)
    for y, (row, mean) in enumerate(zip(rows, devices, strict=True)):
        ends = [] if row["interval"] is None else [bound * study.summary["devices"] for bound in row["interval"]]
        furthest = max([furthest, mean, *ends])
        axes.plot(ends, [y] * len(ends), color=BLACK, lw=1.2)
        text = f"{number_text(mean)}  ({format_value(row['share'], 'share')})"
        axes.annotate(text, (max([mean, *ends]), y), (5, 0), textcoords="offset points", va="center", ha="left")
    axes.set_yticks(place, [_label(row) for row in rows])
    slots = max(len(rows), (height_in(sheet) - _BESIDE_IN) / _WIDEST_IN)
    axes.set_ylim(slots - 0.5, -0.5)  # top down; few bars stay bars
    axes.set_xlim(0, max(1.4 * furthest, 1.0))
    count_axis(axes.xaxis)
    axes.set_xlabel("devices" if count == 1 else f"devices, {replications(study)}")
    headline(sheet, causes_finding(study))
    whole = f"Shares are of {all_of(study.summary['devices'], 'device')}"
    lines = "; black lines: 95 % intervals" if any(row["interval"] for row in rows) else ""
    footnote(sheet, f"{whole}{lines}.")


def causes_height_in(study: Study) -> float:
    """Room that the bars need."""
    return _BESIDE_IN + _BAR_IN * max(len(_bars(study)), _FEWEST_SLOTS)


def _bars(study: Study) -> list[dict[str, Any]]:
    """Outcomes with their causes; the rarest ones together, where there are too many."""
    rows: list[dict[str, Any]] = study.summary["causes"]
    if len(rows) <= MOST_BARS:
        return rows
    kept = sorted(range(len(rows)), key=lambda number: -rows[number]["count"])[: MOST_BARS - 1]
    rest = [row for number, row in enumerate(rows) if number not in kept]
    together = {
        "outcome": f"{len(rest)} rarer ones",
        "cause": "",
        "count": sum(row["count"] for row in rest),
        "share": sum(row["share"] for row in rest),
        "interval": None,
    }
    return [rows[number] for number in sorted(kept)] + [together]


def _of_all(row: dict[str, Any]) -> str:
    return f"{format_value(row['share'], 'share')} of all devices"


def _label(row: dict[str, Any]) -> str:
    return outcome_text(row["outcome"], row["cause"])
