"""A metric over the axes of a sweep: a line, a heat map, small heat maps, or samples as points."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from fota_sim.analysis.answers.sweep import point_text
from fota_sim.analysis.answers.wording import count_of
from fota_sim.analysis.numbers.metrics import SHARE
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.sweep.choice import SweepChoice, choose_point
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.report.figures.style import LABEL_PT, WIDTH_IN, broken, footnote, headline, new_figure, styled
from fota_sim.report.palette import BLACK, BLUE, LIGHT_GREY, ink_on
from fota_sim.scenario.metrics import BETTER, spoken
from fota_sim.scenario.plain_names import plain_name, plain_value

COLOURS = "cividis"
"""Even in lightness for every reader (Nunez, Anderton and Renslow, 2018)."""
MOST_TEXTS = 120
"""Cells that still have room for their number."""
MOST_PANELS = 12
"""Small heat maps in one figure; more are too small to read."""
_BEST, _TIED = "*", "D"
"""Markers of the best point, and of those with the same mean."""
_LABEL_IN = 2.6
"""Room for a line of the label of a colour scale, which stands upright beside it."""
_BESIDE = 0.27
"""How far above the number of its cell a marker stands, in cells."""


Marks = Mapping[str, str]
"""Marker by the id of a point."""


@styled
def sweep_figure(sweep: Sweep, metric: str) -> Figure:
    """The metric over the sweep's axes, the best point marked; raises KeyError if no run has a metric of this name."""
    of = sweep.metric(metric)
    rows = sweep.surface.query("metric == @metric")
    axes = [each.path for each in sweep.plan.spec.axes]
    choice = choose_point(sweep, metric) if metric in BETTER else None
    marks = _marks(choice)
    if sweep.plan.spec.way != "grid":
        figure = _samples(sweep, rows, axes, metric, marks)
    elif len(axes) == 1:
        figure = _line(sweep, rows, axes[0], metric, marks)
    else:
        figure = _maps(sweep, rows, axes, metric, marks)
    headline(figure, sweep_finding(sweep, metric, choice))
    whole = f"Share of {of.denominator_text}. " if of.unit == SHARE else ""
    count = sweep.plan.replications
    runs = f"Mean of {count} replications" if count > 1 else "One replication"
    footnote(figure, f"{sweep.plan.name}. {whole}{runs}.{_about_marks(sweep, metric, choice)}")
    return figure


def sweep_finding(sweep: Sweep, metric: str, choice: SweepChoice | None) -> str:
    """The best value and where it is; ``choice`` is None for a metric without a better side.

    It is the value of what points are compared by, which is not always what is drawn (analysis/sweep/choice.py).
    """
    of = sweep.metric(metric)
    if choice is None:
        return f"{spoken(of.label)} over {' and '.join(plain_name(each.path) for each in sweep.plan.spec.axes)}"
    if choice.point is None or choice.mean is None:
        none_keeps = choice.judged and not choice.kept
        why = "no point is shown to keep every threshold" if none_keeps else "no point has a mean"
        return f"{spoken(of.label)}: {why}, so none is recommended"
    side = "Highest" if BETTER[choice.metric] == "more" else "Lowest"
    compared = sweep.metric(choice.metric)
    also = f"; {count_of(len(choice.tied), 'other point')} the same" if choice.tied else ""
    value = format_value(choice.mean.value, compared.unit)
    return f"{side} {spoken(compared.label)}: {value} at {point_text(choice.point)}{also}"


def _marks(choice: SweepChoice | None) -> Marks:
    if choice is None or choice.point is None:
        return {}
    return {**{point.id: _TIED for point in choice.tied}, choice.point.id: _BEST}


def _about_marks(sweep: Sweep, metric: str, choice: SweepChoice | None) -> str:
    if choice is None or choice.point is None:
        return ""
    count = len(sweep.plan.points)
    among = f"{choice.kept} of {count} points that keep every threshold" if choice.judged else f"all {count} points"
    ties = "; diamonds: the same mean" if choice.tied else ""
    instead = (
        "" if choice.metric == metric else f" in {spoken(sweep.metric(choice.metric).label)}, as not equally many begin"
    )
    return f" Star: the best of {among}{instead}{ties}."


