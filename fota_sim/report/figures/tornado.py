"""Which assumptions matter, as bars: the strongest on top."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.report.figures.style import footnote, headline, new_figure, styled
from fota_sim.report.palette import BLACK, BLUE, GREY, ORANGE
from fota_sim.scenario.metrics import spoken
from fota_sim.scenario.plain_names import plain_name, plain_value

MOST_BARS = 12
"""Weaker ones are left out, and the title says so."""
_UNITS_MS = ((2 * 86_400_000, 86_400_000, "days"), (2 * 3_600_000, 3_600_000, "hours"), (0, 60_000, "minutes"))
_SI = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@styled
def tornado_figure(found: dict[str, Any]) -> Figure:
    """One panel for each metric of analysis/sensitivity/effects.py: bars with 95 % intervals."""
    metrics = [metric for metric in found["metrics"].values() if not metric["note"]]
    silent = [f"{metric['label']}: {metric['note']}" for metric in found["metrics"].values() if metric["note"]]
    bars = max(1, min(MOST_BARS, max((len(metric["rows"]) for metric in metrics), default=1)))
    across = 1 if len(metrics) == 1 else 2
    down = max(1, -(-len(metrics) // across))
    figure = new_figure(0.5 + (1.9 + 0.36 * bars) * down + 0.2 * len(silent), 8.0 * across)
    headline(figure, sensitivity_finding(found))
    if silent:
        footnote(figure, "\n".join(silent))
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for axes, metric in zip(panels, metrics, strict=False):
        if found["method"] == "oat":
            _one_at_a_time(axes, metric)
        elif found["method"] == "morris":
            _morris(axes, metric)
        else:
            _sobol(axes, metric)
    for axes in panels[len(metrics) :]:
        axes.set_axis_off()
    return figure


def sensitivity_finding(found: dict[str, Any]) -> str:
    """Which parameter moves each metric most, as far as any does; and where its interval does not show that."""
    strongest: dict[str, list[str]] = {}
    for metric in found["metrics"].values():
        if not metric["note"]:
            first = metric["rows"][0]
            strongest.setdefault(plain_name(first["path"]) + _doubt(first), []).append(spoken(metric["label"]))
    if not strongest:
        return "None of the parameters changes a metric"
    return "Largest effects: " + "; ".join(f"{path} on {' and '.join(labels)}" for path, labels in strongest.items())


def _doubt(row: dict[str, Any]) -> str:
    """What to add where one end at a time was tried, and the intervals of both ends hold zero."""
    intervals = [row[f"{end}_interval"] for end in ("low", "high") if row.get(f"{end}_interval") is not None]
    held = [low <= 0 <= high for low, high in intervals]
    return " (not shown at this precision)" if held and all(held) else ""


def _one_at_a_time(axes: Axes, metric: dict[str, Any]) -> None:
    rows = [row for row in metric["rows"] if _strength(row) > 0][:MOST_BARS]
    scale, unit = _scale(metric["unit"], _strength(rows[0]))
    for place, row in enumerate(rows):
        for end, colour, offset in (("low", BLUE, -0.18), ("high", ORANGE, 0.18)):
            effect = row[f"{end}_effect"]
            if effect is None:
                continue
            label = f"at its {end} end" if not place else None
            axes.barh(place + offset, effect / scale, color=colour, height=0.34, label=label)
            interval = row[f"{end}_interval"]
            if interval is not None:
                axes.plot([bound / scale for bound in interval], [place + offset] * 2, color=BLACK, lw=1.2)
    labels = [_ends(row) for row in rows]
    _dress(axes, labels)
    axes.axvline(0, color=GREY, lw=0.8)
    base = metric["base"]["value"]
    said = "not reached" if base is None else format_value(base, metric["unit"])
    axes.set_xlabel(f"change ({unit}), lines: 95 % intervals")
    left_out = sum(_strength(row) > 0 for row in metric["rows"]) - len(rows)
    more = f"; {left_out} weaker ones left out" if left_out > 0 else ""
    axes.set_title(f"{metric['label']}\nscenario as it is: {said}{more}", loc="left", fontsize=11)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)


def _ends(row: dict[str, Any]) -> str:
    """What was varied, and between what."""
    return f"{plain_name(row['path'])}\n{plain_value(row['low'])} … {plain_value(row['high'])}"


def _morris(axes: Axes, metric: dict[str, Any]) -> None:
    rows = metric["rows"][:MOST_BARS]
    scale, unit = _scale(metric["unit"], rows[0]["mu_star"])
    for place, row in enumerate(rows):
        label = "mean size of the effect (mu*)" if not place else None
        axes.barh(place, row["mu_star"] / scale, color=BLUE, height=0.6, label=label)
        ends = (max(0.0, row["mu_star"] - row["mu_star_conf"]), row["mu_star"] + row["mu_star_conf"])
        axes.plot([end / scale for end in ends], [place, place], color=BLACK, lw=1.2)
        axes.plot(
            row["sigma"] / scale, place, "D", color=ORANGE, ms=5, label="its spread (sigma)" if not place else None
        )
    _dress(axes, [_ends(row) for row in rows])
    axes.set_xlabel(f"effect of the whole range ({unit}), lines: 95 % intervals")
    axes.set_title(f"{metric['label']}\nelementary effects (Morris)", loc="left", fontsize=11)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)


def _sobol(axes: Axes, metric: dict[str, Any]) -> None:
    rows = metric["rows"][:MOST_BARS]
    for place, row in enumerate(rows):
        for name, colour, offset, text in (
            ("total", BLUE, -0.18, "with its interactions (total)"),
            ("first", ORANGE, 0.18, "alone (first order)"),
        ):
            axes.barh(place + offset, row[name], color=colour, height=0.34, label=text if not place else None)
            ends = [row[name] - row[f"{name}_conf"], row[name] + row[f"{name}_conf"]]
            axes.plot(ends, [place + offset] * 2, color=BLACK, lw=1.2)
    _dress(axes, [_ends(row) for row in rows])
    axes.axvline(0, color=GREY, lw=0.8)
    axes.set_xlabel("share of the variance, lines: 95 % intervals")
    axes.set_title(f"{metric['label']}\nSobol indices", loc="left", fontsize=11)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)


def _dress(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_ylim(max(len(labels), 3) - 0.5, -0.5)


def _strength(row: dict[str, Any]) -> float:
    known = [row[f"{end}_effect"] for end in ("low", "high") if row[f"{end}_effect"] is not None]
    return max((abs(effect) for effect in known), default=-1.0)


def _scale(unit: str, largest: float) -> tuple[float, str]:
    """What to divide by so that ticks are short, and the unit then."""
    if unit == "share":
        return 0.01, "percentage points"
    if unit == "ms":
        return next((size, name) for least, size, name in _UNITS_MS if largest >= least)
    if unit in ("B", "J"):
        return next(((size, prefix + unit) for size, prefix in _SI if largest >= size), (1.0, unit))
    return 1.0, unit
