"""The explorer shows what a report of the same run shows: it counts nothing of its own."""

from pathlib import Path

import numpy as np
import pytest
from explore_world import a_source

from fota_sim.analysis.answers.wording import share_text
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.curves import band
from fota_sim.analysis.run.outline import outline
from fota_sim.analysis.run.outlined import play_outlined
from fota_sim.analysis.run.study import Study
from fota_sim.engines.choice import REFERENCE, load
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.playing import play_on
from fota_sim.report.explore.plots.adoption import Adoption
from fota_sim.report.explore.plots.funnel import Funnel, played_steps
from fota_sim.report.explore.plots.gates import Gates
from fota_sim.report.explore.plots.load import Load
from fota_sim.report.explore.share import commands_of, said_html
from fota_sim.report.explore.source import open_source
from fota_sim.report.figures.battery_signal import cells
from fota_sim.report.figures.curves import upgraded
from fota_sim.report.figures.funnel import funnel
from fota_sim.report.figures.throughput import throughput_finding

RUNS = 5
FEW = ["fleet.groups.meters.count=40", "fleet.groups.gateways.count=10", "packages.gateway-3.files[0].size=100kB"]


def test_of_several_plans_the_one_is_counted_that_is_explored() -> None:
    source = open_source("scenarios/two_products.yaml", FEW, plan="meters")
    scenario = source.scenario()
    [whole] = [outline(load(REFERENCE)(scenario, 0), terms_of(scenario))]
    found = play_on(REFERENCE, plan=source.plan)(scenario, 0, lambda _, __: None)
    assert found.measured == whole.plans["meters"].measured
    answer = Answer(1, Played(scenario, (found,), plan="meters"), None)
    assert "%" in Adoption().show(answer)
    assert "lines: the gates" in Gates().show(answer)
    assert "of the server's 60 connections" in Load().show(answer)
    assert "targeted devices are upgraded" in said_html(answer)
    assert commands_of(source, [], None)[0].startswith("fota-sim explore scenarios/two_products.yaml --plan meters ")


def test_a_plan_of_a_fleet_that_shares_nothing_is_counted_alike() -> None:
    free = ["network.server.connections=null", "network.server.egress=null", "plans.meters.rollout.rate=null"]
    free.append("plans.gateways.rollout.concurrency=null")
    scenario = open_source("scenarios/two_products.yaml", [*FEW, *free], plan="meters").scenario()
    found = play_outlined(scenario, REFERENCE, 0, threads=2, plan="gateways")
    whole = play_outlined(scenario, REFERENCE, 0).plans["gateways"]
    assert found.measured == whole.measured
    assert found.counted.devices == 10


@pytest.fixture(scope="module", params=["", "plan.rollout.concurrency={devices: 3}"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, Study]:
    """The same replications for the explorer and for a report."""
    overrides = [text for text in (request.param, f"replications={RUNS}") if text]
    source = a_source(tmp_path_factory.mktemp("explored"), *overrides)
    scenario = source.scenario()
    play = load(REFERENCE)
    played = Played(scenario, tuple(outline(play(scenario, k), terms_of(scenario)) for k in range(RUNS)))
    return played, run_study(scenario, Path(source.path).read_text(encoding="utf-8"), None, [], engine=REFERENCE)


def test_the_curve_and_its_band_are_those_of_the_figure(both: tuple[Played, Study]) -> None:
    played, study = both
    plot = Adoption()
    plot.show(Answer(1, played, None))
    shares = 100 * upgraded(study) / np.maximum(study.runs["targeted"].to_numpy(dtype=float), 1.0)[:, np.newaxis]
    curve, ends = plot.figure.renderers[-1].data_source.data["upgraded"], band(shares, 100.0)
    assert ends is not None
    assert curve == pytest.approx(shares.mean(axis=0))
    (drawn,) = [each.data_source.data for each in plot.figure.renderers if "low" in each.data_source.data]
    assert drawn["low"] == pytest.approx(ends[0])
    assert drawn["high"] == pytest.approx(ends[1])


def test_the_steps_of_the_funnel_are_those_of_the_figure(both: tuple[Played, Study]) -> None:
    played, study = both
    found = {step.name: step for step in played_steps(played)}
    assert all(found[step.name] == step for step in funnel(study))
    title = Funnel().show(Answer(1, played, None))
    most = max(funnel(study)[1:-1], key=lambda step: step.devices)
    assert title == f"Largest loss: {most.label}, {share_text(most.share)}"


def test_a_share_that_failed_is_of_the_same_upgrades(both: tuple[Played, Study]) -> None:
    played, study = both
    grid = cells(study)
    plot = Gates()
    title = plot.show(Answer(1, played, None))
    drawn = plot.figure.renderers[0].data_source.data
    assert drawn["ended"].sum() == grid.ended.sum() > 0
    assert drawn["bad"].sum() == grid.failures.sum()
    assert title.endswith("of the ended upgrades failed; lines: the gates")


def test_downloads_stand_against_the_tightest_limit_as_in_the_figure(both: tuple[Played, Study]) -> None:
    played, study = both
    plot = Load()
    title = plot.show(Answer(1, played, None))
    slots = played.scenario.plan.rollout.concurrency
    named = throughput_finding(study).rpartition(" of ")[2]
    assert named in title
    assert ("the plan's 3 upgrades" in title) == (slots is not None)
