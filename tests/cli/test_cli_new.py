"""Every template is a scenario that works, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim import scenario
from fota_sim.cli.main import exit_code
from fota_sim.scenario.templates import SCHEMA_FILE, TEMPLATES

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
LIBRARY = sorted((Path(__file__).parents[2] / "scenarios" / "library").glob("*.yaml"))
PRESETS = Path(scenario.__file__).parent / "builtin" / "presets"
TROUBLES = {
    "overnight_window_dst": "strategy plan-clock: 22:00-04:00 in UTC is 18:00-00:00",
    "reinstall_loop": "strategy until-it-works: is without end",
}
"""Scenarios whose trouble is what the linter warns of, and its warning."""


@pytest.mark.parametrize("name", [template.name for template in TEMPLATES])
def test_every_template_is_valid(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.yaml"
    assert exit_code(["new", str(file), "--template", name]) == 0
    assert file.read_text().startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n")
    assert exit_code(["validate", str(file), "--fleet", "--strict"]) == 0, capsys.readouterr().err
    assert "ok" in capsys.readouterr().out


@pytest.mark.parametrize("preset", ["", *sorted(path.stem for path in PRESETS.glob("*.yaml"))])
@pytest.mark.parametrize("module", ["FC41D", "EC200U", "BG95", "BC66"])
def test_a_preset_as_it_is_shipped_has_nothing_to_warn_of(
    preset: str, module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my.yaml"
    plan = {"packages": ["v2"], **({"preset": preset} if preset else {})}
    files = [{"name": "v2.bin", "size": "100kB"}]
    text = {
        "product": {"model": {"components": [{"identifier": "app"}]}},
        "packages": [{"name": "v2", "component": "app", "target_version": "2_0", "files": files}],
        "plan": plan,
        "fleet": {"groups": [{"name": "g", "count": 500, "module": module}]},
    }
    file.write_text(json.dumps(text))
    assert exit_code(["validate", str(file), "--fleet", "--strict"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_scenario_of_the_repository_is_valid(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["validate", str(file), "--strict"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_the_library_warns_of_nothing_but_the_troubles_it_shows(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["validate", str(file)]) == 0
    warned = [line for line in capsys.readouterr().err.splitlines() if "strategy " in line]
    assert len(warned) == (file.stem in TROUBLES)
    assert all(TROUBLES[file.stem] in line for line in warned)


def test_the_list_names_every_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["new", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [template.name for template in TEMPLATES]


def test_an_existing_file_is_overwritten_only_by_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.yaml"
    file.write_text("mine")
    assert exit_code(["new", str(file)]) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert exit_code(["new", str(file), "--force"]) == 0
    assert file.read_text() != "mine"


def test_a_companion_in_the_way_stops_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fleet.csv").write_text("mine")
    assert exit_code(["new", str(tmp_path / "my.yaml"), "--template", "csv"]) == 2
    assert "fleet.csv" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["fleet.csv"]


def test_an_unknown_template_is_answered_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["new", str(tmp_path / "my.yaml"), "--template", "metres"]) == 2
    assert "did you mean meters?" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["new", str(tmp_path / "no" / "my.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_resolved_scenario_is_printed_and_validates_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my.yaml"
    exit_code(["new", str(file)])
    capsys.readouterr()
    assert exit_code(["validate", str(file), "--print", "--set", "fleet.groups.meters.count=7"]) == 0
    printed = capsys.readouterr().out
    again = tmp_path / "again.yaml"
    again.write_text(printed)
    assert exit_code(["validate", str(again), "--print"]) == 0
    assert capsys.readouterr().out == printed
    assert "count: 7" in printed


def test_the_schema_accepts_every_template_and_explains_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator
    from ruamel.yaml import YAML

    assert exit_code(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    assert schema["$defs"]["Strategy"]["properties"]["min_battery"]["description"]
    for template in TEMPLATES:
        written = json.loads(json.dumps(YAML(typ="safe").load(template.text), default=str))
        assert not list(Draft202012Validator(schema).iter_errors(written)), template.name
