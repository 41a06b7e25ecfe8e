"""How often upgrades fail, by the battery and the signal that a device has."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.battery_signal import BATTERY_STEP_PCT, FAILURES, SIGNAL_STEP_DB
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.style import footnote, headline, new_figure, styled
from fota_sim.report.palette import BLACK, DARK_GREY, FAINT_GREY, VERMILION
from fota_sim.scenario.model import Scenario

CSQ_FLOOR_DBM = -113
"""A minimum that every reading of AT+CSQ passes (rules/radio.py)."""
COLOURS = "cividis"
FEW = 30
"""Ended upgrades in a cell, all replications together, below which its share is mostly luck: half an interval of one
device in ten is then 10 percentage points."""
_LEAST_SCALE = 0.05
"""The colours end at this share at least, so that a rare failure does not look like a frequent one."""


class Grid(NamedTuple):
    """Counts by cell, shape (battery cells, signal cells), all replications together."""

    battery_pct: list[float]
    """Lower edges; NaN, the last, for mains-powered devices."""
    rssi_dBm: list[float]
    devices: NDArray[np.float64]
    ended: NDArray[np.float64]
    failures: NDArray[np.float64]


@styled
def battery_signal_figure(study: Study) -> Figure:
    """The share of ended upgrades that failed, over battery and signal, with the plan's minimums as lines."""
    grid = cells(study)
    figure = new_figure(max(3.4, 2.6 + 0.17 * len(grid.battery_pct)))
    axes = figure.subplots()
    with np.errstate(invalid="ignore"):
        share = np.where(grid.ended > 0, grid.failures / grid.ended, np.nan)
    enough = grid.ended >= FEW
    known = share[enough if enough.any() else grid.ended > 0]  # where all cells are few, the scale is theirs
    highest = max([_LEAST_SCALE, *known])
    colours = Normalize(0, highest)
    _draw_cells(axes, grid, share, colours)
    _draw_gates(axes, study, grid)
    axes.set_xlabel(f"mean signal (dBm), in steps of {SIGNAL_STEP_DB} dB")
    axes.set_ylabel("battery at the start")
    handles = [Patch(fc="white", ec=DARK_GREY, hatch="///", label=f"fewer than {FEW} ended upgrades")]
    handles.append(Patch(fc=FAINT_GREY, label="devices, but no upgrade ended"))
    lines, _ = axes.get_legend_handles_labels()
    axes.legend(handles=[*handles, *lines], loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2)
    extend = "max" if np.nanmax(share, initial=0.0) > highest else "neither"
    scale = figure.colorbar(
        ScalarMappable(colours, COLOURS), ax=axes, label="share that failed", shrink=0.9, extend=extend
    )
    scale.locator = MaxNLocator(nbins=6, steps=[1, 2, 5, 10])
    scale.ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    headline(figure, battery_signal_finding(study))
    count = study.summary["replications"]
    together = "" if count == 1 else f", {count} replications together"
    footnote(
        figure,
        "Failed, rolled back or bricked, of the devices whose upgrade ended well or badly"
        f" ({count_of(float(grid.ended.sum()), 'device')}{together}).",
    )
    return figure


def cells(study: Study) -> Grid:
    """The counts on a grid without gaps, from the weakest signal and the lowest battery up."""
    found = study.battery_signal
    if found.empty:
        return Grid([0.0], [0.0], *(np.zeros((1, 1)) for _ in range(3)))
    batteries = found["battery_pct"].dropna()
    pct: list[float] = []
    if len(batteries):
        pct = np.arange(batteries.min(), batteries.max() + 1, BATTERY_STEP_PCT, dtype=float).tolist()
    dBm = [float(low) for low in np.arange(found["rssi_dBm"].min(), found["rssi_dBm"].max() + 1, SIGNAL_STEP_DB)]
    rows = [*pct, np.nan] if found["battery_pct"].isna().any() else pct
    up = found["battery_pct"].map({low: number for number, low in enumerate(pct)}).fillna(len(pct)).astype(int)
    right = ((found["rssi_dBm"] - dBm[0]) / SIGNAL_STEP_DB).astype(int)

    def counts(values: pd.Series) -> NDArray[np.float64]:
        grid = np.zeros((len(rows), len(dBm)))
        np.add.at(grid, (up.to_numpy(), right.to_numpy()), values.to_numpy(dtype=float))
        return grid

    bad = found[list(FAILURES)].sum(axis=1)
    return Grid(rows, dBm, counts(found["devices"]), counts(bad + found["upgraded"]), counts(bad))


