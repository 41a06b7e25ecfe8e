"""A log that a scenario itself would leave is told as its simulation is, and explained by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from forecast_world import UNDER_WAY, ask, log_of

from fota_sim.analysis.forecast.agreement import Comparison
from fota_sim.analysis.forecast.forecast import forecast
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.states import State, seen_in_log, seen_in_record
from fota_sim.engines.compiled.run import run_replication
from fota_sim.experiment.tables import device_tables
from fota_sim.histories import view
from fota_sim.histories.columns import TIMES
from fota_sim.histories.ends import End
from fota_sim.histories.results import of_devices, start_s
from fota_sim.histories.steps import Step
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.model import Scenario

NOT_FAILED = (End.SUCCEEDED, End.NEVER_REACHED)
VIEWS = (view.EVERYTHING, view.EXECUTIONS, view.ACTIONS, view.LISTED, view.AUDITED, view.MONITORED)
DRAWN, FILE = UNDER_WAY.split("fleet:\n")[0], "meters.csv"
FLEETS = {
    "drawn": """
  groups:
    - {name: meters, count: 240, module: BG95, hardware: {A: 80%, B: 20%},
       firmware: {"1_0": 85%, "0_9": 10%, "2_0": 5%}, gone: 5%, mains: 100%,
       contact: {pattern: wake, every: 24h, jitter: 10min}}
""",
    "from a file": f"""
  csv:
    - {{name: meters, file: {FILE}, columns: {{id: id, rssi: rssi, module: model, hardware: hw, firmware: fw}},
       module: BG95, gone: 5%, mains: 100%, contact: {{pattern: wake, every: 24h, jitter: 10min}}}}
