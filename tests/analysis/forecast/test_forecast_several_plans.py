"""Forecasts of one of two plans, whose end is known, while the other goes on beside it."""

from __future__ import annotations

import json
from functools import cache

import pyarrow as pa
import pytest

from fota_sim.analysis.answers.forecast import forecast_answer
from fota_sim.analysis.forecast.branches import branches_of
from fota_sim.analysis.forecast.candidates import candidates
from fota_sim.analysis.forecast.forecast import Forecast, forecast
from fota_sim.analysis.forecast.question import Question
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.record import RunRecord
from fota_sim.errors import FotaSimError
from fota_sim.experiment.tables import device_tables
from fota_sim.histories.results import of_devices, start_s
from fota_sim.histories.table import Histories
from fota_sim.report.figures.fan import fan_finding
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TEXT = """
name: two
horizon: 2d
product: {name: Meter, model: {components: [{identifier: app}]}}
products: [{name: Tracker, pk: p11t, model: {name: Tracker, components: [{identifier: track}]}}]
packages:
  - name: two
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 60kB}]
    defects: [{name: spoils, where: hardware == "B", effect: verify_failure, probability: 50%}]
  - name: big
    component: track
    product: Tracker
    target_version: "2_0"
    files: [{name: big.bin, size: 1MB}]
    defects: [{name: spoils, effect: verify_failure, probability: 40%}]
plans:
  trackers:
    product: Tracker
    packages: [big]
    strategy: {retries: 0}
    ends: 40h
    rollout: {rate: {devices: 3, every: 1h}, abort: [{share: 8%, minimum: 45}]}
  meters:
    packages: [two]
    strategy: {retries: 1}
    rollout: {abort: [{share: 90%, minimum: 40}]}
network: {server: {egress: 100kbit/s}}
fleet:
  groups:
    - {name: meters, count: 160, module: BG95, hardware: {A: 80%, B: 20%}, gone: 5%, mains: 100%,
       attributes: {site: {north: 50%, south: 50%}}, contact: {pattern: wake, every: 24h, jitter: 10min}}
    - {name: trackers, count: 60, module: EC200U, product: Tracker, mains: 100%, gone: 0%}
"""
HOUR_MS = 3_600_000
QUARTER_H = 12
ENDS = 5
"""Ends of so few members are known to some 3 % of the devices."""
NORTH = """plans={north: {packages: [two], strategy: {retries: 1}, whitelist: {where: 'site == "north"'}},
meters: {packages: [two], strategy: {retries: 1}, starts: 12h}}"""


def two(*overrides: str) -> Scenario:
    return parse_scenario(TEXT, overrides=overrides)


@cache
def truth(*overrides: str) -> RunRecord:
    return run_replication(two("seed=77", *overrides), 0)


def log_of(plan: str, *overrides: str) -> Histories:
    table = pa.concat_tables(device_tables(truth(*overrides)))
    return of_devices(table, two(*overrides).of_plan(plan))


def ask(plan: str, *overrides: str) -> Forecast:
    scenario = two(*overrides)
    now_s = start_s(scenario) + QUARTER_H * 3600
    return forecast(Question(scenario, log_of(plan, *overrides), now_s, plan, members=(20, 20)))


def came(plan: str, outcome: str, *overrides: str) -> int:
    devices = truth(*overrides).devices
    return int((devices["plan"].is_one_of(plan) & devices["outcome"].is_one_of(outcome)).sum())


@pytest.fixture(scope="module")
def meters() -> Forecast:
    return ask("meters")


@pytest.fixture(scope="module")
def trackers() -> Forecast:
    return ask("trackers")


def holds(found: Forecast, plan: str, *overrides: str) -> None:
    told = found.report["forecast"]
    for outcome in ("upgraded", "failed"):
        low, high = told[outcome]["low"] - ENDS, told[outcome]["high"] + ENDS
        assert low <= came(plan, outcome, *overrides) <= high, outcome


def test_after_a_quarter_of_the_time_the_interval_has_what_came_of_the_plan(meters: Forecast) -> None:
    report = meters.report
    assert report["explained"]
    assert (report["plan"], report["devices"]) == ("meters", 160)
    assert sum(report["so_far"].values()) == 160
    assert 40 < report["so_far"]["succeeded"] < came("meters", "upgraded")
    holds(meters, "meters")
    assert all(member.placed > 0.9 for member in meters.continued)
    assert all(member.ways["go on"].meant == 160 for member in meters.continued)


