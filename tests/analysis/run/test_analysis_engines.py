"""A result is the same whichever engine played it, and however many workers."""

import json
from pathlib import Path

import pytest

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parents[3] / "scenarios" / "battery_gate.yaml"
CHANGES = ["fleet.groups[0].count=60", "replications=5", "keep={events: true, transcripts: 3}"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The files of a result but for its manifest, by who played it."""
    scenario = load_scenario(SCENARIO, CHANGES)
    found = {}
    for engine, workers in (("reference", 1), ("compiled", 1), ("compiled", 2), ("compiled", 7)):
        root = tmp_path_factory.mktemp("results")
        folder = run_study(scenario, SCENARIO.read_text(), root, engine=engine, workers=workers).folder
        assert folder is not None
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
        found[f"{engine}, {workers}"] = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return found


@pytest.mark.parametrize("who", ["compiled, 1", "compiled, 2", "compiled, 7"])
def test_every_file_is_that_of_the_reference_engine_byte_for_byte(folders, who):
    expected, files = folders["reference, 1"], folders[who]
    assert {"devices.parquet", "events.parquet", "timeseries.parquet", "runs.parquet"} < set(expected)
    assert sum("transcripts" in name for name in expected) == 5 * 3 * 2
    assert set(files) == set(expected)
    assert [name for name in files if name != "summary.json" and files[name] != expected[name]] == []


@pytest.mark.parametrize("who", ["compiled, 1", "compiled, 2", "compiled, 7"])
def test_the_summary_differs_in_the_name_of_the_engine_only(folders, who):
    expected, found = (json.loads(folders[name]["summary.json"]) for name in ("reference, 1", who))
    assert found.pop("engine") == "compiled"
    assert expected.pop("engine") == "reference"
    assert found == expected
