"""Searches and studies of assumptions read back from their folders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fota_sim.errors import ResultError, ScenarioError
from fota_sim.experiment import parquet
from fota_sim.scenario.loader import load_resolved
from fota_sim.scenario.model import Scenario

TUNE, SENSITIVITY = "tune.json", "sensitivity.json"
_SCENARIO = "scenario.resolved.yaml"
_AGAIN = {TUNE: "tune", SENSITIVITY: "sensitivity"}


@dataclass(frozen=True)
class StoredLab:
    """A folder that ``fota-sim tune`` or ``fota-sim sensitivity`` left."""

    folder: Path
    found: dict[str, Any]
    """What its JSON says: analysis/tune/verdict.py or analysis/sensitivity/effects.py, and how it was made."""
    scenario: Scenario
    """As it is, before anything is turned or varied."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a Parquet file of the folder; raises ResultError."""
        rows: list[dict[str, Any]] = parquet.read(self.folder / name).to_pylist()
        return rows


def read_lab(folder: Path, name: str) -> StoredLab:
    """The folder whose JSON is ``name``; raises ResultError if something of it is missing or cannot be read."""
    again = f"make it again with fota-sim {_AGAIN[name]}"
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
        text = (folder / _SCENARIO).read_text(encoding="utf-8")
        scenario = load_resolved(text, folder / _SCENARIO)
    except OSError as error:
        raise ResultError(f"{error.filename}: cannot be read ({error.strerror}); {again}") from error
    except (ValueError, ScenarioError) as error:
        raise ResultError(f"{folder}: cannot be read ({error}); {again}") from error
    return StoredLab(folder, found, scenario)
