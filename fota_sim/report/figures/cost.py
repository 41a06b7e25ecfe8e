"""What the rollout cost: bytes and energy, and how much of them for nothing."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fota_sim.analysis.answers.money import amount_text, money_text
from fota_sim.analysis.answers.wording import wasted_text
from fota_sim.analysis.numbers.rounding import format_value, si_scale
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.style import footnote, headline, new_figure, styled
from fota_sim.report.figures.words import replications, share_with_interval
from fota_sim.report.palette import BLACK, GREEN, ORANGE, PURPLE, SKY, YELLOW
from fota_sim.scenario.metrics import COST, COST_PARTS

_PARTS = (
    ("bytes sent", "bytes_sent", "bytes_wasted", "bytes_wasted_share", "B"),
    ("energy of the devices", "energy_J", "energy_wasted_J", "energy_wasted_share", "J"),
)


@styled
def cost_figure(study: Study) -> Figure:
    """Bytes sent and energy spent, each with the part that came to nothing; above them costs, if there are prices."""
    metrics = study.summary["metrics"]
    priced = COST in metrics
    figure = new_figure(6.3 if priced else 4.2)
    every = figure.subplots(3 if priced else 2, 1)
    if priced:
        _money(every[0], metrics)
        every = every[1:]
    for axes, (name, whole, wasted, share, unit) in zip(every, _PARTS, strict=True):
        _bars(axes, metrics[whole], metrics[wasted], unit)
        lost = metrics[share]
        said = "" if lost["value"] is None else f": {share_with_interval(lost, 'wasted')}"
        axes.set_title(f"{name}{said}", fontweight="normal")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.01, -0.55), ncols=2)
    headline(figure, cost_finding(study))
    each = metrics["energy_per_upgraded_J"]["value"]
    per = "" if each is None else f" Energy per upgraded device: {format_value(each, 'J')}."
    footnote(figure, f"Of the whole fleet, {replications(study)}. Wasted: on downloads that came to nothing.{per}")
    return figure


def _money(axes: Axes, metrics: dict[str, Any]) -> None:
    """The parts of the cost beside each other, each with what it is for; the line is the interval of the whole."""
    whole, begins = metrics[COST], 0.0
    for part, color in zip(COST_PARTS.values(), (SKY, ORANGE, GREEN, YELLOW, PURPLE), strict=True):
        if part.cost in metrics:
            value = metrics[part.cost]["value"]
            text = f"{part.noun} {amount_text(value)}"
            axes.barh(0, value, left=begins, color=color, height=0.6, ec="white", lw=0.5, label=text)
            begins += value
    ends = whole["interval"]
    if ends is not None:
        axes.plot(ends, [0, 0], color=BLACK, lw=1.2)
    most = max([begins, *(ends or ())])
    axes.annotate(money_text(whole["value"], whole["unit"]), (most, 0), (6, 0), textcoords="offset points", va="center")
    axes.set_xlim(0, most * 1.3 or 1.0)
    axes.set_ylim(-0.5, 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(whole["unit"])
    axes.set_title("cost of the rollout", fontweight="normal")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.01, -0.55), ncols=4)


def cost_finding(study: Study) -> str:
    """Costs, where there are prices; else bytes and energy, with the share of each that was wasted."""
    metrics = study.summary["metrics"]
    if COST in metrics:
        whole = metrics[COST]
        return f"The rollout costs {money_text(whole['value'], whole['unit'], whole['interval'])}"
    if not metrics["bytes_sent"]["value"]:
        return f"Nothing was sent; {format_value(metrics['energy_J']['value'], 'J')} of energy spent"
    parts = [
        f"{format_value(metrics[whole]['value'], unit)}{what}, {wasted_text(metrics, part)}"
        for what, whole, part, unit in (
            (" sent", "bytes_sent", "bytes", "B"),
            (" of energy", "energy_J", "energy", "J"),
        )
    ]
    return "; ".join(parts)


def _bars(axes: Axes, whole: dict[str, Any], wasted: dict[str, Any], unit: str) -> None:
    factor, name = si_scale(whole["value"], unit)
    total, lost = whole["value"] / factor, wasted["value"] / factor
    axes.barh(0, total - lost, color=SKY, height=0.6, label="useful")
    axes.barh(0, lost, left=total - lost, color=ORANGE, height=0.6, hatch="////", ec="white", lw=0, label="wasted")
    if whole["interval"] is not None:
        axes.plot([end / factor for end in whole["interval"]], [0, 0], color=BLACK, lw=1.2)
    ends = [total] if whole["interval"] is None else [total, whole["interval"][1] / factor]
    text = f"{format_value(whole['value'], unit)},\n{format_value(wasted['value'], unit)} wasted"
    axes.annotate(text, (max(ends), 0), (6, 0), textcoords="offset points", va="center")
    axes.set_xlim(0, max(ends) * 1.3 or 1.0)
    axes.set_ylim(-0.5, 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(name)
