"""A change of one field of a built-in radio, module or host leaves its others as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fota_sim.errors import ScenarioError
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.libraries import LIBRARIES, builtin
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.rewriting import rewritten
from fota_sim.scenario.templates import template_named

CHANGED = {"radios": ("speed", 0.5), "modules": ("verify_failure", 0.03), "hosts": ("command_time", 1.0)}
WRITTEN = {"radios": "0.5", "modules": "3%", "hosts": "1s"}
EACH = [(kind, name) for kind in LIBRARIES for name in builtin(kind)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(template_named("meters").text, encoding="utf-8")
    return path


def fields(path: Path | Draft, kind: str, name: str, overrides: list[str]) -> dict[str, Any]:
    """Without where they come from."""
    found = getattr(load_scenario(path, overrides), kind)[name]
    return {field: getattr(found, field) for field in type(found).model_fields if field != "extends"}


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_set_changes_one_field_of_a_built_in_entry_and_no_other(kind: str, name: str, file: Path) -> None:
    field, value = CHANGED[kind]
    before = fields(file, kind, name, [])
    assert before[field] != value
    assert fields(file, kind, name, [f"{kind}.{name}.{field}={WRITTEN[kind]}"]) == before | {field: value}


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_an_edit_does_and_is_written_so(kind: str, name: str, file: Path, tmp_path: Path) -> None:
    field, value = CHANGED[kind]
    before = fields(file, kind, name, [])
    draft = Draft.read(file)
    draft.edit(f"{kind}.{name}.{field}", WRITTEN[kind])
    assert fields(draft, kind, name, []) == before | {field: value}
    written = tmp_path / "written.yaml"
    written.write_text(rewritten(draft, tmp_path), encoding="utf-8")
    assert fields(written, kind, name, []) == before | {field: value}


def test_what_the_scenario_has_of_its_own_stays_its_own(file: Path) -> None:
    file.write_text(file.read_text() + "  late: {asks: false}\n", encoding="utf-8")
    own = fields(file, "hosts", "late", [])
    assert fields(file, "hosts", "late", ["hosts.late.command_time=1s"]) == own | {"command_time": 1.0}


def test_a_module_of_a_built_in_ones_name_that_lacks_the_rest_is_told_to_extend_it(file: Path) -> None:
    file.write_text(file.read_text() + "\nmodules:\n  BC66: {verify_failure: 3%}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"extends: BC66$"):
        load_scenario(file)
