"""The block that is found for an export gives the same devices as the plain file and a block written by hand."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from portals import HEAD, export

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet, names_of
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.inspect.findings import Told
from fota_sim.scenario.inspect.inspection import inspect_file
from fota_sim.scenario.inspect.writing import block_text
from fota_sim.scenario.loader import parse_scenario


def fleet_of(text: str, folder: Path) -> Fleet:
    return build_fleet(parse_scenario(HEAD + text, folder / "my.yaml"), 0)


def assert_same_devices(one: Fleet, other: Fleet, why: Any) -> None:
    assert [*one.ids] == [*other.ids], why
    for field in fields(Fleet):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("group", "attributes") or field.name.endswith("_names"):
            continue
        if field.name in ("module", "radio", "host", "cell", "time_zone"):
            mine, theirs = names_of(one, field.name), names_of(other, field.name)
        if isinstance(mine, Coded):
            named = [[str(column[k]).replace("d/0", "") for k in range(one.n)] for column in (mine, theirs)]
            if field.name != "cell":
                assert named[0] == named[1], (field.name, why)
        elif isinstance(mine, np.ndarray):
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12, err_msg=f"{field.name} {why}")


@pytest.mark.parametrize("seed", range(120))
def test_an_export_in_any_dialect_becomes_the_devices_of_the_plain_file(seed: int, tmp_path: Path) -> None:
    made = export(seed)
    (tmp_path / "export.csv").write_bytes(made.data)
    (tmp_path / "plain.csv").write_text(made.plain, encoding="utf-8", newline="")
    found = inspect_file(tmp_path / "export.csv", Told())
    assert found.problems == [], (made.how, found.problems)
    block = block_text(found.findings, "export.csv")
    plain = "fleet: " + json.dumps({"csv": [made.block]}) + "\n"
    assert_same_devices(fleet_of(block, tmp_path), fleet_of(plain, tmp_path), (made.how, block))
