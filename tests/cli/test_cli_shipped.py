"""Every shipped scenario validates, and runs to its end, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.scenario.loader import load_scenario

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_validates_and_runs(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["validate", str(path)]) == 0, capsys.readouterr().err
    few = "5" if load_scenario(path).thresholds else "1"  # fewer than five decide nothing
    assert exit_code(["run", str(path), "--quiet", "--replications", few, "--out", str(tmp_path)]) == 0
    (stored,) = tmp_path.glob("*/*/summary.json")
    assert json.loads(stored.read_text(encoding="utf-8"))["metrics"]


def test_they_are_found() -> None:
    assert {path.parent.name for path in SHIPPED} == {"scenarios", "library"}
    assert len(SHIPPED) > 30
