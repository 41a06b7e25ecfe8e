"""Figures of a study. Each takes a study and returns a matplotlib Figure; nothing is shown or saved here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from fota_sim.analysis.intervals import FEWEST_REPLICATIONS, estimate
from fota_sim.analysis.rounding import format_duration, format_value
from fota_sim.analysis.study import Study
from fota_sim.report.palette import BLUE, GREEN, GREY, OUTCOME_COLOURS, SKY

MOST_BARS = 14
"""Rarer causes than these are drawn as one bar."""
_FEWEST_SLOTS = 5
"""Room is left for so many bars, so that a single one does not fill the picture."""
_POINTS = 501
"""Times at which the curves are worked out."""
_UNITS_MS = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000))


def overview_figure(study: Study) -> Figure:
    """Adoption on the left, outcomes by cause on the right."""
    figure = Figure(figsize=(14, max(5.0, _causes_height(study))), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_adoption(left, study)
    _draw_causes(right, study)
    return figure


def adoption_figure(study: Study) -> Figure:
    """The share of the targeted devices that is upgraded over time, with its 95 % band if there is one."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    _draw_adoption(figure.subplots(), study)
    return figure


def causes_figure(study: Study) -> Figure:
    """How many devices ended how, and why."""
    figure = Figure(figsize=(8, _causes_height(study)), layout="constrained")
    _draw_causes(figure.subplots(), study)
    return figure


def _draw_adoption(axes: Axes, study: Study) -> None:
    metrics = study.summary["metrics"]
    targeted = study.runs["targeted"].to_numpy(dtype=float)
    window_ms = _window_ms(study)
    at_ms = np.linspace(0, window_ms, _POINTS).astype(np.int64)
    unit, unit_ms = _time_unit(window_ms)
    time = at_ms / unit_ms
    everybody = np.full(len(targeted), float(study.summary["devices"]))
    for stage, column, colour, style in (
        ("contacted", "first_contact_ms", GREY, ":"),
        ("offered", "first_offer_ms", SKY, "--"),
    ):
        share = _shares(study, study.devices, column, at_ms, everybody)
        mean = share.mean(axis=0)
        axes.step(time, mean, where="post", color=colour, ls=style, lw=1.2, label=f"{stage}, of all")
    good = study.devices[study.devices["outcome"] == "upgraded"]  # not those that died later: as the summary counts
    upgraded = _shares(study, good, "upgraded_ms", at_ms, targeted)
    axes.step(time, upgraded.mean(axis=0), where="post", color=GREEN, lw=2.2, label="upgraded, of targeted")
    if len(upgraded) >= FEWEST_REPLICATIONS:
        band = np.array([_band(column) for column in upgraded.T])
        axes.fill_between(
            time, band[:, 0], band[:, 1], step="post", color=GREEN, alpha=0.25, lw=0, label="95 % interval"
        )
    for percent, style in ((50, "-"), (90, "-.")):
        reached_ms = metrics[f"time_to_{percent}_pct_ms"]["value"]
        if reached_ms is not None:
            label = f"{percent} % after {format_duration(reached_ms)}"
            axes.axvline(reached_ms / unit_ms, color=BLUE, ls=style, lw=1, label=label)
    axes.set_title(_adoption_title(study), loc="left", fontsize=11)
    horizon_ms = study.summary["horizon_ms"]
    cut = "" if window_ms == horizon_ms else f"; no upgrade from there to the horizon, {format_duration(horizon_ms)}"
    axes.set_xlabel(f"{unit} since the plan was activated{cut}")
    axes.set_ylabel("share of devices (%)")
    axes.set_xlim(0, time[-1])
    axes.set_ylim(0, 103)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False, fontsize=9)


