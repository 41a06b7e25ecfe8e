"""How variants differ from the baseline, metric by metric, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.compare.sentences import same, signed
from fota_sim.analysis.numbers.rounding import si_scale
from fota_sim.quoting import number_of
from fota_sim.report.figures.style import SMALL_PT, footnote, headline, new_figure, shortened, styled
from fota_sim.report.palette import BLACK, BLUE, GREY, LIGHT_GREY, VERMILION
from fota_sim.report.time_unit import time_unit
from fota_sim.scenario.metrics import BETTER

_ROW_IN, _TIGHT_IN = 0.27, 0.2
_MANY = 60
"""Rows; more stand closer."""
_PANEL_IN = 1.0
"""Of each panel, for what is not a row."""
_LABEL_IN = 2.9
_WIDTH_IN = 10.5
_ENDS = ("difference", "low_simultaneous", "high_simultaneous")
Row = Mapping[str, Any]


@styled
def differences_figure(comparison: Comparison) -> Figure:
    """A panel for each unit, a row for each metric and candidate: the difference to the baseline and its interval."""
    report = comparison.report
    rows, silent = _telling(report["differences"])
    panels = _panels(rows)
    alone = len(report["variants"]) == 2
    lines = [_lines(each, alone) for each in panels.values()]
    row_in = _ROW_IN if sum(map(len, lines)) <= _MANY else _TIGHT_IN
    heights = [_PANEL_IN + row_in * len(each) for each in lines]
    figure = new_figure(1.4 + sum(heights), _WIDTH_IN)
    grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, unit, each in zip(grid, panels, lines, strict=True):
        _draw(axes, unit, each)
    grid[0].legend(handles=_handles(), loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4)
    headline(figure, differences_finding(report))
    footnote(figure, _footing(report, silent))
    return figure


def differences_finding(report: Mapping[str, Any]) -> str:
    """How many differences are shown, and of how many."""
    rows = report["differences"]
    shown = sum(row["shown"] for row in rows)
    names = [each["name"] for each in report["variants"][1:]]
    who = names[0] if len(names) == 1 else count_of(len(names), "variant")
    return f"{who} against {report['baseline']}: {shown} of {count_of(len(rows), 'difference')} shown"


def _telling(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """Rows of the metrics in which variants differ, and the labels of the others; all rows where none differs."""
    by_metric: dict[str, list[Row]] = {}
    for row in rows:
        by_metric.setdefault(row["metric"], []).append(row)
    kept = [each for each in by_metric.values() if not all(same(row) or _reached_by_none(row) for row in each)]
    if not kept:
        return list(rows), []
    return [row for each in kept for row in each], [each[0]["label"] for each in by_metric.values() if each not in kept]


def _reached_by_none(row: Row) -> bool:
    return bool(row["candidate_reached"] == row["baseline_reached"] == 0)


def _panels(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by unit, in the order in which the units come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["unit"], []).append(row)
    return found


def _lines(rows: Sequence[Row], alone: bool) -> list[tuple[str, Row | None]]:
    """Labels and rows from top to bottom; with several candidates each metric has a line of its own above them."""
    if alone:
        return [(row["label"], row) for row in rows]
    found: list[tuple[str, Row | None]] = []
    for metric in dict.fromkeys(row["metric"] for row in rows):
        mine = [row for row in rows if row["metric"] == metric]
        found += [(mine[0]["label"], None), *((row["candidate"], row) for row in mine)]
    return found


def _draw(axes: Axes, unit: str, lines: Sequence[tuple[str, Row | None]]) -> None:
    factor, name = _scale(unit, [row for _, row in lines if row is not None])
    axes.axvline(0, color=GREY, lw=0.9)
    for y, (_, row) in enumerate(lines):
        if row is None:
            continue
        told = "the same" if same(row) else signed(row, "difference") if row["difference"] is not None else _why(row)
        axes.annotate(told, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL_PT)
        if row["difference"] is None:
            continue
        value = row["difference"] / factor
        colour = _colour(row)
        if row["low"] is not None:
            ends = [row[key] / factor for key in ("low_simultaneous", "high_simultaneous")]
            axes.plot(ends, [y, y], color=LIGHT_GREY, lw=1.2)
            axes.plot([row["low"] / factor, row["high"] / factor], [y, y], color=colour, lw=3, solid_capstyle="butt")
        marker = "x" if row["low"] is None else "s" if colour == VERMILION else "o"
        axes.plot(value, y, marker, color=colour, mfc=colour if row["shown"] else "white", ms=6, mew=1.4)
    axes.set_yticks(range(len(lines)), [shortened(label, _LABEL_IN, SMALL_PT) for label, _ in lines])
    for tick, (_, row) in zip(axes.get_yticklabels(), lines, strict=True):
        tick.set_fontweight("bold" if row is None else "normal")
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    low, high = axes.get_xlim()
    most = max(abs(low), abs(high))
    axes.set_xlim(min(low, -0.1 * most), max(high, 0.1 * most))
    whole = {f" of {row['of']:,.0f} {row['of_text'].removeprefix('all ')}" for _, row in lines if row and row["of"]}
    axes.set_xlabel(f"difference to the baseline ({name}{whole.pop() if len(whole) == 1 else ''})")


def _colour(row: Row) -> str:
    """By whether the difference is shown, and to which side."""
    if not row["shown"]:
        return GREY
    side = BETTER.get(row["metric"])
    if side is None:
        return BLACK
    return BLUE if (row["difference"] > 0) == (side == "more") else VERMILION


def _scale(unit: str, rows: Sequence[Row]) -> tuple[float, str]:
    """What to divide by, and the unit then: such that the largest end of a panel is short."""
    ends = [row[key] for row in rows for key in _ENDS if row[key] is not None]
    largest = max(map(abs, ends), default=0.0)
    if unit == "share":
        return 0.01, "percentage points"
    if unit == "ms":
        name, unit_ms = time_unit(int(largest))
        return float(unit_ms), name
    return si_scale(largest, unit) if unit in ("B", "J") else (1.0, unit)


def _why(row: Row) -> str:
    """Why there is no difference to draw."""
    reached = [
        f"{row[f'{who}_reached']} of {row[count]}" for who, count in (("candidate", "n"), ("baseline", "baseline_n"))
    ]
    return f"reached: {reached[0]} against {reached[1]}"


def _handles() -> list[Line2D]:
    return [
        Line2D([], [], color=BLUE, marker="o", lw=3, label="better, shown"),
        Line2D([], [], color=VERMILION, marker="s", lw=3, label="worse, shown"),
        Line2D([], [], color=GREY, marker="o", mfc="white", lw=3, label="not shown at this precision"),
        Line2D([], [], color=GREY, marker="x", lw=0, label="no interval"),
    ]


def _footing(report: Mapping[str, Any], silent: Sequence[str]) -> str:
    count = report["comparisons"]
    paired = all(row["paired"] for row in report["differences"])
    how = "the same fleet with the same luck, paired by replication" if paired else "not all runs are paired"
    runs = sorted({each["replications"] for each in report["variants"]})
    some = number_of(runs[0], "replication") if len(runs) == 1 else f"{runs[0]} to {runs[-1]} replications"
    left_out = f" Left out, since no variant differs: {'; '.join(silent)}." if silent else ""
    return (
        f"{some}, {how}. Right of zero: more than the baseline. Thick lines: 95 % intervals; thin: those "
        f"that hold all {count} together. Shown: adjusted for all {count} comparisons (Holm), p is below 5 %.{left_out}"
    )