def _mark(axes: Axes, places: Mapping[str, tuple[float, float]], marks: Marks) -> None:
    """Markers at the places of points, by their ids."""
    for id_, marker in marks.items():
        if id_ in places:
            axes.plot(*places[id_], marker, mfc="white", mec=BLACK, mew=1.2, ms=14 if marker == _BEST else 7, zorder=5)


def _scaled(sweep: Sweep, metric: str, values: Any) -> tuple[Any, str]:
    """Values as they are drawn, and the label of their scale."""
    of = sweep.metric(metric)
    numbers = np.asarray(values, dtype=float)
    if of.unit == SHARE:
        return 100 * numbers, f"{of.label} (%)"
    if of.unit == "ms":
        return numbers / 3_600_000, f"{of.label} (h)"
    return numbers, of.label if of.unit == "" or of.unit in of.label else f"{of.label} ({of.unit})"


def _axis_label(sweep: Sweep, path: str) -> str:
    unit = sweep.plan.units.get(path, "")
    name = plain_name(path)
    return f"{name} ({unit})" if unit else name


def _line(sweep: Sweep, rows: pd.DataFrame, path: str, metric: str, marks: Marks) -> Figure:
    figure = new_figure(5.4)
    axes = figure.subplots()
    numeric = path in sweep.plan.units
    rows = rows.sort_values(path) if numeric else rows
    place = rows[path] if numeric else np.arange(len(rows))
    mean, label = _scaled(sweep, metric, rows["mean"])
    low, _ = _scaled(sweep, metric, rows["low"].fillna(rows["mean"]))
    high, _ = _scaled(sweep, metric, rows["high"].fillna(rows["mean"]))
    if numeric:
        axes.plot(place, mean, color=BLUE, marker="o", lw=1.8)
        if rows["low"].notna().any():
            axes.fill_between(place, low, high, color=BLUE, alpha=0.25, lw=0, label="95 % interval")
            axes.legend(frameon=False)
    else:
        axes.errorbar(place, mean, [mean - low, high - mean], color=BLUE, marker="o", ls="", capsize=4)
        axes.set_xticks(place, [str(value) for value in rows[path]])
    _mark(axes, dict(zip(rows["point"], zip(place, mean, strict=True), strict=True)), marks)
    axes.set_xlabel(_axis_label(sweep, path))
    axes.set_ylabel(label)
    return figure


