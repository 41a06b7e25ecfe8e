"""A resolved scenario as YAML again, and its hash: the same question has the same id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import StringIO

from ruamel.yaml import YAML

from fota_sim.scenario.model import Scenario
from fota_sim.version import MODEL_VERSION


def dump_yaml(scenario: Scenario) -> str:
    """The scenario with every default filled in and units in its values; loads back to an equal scenario."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    out = StringIO()
    yaml.dump(scenario.model_dump(mode="json", by_alias=True), out)
    return out.getvalue()


def named_files(scenario: Scenario) -> list[str]:
    """Every file that the scenario names, as written."""
    named = [entry.file for _, entry in scenario.lists if entry.file]
    return [*named, *(source.file for source in scenario.fleet.tables)]


def named_contents(scenario: Scenario) -> Iterator[tuple[str, bytes]]:
    """What each of them holds, in the same order; raises OSError while it is iterated if one cannot be read."""
    for _, entry in scenario.lists:
        if entry.file:
            yield entry.file, (scenario.base_dir / entry.file).read_bytes()
    for source in scenario.fleet.tables:
        yield source.file, source.content(scenario.base_dir)


def scenario_hash(scenario: Scenario, resolved: str | None = None) -> str:
    """Sixteen hex digits of the resolved scenario, the files it names and the model version.

    ``resolved``: what ``dump_yaml`` makes of it, where that is at hand.
    """
    digest = hashlib.sha256(MODEL_VERSION.encode())
    digest.update((dump_yaml(scenario) if resolved is None else resolved).encode())
    for _, content in named_contents(scenario):
        digest.update(content)
    return digest.hexdigest()[:16]
