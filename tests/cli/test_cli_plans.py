"""Several plans on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fota_sim.cli.main import app

SMALL = [
    "--set", "fleet.groups.meters.count=30", "--set", "fleet.groups.gateways.count=8", "--set", "horizon=60h",
    "--replications", "1", "--engine", "compiled",
]  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    found = CliRunner().invoke(app, ["run", "scenarios/two_products.yaml", *SMALL, "--quiet", "--out", str(folder)])
    assert found.exit_code in (0, 3, 4), found.output
    assert "Plan      devices" in found.output
    return folder


def devices(results: Path, *options: str) -> dict[str, object]:
    found = CliRunner().invoke(app, ["devices", "latest", "--out", str(results), "--json", "--quiet", *options])
    assert found.exit_code == 0, found.output
    told: dict[str, object] = json.loads(found.stdout)
    return told


def test_the_devices_of_a_plan_are_listed(results: Path) -> None:
    told = devices(results, "--plan", "gateways")
    rows = told["devices"]
    assert isinstance(rows, list)
    assert {row["plan"] for row in rows} == {"gateways"}
    assert {row["group"] for row in rows} == {"gateways"}
    assert [each["plan"] for each in told["plans"]] == ["pilot", "meters", "gateways"]  # type: ignore[attr-defined]


def test_where_a_plan_stood_at_a_time_is_counted_for_its_devices(results: Path) -> None:
    counts = devices(results, "--plan", "meters", "--at", "6h", "--engine", "reference")["counts"]
    assert isinstance(counts, dict)
    assert counts["Plan Not Received"] == sum(counts.values()) > 0


def test_a_plan_that_there_is_not_is_told_with_those_that_there_are(results: Path) -> None:
    found = CliRunner().invoke(app, ["devices", "latest", "--out", str(results), "--plan", "metrs"])
    assert found.exit_code != 0
    assert "there is no plan 'metrs'; did you mean 'meters'?" in found.output + str(found.exception)


def test_a_canary_of_one_of_several_plans_is_asked_for_as_its_command_takes_it() -> None:
    found = CliRunner().invoke(app, ["canary", "scenarios/two_products.yaml", "--rate", "1%"])
    said = str(found.exception)
    assert "a canary is of one plan" in said
    assert said.endswith("say which by --plan pilot")  # fs.canary takes no scenario
    taken = CliRunner().invoke(app, ["canary", "scenarios/two_products.yaml", "--rate", "1%", *said.split()[-2:]])
    assert taken.exit_code == 0
