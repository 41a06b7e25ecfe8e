"""Charge is conserved: what a battery held at the start is what is left and what was taken, for every device."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules import battery
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(SCENARIOS.rglob("*.yaml"))
_DEVICES = {reference: 40, compiled: 400}
_ROUNDING = 1e-10  # of what it holds: a sum of doubles is off by 1e-16, and a device that asks all day has 100,000

Engine = Callable[[Scenario, int], RunRecord]


def smaller(path: Path, devices: int) -> Scenario:
    """A shipped scenario with so many devices."""
    groups = load_scenario(path).fleet.groups
    total = max(1, sum(group.count for group in groups))
    counts = [min(group.count, max(1, group.count * devices // total)) for group in groups]
    return load_scenario(path, [f"fleet.groups[{k}].count={count}" for k, count in enumerate(counts)])


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_charge_is_conserved_in_every_shipped_scenario(path: Path, engine: Engine) -> None:
    scenario = smaller(path, _DEVICES[engine])
    fleet, table = build_fleet(scenario, 0), engine(scenario, 0).devices
    pairs = zip(fleet.chemistry, fleet.capacity_mAh, fleet.temperature_C, strict=True)
    usable_mAh = np.array([battery.usable_capacity_mAh(int(c), float(q), float(t)) for c, q, t in pairs])
    held_mAh, left_mAh = usable_mAh * fleet.charge, usable_mAh * table["battery_end_pct"] / 100.0
    taken_mAh = table["drained_mAh"] + table["self_discharged_mAh"]
    off_mAh = np.abs(held_mAh - left_mAh - taken_mAh)
    assert (off_mAh[~fleet.mains] <= _ROUNDING * usable_mAh[~fleet.mains]).all()
    assert (taken_mAh[fleet.mains] == 0.0).all()
    assert (table["battery_end_pct"][fleet.mains] == 100.0 * fleet.charge[fleet.mains]).all()


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_update_takes_no_more_energy_than_the_battery_gave(path: Path, engine: Engine) -> None:
    scenario = smaller(path, _DEVICES[engine])
    fleet, table = build_fleet(scenario, 0), engine(scenario, 0).devices
    supplies = {name: module.supply for name, module in scenario.modules.items()}
    supply_V = np.array([supplies[fleet.module_names[k]] for k in fleet.module])
    given_J = table["drained_mAh"] * 3.6 * supply_V
    assert (table["energy_J"][~fleet.mains] <= given_J[~fleet.mains] * (1.0 + 1e-9)).all()


def test_what_is_empty_has_nothing_left_and_what_has_something_left_is_not_empty() -> None:
    scenario = load_scenario(SCENARIOS / "aged_batteries.yaml", ["plan.strategy.min_battery=0%"])
    table = compiled(scenario, 0).devices
    emptied = table["battery_empty_ms"] != NEVER
    assert emptied.any()
    assert (table["battery_end_pct"][emptied] == 0.0).all()
    assert (table["battery_end_pct"][~emptied] > 0.0).all()