def _maps(sweep: Sweep, rows: pd.DataFrame, paths: list[str], metric: str, marks: Marks) -> Figure:
    """The first axis upwards and the second to the right; each combination of the others has a panel."""
    up, right, *others = paths
    levels = [list(dict.fromkeys(rows[path])) for path in others]
    panels = list(itertools.product(*levels))
    shown = panels[:MOST_PANELS]
    across = 1 if len(shown) == 1 else 2 if len(shown) <= 4 else 3
    down = -(-len(shown) // across)
    rights, ups = rows[right].nunique(), rows[up].nunique()
    size = (max(5.0, 1.8 + 0.85 * rights), max(3.6, 1.6 + 0.5 * ups))
    shrink = 1.0 if across == 1 else 0.75
    figure = new_figure(down * size[1] * shrink + 0.9, max(WIDTH_IN, across * size[0] * shrink))
    grid = figure.subplots(down, across, squeeze=False)
    values, label = _scaled(sweep, metric, rows["mean"])
    finite = values[np.isfinite(values)]
    colours = Normalize(finite.min(), finite.max()) if len(finite) else Normalize(0, 1)
    for place, panel in itertools.zip_longest(grid.flat, shown):
        if panel is None:
            place.set_visible(False)
            continue
        here = rows
        for path, level in zip(others, panel, strict=True):
            here = here[here[path] == level]
        _map(place, sweep, here, (up, right), metric, colours, marks)
        if panel:
            told = zip(others, panel, strict=True)
            text = ", ".join(f"{path.rsplit('.', 1)[-1]} {_text(sweep, path, level)}" for path, level in told)
            place.set_title(text, fontsize=9, loc="left")
    if len(panels) > len(shown):
        figure.text(0.99, 0.005, f"{len(panels) - len(shown)} more combinations are in surface.parquet", ha="right")
    scale = figure.colorbar(ScalarMappable(colours, COLOURS), ax=grid, shrink=0.9)
    scale.set_label(broken(label, _LABEL_IN, LABEL_PT))
    if colours.vmax is not None and colours.vmax >= 1000:
        scale.formatter = StrMethodFormatter("{x:,.0f}")
    return figure


def _map(
    axes: Axes,
    sweep: Sweep,
    rows: pd.DataFrame,
    paths: tuple[str, str],
    metric: str,
    colours: Normalize,
    marks: Marks,
) -> None:
    up, right = paths
    ups, rights = (_levels(sweep, path) for path in paths)
    cells = np.full((len(ups), len(rights)), np.nan)
    for _, row in rows.iterrows():
        cells[ups.index(row[up]), rights.index(row[right])] = np.nan if row["mean"] is None else row["mean"]
    drawn, _ = _scaled(sweep, metric, cells)
    axes.set_facecolor(LIGHT_GREY)
    axes.imshow(drawn, origin="lower", aspect="auto", cmap=COLOURS, norm=colours)
    if cells.size <= MOST_TEXTS:
        unit, paint = sweep.metric(metric).unit, colormaps[COLOURS]
        for (y, x), value in np.ndenumerate(cells):
            ink = ink_on(paint(colours(drawn[y, x]))) if np.isfinite(value) else BLACK
            text = format_value(value, unit).replace(f" {unit}", "") if np.isfinite(value) else "–"
            axes.text(x, y - 0.1, text, ha="center", va="center", fontsize=8, color=ink)
    places = {row["point"]: (rights.index(row[right]), ups.index(row[up]) + _BESIDE) for _, row in rows.iterrows()}
    _mark(axes, places, marks)
    axes.set_xticks(range(len(rights)), [_text(sweep, right, level, False) for level in rights], fontsize=9)
    axes.set_yticks(range(len(ups)), [_text(sweep, up, level, False) for level in ups], fontsize=9)
    axes.set_xlabel(_axis_label(sweep, right), fontsize=9)
    axes.set_ylabel(_axis_label(sweep, up), fontsize=9)


def _levels(sweep: Sweep, path: str) -> list[Any]:
    from fota_sim.analysis.sweep.sweep import axis_values

    found = list(dict.fromkeys(axis_values(sweep.plan, point.labels)[path] for point in sweep.plan.points))
    return sorted(found) if path in sweep.plan.units else found


def _text(sweep: Sweep, path: str, level: Any, with_unit: bool = True) -> str:
    if path not in sweep.plan.units:
        return plain_value(level)
    return plain_value(f"{level:g}{sweep.plan.units[path] if with_unit else ''}").replace("-", "−")


def _samples(sweep: Sweep, rows: pd.DataFrame, paths: list[str], metric: str, marks: Marks) -> Figure:
    """One panel for each axis, every sample a point in each."""
    figure = new_figure(4.9, max(WIDTH_IN, 4.2 * len(paths) + 0.8))
    grid = figure.subplots(1, len(paths), sharey=True, squeeze=False)
    values, label = _scaled(sweep, metric, rows["mean"])
    for axes, path in zip(grid.flat, paths, strict=True):
        levels = _levels(sweep, path)
        numeric = path in sweep.plan.units
        across = rows[path] if numeric else [levels.index(each) for each in rows[path]]
        axes.scatter(across, values, s=18, color=BLUE)
        _mark(axes, dict(zip(rows["point"], zip(across, values, strict=True), strict=True)), marks)
        if not numeric:
            axes.set_xticks(range(len(levels)), levels)
        axes.set_xlabel(_axis_label(sweep, path), fontsize=9)
    grid[0, 0].set_ylabel(label)
    return figure
