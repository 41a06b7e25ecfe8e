"""A condition that the scenario alone shows to be met by nobody is told with the devices as well, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.lint.checking import check

_WORLD: dict[str, Any] = {
    "horizon": "7d",
    "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
    "packages": [
        {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "100kB"}]}
    ],
    "fleet": {"groups": [{"name": "g", "count": 20, "module": "EC200U", "mains": "100%", "rssi": "-80dBm"}]},
}


@pytest.mark.parametrize("condition", ["rssi < -100", 'group == "h"', "battery < 20"])
@pytest.mark.parametrize("draws", [False, True])
def test_a_wave_for_nobody_is_told_once(condition: str, draws: bool, tmp_path: Path) -> None:
    waves = [{"devices": {"where": condition}}, {}]
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(_WORLD | {"plan": {"packages": ["p"], "rollout": {"waves": waves}}}))
    told = [each for each in check(file, (), None, draws).warnings if each.path.startswith("plan.rollout.waves[0]")]
    assert len(told) == 1
    behind = [each.path for each in check(file, (), None, True).warnings if "waves[1]" in each.path]
    assert behind == []  # nobody is waited for


def test_a_minimum_for_devices_on_mains_is_to_be_left_out_and_not_raised(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(_WORLD | {"plan": {"packages": ["p"], "strategy": {"min_battery": "30%"}}}))
    told = [each.message for each in check(file, (), None, True).warnings if each.path.endswith("min_battery")]
    assert len(told) == 1
    assert told[0].endswith("leave it out")
