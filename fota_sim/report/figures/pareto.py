"""The trials of a search and their Pareto front, with what fresh luck made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.quoting import number_of
from fota_sim.report.figures.style import footnote, headline, legend_above, new_figure, styled
from fota_sim.report.palette import BLACK, BLUE, LIGHT_GREY, SKY, VERMILION
from fota_sim.scenario.metrics import spoken

_SI = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_UNITS_MS = ((2 * 86_400_000, 86_400_000, "days"), (2 * 3_600_000, 3_600_000, "hours"), (0, 60_000, "minutes"))

Place = tuple[float, float]
Placing = Callable[[dict[str, Any]], Place | None]
"""From the figures of a point to its place in the picture; None where it has none."""


@styled
def pareto_figure(found: dict[str, Any], trials: Sequence[dict[str, Any]]) -> Figure:
    """The first two objectives against each other; with one objective, it against the first constraint's metric.

    ``found``: of analysis/tune/verdict.py; ``trials``: rows with each metric's mean and ``allowed``.
    """
    figure = new_figure(6.4)
    axes = figure.subplots()
    across, up = _axes(found)
    scale_x, label_x = _scale(found, trials, across)
    scale_y, label_y = _scale(found, trials, up)

    def place(figures: dict[str, Any]) -> Place | None:
        x, y = figures[across]["value"], figures[up]["value"]
        return None if x is None or y is None else (x / scale_x, y / scale_y)

    for allowed, colour, text in ((False, LIGHT_GREY, "trial, breaks a constraint"), (True, SKY, "trial")):
        dots = [row for row in trials if row["allowed"] is allowed and None not in (row[across], row[up])]
        if dots:
            xs, ys = [row[across] / scale_x for row in dots], [row[up] / scale_y for row in dots]
            axes.scatter(xs, ys, s=22, color=colour, label=text)
    front = sorted(found["front"], key=lambda row: row["tuned"][across]["value"] or 0)
    line = [where for row in front if (where := place(row["tuned"])) is not None]
    axes.plot([x for x, _ in line], [y for _, y in line], "o-", color=BLUE, ms=5, lw=1, label="front, as tuned")
    for row in front:
        before, after = place(row["tuned"]), None if row["fresh"] is None else place(row["fresh"])
        if before is not None and after is not None:
            axes.plot([before[0], after[0]], [before[1], after[1]], color=BLUE, lw=0.7, ls=":")
    _cross(axes, [row["fresh"] for row in front if row["fresh"]], place, (across, up), (scale_x, scale_y))
    _marks(axes, found, place)
    axes.set_xlabel(label_x)
    axes.set_ylabel(label_y)
    legend_above(axes)
    headline(figure, tuning_finding(found))
    footnote(figure, _footing(found))
    return figure


def _axes(found: dict[str, Any]) -> tuple[str, str]:
    """Metrics of the two axes; one alone is drawn against itself."""
    objectives = [each["metric"] for each in found["objectives"]]
    others = [metric for metric in found["baseline"]["fresh"] if metric not in objectives]
    metrics = [*objectives, *others]
    return metrics[0], metrics[min(1, len(metrics) - 1)]


def _cross(
    axes: Axes,
    rows: Sequence[dict[str, Any]],
    place: Placing,
    metrics: tuple[str, str],
    scales: tuple[float, float],
) -> None:
    """Fresh figures with their intervals both ways."""
    label: str | None = "front on fresh luck, 95 % intervals"
    for figures in rows:
        where = place(figures)
        if where is None:
            continue
        x, y = where
        axes.plot(x, y, "D", color=VERMILION, ms=5, label=label)
        label = None
        for number, (metric, scale) in enumerate(zip(metrics, scales, strict=True)):
            interval = figures[metric]["interval"]
            if interval is None:
                continue
            ends = [end / scale for end in interval]
            axes.plot(ends if number == 0 else [x, x], [y, y] if number == 0 else ends, color=VERMILION, lw=1)


def _marks(axes: Axes, found: dict[str, Any], place: Placing) -> None:
    where = place(found["baseline"]["fresh"])
    if where is not None:
        axes.plot(*where, "s", color=BLACK, ms=8, label="scenario as it is, fresh luck")
    for row in found["front"]:
        if row["trial"] == found["recommended"]:
            where = place(row["fresh"])
            if where is not None:
                axes.plot(*where, "*", mfc="none", mec=BLACK, ms=20, label=_starred(found, row))


def _starred(found: dict[str, Any], row: dict[str, Any]) -> str:
    """What the star stands for: where the scenario is left as it is, no trial is to be taken."""
    return f"{found.get('left_as_it_is') or 'recommended'}: trial {row['trial']}"


def tuning_finding(found: dict[str, Any]) -> str:
    """What the recommended trial reaches on fresh luck, and what the scenario as it is; or that none is confirmed."""
    chosen = next((row for row in found["front"] if row["trial"] == found["recommended"]), None)
    if chosen is None:
        return "No trial is confirmed by fresh luck, so none is recommended"
    if left := found.get("left_as_it_is"):
        why = left.replace("not shown", "is not shown")
        return f"The scenario as it is, for trial {chosen['trial']}, the best that is no worse, {why}"
    parts = []
    for aim in found["objectives"]:
        now, before = (row["fresh"][aim["metric"]]["value"] for row in (chosen, found["baseline"]))
        values = [format_value(value, aim["unit"]) for value in (now, before)]
        parts.append(f"{spoken(aim['label'])} {values[0]} instead of {values[1]}")
    return f"Trial {chosen['trial']} is recommended: {'; '.join(parts)}"


def _footing(found: dict[str, Any]) -> str:
    aims = " and ".join(f"{each['direction']} {each['label']}" for each in found["objectives"])
    kept = f", keeping {', '.join(found['constraints'])}" if found["constraints"] else ""
    size = f"{number_of(found['trials'], 'trial')} of {number_of(found['replications'], 'replication')}"
    return f"{found['scenario']}: {aims}{kept}. {size}; fresh luck: {found['fresh_replications']} further ones."


def _scale(found: dict[str, Any], trials: Sequence[dict[str, Any]], metric: str) -> tuple[float, str]:
    """What to divide by, and the axis's label with its unit."""
    label, unit = found["metrics"][metric]["label"], found["metrics"][metric]["unit"]
    largest = max((row[metric] for row in trials if row[metric] is not None), default=1.0)
    if unit == "share":
        return 0.01, f"{label} (%)"
    if unit == "ms":
        size, name = next((size, name) for least, size, name in _UNITS_MS if largest >= least)
        return size, f"{label} ({name})"
    if unit in ("B", "J"):
        factor, prefix = next(((size, prefix) for size, prefix in _SI if largest >= size), (1.0, ""))
        return factor, f"{label} ({prefix}{unit})"
    return 1.0, f"{label} ({unit})"
