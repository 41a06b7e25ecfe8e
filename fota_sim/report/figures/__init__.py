"""Figures: each takes a result and returns a matplotlib Figure; nothing is shown or saved here.

===================  =========================================================================
``overview``         the first look at a run
``strategies``       variants side by side: how each is adopted, and how its devices end
``timeline``         what happened to the plan, and when: waves, abort rules, the operator; above it, how far the
                     upgrade was
``adoption``         how the rollout went on: the share of devices that is upgraded, over time
``throughput``       how fast it went, beside what limits it: upgrades per hour, downloads at once, bit rate
``time_to_upgrade``  how long devices took until they were upgraded, group by group
``battery_signal``   how often upgrades fail, by the battery and the signal that a device has
``belief``           what the platform believes of its devices, against what became of them
``causes``           how devices ended, and why
``cost``             what the rollout cost: bytes and energy, and how much of them for nothing
``differences``      how variants differ from the baseline, metric by metric, with intervals
``funnel``           from the whole fleet to the upgraded devices: where the others went
``heatmap``          a metric over the axes of a sweep: a line, a heat map, small heat maps, or samples as points
``pareto``           the trials of a search and their Pareto front, with what fresh luck made of it
``time_axis``        time since activation as an axis: which part is shown, in which unit, and where it is night
``fan``              a rollout under way: seen so far, and the fan of what may follow
``beside``           the log of a real rollout beside the simulation that was fitted to it
``tornado``          which assumptions matter, as bars: the strongest on top
``curves``           what a study counts over time, as arrays of shape (replications, times)
``scripts``          letters of any script, by a font that has them, or a note
``style``            how every figure looks: sizes, fonts, what is left out, and text that never runs out of the picture
``words``            pieces of sentences that several figures say
``png``              a figure as a PNG file
``fleet_file``       what a file of devices holds: signal, battery, age of contacts, versions, and how much of each is
                     missing
===================  =========================================================================
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from matplotlib.figure import Figure

from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.run.study import Study
from fota_sim.errors import FotaSimError
from fota_sim.report.figures.adoption import adoption_figure
from fota_sim.report.figures.battery_signal import battery_signal_figure
from fota_sim.report.figures.belief import belief_figure
from fota_sim.report.figures.causes import causes_figure
from fota_sim.report.figures.cost import cost_figure
from fota_sim.report.figures.differences import differences_figure
from fota_sim.report.figures.funnel import funnel_figure
from fota_sim.report.figures.heatmap import sweep_figure
from fota_sim.report.figures.overview import overview_figure
from fota_sim.report.figures.pareto import pareto_figure
from fota_sim.report.figures.strategies import strategies_figure
from fota_sim.report.figures.throughput import throughput_figure
from fota_sim.report.figures.time_to_upgrade import time_to_upgrade_figure
from fota_sim.report.figures.timeline import timeline_figure
from fota_sim.report.figures.tornado import tornado_figure

__all__ = [
    "OF_COMPARISONS",
    "OF_RUNS",
    "adoption_figure",
    "battery_signal_figure",
    "belief_figure",
    "causes_figure",
    "cost_figure",
    "differences_figure",
    "figure_named",
    "funnel_figure",
    "overview_figure",
    "pareto_figure",
    "strategies_figure",
    "sweep_figure",
    "throughput_figure",
    "time_to_upgrade_figure",
    "timeline_figure",
    "tornado_figure",
]

Of = TypeVar("Of")

OF_RUNS: Mapping[str, Callable[[Study], Figure]] = {
    "overview": overview_figure,
    "adoption": adoption_figure,
    "causes": causes_figure,
    "funnel": funnel_figure,
    "battery_signal": battery_signal_figure,
    "throughput": throughput_figure,
    "time_to_upgrade": time_to_upgrade_figure,
    "cost": cost_figure,
    "timeline": timeline_figure,
    "belief": belief_figure,
}
"""Figures of a run by name, in the order to look at them."""

OF_COMPARISONS: Mapping[str, Callable[[Comparison], Figure]] = {
    "strategies": strategies_figure,
    "differences": differences_figure,
}
"""Figures of a comparison by name."""


def figure_named(figures: Mapping[str, Callable[[Of], Figure]], name: str) -> Callable[[Of], Figure]:
    """The function of this name; raises FotaSimError that lists the names."""
    if name not in figures:
        raise FotaSimError(f"there is no figure {name!r}; there are {', '.join(figures)}")
    return figures[name]
