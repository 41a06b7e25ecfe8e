"""Figures: each takes a result and returns a matplotlib Figure; nothing is shown or saved here."""

from fota_sim.report.figures.adoption import adoption_figure
from fota_sim.report.figures.battery_signal import battery_signal_figure
from fota_sim.report.figures.belief import belief_figure
from fota_sim.report.figures.causes import causes_figure
from fota_sim.report.figures.cost import cost_figure
from fota_sim.report.figures.differences import differences_figure
from fota_sim.report.figures.funnel import funnel_figure
from fota_sim.report.figures.overview import overview_figure
from fota_sim.report.figures.strategies import strategies_figure
from fota_sim.report.figures.throughput import throughput_figure
from fota_sim.report.figures.time_to_upgrade import time_to_upgrade_figure
from fota_sim.report.figures.timeline import timeline_figure
from fota_sim.report.heatmap import sweep_figure
from fota_sim.report.pareto import pareto_figure
from fota_sim.report.tornado import tornado_figure

__all__ = [
    "adoption_figure",
    "battery_signal_figure",
    "belief_figure",
    "causes_figure",
    "cost_figure",
    "differences_figure",
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
