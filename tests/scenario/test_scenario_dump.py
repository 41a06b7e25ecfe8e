"""A resolved scenario loads back equal, and the JSON Schema takes what people write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from scenario_world import GOOD, changed, load

from fota_sim.scenario.dump import dump_yaml, named_files, scenario_hash
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.schema_export import json_schema
from fota_sim.scenario.templates import TEMPLATES, Template

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
LAWS = [
    "-95dBm",
    "{uniform: [-100dBm, -80.5dBm]}",
    "{normal: {mean: -94dBm, sd: 12dB}, min: -125dBm, max: -40dBm}",
    "{table: {values: [-90dBm, -80dBm], weights: [1, 2.5]}}",
    "{beta: {a: 2, b: 3, low: -110dBm, high: -60dBm}}",
    "{mixture: [{weight: 30%, uniform: [-90dBm, -80dBm]}, {weight: 70%, normal: {mean: -94dBm, sd: 3dB}}]}",
]


def written(template: Template, folder: Path) -> Path:
    for name in template.companions:
        (folder / name).write_text(template.companion(name), encoding="utf-8")
    file = folder / f"{template.name}.yaml"
    file.write_text(template.text, encoding="utf-8")
    return file


def as_json(text: str) -> Any:
    """YAML as an editor's JSON Schema sees it: dates are texts."""
    data = YAML(typ="safe").load(text)
    if "start" in data:
        data["start"] = data["start"].isoformat()
    return data


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_template_loads_dumps_and_loads_back_equal(template: Template, tmp_path: Path) -> None:
    scenario = load_scenario(written(template, tmp_path))
    again = parse_scenario(dump_yaml(scenario), tmp_path / "again.yaml")
    assert again == scenario
    assert dump_yaml(again) == dump_yaml(scenario)
    assert scenario_hash(again) == scenario_hash(scenario)


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_scenario_of_the_project_loads_dumps_and_loads_back_equal(file: Path) -> None:
    scenario = load_scenario(file)
    assert parse_scenario(dump_yaml(scenario), file) == scenario


@pytest.mark.parametrize("law", LAWS)
def test_every_distribution_loads_back_equal(law: str) -> None:
    scenario = load(changed("module: BC66", f"rssi: {law}"))
    assert load(dump_yaml(scenario)) == scenario


def test_conditions_actions_and_windows_load_back_equal() -> None:
    text = changed(
        "  strategy:",
        """\
  push_period: "22:00-05:00"
  blacklist: {where: 'hardware == "B: x" and rssi < -105dBm'}
  operator: [{at: 1h30min, do: suspend}, {at: 2h, do: resume}]
  strategy:""",
    )
    scenario = load(text)
    assert load(dump_yaml(scenario)) == scenario


def test_the_hash_follows_the_scenario_and_the_files_it_names(tmp_path: Path) -> None:
    text = changed("  strategy:", "  blacklist: {file: ids.txt}\n  strategy:")
    (tmp_path / "ids.txt").write_text("meters-1\n")
    scenario = load(text, tmp_path)
    first = scenario_hash(scenario)
    assert named_files(scenario) == ["ids.txt"]
    assert first == scenario_hash(load(text + "# a comment\n", tmp_path))
    assert first != scenario_hash(load(text, tmp_path, ("seed=2",)))
    (tmp_path / "ids.txt").write_text("meters-2\n")
    assert first != scenario_hash(scenario)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("text", [*(t.text for t in TEMPLATES), *(f.read_text(encoding="utf-8") for f in SCENARIOS)])
def test_the_json_schema_takes_templates_and_scenarios_as_they_are_written(
    text: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert [error.message for error in validator.iter_errors(as_json(text))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("horizon: 3d", "horizn: 3d"),
        ("horizon: 3d", "horizon: 5"),
        ("retries: 5", "retries: 6"),
        ("kind: full", "kind: half"),
        ("count: 10", "count: -1"),
        ("module: BC66", "rssi: {gauss: 3}"),
    ],
)
def test_the_json_schema_refuses_what_the_loader_refuses(
    old: str, new: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert validator.is_valid(as_json(GOOD))
    assert not validator.is_valid(as_json(changed(old, new)))


def test_a_dump_stands_alone_in_another_folder_with_its_files(tmp_path: Path) -> None:
    file = next(file for file in SCENARIOS if file.stem == "csv_fleet")
    scenario = load_scenario(file)
    for name in named_files(scenario):
        shutil.copy(file.parent / name, tmp_path / name)
    (tmp_path / "x.yaml").write_text(dump_yaml(scenario), encoding="utf-8")
    assert scenario_hash(load_scenario(tmp_path / "x.yaml")) == scenario_hash(scenario)


def test_defaults_in_the_schema_are_as_the_schema_says_and_have_their_units() -> None:
    schema = json_schema()
    checked = 0
    parts = [schema, *schema["$defs"].values()]
    for field in (field for part in parts for field in part.get("properties", {}).values()):
        if "default" in field:
            jsonschema.Draft202012Validator({**field, "$defs": schema["$defs"]}).validate(field["default"])
            checked += 1
    assert checked > 100
    strategy = schema["$defs"]["Strategy"]["properties"]
    assert (strategy["min_battery"]["default"], strategy["retry_delay"]["default"]) == ("30%", "10s")
