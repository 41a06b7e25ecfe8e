"""One at a time, Morris and Sobol find the parameter that matters, on common luck."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from lab_world import lab

from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.sensitivity.effects import design, sensitivity
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.report.figures.tornado import tornado_figure

STRONG, IDLE = "plan.strategy.min_battery", "hosts.careful.mcu_flash_rate"
METRICS = ("success_of_targeted", "time_to_99_pct_ms", "outcome_refused")


def found_by(method: str, samples: int, replications: int, *more: str) -> dict[str, Any]:
    scenario = lab(*more)
    parameters = [parse_vary(f"{IDLE}=10kB/s..30kB/s", scenario), parse_vary(f"{STRONG}=10%..90%", scenario)]
    plan = design(scenario, parameters, method, samples, seed=1)
    return sensitivity(plan, METRICS, replications, HowToPlay(engine="compiled", workers=1))


@pytest.fixture(scope="module")
def one_at_a_time() -> dict[str, Any]:
    return found_by("oat", 0, 5)


def test_the_strong_parameter_comes_first_and_the_idle_one_does_nothing(one_at_a_time: dict[str, Any]) -> None:
    strong, idle = one_at_a_time["metrics"]["success_of_targeted"]["rows"]
    assert strong["path"] == STRONG
    assert strong["high_interval"][1] < 0 < strong["low_interval"][0]
    assert idle["low_effect"] == idle["high_effect"] == 0  # common luck: exactly nothing, not nearly


def test_a_metric_that_the_scenario_does_not_reach_has_a_note_and_no_effects(one_at_a_time: dict[str, Any]) -> None:
    assert "no value" in one_at_a_time["metrics"]["time_to_99_pct_ms"]["note"]


@pytest.mark.parametrize(("method", "samples", "strength"), [("morris", 4, "mu_star"), ("sobol", 8, "total")])
def test_screening_finds_the_same(method: str, samples: int, strength: str) -> None:
    found = found_by(method, samples, 1)
    strong, idle = found["metrics"]["outcome_refused"]["rows"]
    assert (strong["path"], idle["path"]) == (STRONG, IDLE)
    assert strong[strength] > 0.1
    assert idle[strength] == 0
    assert found["points"] == {"morris": 4 * 3, "sobol": 8 * 4}[method]
    assert found == found_by(method, samples, 1)  # the same seed, the same design
    picture = BytesIO()
    tornado_figure(found).savefig(picture)
    assert picture.getvalue().startswith(b"\x89PNG")


def test_the_tornado_has_a_panel_for_each_metric_that_moves(one_at_a_time: dict[str, Any]) -> None:
    figure = tornado_figure(one_at_a_time)
    titles = [axes.get_title(loc="left").splitlines()[0] for axes in figure.axes if axes.get_title(loc="left")]
    assert titles == ["upgraded, of targeted", "refused by the host, of all devices"]
