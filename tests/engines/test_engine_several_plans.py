"""Several plans over one fleet: each plays its own devices, and they share what the fleet shares."""

from __future__ import annotations

import numpy as np
import pytest
from several_plans_world import alone, plan_by_id, play, rows_by_id, scenario_of, two

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins.compare import compare
from fota_sim.scenario.sharing import shared

PLANS = ("first", "trackers", "rest")
BOTH = pytest.mark.parametrize("engine", ["reference", "compiled"])
NO_ROLLOUT = ("plans.first.rollout={}",)


@BOTH
def test_without_anything_shared_each_plan_plays_as_if_it_were_alone(engine: str) -> None:
    together = play(two(), engine)
    among = plan_by_id(together)
    assert set(among.values()) == set(PLANS)
    rows = rows_by_id(together)
    for plan in PLANS:
        of_plan = rows_by_id(play(alone(two(), plan, among), engine))
        own = [name for name, of in among.items() if of == plan]
        assert len(own) >= 5
        assert {rows[name]["outcome"] for name in own} != {"'not_offered'"}
        assert {name: rows[name] for name in own} == {name: of_plan[name] for name in own}


@BOTH
def test_at_a_shared_server_one_plan_waits_for_the_others_downloads(engine: str) -> None:
    data = two(network={"server": {"connections": 2, "when_full": "queue"}, "cells": {"enforce": False}})
    at_once = ("plans.rest.starts=0s", "plans.rest.mode=silent", "plans.first.rollout={}")
    together = play(data, engine, *at_once)
    among = plan_by_id(together)
    own = two(network=data["network"])
    own["plans"]["rest"] |= {"starts": "0s", "mode": "silent"}
    of_rest = play(alone(own, "rest", among), engine)
    rest = together.column("plan") == "rest"
    downloaded = [record.column("downloaded_ms")[rest] for record in (of_rest, together)]
    both = (downloaded[0] >= 0) & (downloaded[1] >= 0)
    assert both.sum() >= 5
    assert (downloaded[1] >= downloaded[0])[both].mean() > 0.5
    assert downloaded[1][both].sum() > downloaded[0][both].sum()


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("network.server={connections: 3, egress: 200kbit/s}",),
        ("network.server={connections: 3, when_full: refuse}", "network.cells.enforce=true"),
        ("plans.trackers.rollout={abort: [{share: 10%, minimum: 1, on: [download, refused], action: cancel}]}",),
        ("plans.rest.rollout={rate: {devices: 3, every: 10min}}", "plans.trackers.ends=8h"),
    ],
)
def test_both_engines_leave_the_same(overrides: tuple[str, ...]) -> None:
    scenario = scenario_of(two(keep={"events": True, "transcripts": 40}), *overrides)
    found = compare(reference(scenario, 0), compiled(scenario, 0))
    assert not found, found


@BOTH
def test_the_first_plan_that_takes_a_device_has_it_and_nobody_has_who_is_on_no_list(engine: str) -> None:
    record = play(two(), engine, 'plans.rest.whitelist={where: \'site == "north" or id == "meters-1"\'}')
    plan, site = record.column("plan"), record.column("site")
    meters = record.column("group") == "meters"
    assert set(plan[meters & (site == "north")]) == {"first"}
    assert plan[record.column("id") == "meters-1"].tolist() == ["rest"]
    others = meters & (site == "south") & (record.column("id") != "meters-1")
    assert set(plan[others]) == {""}
    assert set(record.column("cause")[others]) == {"not on whitelist"}


@BOTH
def test_lines_of_one_instant_come_in_the_order_of_the_plans(engine: str) -> None:
    at_5 = ("plans.rest.operator=[{at: 5h, do: terminate}]", "plans.first.operator=[{at: 5h, do: suspend}]")
    log = play(two(), engine, *at_5).plan_log
    assert [text.partition(":")[0] for at_ms, text in log if at_ms == 0 and text.endswith("activated")] == [*PLANS]
    assert [text.partition(":")[0] for at_ms, text in log if at_ms == 5 * 3_600_000] == [*PLANS]


@BOTH
def test_what_the_operator_does_to_one_plan_concerns_its_own_devices_alone(engine: str) -> None:
    everybody = "{where: 'not id == \"nobody\"'}"
    record = play(two(), engine, f"plans.trackers.operator=[{{at: 1ms, do: cancel, devices: {everybody}}}]")
    cancelled = record.column("outcome") == "cancelled"
    assert cancelled.any()
    assert set(record.column("plan")[cancelled]) == {"trackers"}
    assert [text for _, text in record.plan_log if "cancel" in text] == ["trackers: operator: cancel 14 devices"]


@BOTH
def test_a_rollout_that_cancels_itself_leaves_the_other_plans_alone(engine: str) -> None:
    rule = "plans.first.rollout={abort: [{count: 1, minimum: 1, on: [refused], action: cancel, stops: running}]}"
    record = play(two(), engine, rule, "plans.first.strategy.min_signal=-60dBm")
    aborted = record.column("cause") == "abort rule"
    assert aborted.any()
    assert set(record.column("plan")[aborted]) == {"first"}


def test_plans_whose_devices_share_nothing_are_played_in_any_number_of_parts() -> None:
    scenario = scenario_of(two(replications=2), *NO_ROLLOUT)
    whole, parts = (run_study(scenario, "", None, engine="reference", parts=count) for count in (1, 5))
    assert parts.dealt is not None
    assert parts.dealt.parts == 5
    assert whole.summary == parts.summary
    assert whole.tables.keys() == parts.tables.keys()
    assert {"plan_runs.parquet", "plan_timeseries.parquet"} <= whole.tables.keys()
    for name, table in whole.tables.items():
        assert table.to_pylist() == parts.tables[name].to_pylist(), name


def test_what_devices_of_one_plan_share_keeps_the_fleet_in_one_piece() -> None:
    assert shared(scenario_of(two()), 38) == "devices wait for waves (plans.first.rollout.waves)"
    assert shared(scenario_of(two(), *NO_ROLLOUT), 38) == ""


def test_the_column_of_the_plan_stands_only_where_there_are_several() -> None:
    record = play(two())
    assert [*record.devices][2:4] == ["group", "plan"]
    assert np.array_equal(record.column("plan") == "trackers", record.column("group") == "trackers")
    assert "plan" not in play(alone(two(), "trackers", plan_by_id(record))).devices
