"""Figures of a study. Each takes a study and returns a matplotlib Figure; nothing is shown or saved here."""

from __future__ import annotations

from typing import Any

import numpy as np
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
    at_ms = np.unique(study.timeseries["at_ms"].to_numpy(dtype=np.int64))
    unit, unit_ms = _time_unit(int(at_ms[-1]))
    time = at_ms / unit_ms
    for stage, colour, style in (("contacted", GREY, ":"), ("offered", SKY, "--")):
        share = _shares(study, stage, np.full(len(targeted), float(study.summary["devices"])))
        mean = share.mean(axis=0)
        axes.step(time, mean, where="post", color=colour, ls=style, lw=1.2, label=f"{stage}, of all")
    upgraded = _upgraded_shares(study, at_ms, targeted)
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
    axes.set_xlabel(f"{unit} since the plan was activated")
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
    axes.invert_yaxis()
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
    return f"Most frequent loss: {_bar_label(worst)}, {format_value(worst['share'], 'share')}\n{whole}"


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


def _shares(study: Study, stage: str, whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per cent of ``whole`` (one number per replication) at ``stage``, shape (replications, times)."""
    table = study.timeseries.pivot(index="replication", columns="at_ms", values=stage)
    return 100 * table.to_numpy(dtype=float) / np.maximum(whole, 1)[:, np.newaxis]


def _upgraded_shares(study: Study, at_ms: NDArray[np.int64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per cent of ``whole`` upgraded by each time, shape (replications, times).

    Counts devices whose outcome is upgraded, so the curve ends at the summary's number; the time series also counts
    those that died later.
    """
    good = study.devices[study.devices["outcome"] == "upgraded"]
    rows = []
    for replication in study.runs["replication"]:
        times = good.loc[good["replication"] == replication, "upgraded_ms"].dropna().to_numpy(dtype=np.int64)
        rows.append(np.searchsorted(np.sort(times), at_ms, side="right"))
    return 100 * np.array(rows, dtype=float) / np.maximum(whole, 1)[:, np.newaxis]


def _band(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval in per cent; without width where all replications agree."""
    found = estimate(values.tolist(), 0.0, 100.0)
    return found.interval or (float(values[0]), float(values[0]))


def _time_unit(horizon_ms: int) -> tuple[str, int]:
    """The largest unit of which the horizon has at least two."""
    fits = [unit for unit in _UNITS_MS if horizon_ms >= 2 * unit[1]]
    return fits[0] if fits else _UNITS_MS[-1]
