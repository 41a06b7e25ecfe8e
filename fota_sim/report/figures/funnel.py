"""From the whole fleet to the upgraded devices: where the others went."""

from __future__ import annotations

from matplotlib.figure import Figure

from fota_sim.analysis.answers.wording import largest_text, number_text
from fota_sim.analysis.numbers.funnel import Step, funnel_steps, largest, outcome_of
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.style import SMALL_PT, count_axis, footnote, headline, new_figure, styled
from fota_sim.report.figures.words import all_of, replications
from fota_sim.report.palette import DARK_GREY, LIGHT_GREY, OUTCOME_COLOURS

_RARE = ("already_on_target", "cancelled", "in_progress")
"""Drawn only where they occur."""


@styled
def funnel_figure(study: Study) -> Figure:
    """A bar for the fleet, one for each way to be lost, and what is left: the upgraded devices."""
    steps = funnel(study)
    figure = new_figure(1.5 + 0.36 * len(steps))
    axes = figure.subplots()
    fleet = max(steps[0].devices, 1.0)
    for y, step in enumerate(steps):
        colour = OUTCOME_COLOURS[outcome_of(step.name)] if step.name else LIGHT_GREY
        axes.barh(y, step.devices, left=step.begins, color=colour, height=0.7)
        if y < len(steps) - 1:
            axes.plot([step.left] * 2, [y - 0.35, y + 1.35], color=DARK_GREY, lw=0.8)
        axes.annotate(number_text(step.devices), (1.13 * fleet, y), ha="right", va="center")
        axes.annotate(format_value(step.share, "share"), (1.26 * fleet, y), ha="right", va="center")
    axes.set_yticks(range(len(steps)), [step.label for step in steps])
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_xlim(0, 1.26 * fleet)
    count_axis(axes.xaxis)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= fleet])
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_bounds(0, fleet)
    axes.set_xlabel("devices", x=0.5 / 1.26, fontsize=SMALL_PT)
    headline(figure, funnel_finding(study))
    footnote(figure, f"Shares are of {all_of(study.summary['devices'], 'device')}; {replications(study)}.")
    return figure


def funnel(study: Study) -> list[Step]:
    """The rows from the fleet down to the upgraded, means over replications, without what is rare and did not occur."""
    summary = study.summary
    rows = ((row["outcome"], row["cause"], row["count"]) for row in summary["causes"])
    steps = funnel_steps(float(summary["devices"]), rows, summary["replications"])
    return [step for step in steps if step.devices or step.name not in _RARE]


def funnel_finding(study: Study) -> str:
    """How much of the fleet is upgraded, and what took most of the others."""
    fleet, *losses, good = funnel(study)
    share = format_value(good.share, "share")
    runs = study.summary["replications"]
    text = f"{share} of {all_of(fleet.devices, 'device')} upgraded"
    if fleet.devices == 1:
        text = f"The one device upgraded in {share} of {runs} replications"
    if fleet.devices == runs == 1:
        text = f"The one device is {'upgraded' if good.devices else 'not upgraded'}"
    most = largest(losses)
    if not most:
        return f"{text}, none is lost on the way"
    return f"{text}; largest {largest_text([step.label for step in most], format_value(most[0].share, 'share'))}"