def battery_signal_finding(study: Study) -> str:
    """The share that failed, and the cell or cells where most do, of those with enough upgrades to tell."""
    grid = cells(study)
    ended = float(grid.ended.sum())
    if not ended:
        return "No upgrade came to an end, so there is no share of failures"
    failed = float(grid.failures.sum())
    if ended == 1:
        return f"The one ended upgrade {'failed' if failed else 'succeeded'}"
    if failed in (0, ended):
        return f"{'All' if failed else 'None of the'} {count_of(ended, 'ended upgrade')} failed"
    whole = f"{format_value(failed / ended, 'share')} of the ended upgrades failed"
    enough = grid.ended >= FEW
    if not enough.any():
        return whole
    share = np.where(enough, grid.failures / np.maximum(grid.ended, 1), -1.0)
    if share.max() == 0:
        return whole
    rows, columns = np.nonzero(share == share.max())  # several, mostly where all fail
    low_pct = grid.battery_pct[rows[0]]
    battery = "mains power" if np.isnan(low_pct) else f"{low_pct:.0f} to {low_pct + BATTERY_STEP_PCT:.0f} % battery"
    signals = [grid.rssi_dBm[column] for column in columns]
    signal = f"{min(signals):.0f} to {max(signals) + SIGNAL_STEP_DB:.0f} dBm".replace("-", "−")
    place = f"{signal} and {battery}" if len(rows) == 1 else f"{signal}, in {len(rows):,} of {enough.sum():,} cells"
    most = format_value(float(share.max()), "share")
    return f"{whole}; most, where at least {FEW} ended, at {place}: {most}"


def _draw_cells(axes: Axes, grid: Grid, share: NDArray[np.float64], colours: Normalize) -> None:
    paint = colormaps[COLOURS]
    bottoms = _bottoms(grid)
    size = (SIGNAL_STEP_DB, BATTERY_STEP_PCT)
    for (row, column), devices in np.ndenumerate(grid.devices):
        if not devices:
            continue
        corner = (grid.rssi_dBm[column], bottoms[row])
        ended = grid.ended[row, column]
        colour = paint(colours(share[row, column])) if ended else FAINT_GREY
        axes.add_patch(Rectangle(corner, *size, fc=colour, ec="white", lw=0.5))
        if 0 < ended < FEW:
            axes.add_patch(Rectangle(corner, *size, fc="none", ec="white", lw=0, hatch="///"))
    lowest, highest = grid.rssi_dBm[0], grid.rssi_dBm[-1] + SIGNAL_STEP_DB
    room = max(0.0, 30 - (highest - lowest)) / 2  # a few cells stay cells
    axes.set_xlim(lowest - room, highest + room)
    axes.set_ylim(bottoms[0] - 1, bottoms[-1] + BATTERY_STEP_PCT + 1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    _label_rows(axes, grid, bottoms)


def _label_rows(axes: Axes, grid: Grid, bottoms: list[float]) -> None:
    step = 10 if len(bottoms) < 12 else 20
    ticks = {low: f"{low:.0f} %" for low in grid.battery_pct if low % step == 0}
    if np.isnan(grid.battery_pct[-1]):
        ticks[bottoms[-1] + BATTERY_STEP_PCT / 2] = "on mains"
    axes.set_yticks(list(ticks), list(ticks.values()))


def _bottoms(grid: Grid) -> list[float]:
    """Lower edge of each row as drawn; mains-powered devices stand apart, on top."""
    known = [pct for pct in grid.battery_pct if not np.isnan(pct)]
    if len(known) == len(grid.battery_pct):
        return known
    return [*known, (known[-1] if known else 0.0) + 2 * BATTERY_STEP_PCT]


def _draw_gates(axes: Axes, study: Study, grid: Grid) -> None:
    """A line for each minimum; plans that have the same share one."""
    for (least_pct, who), plans in _minimums(study, _least_battery).items():
        if not all(np.isnan(grid.battery_pct)):
            axes.set_ylim(min(axes.get_ylim()[0], least_pct - 2), axes.get_ylim()[1])
            axes.axhline(least_pct, color=BLACK, lw=1.6, label=f"minimum battery {least_pct:.0f} %{plans} ({who})")
    for (least_dBm, who), plans in _minimums(study, _least_signal).items():
        low, high = axes.get_xlim()
        axes.set_xlim(min(low, least_dBm - 1), max(high, least_dBm + 1))
        signal = f"{least_dBm:.0f} dBm".replace("-", "−")
        axes.axvline(least_dBm, color=VERMILION, lw=1.6, ls="--", label=f"minimum signal {signal}{plans} ({who})")


def _minimums(study: Study, of: Callable[[Scenario], tuple[float, str]]) -> dict[tuple[float, str], str]:
    """Each minimum with who compares, and whose plans it is; nothing where it is that of all."""
    plans: dict[tuple[float, str], list[str]] = {}
    for one in study.scenario.each_plan:
        plans.setdefault(of(one), []).append(one.plan_name)
    return {least: "" if len(plans) == 1 else f" of {listed(names)}" for least, names in plans.items()}


def _least_battery(one: Scenario) -> tuple[float, str]:
    return 100 * one.plan.strategy.min_battery, _who(one)


def _least_signal(one: Scenario) -> tuple[float, str]:
    least = one.plan.strategy.min_signal
    return least, "everybody passes" if least <= CSQ_FLOOR_DBM else _who(one)


def _who(one: Scenario) -> str:
    return "the host compares" if one.plan.strategy.enforced_by == "device" else "the platform compares"