def test_abort_rules_and_the_deadline_are_those_of_the_plan(meters: Forecast, trackers: Forecast) -> None:
    """The rule of the trackers fires in what is to come; that of the meters does not."""
    fired = [at_ms for at_ms, text in truth().plan_log if text.startswith("trackers: abort rule 1 fired")]
    assert fired[0] > QUARTER_H * HOUR_MS
    assert trackers.report["abort"] == {"rules": 1, "probability": 1.0, "before": 0.0}
    assert meters.report["abort"] == {"rules": 1, "probability": 0.0, "before": 0.0}
    assert trackers.report["deadline"]["at_ms"] == 40 * HOUR_MS
    assert meters.report["deadline"]["at_ms"] == 48 * HOUR_MS
    assert trackers.report["evidence"]["said_by"] == "the plan's abort rule"
    holds(trackers, "trackers")


def test_ways_on_are_of_the_plan_alone(meters: Forecast, trackers: Forecast) -> None:
    scenario = two()
    for plan, other in (("meters", "trackers"), ("trackers", "meters")):
        for branch in branches_of(scenario, 12 * HOUR_MS, HOUR_MS, HOUR_MS, plan):
            assert branch.scenario.plans[other] == scenario.plans[other]
            assert len(branch.scenario.plans[plan].operator) > len(scenario.plans[plan].operator)
    ways = {
        name: [row["name"] for row in found.report["branches"]]
        for name, found in (("meters", meters), ("trackers", trackers))
    }
    assert ways == {
        "meters": ["go on", "stop", "cancel", "pause"],  # slower only where the plan has a rate
        "trackers": ["go on", "stop", "cancel", "pause", "slow down"],
    }
    for member in trackers.continued:
        assert member.ways["cancel"].upgraded <= member.ways["stop"].upgraded <= member.ways["go on"].upgraded


def test_sentences_and_the_chart_say_the_plan(meters: Forecast) -> None:
    decision, expected = forecast_answer(meters.report)[:2]
    assert decision.startswith("Go on with plan meters")
    assert "of 160 targeted devices of plan meters are upgraded" in expected
    assert fan_finding(meters.report).startswith("meters: ")


def test_where_luck_says_whom_a_plan_takes_the_log_says_it_of_those_that_it_names() -> None:
    """Half of the meters are in the north, others in each replication."""
    may = candidates(two(NORTH), "north")
    assert len(may.ids) == 160
    assert not may.fixed
    found = ask("north", NORTH)
    assert found.report["explained"]
    assert sum(found.report["so_far"].values()) == len(log_of("north", NORTH)) < 100
    meant = [member.ways["go on"].meant for member in found.continued]
    assert min(meant) < came("north", "upgraded", NORTH) + came("north", "failed", NORTH) < 100 > max(meant)
    holds(found, "north", NORTH)


def test_a_log_of_another_plan_is_refused_with_a_name_of_each() -> None:
    scenario = two()
    now_s = start_s(scenario) + QUARTER_H * 3600
    with pytest.raises(FotaSimError, match=r"none of those that plan trackers takes, such as 'meters-0'.*--plan"):
        forecast(Question(scenario, log_of("meters"), now_s, "trackers"))
    with pytest.raises(FotaSimError, match=r"has several \(trackers, meters\)"):
        forecast(Question(scenario, log_of("meters"), now_s))


def test_with_one_plan_its_name_changes_nothing() -> None:
    head, _, rest = TEXT.partition("plans:\n")
    text = f"{head}plan: {{name: Meters, packages: [two]}}\n{rest[rest.index('network:') :]}"
    one = parse_scenario(text, overrides=["fleet.groups.meters.count=60", "fleet.groups.trackers.count=5"])
    log = of_devices(pa.concat_tables(device_tables(run_replication(one, 3))), one)
    now_s = start_s(one) + QUARTER_H * 3600
    told = [
        forecast(Question(one, log, now_s, plan, members=(20, 20), decides=False)).report for plan in (None, "Meters")
    ]
    assert json.dumps(told[0]) == json.dumps(told[1])
    assert "plan" not in told[0]
