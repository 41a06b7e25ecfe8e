from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures import adoption_figure, causes_figure, overview_figure
from fota_sim.report.figures.causes import MOST_BARS
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.scenario.loader import parse_scenario

TEMPLATE = Path(__file__).parents[2] / "fota_sim" / "scenario" / "templates" / "plugs.yaml"


def a_study(count: int, replications: int = 1, *more: str) -> Study:
    source = TEMPLATE.read_text(encoding="utf-8")
    overrides = [f"fleet.groups[0].count={count}", f"replications={replications}", *more]
    return run_study(parse_scenario(source, TEMPLATE, overrides), source, None)


@pytest.mark.parametrize(("count", "replications"), [(1, 1), (20, 5)])
def test_every_figure_can_be_drawn(count: int, replications: int) -> None:
    study = a_study(count, replications)
    for figure in (overview_figure(study), adoption_figure(study), causes_figure(study)):
        picture = BytesIO()
        figure.savefig(picture)
        assert picture.getvalue().startswith(b"\x89PNG")


def test_the_title_tells_the_number_of_the_summary() -> None:
    study = a_study(20)
    share = study.summary["metrics"]["success_of_targeted"]["value"]
    assert f"{100 * share:.2f} %" in adoption_figure(study).get_suptitle()


def test_the_curve_ends_at_the_number_of_the_summary_even_if_devices_die_later() -> None:
    dying = "packages[0].defects=[{name: flash, effect: dies_later, probability: 50%}]"
    study = a_study(40, 1, dying)
    assert (study.devices["cause"] == "died after the update").any()
    assert study.timeseries["upgraded"].max() == study.summary["metrics"]["success_of_targeted"]["numerator"]
    lines = {line.get_label(): line for line in adoption_figure(study).axes[0].get_lines()}
    end = float(lines["upgraded, of targeted devices"].get_ydata()[-1])
    assert end == pytest.approx(100 * study.summary["metrics"]["success_of_targeted"]["value"])


def test_a_plan_that_reaches_nobody_still_has_a_picture() -> None:
    study = a_study(5, 1, "fleet.groups[0].gone=100%")
    assert "0.00 %" in adoption_figure(study).get_suptitle()
    causes_figure(study).savefig(BytesIO())


def test_rare_causes_are_drawn_together() -> None:
    pairs = [(outcome, cause) for outcome in OUTCOMES[2:5] for cause in CAUSES[1:9]]
    causes: list[dict[str, Any]] = [
        {"outcome": outcome, "cause": cause, "count": k + 1, "share": (k + 1) / 300, "interval": None}
        for k, (outcome, cause) in enumerate(pairs)
    ]
    summary = {"causes": causes, "devices": 300, "replications": 1}
    study = Study(a_study(5).scenario, summary, {}, None)
    axes = causes_figure(study).axes[0]
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert len(labels) == MOST_BARS
    assert labels[-1] == f"{len(pairs) - MOST_BARS + 1} rarer ones"


def test_the_curve_fills_the_picture_and_the_axis_says_what_is_left_out() -> None:
    study = a_study(40)
    axes = adoption_figure(study).axes[0]
    line = next(line for line in axes.get_lines() if line.get_label() == "upgraded, of targeted devices")
    flat_from = float(line.get_xdata()[line.get_ydata().argmax()])
    assert flat_from >= 0.8 * axes.get_xlim()[1]
    assert "no upgrade comes later, before the horizon of 3 days" in axes.get_xlabel()
