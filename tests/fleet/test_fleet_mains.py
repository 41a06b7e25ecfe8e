"""A device whose file gives a battery runs on it, unless a mapped column says that it is on mains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fleet_world import scenario_of

from fota_sim.engines.reference.run import run_replication
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules.labels import CAUSES


def _fleet(folder: Path, rows: str, columns: str, **fields: str):
    (folder / "m.csv").write_text("id,level,plug\n" + rows)
    said = "".join(f", {key}: {value}" for key, value in fields.items())
    return scenario_of(f"csv: [{{name: m, file: m.csv, columns: {columns}{said}}}]", folder=folder)


@pytest.mark.parametrize("share", ["15%", "100%"])
def test_a_share_on_mains_is_drawn_among_those_whose_battery_is_not_given(share: str, tmp_path: Path) -> None:
    rows = "".join(f"d{k},{'' if k % 2 else 40},\n" for k in range(400))
    fleet = build_fleet(_fleet(tmp_path, rows, "{id: id, battery: level}", mains=share), 0)
    given = np.arange(400) % 2 == 0
    assert not fleet.mains[given].any()
    assert np.allclose(fleet.charge[given], 0.4)
    assert fleet.mains[~given].any()


def test_a_mapped_column_decides_where_it_says_something(tmp_path: Path) -> None:
    rows = "a,40,yes\nb,40,no\nc,40,\nd,,yes\ne,,\n"
    scenario = _fleet(tmp_path, rows, "{id: id, battery: level, mains: plug}", mains="100%")
    assert build_fleet(scenario, 0).mains.tolist() == [True, False, False, True, True]


def test_without_a_column_of_levels_the_share_is_the_module_s(tmp_path: Path) -> None:
    rows = "".join(f"d{k},,\n" for k in range(400))
    fleet = build_fleet(_fleet(tmp_path, rows, "{id: id}", mains="25%"), 0)
    assert 0.15 < fleet.mains.mean() < 0.35


def test_nobody_with_an_empty_battery_passes_a_gate_that_keeps_the_empty_out(tmp_path: Path) -> None:
    rows = "".join(f"d{k},5,\n" for k in range(60))
    scenario = _fleet(tmp_path, rows, "{id: id, battery: level}", gone="0%", churn="0%", rssi="-80dBm")
    table = run_replication(scenario, 0).devices
    assert set(np.array(CAUSES)[table["cause"].codes]) == {"low battery"}


def test_who_is_on_mains_by_the_file_needs_no_level_and_passes_a_gate(tmp_path: Path) -> None:
    rows = "".join(f"m{k},,yes\nb{k},,no\nu{k},,\n" for k in range(20))
    still = {"gone": "0%", "churn": "0%", "rssi": "-80dBm", "host": "careful"}
    scenario = _fleet(tmp_path, rows, "{id: id, battery: level, mains: plug}", mains="100%", **still)
    fleet = build_fleet(scenario, 0)
    plugged = np.arange(60) % 3 == 0
    assert fleet.battery_known.tolist() == plugged.tolist()
    assert (fleet.charge[plugged] == 1.0).all()
    refused = run_replication(scenario, 0).column("cause") == "reading unknown"
    assert refused.tolist() == (~plugged).tolist()


def test_a_share_of_levels_that_cannot_be_read_is_one_of_those_on_mains_too(tmp_path: Path) -> None:
    rows = "".join(f"d{k},,yes\n" for k in range(50))
    fleet = build_fleet(_fleet(tmp_path, rows, "{id: id, mains: plug}", battery_unknown="100%"), 0)
    assert not fleet.battery_known.any()