def _adoption_title(study: Study) -> str:
    success = study.summary["metrics"]["success_of_targeted"]
    if success["value"] is None:
        return "The plan targets no device"
    text = f"{format_value(success['value'], 'share')} of targeted devices upgraded"
    if success["interval"] is not None:
        low, high = (format_value(bound, "share") for bound in success["interval"])
        text += f" (95 %: {low} to {high})"
    half_ms = study.summary["metrics"]["time_to_50_pct_ms"]["value"]
    return text + (f"\nhalf of the targeted within {format_duration(half_ms)}" if half_ms is not None else "")


def _draw_causes(axes: Axes, study: Study) -> None:
    rows = _bars(study)
    replications = study.summary["replications"]
    counts = np.array([row["count"] / replications for row in rows], dtype=float)
    place = np.arange(len(rows))
    axes.barh(place, counts, color=[OUTCOME_COLOURS.get(row["outcome"], GREY) for row in rows], height=0.7)
    for y, (row, count) in enumerate(zip(rows, counts, strict=True)):
        text = f" {count:,.{0 if count == int(count) else 1}f}  ({format_value(row['share'], 'share')})"
        axes.text(count, y, text, va="center", ha="left", fontsize=9)
    axes.set_yticks(place, [_bar_label(row) for row in rows], fontsize=9)
    axes.set_ylim(max(len(rows), _FEWEST_SLOTS) - 0.5, -0.5)  # top down; few bars stay bars
    axes.set_xlim(0, max(counts.max(initial=0.0) * 1.35, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.set_xlabel("devices" if replications == 1 else f"devices, mean of {replications} replications")
    axes.set_title(_causes_title(study), loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)


def _causes_title(study: Study) -> str:
    """What kept most devices from the upgrade; shares are of all devices."""
    devices = study.summary["devices"]
    whole = f"shares of all {devices:,} device{'' if devices == 1 else 's'}"
    good = {"upgraded", "already_on_target"}
    others = [row for row in study.summary["causes"] if row["outcome"] not in good]
    if not others:
        return f"Every device runs the target version\n{whole}"
    worst = max(others, key=lambda row: row["count"])
    return f"Most frequent loss, {format_value(worst['share'], 'share')}:\n{_bar_label(worst)}\n{whole}"


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
    }
    return [rows[number] for number in sorted(kept)] + [together]


def _bar_label(row: dict[str, Any]) -> str:
    outcome = str(row["outcome"]).replace("_", " ")
    return f"{outcome}: {row['cause']}" if row["cause"] else outcome


def _causes_height(study: Study) -> float:
    """Inches that the bars need."""
    return max(3.0, 1.5 + 0.36 * len(_bars(study)))


def _shares(
    study: Study, devices: pd.DataFrame, column: str, at_ms: NDArray[np.int64], whole: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Per cent of ``whole`` (one number per replication) whose time in ``column`` has come, to the ms.

    Shape (replications, times).
    """
    rows = []
    for replication in study.runs["replication"]:
        times = devices.loc[devices["replication"] == replication, column].dropna().to_numpy(dtype=np.int64)
        rows.append(np.searchsorted(np.sort(times), at_ms, side="right"))
    return 100 * np.array(rows, dtype=float) / np.maximum(whole, 1)[:, np.newaxis]


def _window_ms(study: Study) -> int:
    """How much of the horizon is shown: to a little after the last upgrade, or all where that saves little."""
    horizon_ms = int(study.summary["horizon_ms"])
    good = study.devices.loc[study.devices["outcome"] == "upgraded", "upgraded_ms"].dropna()
    last_ms = int(good.max()) if len(good) else horizon_ms
    shown_ms = max(1, round(1.15 * last_ms))
    return shown_ms if shown_ms < 0.7 * horizon_ms else horizon_ms


def _band(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval in per cent; without width where all replications agree."""
    found = estimate(values.tolist(), 0.0, 100.0)
    return found.interval or (float(values[0]), float(values[0]))


def _time_unit(horizon_ms: int) -> tuple[str, int]:
    """The largest unit of which the horizon has at least two."""
    fits = [unit for unit in _UNITS_MS if horizon_ms >= 2 * unit[1]]
    return fits[0] if fits else _UNITS_MS[-1]