""",
}
PLANS = {
    "for all": (),
    "with a blacklist": ("plan.blacklist={where: hardware == 'B'}",),
    "a delta": ("packages[0].kind=delta", "packages[0].source_version='1_0'"),
    "that starts late": ("plan.starts=7h",),
    "that ends early": ("plan.ends=10h",),
    "of which some are cancelled": ("plan.operator=[{at: 8h, do: cancel, devices: {where: hardware == 'A'}}]",),
    "that an abort rule cancels": ("plan.rollout={abort: [{count: 4, action: cancel}]}",),
    "with times": ("plan.rollout={timeouts: {download: 90s, report: 2min}}",),
    "that gives up whom it does not see": ("plan.rollout={timeouts: {online: 8h}}",),
    "in waves": ("plan.rollout={waves: [{share: 20%}, {opens: {after: 10h}}], order: random}",),
}


def world(fleet: str, plan: str, folder: Path, *more: str) -> Scenario:
    """A small rollout of devices of either kind, one in ten of a file of another module, some not on the source."""
    kinds = [
        (f"meters-{k}", -80 - k % 40, "BC66" if k % 10 == 3 else "BG95", "AAAAB"[k % 5], ("0_9", "2_0")[k % 2])
        if k % 7 == 0
        else (f"meters-{k}", -80 - k % 40, "BC66" if k % 10 == 3 else "BG95", "AAAAB"[k % 5], "1_0")
        for k in range(240)
    ]
    rows = ["id,rssi,model,hw,fw", *(",".join(map(str, each)) for each in kinds)]
    (folder / FILE).write_text("\n".join(rows))
    path = folder / "world.yaml"
    path.write_text(f"{DRAWN}fleet:{FLEETS[fleet]}")
    return load_scenario(path, [*PLANS[plan], *more])


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("fleet", FLEETS)
def test_a_log_has_each_device_where_the_simulation_has_it(fleet: str, plan: str, tmp_path: Path) -> None:
    scenario = world(fleet, plan, tmp_path)
    began_s, whole = start_s(scenario), run_replication(scenario, 0)
    for hours in (1, 9, 30):
        short = scenario.model_copy(update={"horizon": hours * 3600 + 0.001})
        record = run_replication(short, 0)
        table = pa.concat_tables(device_tables(record))
        logs = [of_devices(table, short, each) for each in VIEWS]
        for log in [*logs, log_of(whole, scenario).until(began_s + hours * 3600)]:
            seen, strangers = seen_in_log(log, record.devices["id"], began_s, log.view)
            simulated = seen_in_record(record, log.view)
            assert strangers == 0
            assert seen.state.tolist() == simulated.state.tolist(), (hours, log.view)
            told = seen.state != State.OTHER
            assert np.allclose(seen.at_ms[told], simulated.at_ms[told], atol=2.0, equal_nan=True)
            assert np.allclose(seen.begun_ms, simulated.begun_ms, atol=2.0, equal_nan=True)


@pytest.mark.parametrize("plan", ["with a blacklist", "a delta"])
@pytest.mark.parametrize("fleet", FLEETS)
def test_a_log_of_the_scenario_itself_is_explained_and_its_end_foreseen(fleet: str, plan: str, tmp_path: Path) -> None:
    scenario = world(fleet, plan, tmp_path)
    truth = run_replication(world(fleet, plan, tmp_path, "seed=77"), 0)
    found = ask(scenario, truth, 10)
    assert found.report["partings"] == []
    upgraded = int((truth.column("outcome") == "upgraded").sum())
    told = found.report["forecast"]["upgraded"]
    assert told["low"] - 7 <= upgraded <= told["high"] + 7


def test_where_nothing_explains_a_count_it_is_that_count_which_is_named(tmp_path: Path) -> None:
    """Members that were driven to the ends of their ranges by it part from the log in whatever else is there."""
    scenario = world("from a file", "for all", tmp_path)
    truth = run_replication(world("from a file", "with a blacklist", tmp_path, "seed=77"), 0)
    partings = ask(scenario, truth, 30).report["partings"]
    assert {row["state"] for row in partings} <= {"taken out, or not meant", "succeeded", "failed"}
    assert partings[0]["state"] == "taken out, or not meant"


def test_the_nearest_member_is_that_which_is_least_away_where_it_is_most_away() -> None:
    scenario = parse_scenario(UNDER_WAY)
    record = run_replication(scenario, 0)
    seen = seen_in_record(record, view.EVERYTHING)
    comparison = Comparison(seen, np.zeros(240, dtype=np.int32), ["meters"], scenario.horizon_ms)
    away = comparison.seen.copy()
    away[0] += 200
    assert comparison.nearest(np.array([away, comparison.seen]), 1.0) == 0.0
    assert comparison.nearest(np.array([away]), 1.0) > 4.0


@pytest.mark.parametrize("plan", ["for all", "in waves"])
@pytest.mark.parametrize("width_s", [3600.0, 86_400.0])
@pytest.mark.parametrize("hours", [9, 30])
def test_times_on_steps_are_told_of_a_simulation_as_of_a_log(
    hours: int, width_s: float, plan: str, tmp_path: Path
) -> None:
    """Also where it has the offers to the second: what is cut to the day is then no earlier than they are."""
    scenario = world("drawn", plan, tmp_path)
    began_s = start_s(scenario)
    short = scenario.model_copy(update={"horizon": hours * 3600 + 0.001})
    record = run_replication(short, 0)
    on_steps = replace(view.ACTIONS, steps=tuple(Step(name, width_s, 0.0, UTC) for name in TIMES[1:]))
    log = of_devices(pa.concat_tables(device_tables(record)), short, on_steps)
    seen, _ = seen_in_log(log, record.devices["id"], began_s, log.view)
    simulated = seen_in_record(record, log.view, start_s=began_s)
    assert seen.state.tolist() == simulated.state.tolist()
    assert np.allclose(seen.at_ms, simulated.at_ms, atol=2.0, equal_nan=True)
    assert np.isfinite(seen.at_ms).any()


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("hours", [17, 29, 40])
def test_a_log_of_days_ends_with_the_last_one_that_was_over(hours: int, cut: bool, tmp_path: Path) -> None:
    """As it was at another time: of the day that was not over nobody knows what had come by then."""
    scenario = world("drawn", "in waves", tmp_path, "start='2026-01-05T08:00:00'")
    began_s = start_s(scenario)
    steps = tuple(Step(name, 86_400.0, 0.0 if cut else 6 * 3600.0, UTC) for name in TIMES[1:])
    record = run_replication(scenario, 0)
    whole = of_devices(pa.concat_tables(device_tables(record)), scenario, replace(view.ACTIONS, steps=steps))
    log = whole.until(began_s + hours * 3600.0)
    known_s = log.until_s - began_s
    assert 0.0 <= hours * 3600.0 - known_s < 86_400.0
    assert (log.until_s - steps[0].phase_s) % 86_400.0 == 0.0
    played = run_replication(scenario.model_copy(update={"horizon": known_s}), 0)
    seen, _ = seen_in_log(log, record.devices["id"], began_s, log.view)
    assert seen.state.tolist() == seen_in_record(played, log.view, start_s=began_s).state.tolist()


def test_a_log_of_failures_alone_is_told_not_to_name_the_others() -> None:
    scenario = parse_scenario(UNDER_WAY)
    whole = log_of(run_replication(scenario.model_copy(update={"seed": 77}), 0), scenario)
    now_s = start_s(scenario) + 5 * 3600
    said = {}
    for name, log in {
        "whole": whole,
        "failures": whole.until(now_s).take(~whole.until(now_s).ended(*NOT_FAILED)),
    }.items():
        report = forecast(Question(scenario, log, now_s=now_s, members=(24, 24))).report
        said[name] = " ".join(report["log"]["left_out"])
    assert "of the scenario's 240 it would name" in said["failures"]
    assert "it would name" not in said["whole"]
