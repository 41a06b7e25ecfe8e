"""Simulated devices are given luck with which they stand where the real ones do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from forecast_world import HOUR_MS, under_way

from fota_sim.analysis.forecast.placing import donors, placed
from fota_sim.analysis.forecast.states import Seen, State, seen_in_record
from fota_sim.engines.compiled.run import Replication, run_replication
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.histories.ends import End
from fota_sim.histories.view import EVERYTHING
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TELLS = EVERYTHING.without([End.NOT_APPLICABLE])
WAVES = "plan.rollout={waves: [{share: 30%}, {opens: {after: 2h}}], order: random}"


def at(scenario: Scenario, fleet: Fleet, hours: float) -> Seen:
    short = scenario.model_copy(update={"horizon": hours * 3600})
    return seen_in_record(Replication(short, 5, fleet=fleet).record(), TELLS)


@pytest.mark.parametrize("overrides", [(), (WAVES,)], ids=["all at once", "waves"])
def test_placed_devices_stand_where_the_log_says(overrides: tuple[str, ...]) -> None:
    scenario = under_way(*overrides)
    seen = seen_in_record(run_replication(under_way("seed=77", "horizon=8h", *overrides), 0), TELLS)
    fleet = build_fleet(scenario, 5)
    before = at(scenario, fleet, 8)
    nobody = np.zeros(fleet.n, dtype=np.int32)
    chosen, without = donors(seen, before, fleet.group, nobody, np.random.default_rng(1))
    after = at(scenario, placed(fleet, chosen, scenario), 8)
    assert (before.state == seen.state).mean() < 0.7  # each by its own luck
    assert (after.state == seen.state).mean() > 0.97
    assert without <= 5
    done = (seen.state == State.SUCCEEDED) & (after.state == State.SUCCEEDED)
    assert np.median(np.abs(seen.at_ms - after.at_ms)[done]) < HOUR_MS


def test_donors_are_spread_as_the_simulated_ones_are() -> None:
    state = np.full(6, State.SUCCEEDED, dtype=np.int8)
    seen = Seen(state, np.array([60.0, 50, 40, 30, 20, 10]), np.full(6, np.nan))
    simulated = Seen(state, np.array([1.0, 2, 3, 4, 5, 6]), np.full(6, np.nan))
    nobody = np.zeros(6, dtype=np.int32)
    chosen, without = donors(seen, simulated, nobody, nobody, np.random.default_rng(1))
    assert chosen.tolist() == [5, 4, 3, 2, 1, 0]  # the latest goes to the latest
    assert without == 0


def test_who_finds_no_donor_keeps_its_own_luck() -> None:
    seen = Seen(np.array([State.FAILED, State.NEVER], dtype=np.int8), np.full(2, np.nan), np.full(2, np.nan))
    simulated = Seen(np.array([State.NEVER, State.NEVER], dtype=np.int8), np.full(2, np.nan), np.full(2, np.nan))
    nobody = np.zeros(2, dtype=np.int32)
    chosen, without = donors(seen, simulated, nobody, nobody, np.random.default_rng(1))
    assert without == 1
    assert chosen[0] == 0


def test_a_device_of_a_table_stays_what_its_row_says(tmp_path: Path) -> None:
    rows = "".join(f"d{k},{-60 - k % 40},{'A' if k % 2 else 'B'}\n" for k in range(60))
    (tmp_path / "fleet.csv").write_text(f"id,rssi,hardware\n{rows}")
    text = """
horizon: 1d
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two]}
fleet: {csv: [{name: ours, file: fleet.csv, module: BG95, gone: 20%,
               columns: {id: id, rssi: rssi, hardware: hardware}}]}
"""
    scenario = parse_scenario(text, tmp_path / "scenario.yaml")
    fleet = build_fleet(scenario, 5)
    chosen = np.roll(np.arange(fleet.n), 7)
    moved = placed(fleet, chosen, scenario)
    assert moved.rssi_mean_dBm.tolist() == fleet.rssi_mean_dBm.tolist()
    assert list(moved.hardware) == list(fleet.hardware)
    assert list(moved.ids) == list(fleet.ids)
    assert moved.gone.tolist() == fleet.gone[chosen].tolist()
    assert moved.keys.tolist() == fleet.keys[chosen].tolist()
