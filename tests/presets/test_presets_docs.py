"""The pages on rollout and presets leave nothing out."""

import re
from pathlib import Path

import pytest

from fota_sim.scenario import rollout
from fota_sim.scenario.presets import preset_names
from fota_sim.scenario.types import Block

DOCS = Path(__file__).parents[2] / "docs"
PARTS = [part for part in vars(rollout).values() if isinstance(part, type) and issubclass(part, Block)]
FIELDS = sorted({name for part in PARTS for name in part.model_fields})


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_rollout_is_in_its_manual(field):
    assert re.search(rf"\b{field}\b", (DOCS / "rollout.md").read_text())


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_has_its_section_with_sources_and_traps(preset):
    sections = re.split(r"^## ", (DOCS / "presets.md").read_text(), flags=re.MULTILINE)
    (section,) = [each for each in sections if each.startswith(f"{preset}\n")]
    assert "Source" in section
    assert "Traps: " in section
