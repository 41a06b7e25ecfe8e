"""Devices of a file with periods of their own: how many are ever awake for the plan is told as it is played."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.lint.drawn import draw
from fota_sim.analysis.lint.fleet import own_periods_at_other_hours
from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.loader import load_located

DEVICES = 300
WITHIN = 4.0 * math.sqrt(0.25 / DEVICES) + 0.02


def world(folder: Path, asks: bool, **plan: Any) -> Path:
    every = ["24h", "12h", ""]
    rows = "".join(f"m-{number},{every[number % 3]}\n" for number in range(DEVICES))
    (folder / "meters.csv").write_text(f"id,every\n{rows}", encoding="utf-8")
    columns = {"id": "id", "contact_every": "every"}
    source = {"name": "meters", "file": "meters.csv", "columns": columns, "module": "EC200U", "host": "h"}
    source |= {"contact": {"pattern": "wake", "every": "8h", "linger": "2min"}}
    source |= {"mains": "100%", "gone": "0%", "churn": "0%", "rssi": "-60dBm"}
    scenario = {
        "horizon": "3d",
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1kB"}]}
        ],
        "plan": {"packages": ["p"], **plan},
        "hosts": {"h": {"extends": "careless", "asks": asks}},
        "fleet": {"csv": [source]},
    }
    path = folder / "s.yaml"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    return path


NIGHT = {"rollout": {"maintenance": {"hours": "01:00-05:00"}}}


@pytest.mark.parametrize(
    ("asks", "plan"),
    [
        (False, {"push_period": "01:00-05:00", "push_grid": "0s"}),
        (False, {"push_period": "01:00-05:00"}),
        (False, {"push_grid": "10min"}),
        (True, NIGHT),
    ],
)
def test_the_share_that_is_told_is_the_share_that_a_run_offers_the_plan(
    asks: bool, plan: dict[str, Any], tmp_path: Path
) -> None:
    facts = facts_of(*load_located(world(tmp_path, asks, **plan)))
    ((where, message),) = own_periods_at_other_hours(draw(facts))
    assert where == ("fleet", "csv", 0, "contact")
    found = re.search(r"about ([\d.]+) % of them", message)
    assert found is not None
    offered = float((run_replication(facts.scenario, 0).devices["offers"] > 0).mean())
    assert abs(offered - 0.01 * float(found[1])) < WITHIN, (offered, message)


def test_nothing_is_told_where_all_are_met(tmp_path: Path) -> None:
    facts = facts_of(*load_located(world(tmp_path, True)))
    assert [*own_periods_at_other_hours(draw(facts))] == []
