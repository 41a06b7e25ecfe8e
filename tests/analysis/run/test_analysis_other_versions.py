"""A result of another version is told to be one: nothing of it is misread, and nothing ends in a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from fota_sim.analysis.compare.variants import find_variants
from fota_sim.analysis.run.again import stored_scenario
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import load_study
from fota_sim.analysis.run.summary import ALWAYS
from fota_sim.errors import ResultError
from fota_sim.experiment.results import open_result
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parents[3] / "scenarios" / "battery_gate.yaml"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = load_scenario(SCENARIO, ["replications=1", "fleet.groups=[{name: g, count: 3, module: BC66}]"])
    folder = run_study(scenario, "", tmp_path_factory.mktemp("results"), engine="reference").folder
    assert folder is not None
    return folder


def _changed(folder: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads((folder / name).read_text())
    change(data)
    (folder / name).write_text(json.dumps(data))


def test_every_summary_has_the_keys_that_are_looked_for(stored: Path) -> None:
    assert json.loads((stored / "summary.json").read_text()).keys() >= ALWAYS


@pytest.mark.parametrize("key", [*sorted(ALWAYS), "metrics.bricked_of_started", "version 0", "version 99"])
def test_a_summary_of_another_version_is_told_to_be_one(key: str, stored: Path, tmp_path: Path) -> None:
    folder = Path(copytree(stored, tmp_path / "r" / "s" / stored.name))
    if key.startswith("version"):
        _changed(folder, "summary.json", lambda data: data.update(schema_version=int(key.split()[1])))
    elif key.startswith("metrics."):
        _changed(folder, "summary.json", lambda data: data["metrics"].pop(key.partition(".")[2]))
    else:
        _changed(folder, "summary.json", lambda data: data.pop(key))
    with pytest.raises(ResultError, match=r"summary\.json: is of another version of fota-sim"):
        load_study(folder)


def test_a_scenario_of_another_version_is_told_with_its_place(stored: Path, tmp_path: Path) -> None:
    folder = Path(copytree(stored, tmp_path / "r" / "s" / stored.name))
    with (folder / "scenario.resolved.yaml").open("a") as file:
        file.write("oldfield: 3\n")
    for read in (load_study, lambda folder: stored_scenario(open_result(folder))):
        with pytest.raises(ResultError, match=r"scenario\.resolved\.yaml: is of another version.*oldfield") as caught:
            read(folder)
        assert str(caught.value).startswith(str(folder))


def test_numbers_of_two_versions_of_the_model_are_not_compared(stored: Path, tmp_path: Path) -> None:
    old = [Path(copytree(stored, tmp_path / "r" / f"s{k}" / stored.name)) for k in range(2)]
    for folder in old:
        _changed(folder, "manifest.json", lambda data: data.update(model_version="3"))
    with pytest.raises(ResultError, match="different versions of the model"):
        find_variants([str(old[0]), str(stored)])
    assert len(find_variants([str(folder) for folder in old])) == 2
