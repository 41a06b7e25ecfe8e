"""What ``fota-sim doctor --twins`` says where two engines agree and where they differ."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from fota_sim.cli.main import exit_code
from fota_sim.cli.twins import play_twins, tell_twins
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FEW = ["fleet.groups.boards.count=20", "replications=2", "keep.events=true"]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SCENARIOS / "operator_suspend.yaml", FEW)


def with_other_luck(scenario: Scenario, replication: int) -> RunRecord:
    return run_replication(scenario.model_copy(update={"seed": scenario.seed + 1}), replication)


def test_engines_that_agree_are_counted(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    tell_twins(scenario, *play_twins(scenario, run_replication, run_replication))
    said = capsys.readouterr().out
    assert re.fullmatch(r"40 devices, \d+ downloads, [\d,]+ events in 2 replications: the engines agree\.\n", said)


def test_engines_that_differ_are_shown_side_by_side(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stopped:
        tell_twins(scenario, *play_twins(scenario, run_replication, with_other_luck))
    assert stopped.value.exit_code == 1
    told = capsys.readouterr()
    assert "0 of 20 devices agree" in told.out
    assert "17 more devices differ." in told.out
    assert f"its seed {scenario.seed}" in told.err


def test_only_the_devices_asked_for_are_described(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        tell_twins(scenario, *play_twins(scenario, run_replication, with_other_luck), ["boards-7"])
    told = capsys.readouterr().out
    assert "boards-7 (device 7) parts at" in told
    assert "boards-8 (device" not in told


def test_the_doctor_compares_the_engines(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["doctor", "--twins", str(SCENARIOS / "vendor_page.yaml"), "--replications", "2"]) == 0
    assert "in 2 replications: the engines agree." in capsys.readouterr().out
