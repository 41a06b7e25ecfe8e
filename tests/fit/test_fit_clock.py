"""A log that begins with the first night's push is of a plan that was activated on the morning before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EVERYTHING, View
from fota_sim.learning.beside import beside
from fota_sim.learning.classes import classes_of
from fota_sim.learning.fitting import fit
from fota_sim.learning.shares import Count, gone_of
from fota_sim.learning.trials import Trials, as_long_as, on_another_clock, on_the_clock
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.templates import template_named

YEAR_S = 365.0 * 86_400.0
WITHOUT_OFFERS = replace(EVERYTHING, times=EVERYTHING.times - {"offered_s"})


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    text = template_named("meters").text.replace("count: 2000", "count: 400")
    return parse_scenario(text, Path("meters.yaml"), ["horizon=2d", "plan.starts=1h"])


def exported(scenario: Scenario, view: View) -> Histories:
    """What a platform has that writes down its first offer, or none, and nothing of the hours before."""
    whole = next(Trials(scenario, "compiled", view, number=7_000).play([{}]))[0]
    if "offered_s" not in view.times:
        return whole
    first_s = float(np.nanmin(whole.frame["download_s"]))
    frame = whole.frame.assign(offered_s=np.maximum(whole.frame["offered_s"], first_s))
    return replace(whole, frame=frame, began_s=first_s)


@pytest.mark.parametrize("view", [EVERYTHING, WITHOUT_OFFERS])
def test_simulated_rollouts_go_on_until_the_log_ends_on_the_clock(scenario: Scenario, view: View) -> None:
    log = exported(scenario, view)
    assert as_long_as(log, scenario, "") == pytest.approx(scenario.horizon)
    learnt = fit(log, scenario, engine="compiled", workers=1, trials=60)
    assert [each for each in learnt.doubts if "begin" in each] == []
    shown = beside(learnt, workers=1)
    assert shown.outside < 0.2


def test_a_device_that_refused_was_reached_though_nobody_says_when(scenario: Scenario) -> None:
    log = exported(scenario, WITHOUT_OFFERS)
    refused = log.ended(End.REFUSED)
    assert refused.sum() > 5
    bare = replace(log, frame=log.frame.assign(contact_s=log.frame["contact_s"].mask(refused)))
    classes = classes_of(log, scenario)
    (gone,) = gone_of(scenario, classes, log)
    assert isinstance(gone, Count)
    assert gone.count(bare, classes) == gone.count(log, classes)


def test_a_log_of_another_year_begins_with_its_plan_and_that_is_told(scenario: Scenario) -> None:
    log = exported(scenario, EVERYTHING)
    later = replace(log, began_s=log.began_s + YEAR_S, until_s=log.until_s + YEAR_S)
    assert on_the_clock(later, scenario, "") is later
    assert as_long_as(later, scenario, "") == pytest.approx(3600.0 + log.until_s - log.began_s)
    assert "Write when the plan was activated as start:" in on_another_clock(later, scenario, "")
    assert on_another_clock(log, scenario, "") == ""
