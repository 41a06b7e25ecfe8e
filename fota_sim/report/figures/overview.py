"""The first look at a run."""

from __future__ import annotations

from matplotlib.figure import Figure

from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.adoption import draw_adoption
from fota_sim.report.figures.causes import causes_height_in, draw_causes
from fota_sim.report.figures.style import new_figure, styled


@styled
def overview_figure(study: Study) -> Figure:
    """Adoption on the left, outcomes by cause on the right."""
    figure = new_figure(max(5.4, causes_height_in(study)), 15.0)
    left, right = figure.subfigures(1, 2, squeeze=False)[0]
    draw_adoption(left, study)
    draw_causes(right, study)
    return figure
